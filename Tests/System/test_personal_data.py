"""Personal data (issue 7): all that is kept of one person is given out, or erased, beside bookings; contacts go when their time is over
(spec, sections 20.770, 20.771 and 25)."""

from __future__ import annotations

import csv
import datetime
import io
import os
import sqlite3
import stat
import time
import uuid
from contextlib import closing
from pathlib import Path

import pytest
from portal.bookers import booking, told
from portal.bursts import percentile
from portal.conditions import eventually
from portal.stock import Slot, Ticket
from portal.system import Portal

NOW = datetime.datetime.now(datetime.timezone.utc)
# A zone in which it is about noon, so that no test runs over its midnight.
OFFSET = 12 - NOW.hour
ZONE = f"Etc/GMT{-OFFSET:+d}" if OFFSET else "Etc/UTC"
TODAY = (NOW + datetime.timedelta(hours=OFFSET)).date()
ANA, HER_PHONE = "ana.somebody@example.com", "+4917012345678"
OTHER = "somebody.else@example.com"
ERASED = ("erased@erased.invalid", "+999000000000")


def day(days: int) -> str:
    return (TODAY + datetime.timedelta(days=days)).isoformat()


class House:
    """A past slot and one to come. Ana has a place in each, one that was used, one that she gave up, and one under another address; somebody
    else has one in each. Her confirmations are sent, failed with her address in the reason, and waiting."""

    def __init__(self, portal: Portal):
        stock = portal.stock
        self.portal, self.orq = portal, stock.organization(ZONE, allow_started=True)
        self.past = stock.slot(date=day(-2), orq=self.orq, capacity=50)
        self.coming = stock.slot(date=day(5), orq=self.orq, capacity=50)
        self.tickets = stock.tickets(7, orq=self.orq)
        self.keys = [uuid.uuid4().hex for _ in self.tickets]
        self.ids = [
            self.book(0, self.past), self.book(1, self.past), self.book(2, self.coming), self.book(3, self.coming),
            self.book(4, self.past, "ana.at.work@example.com", HER_PHONE), self.book(5, self.past, OTHER, "+12025550100"),
            self.book(6, self.coming, OTHER, "+12025550100")]
        stock.peer.must("tickets.check_in", {"ticket_id": self.tickets[1].id, "operator": 7, "any_day": True})
        stock.peer.must("reservations.cancel", {"reservation_id": self.ids[2], "reason": f"asked by {ANA.upper()} herself"})
        with portal.peer("service") as mailer:
            leased = mailer.must("outbox.lease", {"limit": 256, "lease_ms": 60_000, "wait_ms": 0})["deliveries"]
            mine = {one["reservation_id"]: one for one in leased if one["reservation_id"] in self.ids}
            sent, failed = mine[self.ids[0]], mine[self.ids[1]]
            mailer.must("outbox.done", {
                "outbox_id": sent["outbox_id"], "lease_id": sent["lease_id"], "provider_id": f"<1.{ANA}>"})
            mailer.must("outbox.dead_letter", {
                "outbox_id": failed["outbox_id"], "lease_id": failed["lease_id"], "detail": f"550 5.1.1 <{ANA}>: no such user"})

    def creation(self, number: int, slot: Slot, email: str = ANA, phone: str = HER_PHONE) -> dict:
        ticket = self.tickets[number]
        return {
            "orq": self.orq, "ticket_id": ticket.id, "slot_id": slot.id, "customer_email": email, "customer_phone": phone,
            "idempotency_key": self.keys[number], "request_id": f"web-{number}"}

    def book(self, number: int, slot: Slot, email: str = ANA, phone: str = HER_PHONE) -> int:
        return self.portal.stock.peer.must("reservation.create", self.creation(number, slot, email, phone))["reservation_id"]

    def contacts(self) -> dict[int, tuple[str, str]]:
        listed = self.portal.control.json("reservations", "list", "--orq", self.orq, "--contacts")["reservations"]
        return {one["reservation_id"]: (one["customer_email"], one["customer_phone"]) for one in listed}

    def erase(self, *arguments: str, person: str = ANA) -> dict:
        return self.portal.control.json("personal-data", "erase", person, *arguments)


@pytest.fixture
def house(own: Portal) -> House:
    return House(own)


def bytes_on_disk(portal: Portal) -> bytes:
    """Of the database and of its log."""
    log = Path(f"{portal.daemon.database}-wal")
    return portal.daemon.database.read_bytes() + (log.read_bytes() if log.exists() else b"")


def holds(data: bytes, text: str) -> bool:
    return text.lower().encode() in data.lower()


