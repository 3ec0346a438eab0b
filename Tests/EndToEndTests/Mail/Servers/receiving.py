"""A mail server on 127.0.0.1 that takes mail as servers do. Events go to the log, one JSON document a line.

usage: receiving.py LOG OPTIONS   (options are one JSON document)
  tls       none, starttls (demanded) or tls (from the first byte)
  cert, key certificate and key
  user, password   when set, only this account may send
"""
import asyncio
import json
import os
import ssl
import sys

from aiosmtpd.smtp import SMTP, AuthResult

log = open(sys.argv[1], "a", buffering=1)
options = json.loads(sys.argv[2])


def event(name, **fields):
    log.write(json.dumps({"event": name, **fields}) + "\n")


def is_encrypted(session):
    return session.ssl is not None or options.get("tls") == "tls"


class Handler:
    async def handle_EHLO(self, server, session, envelope, hostname, responses):
        session.host_name = hostname
        event("EHLO", encrypted=is_encrypted(session))
        return responses

    async def handle_MAIL(self, server, session, envelope, address, arguments):
        envelope.mail_from = address
        event("MAIL", address=address, encrypted=is_encrypted(session), user=session.authenticated)
        return "250 OK"

    async def handle_RCPT(self, server, session, envelope, address, arguments):
        if address in options.get("refused", []):
            return "550 5.1.1 no such user"
        envelope.rcpt_tos.append(address)
        event("RCPT", address=address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        event("DATA", recipients=envelope.rcpt_tos, content=envelope.content.decode("utf-8", "replace"))
        return "250 OK queued"


def authenticate(server, session, envelope, mechanism, data):
    good = data.login.decode() == options["user"] and data.password.decode() == options["password"]
    event("AUTH", mechanism=mechanism, good=good, encrypted=is_encrypted(session))
    return AuthResult(success=good, handled=False)


async def main():
    tls = options.get("tls", "none")
    context = None
    if tls != "none":
        context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
        context.load_cert_chain(options["cert"], options["key"])
    loop = asyncio.get_running_loop()

    def make():
        return SMTP(
            Handler(),
            hostname="mx.example.org",
            tls_context=context if tls == "starttls" else None,
            require_starttls=tls == "starttls",
            authenticator=authenticate if "user" in options else None,
            auth_required="user" in options,
            auth_require_tls=False,
            loop=loop,
        )

    server = await loop.create_server(make, "127.0.0.1", 0, ssl=context if tls == "tls" else None)
    event("listening", port=server.sockets[0].getsockname()[1])
    parent = os.getppid()
    # The test's process ended without ending this one.
    while os.getppid() == parent:
        await asyncio.sleep(1)


asyncio.run(main())
