"""An API on 127.0.0.1 that keeps to SysNDD's contract of accounts as R writes it: every value in an array of one, the
id of a new account only in the list of accounts. It shares nothing with the shim. Events go to the log.

usage: compatible.py LOG OPTIONS   (options are one JSON document)
  smtp_host, smtp_port   where its mail goes
  token                  the administrator's access token
  broken                 a fault: "link" lets a used link pass again, "mail" sends no mail about approval
"""
import json
import os
import secrets
import smtplib
import sys
import threading
import time
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

log = open(sys.argv[1], "a", buffering=1)
options = json.loads(sys.argv[2])
lock = threading.Lock()
accounts = {}
tokens = {options["token"]: {"user_name": "administrator", "user_role": "Administrator"}}
links = {}


def event(name, **fields):
    with lock:
        log.write(json.dumps({"event": name, **fields}) + "\n")


def boxed(fields):
    return {name: [value] for name, value in fields.items()}


def mail(address, subject, text):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "api@example.org", address, subject
    message.set_content(text)
    with smtplib.SMTP(options["smtp_host"], options["smtp_port"]) as server:
        server.send_message(message)


def new_token():
    return ".".join(secrets.token_urlsafe(16) for _ in range(3))


def sign_up(body, query, user):
    if body["user_name"] in accounts:
        return 409, boxed({"error": "exists"})
    accounts[body["user_name"]] = {**body, "user_id": 100 + len(accounts), "approved": 0, "password": None}
    mail(body["email"], "Your registration request for SysNDD", "Welcome.")
    return 200, boxed({"message": "Done."})


def table(body, query, user):
    return 200, {"data": [boxed({"user_id": a["user_id"], "user_name": a["user_name"]}) for a in accounts.values()]}


def by_id(query):
    wanted = int(query["user_id"][0])
    return next(a for a in accounts.values() if a["user_id"] == wanted)


def approve(body, query, user):
    account = by_id(query)
    account.update(approved=1, password="First-" + secrets.token_hex(8))
    if options.get("broken") != "mail":
        mail(account["email"], "Your account was approved", "Your password (change it): " + account["password"])
    return 200, boxed({"message": "approved"})


def authenticate(body, query, user):
    account = accounts.get(body["user_name"])
    if not account or account["password"] is None or account["password"] != body["password"]:
        return 401, boxed({"error": "no"})
    token = new_token()
    tokens[token] = {"user_name": account["user_name"], "user_role": "Viewer"}
    return 200, [token]


def sign_in(body, query, user):
    return (200, boxed(user)) if user else (401, boxed({"error": "no"}))


def ask_reset(body, query, user):
    account = next((a for a in accounts.values() if a["email"] == body["email"]), None)
    if account:
        token = new_token()
        links[token] = account["user_name"]
        mail(account["email"], "Your password reset", "https://example.org/PasswordReset/" + token)
    return 200, boxed({"message": "sent, if there is such an account"})


def change(body, query, user, token):
    name = links.get(token)
    if name is None:
        return 401, boxed({"error": "no"})
    if options.get("broken") != "link":
        del links[token]
    accounts[name]["password"] = body["password"]
    return 201, boxed({"message": "changed"})


def remove(body, query, user):
    del accounts[by_id(query)["user_name"]]
    event("removed", line=query["user_id"][0])
    return 200, boxed({"message": "removed"})


def health(body, query, user):
    return 200, boxed({"status": "healthy"})


ROUTES = {
    ("GET", "/api/health/"): (health, False),
    ("GET", "/api/auth/signin"): (sign_in, False),
    ("POST", "/api/auth/signup"): (sign_up, False),
    ("POST", "/api/auth/authenticate"): (authenticate, False),
    ("POST", "/api/user/password/reset/request"): (ask_reset, False),
    ("POST", "/api/user/password/reset/change"): (change, False),
    ("GET", "/api/user/table"): (table, True),
    ("PUT", "/api/user/approval"): (approve, True),
    ("DELETE", "/api/user/delete"): (remove, True),
}


class Handler(BaseHTTPRequestHandler):
    def answer(self):
        parts = urlsplit(self.path)
        body = json.loads(self.rfile.read(int(self.headers.get("Content-Length") or 0)) or b"{}")
        token = (self.headers.get("Authorization") or "").removeprefix("Bearer ")
        user = tokens.get(token)
        function, is_restricted = ROUTES.get((self.command, parts.path), (None, False))
        if function is None:
            status, value = 404, boxed({"error": "no such route"})
        elif is_restricted and (user or {}).get("user_role") != "Administrator":
            status, value = 403, boxed({"error": "no"})
        else:
            more = [token] if function is change else []
            status, value = function(body, parse_qs(parts.query), user, *more)
        data = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    do_GET = do_POST = do_PUT = do_DELETE = answer

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
threading.Thread(target=server.serve_forever, daemon=True).start()
event("listening", port=server.server_address[1])
parent = os.getppid()
# The test's process ended without ending this one.
while os.getppid() == parent:
    time.sleep(1)
