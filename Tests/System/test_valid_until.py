"""Tickets with a last day, by the built reservationctl and over the sockets (spec, section 24)."""

from __future__ import annotations

import datetime
import sqlite3
from contextlib import closing
from pathlib import Path

from portal.conditions import eventually
from portal.system import Portal

NOW = datetime.datetime.now(datetime.timezone.utc)
# A zone in which it is about noon, so that no test runs over its midnight.
OFFSET = 12 - NOW.hour
ZONE = f"Etc/GMT{-OFFSET:+d}" if OFFSET else "Etc/UTC"
TODAY = (NOW + datetime.timedelta(hours=OFFSET)).date()


def day(days: int) -> str:
    return (TODAY + datetime.timedelta(days=days)).isoformat()


def house(portal: Portal) -> int:
    return portal.stock.organization(ZONE, allow_started=True)


def issue(portal: Portal, orq: int, until: str, count: int = 1, status: str = "ACTIVATED") -> list[dict]:
    return portal.control.json(
        "tickets", "issue", "--orq", orq, "--product", 5, "--order", 456, "--count", count, "--status", status,
        "--valid-until", until)["tickets"]


def creation(ticket: dict, slot_id: int) -> dict:
    return {
        "orq": ticket["orq"], "ticket_id": ticket["ticket_id"], "slot_id": slot_id,
        "customer_email": "guest@example.com", "customer_phone": "+12025550100"}


def test_the_last_day_is_the_last_that_can_be_booked(own: Portal):
    """Valid through its day: booked for that day or before, refused after it with the day; a move likewise"""
    orq = house(own)
    ticket, other = issue(own, orq, day(2), 2)
    assert ticket["valid_until"] == day(2)
    slots = {days: own.stock.slot(date=day(days), orq=orq, capacity=5).id for days in (1, 2, 3)}
    peer = own.stock.peer
    late = peer.call("reservation.create", creation(ticket, slots[3]))
    assert (late.status, late.body["valid_until"]) == ("VISIT_TOO_LATE", day(2))
    made = peer.must("reservation.create", creation(ticket, slots[2]))
    moved = own.control.run("reservations", "move", made["reservation_id"], "--to", slots[3])
    assert moved.status == 1 and f"valid until {day(2)}" in moved.error and moved.error.count("\n") == 1
    assert own.control.run("reservations", "move", made["reservation_id"], "--to", slots[1]).status == 0
    shown = own.control.run("tickets", "show", other["ticket_code"]).output
    assert [line.split()[-1] for line in shown.splitlines() if line.startswith("valid until")] == [day(2)]


def test_past_its_day_it_is_expired_before_and_after_the_sweep(own: Portal):
    """EXPIRED at once; stored so by the daemon of itself, with a line of the history and an event; reserved ones stay"""
    orq = house(own)
    over = issue(own, orq, day(-1), 70) + issue(own, orq, day(-3), 1, "PENDING_PAYMENT")
    kept, reserved = issue(own, orq, day(0), 2)
    slot = own.stock.slot(date=day(0), orq=orq, capacity=5).id
    peer = own.stock.peer
    for ticket in over[:3]:
        assert peer.call("ticket.validate", {"orq": orq, "ticket_code": ticket["ticket_code"]}).status == "TICKET_EXPIRED"
        assert peer.call("reservation.create", creation(ticket, slot)).status == "TICKET_EXPIRED"
        assert peer.must("tickets.show", {"ticket_code": ticket["ticket_code"]})["tickets"][0]["status"] == "EXPIRED"
    peer.must("reservation.create", creation(reserved, slot))
    peer.must("ticket.validate", {"orq": orq, "ticket_code": kept["ticket_code"]})
    own.stop()
    with closing(sqlite3.connect(own.daemon.database)) as store, store:
        assert store.execute("SELECT count(*) FROM tickets WHERE status = 'EXPIRED' AND orq = ?", (orq,)).fetchone() == (0,)
        # As if it were tomorrow for the one that holds a place.
        store.execute("UPDATE tickets SET valid_until = valid_until - 1 WHERE id = ?", (reserved["ticket_id"],))
    # The daemon looks when it starts, and each minute.
    own.restart_daemon()

    def notes() -> list[dict]:
        return [note for note in own.control.json("history", "--orq", orq)["history"] if note["action"] == "TICKET_EXPIRED"]

    eventually("all are swept", lambda: len(notes()) == len(over), within=30)
    assert {note["ticket_id"] for note in notes()} == {ticket["ticket_id"] for ticket in over}
    assert {note["role"] for note in notes()} == {"system"}
    shown = own.control.run("tickets", "show", over[0]["ticket_code"]).output
    assert "EXPIRED" in shown and "system" in shown
    followed = own.control.run("events", "follow", "--from", "oldest", "--count", len(over) + 2, "--json").output
    assert followed.count("TICKET_EXPIRED") == len(over)
    with own.stopped_audit() as audit:
        audit.check()
    with closing(sqlite3.connect(own.daemon.database)) as store:
        rows = dict(store.execute("SELECT id, status FROM tickets WHERE orq = ?", (orq,)))
    assert rows[reserved["ticket_id"]] == "RESERVED" and rows[kept["ticket_id"]] == "ACTIVATED"
    assert sum(status == "EXPIRED" for status in rows.values()) == len(over)


def test_import_with_last_days(own: Portal, tmp_path: Path):
    """The column valid_until: a date or nothing; the same file again changes nothing, another day is a conflict"""
    orq = house(own)
    file = tmp_path / "tickets.csv"
    head = "ticket_code,orq,product_id,order_id,valid_until\n"
    codes = [f"TKT-2026-VALID{n}-UNTIL0" for n in range(2)]
    file.write_text(head + f"{codes[0]},{orq},5,1,{day(9)}\n{codes[1]},{orq},5,1,\n")
    for made, there in ((2, 0), (0, 2)):
        reply = own.control.json("tickets", "import", file)
        assert (reply["created_count"], reply["existing_count"]) == (made, there)
    shown = [own.stock.peer.must("tickets.show", {"ticket_code": code})["tickets"][0].get("valid_until") for code in codes]
    assert shown == [day(9), None]
    file.write_text(head + f"{codes[0]},{orq},5,1,{day(8)}\n")
    assert own.control.run("tickets", "import", file).status == 65
    file.write_text(head + f"{codes[0]},{orq},5,1,31.12.2026\n")
    bad = own.control.run("tickets", "import", file)
    assert bad.status == 65 and "valid_until" in bad.output + bad.error

