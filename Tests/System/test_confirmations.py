"""Confirmations from the booking to the mailbox: reservationd, reservation-gateway and reservation-mailer against a real SMTP server."""

from __future__ import annotations

import random
import sqlite3
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timezone
from pathlib import Path

from portal.api import PHONE, accepted, creation
from portal.conditions import eventually
from portal.mail import Mail, decoded_picture
from portal.mail_api import ProviderStub, Twilio
from portal.mail_server import MailServer, Script
from portal.programs import Program, clean_environment, free_port
from portal.system import Portal


class Mailer(Program):
    name = "reservation-mailer"

    def __init__(self, portal: Portal, transport: str, *arguments: str):
        super().__init__(portal.directory / f"mailer-{random.randrange(1 << 30)}.log")
        self.command = [
            str(portal.programs.mailer), "--socket", str(portal.daemon.socket("service")), "--from", "visit@museum.example", "--transport",
            transport, "--log", "stderr", "--timeout-seconds", "5", *arguments]

    def start(self) -> Mailer:
        self.launch(self.command, clean_environment())
        eventually("the mailer runs", lambda: "mailer.started" in self.log())
        return self


@contextmanager
def mailing(portal: Portal, transport: str, *arguments: str) -> Iterator[Mailer]:
    mailer = Mailer(portal, transport, *arguments).start()
    try:
        yield mailer
    finally:
        if mailer.running:
            assert mailer.stop() == 0


def plain(server: MailServer) -> str:
    return f"smtp://127.0.0.1:{server.port}?starttls=never"


def book(portal: Portal, email: str, slot_id: int, language: str | None = None) -> dict:
    ticket = portal.stock.ticket()
    body = creation(ticket.id, slot_id) | {"customer_email": email} | ({"language": language} if language else {})
    return accepted(portal.api.request("POST", "/api/reservations/create", json=body))


def test_a_booking_ends_with_a_mail(own: Portal, tmp_path: Path):
    """full booking over HTTP ends with a mail whose parts a MIME library parses, whose QR decodes to the code and whose .ics a calendar
    library reads"""
    own.stock.peer.must("organization.set", {"orq": 1, "name": "Museum „am Hafen“ 🎟", "contact_email": "visit@museum.example"})
    slot = own.stock.slot()
    with MailServer() as server, mailing(own, plain(server)) as mailer:
        for language in (None, "de", "es", "fr"):
            booked = book(own, f"guest-{language}@example.com", slot.id, language)
            eventually("the mail is there", lambda a=f"guest-{language}@example.com": [m for m in server.received if a in m.recipients])
            mail = Mail(server.received[-1].content)
            mail.check_form()
            message = mail.message
            assert message["To"].addresses[0].addr_spec == f"guest-{language}@example.com"
            assert "Museum „am Hafen“ 🎟" in message["From"].addresses[0].display_name
            assert message["Reply-To"].addresses[0].addr_spec == "visit@museum.example"
            assert booked["ticket_code"] in mail.text and booked["ticket_code"] in mail.html
            assert decoded_picture(mail.inline_picture, tmp_path) == booked["ticket_code"]
            start = mail.event["DTSTART"].dt
            assert start.tzinfo is not None and start.astimezone(timezone.utc) > datetime.now(timezone.utc)
        subjects = {Mail(each.content).message["Subject"] for each in server.received}
        assert len(subjects) == 4, "each in its language"
        eventually("all are reported", lambda: own.stock.status()["outbox_pending_count"] == 0)
        assert "email.confirmation.sent" in mailer.log()
        assert "guest-" not in mailer.log() + own.daemon.log(), "addresses are masked"


def test_a_server_that_is_away_gets_it_later(own: Portal):
    """4xx-SMTP retry; nothing is lost meanwhile"""
    slot = own.stock.slot()
    first = threading.Event()

    def away(_: str) -> str | None:
        if first.is_set():
            return None
        first.set()
        return "451 4.3.0 Come back later"

    with MailServer(script=Script(rcpt=away)) as server, mailing(own, plain(server)):
        book(own, "jane@example.com", slot.id)
        eventually("it came with the second attempt", lambda: server.received, 30)
        eventually("it is reported", lambda: own.stock.status()["outbox_pending_count"] == 0)
    assert len(server.received) == 1


def test_a_notice_goes_to_the_telephone_too(own: Portal, tmp_path: Path):
    """optional SMS notice: short text with date, time and code; off by default"""
    slot = own.stock.slot()
    credentials = tmp_path / "twilio"
    credentials.write_text(f"{Twilio.account}:{Twilio.token}\n")
    with MailServer() as server, ProviderStub(Twilio()) as stub:
        sms = ["--sms", f"twilio:+15005550006?base={stub.base}", "--sms-credentials", str(credentials)]
        with mailing(own, plain(server), *sms) as mailer:
            book(own, "without@example.com", slot.id)
            own.daemon.stop()
            own.restart_daemon("--sms-notices")
            booked = book(own, "with@example.com", slot.id, "de")
            eventually("the notice is there", lambda: stub.asked)
            eventually("both mails are there", lambda: len(server.received) == 2)
            eventually("all are reported", lambda: own.stock.status()["outbox_pending_count"] == 0)
            form = stub.asked[0].form
            assert len(stub.asked) == 1
            assert form["To"] == PHONE
            day = datetime.fromisoformat(booked["slot"]["date"])
            assert booked["ticket_code"] in form["Body"] and f"{day.day}." in form["Body"] and booked["slot"]["start_time"][:5] in form["Body"]
            eventually("it is in the log", lambda: "sms.confirmation.sent" in mailer.log())
            assert PHONE not in mailer.log()