def test_export(house: House, tmp_path: Path):
    """each reservation with ticket code, slot, dates, status, contact, language, what was sent, and the history of its ticket"""
    control, ids = house.portal.control, house.ids
    found = control.json("personal-data", "export", ANA.capitalize())
    assert [one["reservation_id"] for one in found["reservations"]] == ids[:4]
    assert [one["status"] for one in found["reservations"]] == ["RESERVED", "VERIFIED", "CANCELLED", "RESERVED"]
    first = found["reservations"][0]
    assert (first["ticket_code"], first["customer_email"], first["customer_phone"]) == (house.tickets[0].code, ANA, HER_PHONE)
    assert (first["slot"]["date"], first["language"]) == (house.past.date, "en")
    assert {one["action"] for one in found["history"]} == {"CHECKED_IN", "CANCELLED"} and found["persons_tickets"] == []
    sent = {(one["reservation_id"], one["status"]) for one in found["entries"]}
    assert {(ids[0], "SENT"), (ids[1], "FAILED")} <= sent and {one for one, _ in sent} == set(ids[:4])
    by_phone = control.json("personal-data", "export", HER_PHONE)
    assert [one["reservation_id"] for one in by_phone["reservations"]] == ids[:5]
    text = control.run("personal-data", "export", ANA)
    assert text.status == 0 and text.error == "" and house.tickets[3].code in text.output and ANA in text.output
    rows = list(csv.DictReader(io.StringIO(control.run("personal-data", "export", ANA, "--csv").output, newline=""), strict=True))
    assert [int(row["id"]) for row in rows if row["record"] == "reservation"] == ids[:4]
    assert {row["record"] for row in rows} == {"reservation", "email", "history"}
    for said in (str(found), text.output, str(rows)):
        assert OTHER not in said and "ana.at.work" not in said
    file = tmp_path / "ana.json"
    told_of = control.json("personal-data", "export", ANA, "--output", file)
    assert told_of == {"reservation_count": 4} and stat.S_IMODE(file.stat().st_mode) == 0o600 and os.listdir(tmp_path) == ["ana.json"]
    assert '"persons_tickets":[]' in file.read_text()
    assert control.run("personal-data", "export", ANA, "--output", file).status == 64
    nobody = control.run("personal-data", "export", "nobody@example.com")
    assert nobody.status == 0 and "Nothing" in nobody.output
    assert not holds(house.portal.daemon.log().encode(), ANA)


def test_erase_what_is_past(house: House):
    """contacts of past and cancelled reservations are replaced, counts stay; one to come is left and told of"""
    control, ids, peer = house.portal.control, house.ids, house.portal.stock.peer
    before = [house.portal.stock.state(slot) for slot in (house.past, house.coming)]
    unasked = control.run("personal-data", "erase", ANA)
    assert unasked.status == 64 and "--yes" in unasked.error and "3 reservations" in unasked.error
    assert house.erase("--dry-run") == {"erased_count": 3, "upcoming_count": 1, "ticket_count": 0, "emptied_count": 0}
    assert ANA in house.contacts()[ids[0]]
    done = house.erase("--yes", "--operator", "7")
    assert (done["erased_count"], done["upcoming_count"]) == (3, 1) and done["emptied_count"] > 0
    contacts = house.contacts()
    assert [contacts[one] == ERASED for one in ids] == [True, True, True, False, False, False, False]
    assert contacts[ids[3]] == (ANA, HER_PHONE) and contacts[ids[5]][0] == OTHER
    masked = control.json("reservations", "list", "--orq", house.orq)["reservations"][0]
    assert masked["customer_email"] == "e***@erased.invalid"
    assert [house.portal.stock.state(slot) for slot in (house.past, house.coming)] == before
    # What said who they are is gone from messages and history as well.
    entries = {one["reservation_id"]: one for one in control.json("outbox", "list", "--orq", house.orq)["entries"]}
    assert all(key not in entries[ids[number]] for key in ("last_error", "provider_id", "request_id") for number in (0, 1))
    assert [entries[ids[number]]["status"] for number in (0, 1)] == ["SENT", "CANCELLED"]
    history = control.json("history", "--orq", house.orq)["history"]
    assert [one.get("reason") for one in history if one["action"] == "CANCELLED"] == ["(erased)"]
    notes = [one for one in history if one["action"] == "PERSONAL_DATA_ERASED"]
    assert [(one["role"], one["operator"], one["uid"]) for one in notes] == [("admin", 7, os.getuid())]
    assert notes[0]["detail"].startswith("reservations: 3") and ANA not in str(history).lower()
    # Nobody can be written to, and it is told why.
    resent = control.run("reservations", "resend", ids[0])
    assert resent.status == 1 and "erased" in resent.error and resent.error.count("\n") == 1
    assert peer.call("outbox.requeue", {"outbox_id": entries[ids[1]]["outbox_id"]}).status == "CONTACT_ERASED"
    again = peer.call("reservation.create", house.creation(0, house.past))
    assert again.ok and again.replayed and again.body["reservation_id"] == ids[0]
    assert peer.call("reservation.create", house.creation(0, house.past, OTHER)).status == "IDEMPOTENCY_KEY_REUSED"
    # Once more there is nothing to do.
    assert house.erase("--yes") == {"erased_count": 0, "upcoming_count": 1, "ticket_count": 0, "emptied_count": 0}
    assert house.portal.control.run("doctor").status == 0


