"""Slots: generate with exceptions, close and open by range with a reason, copy a week, delete only when nothing refers to it, utilisation per
day; DST days (issue 7). By the built reservationctl, while others book."""

from __future__ import annotations

import csv
import datetime
import io
from collections.abc import Iterator

import pytest
from portal.bookers import booking
from portal.conditions import eventually
from portal.programs import Spoken
from portal.system import Portal
from test_watch import watching

#: A Monday far enough ahead that no other test has slots there.
MONDAY = datetime.date(2031, 3, 3)


def day(number: int, monday: datetime.date = MONDAY) -> str:
    return (monday + datetime.timedelta(days=number)).isoformat()


@pytest.fixture(scope="module")
def house(portal: Portal) -> Iterator[Portal]:
    """Bookings go on all the while."""
    tickets, slots = portal.stock.tickets(30_000), portal.stock.slots(20, capacity=10_000)
    with booking(portal, tickets, slots, callers=2, pause=0.01) as bookers:
        eventually("bookings have begun", lambda: len(bookers.booked) > 20, 60)
        yield portal
    assert bookers.booked


@pytest.fixture
def orq(house: Portal) -> int:
    return house.stock.organization("Europe/Berlin")


def done(spoken: Spoken) -> str:
    assert spoken.status == 0 and spoken.error == "", spoken.error
    return spoken.output


def generate(house: Portal, orq: int, *more: str | int, first: str = day(0), last: str = day(6), times: str = "10:00-12:00,14:00-16:00"):
    return house.control.json(
        "slots", "generate", "--orq", orq, "--from", first, "--to", last, "--times", times, "--capacity", 5, *more)


def slots(house: Portal, orq: int) -> list[dict]:
    return house.control.json("slots", "list", "--orq", orq)["slots"]


def history(house: Portal, slot: int) -> list[dict]:
    return house.control.json("history", "--slot", slot)["history"]


def test_exceptions(house: Portal, orq: int):
    """slots generate --except DATE,DATE… (also ranges)"""
    planned = generate(house, orq, "--except", f"{day(1)},{day(3)}..{day(5)}", "--dry-run")
    assert planned == {"created_count": 6, "existing_count": 0} and slots(house, orq) == []
    assert generate(house, orq, "--except", f"{day(1)},{day(3)}..{day(5)}") == planned
    assert [one["date"] for one in slots(house, orq)] == [day(0), day(0), day(2), day(2), day(6), day(6)]
    assert generate(house, orq, "--dry-run") == {"created_count": 8, "existing_count": 6}
    note = history(house, slots(house, orq)[0]["slot_id"])
    assert [one["action"] for one in note] == ["SLOT_CREATED"] and "10:00:00-12:00:00, 5 places" in note[0]["detail"]


def test_clocks_put_forward(house: Portal, orq: int):
    """times are wall times of the organisation's zone; a time that does not exist that day is reported"""
    sunday = "2031-03-30"
    said = generate(house, orq, first="2031-03-29", last="2031-03-31", times="01:00-02:00,02:00-02:30,02:30-03:30,03:00-04:00")
    assert said["created_count"] == 10
    assert said["nonexistent"] == [
        {"date": sunday, "start_time": "02:00:00", "end_time": "02:30:00"}, {"date": sunday, "start_time": "02:30:00", "end_time": "03:30:00"}]
    made = [one for one in slots(house, orq) if one["date"] == sunday]
    assert [one["start_time"] for one in made] == ["01:00:00", "03:00:00"]
    # An hour apart, though the clocks say two.
    assert made[1]["starts_at"] - made[0]["starts_at"] == 3600
    text = done(house.control.run(
        "slots", "generate", "--orq", orq, "--from", sunday, "--to", sunday, "--times", "02:30-03:30", "--capacity", 5))
    assert f"no clock shows 02:30-03:30 on {sunday}" in text
    refused = house.control.run(
        "slots", "create", "--orq", orq, "--date", sunday, "--start", "02:30", "--end", "03:30", "--capacity", 5)
    assert refused.status == 65 and "put forward" in refused.error


