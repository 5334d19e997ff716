"""The journal: each event's fields, ids and texts, one booking through all programs by its request id, and the page of useful queries."""

from __future__ import annotations

import os
import re
import shlex
import signal
import subprocess
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.api import accepted
from portal.conditions import eventually
from portal.journal import REMOTE, SOCKET, StandInJournal
from portal.log_events import CARD, EVENTS, UNREADABLE, catalogue, check_entry
from portal.mail_server import MailServer, Script
from portal.programs import REPOSITORY, Program, clean_environment
from portal.system import UNLIMITED, Portal

needs_place = pytest.mark.skipif(
    SOCKET.exists() or os.geteuid() != 0, reason="journald runs here (its own test is the one in a booted system), or no root")


class Mailer(Program):
    name = "reservation-mailer"

    def run(self, portal: Portal, transport: str) -> Mailer:
        self.launch(
            [portal.programs.mailer, "--socket", portal.daemon.socket("service"), "--from", "visit@museum.example", "--transport",
             transport, "--log", "journald", "--timeout-seconds", "5"], clean_environment())
        return self


def refuses_some(address: str) -> str | None:
    return "550 5.1.1 No such user" if address.startswith("nobody") else None


class Day:
    """Everything that a customer can do, once, under request ids that tell what it was; with everything that was written of it."""

    def __init__(self, journal: StandInJournal, portal: Portal):
        self.journal, self.portal, self.stock = journal, portal, portal.stock
        self.delayed: set[str] = set()

    def live(self) -> None:
        portal, stock, api = self.portal, self.stock, self.portal.api
        ticket, slot, full = stock.ticket(), stock.slot(), stock.slot(capacity=1, booked=1)
        named = lambda name: {"X-Request-Id": name}  # noqa: E731
        with MailServer(script=Script(rcpt=self._answer)) as server:
            mailer = Mailer(portal.directory / "mailer.log").run(portal, f"smtp://127.0.0.1:{server.port}?starttls=never")
            try:
                api.validate(ticket.code, headers=named("valid"))
                api.validate("TKT-2025-NOSUCH-TICKET", headers=named("unknown"))
                api.validate("TKT", headers=named("malformed"))
                api.verify(ticket.id, headers=named("good-contact"))
                api.verify(ticket.id, email="nobody", phone="12", headers=named("bad-contact"))
                api.verify(ticket.id, code="TKT-2025-NOSUCH-TICKET", headers=named("wrong-code"))
                self.booked = accepted(api.create(ticket.id, slot.id, key="one-intention-00", headers=named("booking")))
                accepted(api.create(ticket.id, slot.id, key="one-intention-00", headers=named("again")))
                api.create(stock.ticket().id, full.id, headers=named("full"))
                api.create(stock.ticket().id, slot.id, email="nobody", headers=named("bad-booking"))
                accepted(api.create(stock.ticket().id, slot.id, email="later@example.com", headers=named("mailed-later")))
                accepted(api.create(stock.ticket().id, slot.id, email="nobody@example.com", headers=named("never-mailed")))
                self._hold_up_daemon()
                api.validate(ticket.code, headers=named("slow"))
                eventually("all mails are settled", self._settled, 60)
                dead = stock.peer.must("outbox.list", {"status": "FAILED"})["entries"][0]
                stock.peer.must("outbox.cancel", {"outbox_id": dead["outbox_id"]})
                assert dead["request_id"] == "never-mailed"
            finally:
                assert mailer.stop() == 0
        portal.stop()

    def _hold_up_daemon(self) -> None:
        """For longer than a request should take."""
        daemon = self.portal.daemon
        daemon.signal(signal.SIGSTOP)
        threading.Timer(1.3, daemon.signal, [signal.SIGCONT]).start()

    def _answer(self, address: str) -> str | None:
        if address.startswith("later") and address not in self.delayed:
            self.delayed.add(address)
            return "451 4.3.0 Come back later"
        return refuses_some(address)

    def _settled(self) -> bool:
        status = self.stock.status()
        return status["outbox_pending_count"] == 0 and status["outbox_failed_count"] == 1

    def events(self, name: str) -> list[tuple[str, str]]:
        """Which programs wrote what under that request id. Each writes on its own, so that their order is only about that of the events."""
        return sorted(
            (entry["SYSLOG_IDENTIFIER"], entry["RESERVATION_EVENT"]) for entry in self.journal.with_fields(REQUEST_ID=name)
            # Of a success it is there only when the machine was slow.
            if entry["RESERVATION_EVENT"] != "http.request")