def test_a_provider_that_was_down_for_a_day(own: Portal):
    """provider … down for a day: what was given up waits for the operator, and goes when told"""
    slot = own.stock.slot()
    port = free_port()
    with mailing(own, f"smtp://127.0.0.1:{port}?starttls=never") as mailer:
        book(own, "early@example.com", slot.id)
        eventually("it was tried", lambda: "email.confirmation.failed" in mailer.log())
        # The mailer judges the day by when the message was queued, which is in the file that the daemon alone may open.
        assert mailer.stop() == 0
    own.daemon.stop()
    with sqlite3.connect(own.daemon.database) as database:
        database.execute("UPDATE outbox SET queued_at = queued_at - 86400 - 3600, created_at = created_at - 90000, due_at = due_at - 90000")
    database.close()
    own.restart_daemon()
    with mailing(own, f"smtp://127.0.0.1:{port}?starttls=never") as mailer:
        book(own, "late@example.com", slot.id)
        eventually("the day is over for the first", lambda: own.control.json("outbox", "list", "--status", "FAILED")["entries"])
        [given_up] = own.control.json("outbox", "list", "--status", "FAILED")["entries"]
        assert given_up["customer_email"] == "e***@example.com" and given_up["last_error"]
        assert "outbox.dead_letter" in mailer.log() + own.daemon.log()
    with MailServer(port=port) as server, mailing(own, plain(server)):
        assert own.control.run("outbox", "retry", given_up["outbox_id"]).status == 0
        eventually("both are there", lambda: len(server.received) == 2, 60)
        eventually("all are reported", lambda: own.stock.status()["outbox_pending_count"] == 0)
    assert {each.recipients[0] for each in server.received} == {"early@example.com", "late@example.com"}


def test_two_mailers_share_the_work(own: Portal):
    """two mailers at once: what one holds no other gets"""
    slot = own.stock.slot(capacity=100)
    with MailServer() as server, mailing(own, plain(server)), mailing(own, plain(server)):
        own.stock.book(slot, own.stock.tickets(60))
        eventually("all are there", lambda: len(server.received) >= 60, 30)
        eventually("all are reported", lambda: own.stock.status()["outbox_pending_count"] == 0)
    assert len(server.received) == 60


def test_kills_lose_no_mail(own: Portal, chance: random.Random, request):
    """random kills of mailer and daemon under a stream of bookings: every mail arrives at least once, duplicates only with an identical Message-ID"""
    kills = max(4, int(request.config.getoption("--kills")) // 25)
    slot = own.stock.slot(capacity=100_000)
    booked: list[str] = []
    mailers: list[Mailer] = []
    with MailServer() as server:
        def anew() -> Mailer:
            mailers.append(Mailer(own, plain(server), "--lease-seconds", "7").start())
            return mailers[-1]

        mailer = anew()
        for number in range(kills):
            for _ in range(chance.randrange(5, 15)):
                address = f"g{len(booked)}@example.com"
                book(own, address, slot.id)
                booked.append(address)
            if number % 2:
                own.daemon.kill()
                own.restart_daemon()
            else:
                mailer.kill()
                mailer = anew()
        eventually("every mail has come and is reported", lambda: own.stock.status()["outbox_pending_count"] == 0, 60)
        assert mailer.stop() == 0
        ids: dict[str, set[str]] = {}
        count: Counter[str] = Counter()
        for each in server.received:
            message = Mail(each.content).message
            address = message["To"].addresses[0].addr_spec
            ids.setdefault(address, set()).add(message["Message-ID"])
            count[address] += 1
    assert set(count) == set(booked)
    assert all(len(of_one) == 1 for of_one in ids.values()), "one mail has one Message-ID, however often it is sent"
    print(f"{len(booked)} bookings, {kills} kills, {sum(count.values()) - len(booked)} mails came twice")


def test_an_idle_mailer_uses_nothing(own: Portal):
    """the time an idle mailer uses"""
    with MailServer() as server, mailing(own, plain(server)) as mailer:
        book(own, "jane@example.com", own.stock.slot().id)
        eventually("it has work done", lambda: server.received)
        eventually("it is reported", lambda: own.stock.status()["outbox_pending_count"] == 0)
        before, asked = mailer.processor_seconds(), own.stock.status()["request_count"]
        threading.Event().wait(3)
        assert mailer.processor_seconds() - before < 0.05
        # The status itself and the watchdog.
        assert own.stock.status()["request_count"] - asked < 6