def test_close_and_open_many(house: Portal, orq: int):
    """slots close|open by range with a reason, which the history keeps"""
    generate(house, orq)
    close = ["slots", "close", "--orq", str(orq), "--from", day(0), "--to", day(6), "--weekdays", "mon,sat", "--times", "10:00-12:00"]
    assert house.control.json(*close, "--dry-run") == {"changed_count": 2, "unchanged_count": 0}
    assert {one["status"] for one in slots(house, orq)} == {"ACTIVE"}
    bare = house.control.run(*close)
    assert bare.status == 64 and "--reason" in bare.error
    assert house.control.json(*close, "--reason", "Feiertag") == {"changed_count": 2, "unchanged_count": 0}
    closed = [one for one in slots(house, orq) if one["status"] == "CLOSED"]
    assert [(one["date"], one["start_time"]) for one in closed] == [(day(0), "10:00:00"), (day(5), "10:00:00")]
    [_, note] = history(house, closed[0]["slot_id"])
    assert (note["action"], note["reason"], note["role"]) == ("SLOT_CLOSED", "Feiertag", "admin")
    assert house.control.json(*close, "--reason", "once more") == {"changed_count": 0, "unchanged_count": 2}
    assert len(history(house, closed[0]["slot_id"])) == 2
    text = done(house.control.run("slots", "open", "--orq", orq, "--from", day(0), "--to", day(6), "--reason", "over"))
    assert "opened:     2" in text and "so already: 12" in text
    one = closed[0]["slot_id"]
    done(house.control.run("slots", "close", one, "--reason", "burst pipe"))
    assert [note.get("reason") for note in history(house, one)] == [None, "Feiertag", "over", "burst pipe"]
    for arguments in (["slots", "close"], ["slots", "close", str(one), "--from", day(0)], ["slots", "open", "--orq", str(orq), "--reason", "x"]):
        assert house.control.run(*arguments).status == 64
    nowhere = house.control.run(
        "slots", "close", "--orq", 987_654, "--from", day(0), "--to", day(1), "--reason", "x")
    assert nowhere.status == 1 and "organization list" in nowhere.error


def test_many_pages(house: Portal, orq: int):
    """more slots than one request sees to"""
    last = day(149)
    assert generate(house, orq, last=last)["created_count"] == 300
    assert house.control.json("slots", "close", "--orq", orq, "--from", day(0), "--to", last, "--reason", "winter") == {
        "changed_count": 300, "unchanged_count": 0}
    page = house.stock.peer.must("slots.set_states", {"orq": orq, "status": "CLOSED", "date_from": day(0), "date_to": last})
    assert page["more"] is True and (page["changed_count"], page["unchanged_count"]) == (0, 100)
    assert house.control.json("slots", "delete", "--orq", orq, "--from", day(0), "--to", last, "--yes") == {
        "deleted_count": 300, "in_use_count": 0}
    assert slots(house, orq) == []


def test_copy_week(house: Portal, orq: int):
    """slots copy-week --orq --from MONDAY --to MONDAY [--weeks N] [--dry-run]"""
    generate(house, orq, "--weekdays", "mon,sun")
    made = slots(house, orq)
    done(house.control.run("slots", "set-capacity", made[0]["slot_id"], 9))
    done(house.control.run("slots", "close", made[1]["slot_id"]))
    # From here the clocks of one Sunday go forward.
    copy = ["slots", "copy-week", "--orq", str(orq), "--from", day(0), "--to", day(7)]
    assert house.control.json(*copy, "--weeks", 3, "--dry-run") == {"created_count": 9, "existing_count": 0}
    assert len(slots(house, orq)) == 4
    text = done(house.control.run(*copy, "--weeks", 3))
    assert "created:            9" in text and "closed, not copied: 1" in text
    assert [(one["date"], one["start_time"], one["total_capacity"]) for one in slots(house, orq)[4:]] == [
        one for week in (1, 2, 3) for one in [
            (day(7 * week), "10:00:00", 9), (day(7 * week + 6), "10:00:00", 5), (day(7 * week + 6), "14:00:00", 5)]]
    assert house.control.json(*copy) == {"created_count": 0, "existing_count": 3}
    for arguments, words in [
        (["--from", day(1), "--to", day(7)], "Monday"), (["--from", day(0), "--to", day(0)], "among"),
        (["--from", day(7), "--to", day(0), "--weeks", "2"], "among")]:
        refused = house.control.run("slots", "copy-week", "--orq", orq, *arguments)
        assert refused.status == 64 and words in refused.error
    empty = house.control.run("slots", "copy-week", "--orq", orq, "--from", day(700), "--to", day(707))
    assert empty.status == 1 and "no slots" in empty.error


