"""A mail server on loopback that answers by a script: aiosmtpd with a say in every step."""

from __future__ import annotations

import asyncio
import ssl
import subprocess
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from .programs import free_port

# What a step is given: the address it is about, or for DATA the recipient. What it gives back: an answer, or None to go on.
Step = Callable[[str], str | None]


def agreed(_: str) -> None:
    return None


@dataclass
class Script:
    """How the server behaves. Everything may be changed while it runs."""

    mail: Step = agreed
    rcpt: Step = agreed
    # After the end of the message has come.
    data: Step = agreed
    # Keeps the message, and ends the connection instead of answering.
    drops_after_data: bool = False
    # Serves one message on a connection: the next MAIL gets 421, or no answer, and the connection ends.
    one_message: str | None = None
    # Seconds that it takes over each message.
    delay: float = 0.0
    # The same, for one after another.
    pause: Callable[[], float] = lambda: 0.0
    # The answer to every AUTH; None to judge by the password.
    auth: str | None = None


@dataclass(frozen=True)
class Received:
    """A message as it came."""

    sender: str
    recipients: list[str]
    content: bytes
    options: list[str]
    user: str | None
    is_encrypted: bool


@dataclass
class Handler:
    """What aiosmtpd calls."""

    script: Script
    received: list[Received] = field(default_factory=list)
    connections: int = 0

    async def handle_MAIL(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        if self.script.one_message is not None and getattr(session, "had_message", False):
            if self.script.one_message == "silence":
                server.transport.abort()
            return "421 4.4.2 One message is enough"
        answer = self.script.mail(address)
        if answer is None:
            envelope.mail_from = address
            envelope.mail_options.extend(options)
        return answer or "250 2.1.0 Sender is taken"

    async def handle_RCPT(self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]) -> str:
        answer = self.script.rcpt(address)
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 2.1.5 Recipient is taken"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        pause = self.script.delay + self.script.pause()
        if pause:
            await asyncio.sleep(pause)
        answer = self.script.data(envelope.rcpt_tos[0])
        if answer is not None:
            return answer
        self.received.append(
            Received(
                envelope.mail_from, list(envelope.rcpt_tos), envelope.original_content, list(envelope.mail_options),
                session.auth_data, session.ssl is not None))
        session.had_message = True
        if self.script.drops_after_data:
            server.transport.abort()
        return f"250 2.0.0 Ok: queued as {len(self.received):06d}"


class CountingSMTP(SMTP):
    """Counts connections, and lets the script answer AUTH."""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        # STARTTLS comes here a second time, with the same session.
        if getattr(self, "_is_counted", False) is False:
            self._is_counted = True
            self.event_handler.connections += 1
        super().connection_made(transport)

    async def smtp_AUTH(self, arg: str) -> None:
        answer = self.event_handler.script.auth
        if answer is not None:
            await self.push(answer)
            return
        await super().smtp_AUTH(arg)


class MailServer(Controller):
    """Listens on a free port of 127.0.0.1 within a `with`."""

    user = "mailer"
    password = "correct horse: battery"

    def __init__(
        self, *, certificate: Certificate | None = None, implicit: bool = False, auth: bool = False, utf8: bool = True,
        script: Script | None = None, port: int | None = None,
    ):
        self.script = script or Script()
        context = certificate.server_context() if certificate else None
        self.options = dict(
            hostname="mail.test", enable_SMTPUTF8=utf8, tls_context=None if implicit else context,
            auth_require_tls=certificate is not None and not implicit, authenticator=self._authenticate if auth else None,
            auth_required=auth)
        super().__init__(
            Handler(self.script), hostname="127.0.0.1", port=port or free_port(), ssl_context=context if implicit else None, ready_timeout=10)

    def factory(self) -> SMTP:
        return CountingSMTP(self.handler, **self.options)

    def _authenticate(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, data: object) -> AuthResult:
        assert isinstance(data, LoginPassword)
        name, password = data.login.decode(), data.password.decode()
        good = (name, password) == (self.user, self.password)
        return AuthResult(success=good, handled=False, auth_data=name if good else None)

    @property
    def received(self) -> list[Received]:
        return self.handler.received

    @property
    def connections(self) -> int:
        return self.handler.connections

    def __enter__(self) -> MailServer:
        self.start()
        # The controller has connected once itself, to see whether it listens.
        self.handler.connections = 0
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()


@dataclass(frozen=True)
class Certificate:
    """A certificate that vouches for itself: its file is also the list of authorities to trust."""

    directory: Path
    name: str = "127.0.0.1"

    @property
    def certificate(self) -> Path:
        return self.directory / f"{self.name}.pem"

    @property
    def key(self) -> Path:
        return self.directory / f"{self.name}.key"

    def make(self) -> Certificate:
        kind = "IP" if self.name[0].isdigit() else "DNS"
        subprocess.run(
            ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
             "-subj", f"/CN={self.name}", "-addext", f"subjectAltName={kind}:{self.name}", "-keyout", self.key, "-out", self.certificate],
            check=True, capture_output=True, timeout=60)
        return self

    def server_context(self) -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.certificate, self.key)
        return context

