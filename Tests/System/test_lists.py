"""Lists and exports as table, --json, --csv, streamed in pages so that a million rows disturb no booking: reservations by day, slot, status
(issue 7)."""

from __future__ import annotations

import csv
import io
import os
import stat
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from portal.bookers import booking, told
from portal.bursts import percentile
from portal.conditions import eventually
from portal.programs import Spoken, clean_environment
from portal.stock import Slot, Ticket
from portal.system import Portal

EMAIL, PHONE = "guest@example.com", "+12025550100"


def rows(spoken: Spoken) -> list[dict[str, str]]:
    assert spoken.status == 0 and spoken.error == "", spoken.error
    assert spoken.output.endswith("\r\n") and "\n" not in spoken.output.replace("\r\n", "")
    return list(csv.DictReader(io.StringIO(spoken.output, newline=""), strict=True))


class House:
    """Three slots on two days of an organisation of its own: one reservation is cancelled, one is moved, one is used."""

    def __init__(self, portal: Portal):
        stock = portal.stock
        self.portal, self.orq = portal, stock.organization("Etc/UTC", allow_started=True)
        day, other = stock.fresh_date(), stock.fresh_date()
        self.day, self.other = day, other
        self.noon = stock.slot(date=day, orq=self.orq)
        self.evening = stock.slot(date=day, start="18:00:00", end="20:00:00", orq=self.orq)
        self.later = stock.slot(date=other, orq=self.orq)
        self.tickets = stock.tickets(6, orq=self.orq)
        for slot, tickets in [(self.noon, self.tickets[:3]), (self.evening, self.tickets[3:5]), (self.later, self.tickets[5:])]:
            stock.book(slot, tickets)
        self.ids = [stock.shown(ticket)["reservation"]["reservation_id"] for ticket in self.tickets]
        stock.peer.must("reservations.cancel", {"reservation_id": self.ids[0]})
        stock.peer.must("reservations.move", {"reservation_id": self.ids[1], "slot_id": self.later.id})
        stock.peer.must("tickets.check_in", {"ticket_id": self.tickets[2].id, "operator": 7, "any_day": True})

    def listed(self, *arguments: str | int) -> list[int]:
        found = self.portal.control.json("reservations", "list", "--orq", self.orq, *arguments)
        assert found["more"] is False
        return [one["reservation_id"] for one in found["reservations"]]


@pytest.fixture(scope="module")
def house(portal: Portal) -> House:
    return House(portal)


def test_which(house: House):
    """reservations by day, slot, status"""
    ids = house.ids
    assert house.listed() == ids
    assert house.listed("--date", house.day) == [ids[0], ids[2], ids[3], ids[4]]
    assert house.listed("--date", house.other) == [ids[1], ids[5]]
    assert house.listed("--from", house.day, "--to", house.other, "--status", "reserved") == [ids[3], ids[4], ids[1], ids[5]]
    assert house.listed("--from", house.other) == [ids[1], ids[5]]
    assert house.listed("--date", house.day, "--status", "CANCELLED") == [ids[0]]
    assert house.listed("--status", "VERIFIED") == [ids[2]]
    assert house.listed("--slot", house.noon.id) == [ids[0], ids[2]]
    assert house.listed("--slot", house.noon.id, "--status", "VERIFIED") == [ids[2]]
    assert house.listed("--to", "2000-01-01") == []


def test_all_that_is_known(house: House):
    """the same streamed with all columns; e-mail and phone in full only to callers who ask"""
    control = house.portal.control
    ask = ["reservations", "list", "--orq", str(house.orq), "--status", "VERIFIED"]
    [full] = control.json(*ask, "--contacts")["reservations"]
    ticket = house.tickets[2]
    assert full == {
        "orq": house.orq, "ticket_id": ticket.id, "ticket_code": ticket.code, "slot_id": house.noon.id, "reservation_id": house.ids[2],
        "product_id": 5, "order_id": 456, "customer_email": EMAIL, "customer_phone": PHONE, "status": "VERIFIED",
        "updated_at": full["updated_at"], "reserved_at": full["reserved_at"],
        "slot": {"date": house.day, "start_time": "12:00:00", "end_time": "14:00:00", "starts_at": full["slot"]["starts_at"]},
        "language": "en", "sequence": 0, "verified_at": full["verified_at"], "verified_by": 7}
    [masked] = control.json(*ask)["reservations"]
    shown = {"customer_email", "customer_phone", "ticket_code"}
    assert {key: value for key, value in masked.items() if key not in shown} == {
        key: value for key, value in full.items() if key not in shown}
    [row] = rows(control.run(*ask, "--csv"))
    assert set(row) >= shown | {"date", "start_time", "end_time", "verified_by", "order_id"}
    text = control.run(*ask).output
    for secret in (EMAIL, PHONE, ticket.code):
        assert secret not in str(masked) and secret not in str(row) and secret not in text
    [row] = rows(control.run(*ask, "--csv", "--contacts"))
    # A phone number stays one: it can be no formula.
    assert (row["customer_email"], row["customer_phone"], row["ticket_code"]) == (EMAIL, PHONE, ticket.code)
    assert row["verified_by"] == "7" and row["start_time"] == "12:00"


