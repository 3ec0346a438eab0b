"""A mail server on 127.0.0.1 that misbehaves as told. What it hears goes to the log, one JSON document a line.

usage: scripted.py LOG OPTIONS   (options are one JSON document)
  tls        true for TLS from the first byte
  cert, key  certificate and key
  banner     the greeting, null for a server that says nothing
  ehlo       keywords offered, ehlo2 the same once encrypted
  replies    what a verb is answered with, such as {"RCPT": "550 no"}
  hang       the verb that is never answered (also BANNER, and . for the end of a message)
  slow       true to answer a message only after a second
  drop       the verb at which the connection is closed (also BANNER, TLS and .)
  blackhole  true for a port whose connections never come about
"""
import json
import os
import socket
import ssl
import sys
import threading
import time

log = open(sys.argv[1], "a", buffering=1)
options = json.loads(sys.argv[2])
lock = threading.Lock()
USUAL = {"MAIL": "250 ok", "RCPT": "250 ok", "DATA": "354 go on", "QUIT": "221 bye", "AUTH": "235 welcome",
         "STARTTLS": "220 go ahead", "RSET": "250 ok"}


def event(name, **fields):
    with lock:
        log.write(json.dumps({"event": name, **fields}) + "\n")


def context():
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(options["cert"], options["key"])
    return made


class Session:
    def __init__(self, connection):
        self.use(connection)
        self.encrypted = False

    def use(self, connection):
        self.connection = connection
        self.reader = connection.makefile("rb")

    def say(self, text):
        self.connection.sendall((text + "\r\n").encode())

    def hear(self):
        line = self.reader.readline()
        text = line.decode("utf-8", "replace").rstrip("\r\n")
        if line:
            event("line", line=text, encrypted=self.encrypted)
        return text if line else None

    def may_answer(self, verb):
        if options.get("hang") == verb:
            while self.hear() is not None:
                pass
            return False
        return options.get("drop") != verb

    def offer(self):
        keywords = options.get("ehlo2" if self.encrypted else "ehlo", [])
        lines = ["mx.example.org"] + keywords
        for line in lines[:-1]:
            self.say("250-" + line)
        self.say("250 " + lines[-1])

    def encrypt(self):
        if options.get("drop") == "TLS":
            return False
        self.use(context().wrap_socket(self.connection, server_side=True))
        self.encrypted = True
        return True

    def credentials(self, words):
        if len(words) < 3:
            for _ in range(2 if words[1].upper() == "LOGIN" else 1):
                self.say("334 ")
                self.hear()

    def take_message(self):
        while (line := self.reader.readline()) != b".\r\n":
            if not line:
                return False
        event("message")
        if not self.may_answer("."):
            return False
        if options.get("slow"):
            time.sleep(1)
        self.say(options.get("replies", {}).get(".", "250 queued"))
        return True

    def run(self):
        if options.get("tls") and not self.encrypt():
            return
        if not self.may_answer("BANNER"):
            return
        if options.get("banner", "220 mx.example.org ready") is None:
            while self.hear() is not None:
                pass
            return
        self.say(options.get("banner", "220 mx.example.org ready"))
        while (line := self.hear()) is not None:
            words = line.split()
            verb = words[0].upper() if words else ""
            where = "EHLO2" if verb == "EHLO" and self.encrypted else verb
            if not self.may_answer(where):
                return
            reply = options.get("replies", {}).get(where)
            if verb == "AUTH":
                self.credentials(words)
            if verb in ("EHLO", "HELO") and reply is None:
                self.offer()
                continue
            self.say(reply or USUAL.get(verb, "500 what?"))
            if verb == "STARTTLS" and reply is None and not self.encrypt():
                return
            if verb == "QUIT" or verb == "DATA" and reply is None and not self.take_message():
                return


def serve(connection):
    try:
        Session(connection).run()
    except (OSError, ssl.SSLError) as error:
        event("failed", reason=str(error))
    finally:
        try:
            connection.shutdown(socket.SHUT_RDWR)
        except OSError:
            pass
        connection.close()


def fill(port):
    """Takes all places that the kernel has for connections nobody accepted."""
    fillers = []
    for _ in range(4):
        filler = socket.socket()
        filler.setblocking(False)
        filler.connect_ex(("127.0.0.1", port))
        fillers.append(filler)
    return fillers


def accept(listener):
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection,), daemon=True).start()


listener = socket.socket()
listener.bind(("127.0.0.1", 0))
listener.listen(0 if options.get("blackhole") else 16)
port = listener.getsockname()[1]
if options.get("blackhole"):
    fillers = fill(port)
else:
    threading.Thread(target=accept, args=(listener,), daemon=True).start()
event("listening", port=port)
parent = os.getppid()
# The test's process ended without ending this one.
while os.getppid() == parent:
    time.sleep(1)