@pytest.fixture(scope="module")
def day(programs) -> Iterator[Day]:
    with StandInJournal() as journal:
        portal = Portal(programs)
        try:
            portal.daemon.start("--log", "journald")
            portal.stock.organization(orq=1)
            portal.gateway.start("--log", "journald", *UNLIMITED)
            day = Day(journal, portal)
            day.live()
            yield day
        finally:
            portal.discard()


@needs_place
def test_every_entry_is_complete(day: Day):
    """structured fields for every event of the card's section 7, a MESSAGE_ID each with a catalogue text, the right priority"""
    for entry in day.journal.entries:
        check_entry(entry)
    seen = {entry["RESERVATION_EVENT"] for entry in day.journal.entries if "RESERVATION_EVENT" in entry}
    assert not set(CARD) - seen
    assert set(EVENTS) - seen <= {"program.failed"}
    assert not day.portal.daemon.log() + day.portal.gateway.log(), "nothing goes to standard error besides"


@needs_place
def test_one_booking_by_its_request_id(day: Day):
    """request id through gateway, daemon and mailer, so that one booking can be followed with one journalctl line"""
    gateway, daemon, mailer = "reservation-gateway", "reservationd", "reservation-mailer"
    made = [(gateway, "reservation.creation.started"), (daemon, "reservation.creation.success")]
    assert day.events("booking") == sorted([*made, (mailer, "email.confirmation.sent")])
    sent = day.journal.with_fields(REQUEST_ID="booking", RESERVATION_EVENT="email.confirmation.sent")[0]
    assert sent["RESERVATION_ID"] == str(day.booked["reservation_id"])
    # Another request for the same reservation is another name; its confirmation went out under the first.
    assert day.events("again") == sorted(made)
    again = day.journal.with_fields(REQUEST_ID="again", RESERVATION_EVENT="reservation.creation.success")[0]
    assert again["REPLAYED"] == "true" and again["RESERVATION_ID"] == sent["RESERVATION_ID"]
    later = [entry for entry in day.journal.with_fields(REQUEST_ID="mailed-later") if entry["SYSLOG_IDENTIFIER"] == mailer]
    assert [(entry["RESERVATION_EVENT"], entry["ATTEMPT"]) for entry in later] == [
        ("email.confirmation.failed", "1"), ("email.confirmation.sent", "2")]
    assert later[0]["RESULT"] == "retry" and "451" in later[0]["ERROR"] and later[0]["PRIORITY"] == "4"
    assert day.events("never-mailed") == sorted(
        [*made, (mailer, "email.confirmation.failed"), (daemon, "outbox.dead_letter"), (daemon, "outbox.changed")])
    assert day.journal.with_fields(REQUEST_ID="never-mailed", RESULT="dead_letter")[0]["ERROR"].startswith("550")


@needs_place
def test_failures_tell_who_and_why(day: Day):
    """reason, result and validation_errors of what did not end well; of a value that is none nothing is repeated"""
    def fields(name: str, event: str) -> dict[str, str]:
        return day.journal.with_fields(REQUEST_ID=name, RESERVATION_EVENT=event)[0]

    assert fields("valid", "ticket.validation.requested")["RESULT"] == "valid"
    assert len(day.events("valid")) == 1
    assert fields("slow", "http.request")["PRIORITY"] == "5" and int(fields("slow", "http.request")["DURATION_US"]) > 1_000_000
    assert fields("unknown", "ticket.validation.failed")["RESULT"] == "invalid"
    assert fields("unknown", "ticket.validation.failed")["REASON"] == "TICKET_NOT_FOUND"
    assert fields("malformed", "ticket.validation.failed")["TICKET_CODE"] == UNREADABLE
    assert fields("bad-contact", "contact.verification.failed")["VALIDATION_ERRORS"] == "email,phone"
    assert "TICKET_ID" in fields("bad-contact", "contact.verification.failed")
    assert {"TICKET_ID", "SLOT_ID"} <= set(fields("bad-booking", "reservation.creation.failed"))
    assert fields("bad-contact", "contact.verification.requested")["CUSTOMER_EMAIL"] == UNREADABLE
    assert fields("wrong-code", "contact.verification.failed")["REASON"] == "TICKET_NOT_FOUND"
    assert fields("full", "reservation.creation.failed")["REASON"] == "SLOT_FULL"
    assert fields("bad-booking", "reservation.creation.failed")["VALIDATION_ERRORS"] == "customer_email"