def test_formulas_are_defused(portal: Portal):
    """cells beginning with = + - @ defused the usual way"""
    stock = portal.stock
    orq = stock.organization()
    slot = stock.slot(orq=orq)
    addresses = ["=1+2@example.com", "-x@example.com", "+y@example.com", "o'brien@example.com"]
    for address, ticket in zip(addresses, stock.tickets(len(addresses), orq=orq), strict=True):
        stock.peer.must("reservation.create", {
            "orq": orq, "ticket_id": ticket.id, "slot_id": slot.id, "customer_email": address, "customer_phone": PHONE})
    found = rows(portal.control.run("reservations", "export", "--orq", orq, "--contacts"))
    assert [row["customer_email"] for row in found] == ["'=1+2@example.com", "'-x@example.com", "'+y@example.com", "o'brien@example.com"]
    assert {row["customer_phone"] for row in found} == {PHONE}


def test_limits(house: House):
    """--limit and --all; a table says that there is more"""
    control = house.portal.control
    ask = ["reservations", "list", "--orq", str(house.orq)]
    table = control.run(*ask, "--limit", 2)
    assert table.status == 0 and table.error == ""
    assert table.output.splitlines()[0].split()[:3] == ["RESERVATION", "ORQ", "STATUS"]
    assert len(table.output.splitlines()) == 4 and "--all" in table.output
    cut = control.json(*ask, "--limit", 2)
    assert cut["more"] is True and len(cut["reservations"]) == 2
    assert len(rows(control.run(*ask, "--csv", "--limit", 4))) == 4
    assert len(control.run(*ask, "--all").output.splitlines()) == 7
    assert control.run(*ask, "--to", "2000-01-01").output.splitlines()[0].startswith("RESERVATION")


@pytest.mark.parametrize("arguments, words", [
    (["--date", "2026-12-01", "--from", "2026-12-01"], "--date"), (["--slot", "1", "--date", "2026-12-01"], "--slot"),
    (["--from", "2026-12-02", "--to", "2026-12-01"], "--from"), (["--status", "GONE"], "CANCELLED"), (["--limit", "0"], "--limit"),
    (["--json", "--csv"], "--csv"),
])
def test_what_makes_no_sense(portal: Portal, arguments: list[str], words: str):
    """every failure a non-zero exit and one clear line on stderr"""
    spoken = portal.control.run("reservations", "list", *arguments)
    assert spoken.status == 64 and spoken.output == ""
    assert len(spoken.error.splitlines()) == 1 and words in spoken.error


def test_what_is_not_there(portal: Portal):
    for arguments, words in [(["--slot", 999_999_999], "slots list"), (["--orq", 987_654], "organization list")]:
        spoken = portal.control.run("reservations", "list", *arguments)
        assert spoken.status == 1 and words in spoken.error, spoken.error
    with portal.peer("admin") as peer:
        reply = peer.call("reservations.list", {"slot_id": 1, "date_from": "2026-12-01"})
        assert reply.status == "INVALID_REQUEST"
    for role in ("service", "gateway"):
        with portal.peer(role) as peer:
            assert peer.call("reservations.list").status == "OPERATION_NOT_PERMITTED"


def test_export_to_a_file(house: House, tmp_path: Path):
    """a file is there as a whole or not at all, is nobody else's to read, and is not replaced unasked"""
    control, file = house.portal.control, tmp_path / "all.csv"
    ask = ["reservations", "export", "--orq", str(house.orq), "--contacts"]
    said = control.run(*ask, "--output", file)
    assert said.status == 0 and "6" in said.output
    assert stat.S_IMODE(file.stat().st_mode) == 0o600 and os.listdir(tmp_path) == ["all.csv"]
    with file.open(newline="") as text:
        assert [int(row["reservation_id"]) for row in csv.DictReader(text, strict=True)] == house.ids
    before = file.read_bytes()
    refused = control.run(*ask, "--output", file)
    assert refused.status == 64 and "--yes" in refused.error and file.read_bytes() == before
    assert control.json(*ask, "--status", "CANCELLED", "--output", file, "--yes") == {"reservation_count": 1}
    assert file.read_text().startswith('{"reservations":[')
    missing = control.run(*ask, "--output", tmp_path / "nowhere" / "all.csv")
    assert missing.status == 74 and "nowhere" in missing.error
    assert os.listdir(tmp_path) == ["all.csv"]