def test_delete(house: Portal, orq: int):
    """slots delete only where nothing refers to it; ask before what cannot be undone"""
    generate(house, orq, last=day(1))
    booked, cancelled, left, free = (one["slot_id"] for one in slots(house, orq))
    stock, control = house.stock, house.control
    tickets = stock.tickets(3, orq=orq)

    def book(ticket, slot: int) -> int:
        return stock.peer.must("reservation.create", {
            "orq": orq, "ticket_id": ticket.id, "slot_id": slot, "customer_email": "guest@example.com", "customer_phone": "+12025550100",
        })["reservation_id"]

    book(tickets[0], booked)
    stock.peer.must("reservations.cancel", {"reservation_id": book(tickets[1], cancelled)})
    stock.peer.must("reservations.move", {"reservation_id": book(tickets[2], left), "slot_id": booked})

    for slot, words in [(booked, "2 reservations hold"), (cancelled, "Cancelled reservations refer")]:
        kept = control.run("slots", "delete", slot, "--yes")
        assert kept.status == 1 and words in kept.error, kept.error
    unasked = control.run("slots", "delete", free)
    assert unasked.status == 64 and "--yes" in unasked.error and len(slots(house, orq)) == 4
    ask = ["slots", "delete", "--orq", str(orq), "--from", day(0), "--to", day(1)]
    assert control.json(*ask, "--dry-run") == {"deleted_count": 2, "in_use_count": 2}
    unasked = control.run(*ask)
    assert unasked.status == 64 and "2 slots will be removed, and 2 stay" in unasked.error
    assert control.json(*ask, "--reason", "made by mistake", "--yes") == {"deleted_count": 2, "in_use_count": 2}
    assert [one["slot_id"] for one in slots(house, orq)] == [booked, cancelled]
    # Nothing to ask about.
    assert control.json(*ask) == {"deleted_count": 0, "in_use_count": 2}
    note = history(house, free)[-1]
    assert (note["action"], note["reason"]) == ("SLOT_DELETED", "made by mistake") and "14:00:00-16:00:00" in note["detail"]
    assert control.run("slots", "delete", free, "--yes").status == 1
    assert house.stock.peer.call("reservation.create", {
        "orq": orq, "ticket_id": tickets[1].id, "slot_id": free, "customer_email": "guest@example.com",
        "customer_phone": "+12025550100"}).status == "SLOT_NOT_FOUND"
    # The number of one that is gone stays its own.
    generate(house, orq, last=day(1))
    assert {free, left}.isdisjoint(one["slot_id"] for one in slots(house, orq))


def test_a_watcher_hears_of_it(house: Portal, orq: int):
    """who watches slots is told that one that was removed is closed"""
    generate(house, orq, last=day(0))
    gone = slots(house, orq)[0]["slot_id"]
    with watching(house) as watchers:
        eventually("it is known", lambda: all(gone in watcher.slots for watcher in watchers), 20)
        done(house.control.run("slots", "delete", gone, "--yes"))
        eventually("its end is told", lambda: all(watcher.slots[gone]["status"] == "CLOSED" for watcher in watchers), 20)


def test_utilisation(house: Portal, orq: int):
    """slots utilisation --orq --from --to (date, slots, capacity, booked, free, %; table/json/csv)"""
    generate(house, orq, last=day(2), times="10:00-12:00,14:00-16:00")
    made = [one["slot_id"] for one in slots(house, orq)]
    for slot, count in [(made[0], 5), (made[1], 2), (made[2], 1)]:
        for ticket in house.stock.tickets(count, orq=orq):
            house.stock.peer.must("reservation.create", {
                "orq": orq, "ticket_id": ticket.id, "slot_id": slot, "customer_email": "guest@example.com", "customer_phone": "+12025550100"})
    done(house.control.run("slots", "close", made[2]))
    ask = ["slots", "utilisation", "--orq", str(orq), "--from", day(0), "--to", day(6)]
    expected = [
        {"date": day(0), "slots": 2, "closed": 0, "capacity": 10, "booked": 7, "free": 3, "percent": 70},
        {"date": day(1), "slots": 2, "closed": 1, "capacity": 6, "booked": 1, "free": 5, "percent": 16},
        {"date": day(2), "slots": 2, "closed": 0, "capacity": 10, "booked": 0, "free": 10, "percent": 0}]
    assert house.control.json(*ask) == {"days": expected}
    assert list(csv.DictReader(io.StringIO(done(house.control.run(*ask, "--csv")), newline=""))) == [
        {key: str(value) for key, value in one.items()} for one in expected]
    lines = done(house.control.run(*ask)).splitlines()
    assert lines[0].split() == ["DATE", "SLOTS", "CLOSED", "CAPACITY", "BOOKED", "FREE", "%"] and lines[1].split()[-1] == "70"
    listed = list(csv.DictReader(io.StringIO(done(house.control.run("slots", "list", "--orq", orq, "--csv")), newline="")))
    assert [int(one["slot_id"]) for one in listed] == made and listed[0]["booked_count"] == "5"
    assert house.control.run("slots", "utilisation", "--orq", orq).status == 64