@needs_place
def test_a_program_that_cannot_start_says_so_in_the_journal(day: Day, programs, directory: Path):
    """what stands in a program's way is an entry of its own, with a priority and a text"""
    refusal = Portal(programs, directory, database=directory / "missing" / "reservations.sqlite").daemon.refuse("--log", "journald")
    entries = eventually("it is told", lambda: day.journal.with_fields(RESERVATION_EVENT="program.failed"))
    assert refusal.status != 0 and not refusal.lines
    check_entry(entries[0])
    assert str(directory) in entries[0]["ERROR"]


def test_systemd_takes_the_catalogue(tmp_path: Path):
    """`journalctl --update-catalog` takes every text, and `--list-catalog` lists them"""
    (tmp_path / "usr/lib/systemd/catalog").mkdir(parents=True)
    (tmp_path / "var/lib/systemd/catalog").mkdir(parents=True)
    source = REPOSITORY / "deploy/systemd/reservation-portal.catalog"
    (tmp_path / "usr/lib/systemd/catalog" / source.name).write_bytes(source.read_bytes())

    def journalctl(*words: str) -> str:
        done = subprocess.run(["journalctl", f"--root={tmp_path}", *words], capture_output=True, text=True, timeout=30)
        assert done.returncode == 0 and not done.stderr, done.stderr
        return done.stdout

    journalctl("--update-catalog")
    listed = dict(line.split(" reservation-portal: ", 1) for line in journalctl("--list-catalog").splitlines())
    assert listed == {text.message_id: text.subject for text in catalogue().values()}
    for message_id in listed:
        shown = journalctl("--dump-catalog", message_id)
        assert "Support: " in shown and len(shown.split("\n\n")) >= 3, shown


def queries() -> list[str]:
    """The commands of the page, as they stand in it."""
    page = (REPOSITORY / "deploy/observability/journal.md").read_text(encoding="utf-8")
    lines = [line for block in re.findall(r"```sh\n(.*?)```", page, re.DOTALL) for line in re.sub(r"\\\n\s*", "", block).splitlines()]
    return [line for line in lines if line.startswith("journalctl ")]


@needs_place
@pytest.mark.skipif(not REMOTE.exists(), reason="systemd-journal-remote is not installed")
def test_every_query_of_the_page_finds_something(day: Day, tmp_path: Path):
    """the list of useful queries, each tried on the journal of a day on which all of it happened"""
    journal = tmp_path / "day.journal"
    day.journal.write_file(journal)
    shim = tmp_path / "bin" / "journalctl"
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\nexec /usr/bin/journalctl --file={shlex.quote(str(journal))} "$@"\n')
    shim.chmod(0o755)
    environment = clean_environment(PATH=f"{shim.parent}:{os.environ['PATH']}", SYSTEMD_PAGER="cat", LC_ALL="C.UTF-8")
    commands = queries()
    assert len(commands) >= 10
    for command in commands:
        # What the page says by example is here what happened.
        for example, real in (
            ("9b8f3c5e21d7046a", "booking"), ("RESERVATION_ID=789", f"RESERVATION_ID={day.booked['reservation_id']}"),
            ("TICKET_ID=123", f"TICKET_ID={day.journal.with_fields(REQUEST_ID='booking')[0]['TICKET_ID']}"),
        ):
            command = command.replace(example, real)
        done = subprocess.run(["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, timeout=60, env=environment)
        assert done.returncode == 0 and not done.stderr, f"{command}: {done.stderr}"
        assert done.stdout.strip() and "-- No entries --" not in done.stdout, f"nothing is found by {command}"
