"""A confirmation as other programs read it: Python's mail parser, icalendar, zbarimg; and the mailer's commands."""

from __future__ import annotations

import email
import email.policy
import subprocess
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import icalendar

from .programs import Programs, clean_environment

SAMPLE_CODE = "TKT-2026-SAMPLE-000000"


@dataclass(frozen=True)
class Mail:
    """One message, taken apart."""

    raw: bytes

    @property
    def message(self) -> EmailMessage:
        message = email.message_from_bytes(self.raw, policy=email.policy.default)
        assert isinstance(message, EmailMessage)
        return message

    @property
    def text(self) -> str:
        return self._body("plain")

    @property
    def html(self) -> str:
        return self._body("html")

    def _body(self, kind: str) -> str:
        part = self.message.get_body((kind,))
        assert part is not None, f"no text/{kind}"
        return part.get_content()

    @property
    def event(self) -> icalendar.Event:
        calendar = icalendar.Calendar.from_ical(self.attachment("visit.ics"))
        events = calendar.walk("VEVENT")
        assert len(events) == 1
        assert calendar["METHOD"] == "PUBLISH"
        return events[0]

    @property
    def inline_picture(self) -> bytes:
        """The picture that the HTML shows: it is found by its Content-ID, as a mail program does."""
        for part in self.message.walk():
            identity = part["Content-ID"]
            if identity and f'src="cid:{identity.strip("<>")}"' in self.html:
                return part.get_content()
        raise AssertionError("the HTML shows no picture of this message")

    def attachment(self, name: str) -> bytes:
        for part in self.message.iter_attachments():
            if part.get_filename() == name:
                content = part.get_content()
                return content.encode() if isinstance(content, str) else content
        raise AssertionError(f"no attachment {name}")

    def check_form(self) -> None:
        """What every message must keep, whoever it is for."""
        lines = self.raw.split(b"\r\n")
        assert all(b"\n" not in line and b"\r" not in line for line in lines), "a bare line break"
        assert max(map(len, lines)) <= 78, "a long line"
        for part in self.message.walk():
            assert not part.defects, part.defects
        for name in ("Date", "From", "To", "Subject", "Message-ID", "MIME-Version"):
            assert len(self.message.get_all(name)) == 1, name
        assert self.message["Auto-Submitted"] == "auto-generated"
        assert [part.get_content_type() for part in self.message.walk()] == [
            "multipart/mixed", "multipart/alternative", "text/plain", "multipart/related", "text/html", "image/png", "image/png",
            "text/calendar"]


def decoded_picture(picture: bytes, directory: Path) -> str:
    """What zbarimg reads in a QR code."""
    path = directory / "code.png"
    path.write_bytes(picture)
    done = subprocess.run(["zbarimg", "--quiet", "--raw", "--nodbus", str(path)], capture_output=True, timeout=30)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().removesuffix("\n")


@dataclass(frozen=True)
class Tried:
    """What a command said. Its exit status is in the words of `reservation-mailer test-mail --help`."""

    status: int
    output: str
    error: str

    @property
    def lines(self) -> list[str]:
        return self.output.splitlines()

    @property
    def is_accepted(self) -> bool:
        return self.status == 0

    @property
    def is_refused(self) -> bool:
        return self.status == 69

    @property
    def may_go_later(self) -> bool:
        return self.status == 75

    @property
    def credentials_refused(self) -> bool:
        return self.status == 77


class MailerCommands:
    """reservation-mailer's commands that need no daemon."""

    def __init__(self, programs: Programs):
        self.program = programs.directory / "reservation-mailer"

    def run(self, *arguments: str | Path, environment: dict[str, str] | None = None, within: float = 60.0) -> Tried:
        done = subprocess.run(
            [str(self.program), *map(str, arguments)], capture_output=True, timeout=within, text=True, stdin=subprocess.DEVNULL,
            env=clean_environment(**(environment or {})))
        return Tried(done.returncode, done.stdout, done.stderr)

    def test_mail(self, transport: str, *arguments: str | Path, to: str = "jane@example.com", **options) -> Tried:
        return self.run(
            "test-mail", "--from", "tickets@portal.example", "--transport", transport, "--to", to, *arguments, **options)