def test_erase_what_is_to_come(house: House):
    """--include-upcoming: the place stays booked, nothing is sent, and it can be moved, cancelled and let in"""
    portal, ids = house.portal, house.ids
    assert house.erase("--yes", "--include-upcoming", person=HER_PHONE)["erased_count"] == 5
    assert portal.stock.state(house.coming)["booked_count"] == 2
    with portal.peer("service") as mailer:
        leased = mailer.must("outbox.lease", {"limit": 256, "lease_ms": 1_000, "wait_ms": 0}).get("deliveries", [])
    assert not {one["reservation_id"] for one in leased} & set(ids[:5])
    other = portal.stock.slot(date=day(8), orq=house.orq)
    portal.stock.peer.must("reservations.move", {"reservation_id": ids[3], "slot_id": other.id})
    portal.stock.peer.must("tickets.check_in", {"ticket_id": house.tickets[3].id, "operator": 7, "any_day": True})
    queued = portal.control.json("outbox", "list", "--orq", house.orq, "--status", "QUEUED")["entries"]
    assert not {one["reservation_id"] for one in queued} & set(ids[:5])
    assert portal.control.run("doctor").status == 0


def test_no_byte_is_left(house: House, tmp_path: Path):
    """neither in the database nor in its log, nor in a backup made afterwards, nor in the daemon's lines"""
    portal = house.portal
    assert holds(bytes_on_disk(portal), ANA) and holds(bytes_on_disk(portal), HER_PHONE)
    house.erase("--yes", "--include-upcoming")
    left = bytes_on_disk(portal)
    assert not holds(left, ANA) and holds(left, OTHER)
    house.erase("--yes", person=HER_PHONE)
    assert not holds(bytes_on_disk(portal), HER_PHONE)
    copy = tmp_path / "copy.sqlite"
    assert portal.control.run("backup", copy).status == 0
    assert not holds(copy.read_bytes(), ANA) and holds(copy.read_bytes(), OTHER)
    assert not holds(portal.daemon.log().encode(), ANA) and not holds(portal.daemon.log().encode(), HER_PHONE)


def test_a_contact_on_a_ticket_alone(house: House):
    """tickets that bear the contact without a reservation that does, as a database from elsewhere may have them"""
    portal, spare = house.portal, house.portal.stock.ticket(orq=house.orq)
    portal.stop()
    with closing(sqlite3.connect(portal.daemon.database)) as store, store:
        store.execute("UPDATE tickets SET customer_email = ? WHERE id = ?", ("just.ticket@example.com", spare.id))
    portal.restart_daemon()
    found = portal.control.json("personal-data", "export", "just.ticket@example.com")
    assert found["reservations"] == [] and found["persons_tickets"] == [{
        "orq": house.orq, "ticket_id": spare.id, "ticket_code": spare.code, "customer_email": "just.ticket@example.com",
        "status": "ACTIVATED"}]
    assert house.erase("--yes", person="just.ticket@example.com")["ticket_count"] == 1
    assert not holds(bytes_on_disk(portal), "just.ticket@example.com")


def test_retention(own: Portal):
    """organization set --retention-days: contacts of visits longer ago go by themselves, those of younger ones and of others stay"""
    stock, control = own.stock, own.control
    orq, other = (stock.organization(ZONE, allow_started=True) for _ in range(2))
    assert "for ever" in control.run("organization", "show", orq).output
    assert control.json("organization", "set", orq, "--retention-days", 2)["retention_days"] == 2
    assert "2 days" in control.run("organization", "show", orq).output
    listed = {one["orq"]: one.get("retention_days") for one in control.json("organization", "list")["organizations"]}
    assert listed[orq] == 2 and listed[other] is None
    old, young, others = (
        stock.slot(date=day(days), orq=of, capacity=200) for days, of in ((-3, orq), (-2, orq), (-3, other)))
    for slot, count in ((old, 130), (young, 2), (others, 2)):
        stock.book(slot, stock.tickets(count, orq=slot.orq))
    cancelled = own.control.json("reservations", "list", "--slot", old.id)["reservations"][0]["reservation_id"]
    stock.peer.must("reservations.cancel", {"reservation_id": cancelled})
    own.stop()
    # The daemon looks when it starts, and each minute.
    own.restart_daemon()

    def erased(slot: Slot) -> list[bool]:
        found = own.control.json("reservations", "list", "--slot", slot.id, "--contacts")["reservations"]
        return [(one["customer_email"], one["customer_phone"]) == ERASED for one in found]

    eventually("all of them are erased", lambda: all(erased(old)), within=30)
    assert erased(young) == [False, False] and erased(others) == [False, False]
    notes = [one for one in own.control.json("history", "--orq", orq)["history"] if one["action"] == "PERSONAL_DATA_ERASED"]
    assert {one["role"] for one in notes} == {"system"} and all("2 days" in one["detail"] for one in notes)
    assert sum(int(one["detail"].split(",")[0].split(": ")[1]) for one in notes) == 130
    assert "retention_days" not in control.json("organization", "set", orq, "--retention-days", "none")
    assert control.run("organization", "set", orq, "--retention-days", "0").status == 64
    assert control.run("doctor").status == 0