def test_a_reader_that_has_seen_enough(portal: Portal, house: House):
    """such as head: no complaint, and the exit tells"""
    command = [str(portal.programs.control), "--socket", str(portal.daemon.socket("admin")), "reservations", "export"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=clean_environment()) as running:
        running.stdout.close()
        assert running.stderr.read() == b""
        assert running.wait(30) == 74


@pytest.fixture
def full(own: Portal) -> Iterator[tuple[Portal, list[Ticket], list[Slot]]]:
    """Some thousand reservations, so that a list has many pages, and tickets for more."""
    tickets, slots = own.stock.tickets(14_000), own.stock.slots(150, capacity=10_000)
    for number in range(0, 6_000, 500):
        own.stock.book(slots[number // 500], tickets[number:number + 500])
    yield own, tickets[6_000:], slots


def test_export_during_bookings(full: tuple[Portal, list[Ticket], list[Slot]], tmp_path: Path):
    """streamed in pages so that it disturbs no booking: what was there before it began is in it, exactly once"""
    own, tickets, slots = full
    portal_bytes = own.daemon.peak_resident_bytes()
    with booking(own, tickets, slots) as bookers:
        eventually("bookings have begun", lambda: len(bookers.booked) > 200, 60)
        quiet_from = time.monotonic()
        eventually("bookings go on", lambda: len(bookers.booked) > 500, 60)
        began = time.monotonic()
        for number in range(3):
            said = own.control.run("reservations", "export", "--contacts", "--output", tmp_path / f"{number}.csv")
            assert said.status == 0, said.error
        by_date = own.control.json("reservations", "list", "--from", "2000-01-01")
        cancelled = own.control.json("reservations", "list", "--status", "CANCELLED")
        ended = time.monotonic()
        there = len(bookers.booked)
        eventually("bookings go on afterwards", lambda: len(bookers.booked) > there + 50, 60)
    quiet, during = bookers.waits(quiet_from, began), bookers.waits(began, ended)
    print(f"quiet {told(quiet)}; during lists of {ended - began:.1f} s {told(during)}; "
          f"daemon {portal_bytes >> 20} MiB before, {own.daemon.peak_resident_bytes() >> 20} MiB after")
    assert cancelled == {"reservations": [], "more": False}
    wanted = {one for one, _, _ in bookers.before(began)}
    assert len(wanted) >= 500
    for number in range(3):
        with (tmp_path / f"{number}.csv").open(newline="") as text:
            found = [int(row["reservation_id"]) for row in csv.DictReader(text, strict=True)]
        assert found == sorted(set(found)) and wanted <= set(found) and len(found) >= 6_500
    listed = [(one["slot_id"], one["reservation_id"]) for one in by_date["reservations"]]
    assert listed == sorted(set(listed)) and wanted <= {reservation for _, reservation in listed}
    assert during, "no booking was answered while lists were read"
    # Of a machine that does something else as well.
    assert percentile(during, 0.99) < max(5 * percentile(quiet, 0.99), 0.25), "bookings waited for the list"


def test_tickets(portal: Portal):
    """tickets list (--orq --status, paged, table/json/csv)"""
    stock, control = portal.stock, portal.control
    orq = stock.organization()
    tickets = sorted([*stock.tickets(1_200, orq=orq), *stock.tickets(3, "PENDING_PAYMENT", orq=orq)], key=lambda ticket: ticket.id)
    ask = ["tickets", "list", "--orq", str(orq)]
    listed = control.json(*ask, "--contacts")
    assert listed["more"] is False
    assert [(one["ticket_id"], one["ticket_code"]) for one in listed["tickets"]] == [(ticket.id, ticket.code) for ticket in tickets]
    assert len(control.json(*ask, "--status", "pending_payment")["tickets"]) == 3
    masked = rows(control.run(*ask, "--csv"))
    assert len(masked) == 1_203 and not {row["ticket_code"] for row in masked} & {ticket.code for ticket in tickets}
    table = control.run(*ask)
    assert len(table.output.splitlines()) == 1_002 and "--all" in table.output and tickets[0].code not in table.output
    assert len(control.run(*ask, "--all").output.splitlines()) == 1_204
    assert len(control.json(*ask, "--limit", 7)["tickets"]) == 7
    assert control.run("tickets", "list", "--orq", 987_654).status == 1
    assert control.run("tickets", "list", "--status", "GONE").status == 64
    with portal.peer("service") as peer:
        assert peer.call("tickets.list").status == "OPERATION_NOT_PERMITTED"
