"""Providers' HTTP APIs on loopback: SendGrid's and Twilio's, as far as the mailer uses them and by their published rules."""

from __future__ import annotations

import base64
import binascii
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    body: bytes
    port: int

    @property
    def json(self) -> dict:
        return json.loads(self.body)

    @property
    def form(self) -> dict[str, str]:
        return {name: values[0] for name, values in parse_qs(self.body.decode(), strict_parsing=True).items()}


@dataclass(frozen=True)
class Answer:
    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: dict | None = None
    delay: float = 0.0


class ProviderStub:
    """Answers each POST by `judge` and keeps what was asked."""

    def __init__(self, judge: Callable[[Asked], Answer]):
        self.judge = judge
        self.asked: list[Asked] = []
        stub = self

        class Requests(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length", "0")))
                headers = {name.lower(): value for name, value in self.headers.items()}
                asked = Asked(self.path, headers, body, self.client_address[1])
                stub.asked.append(asked)
                answer = stub.judge(asked)
                time.sleep(answer.delay)
                content = json.dumps(answer.body).encode() if answer.body is not None else b""
                try:
                    self.send_response(answer.status)
                    for name, value in answer.headers.items():
                        self.send_header(name, value)
                    self.send_header("Content-Length", str(len(content)))
                    self.end_headers()
                    self.wfile.write(content)
                except OSError:
                    # The caller did not wait.
                    self.close_connection = True

            def log_message(self, *_: object) -> None:
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Requests)
        self.thread = threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.server.server_address[1]}"

    @property
    def connections(self) -> int:
        return len({asked.port for asked in self.asked})

    def __enter__(self) -> ProviderStub:
        self.thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class SendGrid:
    """POST /v3/mail/send. The rules are those of SendGrid's reference and of its list of errors."""

    key = "SG.a-key-for-tests.0123456789"
    _reserved = {
        "x-sg-id", "x-sg-eid", "received", "dkim-signature", "content-type", "content-transfer-encoding", "to", "from", "subject",
        "reply-to", "cc", "bcc"}
    _fields = {
        "personalizations", "from", "reply_to", "subject", "content", "attachments", "headers", "custom_args", "mail_settings",
        "tracking_settings"}

    def __call__(self, asked: Asked) -> Answer:
        if asked.path != "/v3/mail/send":
            return Answer(404)
        if asked.headers.get("authorization") != f"Bearer {self.key}":
            return self._refusal(401, "The provided authorization grant is invalid, expired, or revoked")
        if asked.headers.get("content-type") != "application/json":
            return self._refusal(415, "Content-Type should be application/json.")
        if len(asked.body) > 30 * 1024 * 1024:
            return self._refusal(413, "The JSON payload you have included in your request is too large.")
        problems = self.problems(asked.json)
        if problems:
            return self._refusal(400, problems[0])
        if asked.json.get("mail_settings", {}).get("sandbox_mode", {}).get("enable"):
            return Answer(200)
        return Answer(202, {"X-Message-Id": "14c5d75ce93.dfd.64b469"})

    @staticmethod
    def _refusal(status: int, message: str) -> Answer:
        return Answer(status, body={"errors": [{"message": message, "field": None, "help": None}]})

    def problems(self, mail: dict) -> list[str]:
        found = [f"unknown field {name}" for name in set(mail) - self._fields]
        people = mail.get("personalizations") or []
        if not 1 <= len(people) <= 1000:
            found.append("1 to 1000 personalizations")
        addresses = [entry.get("email", "") for person in people for entry in person.get("to") or [{}]]
        if not addresses or not all(self._is_address(address) for address in addresses) or len(set(addresses)) != len(addresses):
            found.append("each to must have an address of its own")
        arguments = {**mail.get("custom_args", {}), **{k: v for person in people for k, v in person.get("custom_args", {}).items()}}
        if not all(isinstance(value, str) for value in arguments.values()) or len(json.dumps(arguments)) >= 10_000:
            found.append("custom_args are strings, less than 10000 bytes together")
        for name in ("from", "reply_to"):
            if name in mail and not self._is_address(mail[name].get("email", "")):
                found.append(f"{name} must have an address")
        if "from" not in mail:
            found.append("from is required")
        if not mail.get("subject"):
            found.append("the subject is required")
        found += self._content_problems(mail.get("content") or [])
        for attachment in mail.get("attachments", []):
            found += self._attachment_problems(attachment)
        for name, value in mail.get("headers", {}).items():
            if name.lower() in self._reserved or not name.isascii() or " " in name or not isinstance(value, str):
                found.append(f"header {name} is reserved or malformed")
        return found

    @staticmethod
    def _is_address(address: str) -> bool:
        return address.isascii() and address.count("@") == 1 and not address.startswith("@") and not address.endswith("@")

    @staticmethod
    def _content_problems(content: list[dict]) -> list[str]:
        types = [part.get("type", "") for part in content]
        found = []
        if not types or any(";" in kind or "\r" in kind or "\n" in kind or not kind for kind in types):
            found.append("content types have no parameters")
        if "text/plain" in types[1:] or "text/html" in types[2:] or len(set(types)) != len(types):
            found.append("text/plain comes first, then text/html")
        if not all(isinstance(part.get("value"), str) and part["value"] for part in content):
            found.append("the content must be at least one character")
        return found

    @staticmethod
    def _attachment_problems(attachment: dict) -> list[str]:
        found = []
        try:
            if not base64.b64decode(attachment.get("content", ""), validate=True):
                found.append("the attachment's content must not be empty")
        except binascii.Error:
            found.append("the attachment's content must be base64")
        for name, forbidden in (("type", ";\r\n"), ("filename", "\r\n"), ("content_id", ";, \r\n")):
            if name in attachment and (not attachment[name] or set(attachment[name]) & set(forbidden)):
                found.append(f"the attachment's {name} is empty or has forbidden characters")
        if not attachment.get("filename"):
            found.append("the attachment's filename is required")
        if attachment.get("disposition", "attachment") not in ("inline", "attachment"):
            found.append("the attachment's disposition is inline or attachment")
        if attachment.get("disposition") == "inline" and not attachment.get("content_id"):
            found.append("what is inline needs a content_id")
        return found


class Twilio:
    """POST /2010-04-01/Accounts/{AccountSid}/Messages.json."""

    account = "AC00000000000000000000000000000000"
    token = "a-token-for-tests"

    def __call__(self, asked: Asked) -> Answer:
        if asked.path != f"/2010-04-01/Accounts/{self.account}/Messages.json":
            return Answer(404, body={"code": 20404, "message": "The requested resource was not found", "status": 404})
        wanted = base64.b64encode(f"{self.account}:{self.token}".encode()).decode()
        if asked.headers.get("authorization") != f"Basic {wanted}":
            return Answer(401, body={"code": 20003, "message": "Authenticate", "status": 401})
        form = asked.form
        if not form.get("To", "").startswith("+") or form["To"].endswith("0000"):
            return Answer(400, body={"code": 21211, "message": f"Invalid 'To' Phone Number: {form.get('To')}", "status": 400})
        if not form.get("Body") or len(form["Body"]) > 1600 or not (form.get("From") or form.get("MessagingServiceSid")):
            return Answer(400, body={"code": 21602, "message": "Message body is required.", "status": 400})
        return Answer(201, body={"sid": "SM11111111111111111111111111111111", "status": "queued", "error_code": None, "price": None})