@pytest.mark.parametrize("arguments, status, words", [
    (["export", "nobody"], 64, "person"), (["erase", "+0123", "--yes"], 64, "person"), (["erase", "a@b", "--yes"], 64, "person"),
    (["export", ERASED[0]], 65, "erased"), (["erase", ERASED[1], "--yes"], 65, "erased"), (["export", "--json", "--csv", ANA], 64, "--csv"),
])
def test_what_makes_no_sense(portal: Portal, arguments: list[str], status: int, words: str):
    """every failure a non-zero exit and one clear line on stderr"""
    spoken = portal.control.run("personal-data", *arguments)
    assert spoken.status == status and spoken.output == "" and len(spoken.error.splitlines()) == 1 and words in spoken.error, spoken.error


def test_administrators_only(portal: Portal):
    for role in ("service", "gateway"):
        with portal.peer(role) as peer:
            for operation in ("personal_data.export", "personal_data.erase"):
                assert peer.call(operation, {"customer_email": ANA}).status == "OPERATION_NOT_PERMITTED"
    with portal.peer("admin") as peer:
        for body in ({}, {"customer_email": ANA, "customer_phone": HER_PHONE}, {"customer_email": ANA, "after_ticket_id": 0, "after_outbox_id": 0}):
            assert peer.call("personal_data.erase", body).status == "INVALID_REQUEST"


def test_nobody_books_as_one_who_was_erased(portal: Portal):
    ticket, slot = portal.stock.ticket(), portal.stock.slot()
    refused = portal.stock.peer.call("reservation.create", {
        "orq": 1, "ticket_id": ticket.id, "slot_id": slot.id, "customer_email": ERASED[0], "customer_phone": "+12025551234"})
    assert refused.status == "INVALID_CONTACT"


@pytest.fixture
def full(own: Portal) -> tuple[House, list[Ticket], list[Slot]]:
    """Some thousand reservations of somebody else, so that an erasure looks through many pages, and tickets for more."""
    house = House(own)
    tickets, slots = own.stock.tickets(12_000), own.stock.slots(100, capacity=10_000)
    for number in range(0, 5_000, 500):
        own.stock.book(slots[number // 500], tickets[number:number + 500])
    return house, tickets[5_000:], slots


def test_erase_during_bookings(full: tuple[House, list[Ticket], list[Slot]]):
    """safe beside bookings: nobody waits for it, everybody else's contact stays, and all invariants hold"""
    house, tickets, slots = full
    own = house.portal
    with booking(own, tickets, slots) as bookers:
        eventually("bookings have begun", lambda: len(bookers.booked) > 200, 60)
        quiet_from = time.monotonic()
        eventually("bookings go on", lambda: len(bookers.booked) > 500, 60)
        began = time.monotonic()
        found = own.control.json("personal-data", "export", ANA)
        done = house.erase("--yes", "--include-upcoming")
        left = bytes_on_disk(own)
        ended = time.monotonic()
        there = len(bookers.booked)
        eventually("bookings go on afterwards", lambda: len(bookers.booked) > there + 50, 60)
    quiet, during = bookers.waits(quiet_from, began), bookers.waits(began, ended)
    print(f"quiet {told(quiet)}; during an export and an erasure of {ended - began:.1f} s {told(during)}")
    assert len(found["reservations"]) == 4 and done["erased_count"] == 4
    assert not holds(left, ANA)
    with own.stopped_audit() as audit:
        audit.check()
        audit.check_acknowledged((one.id, one.ticket_id, one.slot_id) for one in bookers.booked)
        assert audit.one("SELECT count(*) FROM ticket_reservations WHERE customer_email = ?", ERASED[0]) == 4
        assert audit.one("SELECT count(*) FROM tickets WHERE customer_email = 'load@example.com'") == len(bookers.booked)
    assert during, "no booking was answered during the erasure"
    # Of a machine that does something else as well.
    assert percentile(during, 0.99) < max(5 * percentile(quiet, 0.99), 0.25), "bookings waited for the erasure"
