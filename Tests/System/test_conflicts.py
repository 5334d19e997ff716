"""The card's section 9: Conflict Tests, Edge Cases, and the Integration Tests about refusals."""

from __future__ import annotations

import threading

from portal.api import Api, accepted, refused
from portal.bursts import create, simultaneously
from portal.stock import Stock
from portal.system import Portal


def test_reserve_for_a_full_slot(api: Api, stock: Stock):
    """Reserve ticket for FULL slot → 409 SLOT_FULL with alternative_slots"""
    date = stock.fresh_date()
    full = stock.slot(capacity=1, booked=1, date=date, start="12:00:00", end="14:00:00")
    other = stock.slot(capacity=180, date=date, start="14:00:00", end="16:00:00")
    error = refused(api.create(stock.ticket().id, full.id), 409, "SLOT_FULL")
    assert error["alternative_slots"] == [
        {"slot_id": other.id, "date": date, "start_time": "14:00:00", "end_time": "16:00:00", "available_count": 180}]


def test_reserve_an_already_reserved_ticket(api: Api, stock: Stock):
    """Reserve already-reserved ticket → 409 TICKET_ALREADY_RESERVED"""
    ticket = stock.ticket("RESERVED")
    error = refused(api.create(ticket.id, stock.slot().id), 409, "TICKET_ALREADY_RESERVED")
    assert error["reserved_date"] == stock.shown(ticket)["reservation"]["slot"]["date"]


def test_reserve_with_a_non_existent_slot(api: Api, stock: Stock):
    """Reserve with non-existent slot_id → 404 Slot not found"""
    ticket = stock.ticket()
    error = refused(api.create(ticket.id, 9_007_199_254_740_991), 404, "SLOT_NOT_FOUND")
    assert "slot" in error["message"].lower()
    assert stock.shown(ticket)["status"] == "ACTIVATED"


def test_alternatives_are_returned(api: Api, stock: Stock):
    """Verify alternative_slots returned when slot full"""
    full = stock.slot(capacity=1, booked=1)
    assert refused(api.create(stock.ticket().id, full.id), 409, "SLOT_FULL")["alternative_slots"] == []
    near = stock.slot(date=full.date, start="16:00:00", end="17:00:00")
    found = refused(api.create(stock.ticket().id, full.id), 409, "SLOT_FULL")["alternative_slots"]
    assert [one["slot_id"] for one in found] == [near.id]


def test_nothing_remains_of_a_refused_capacity(own: Portal):
    """Verify transaction rollback on capacity check failure"""
    slot, ticket = own.stock.slot(capacity=3, booked=3), own.stock.ticket()
    before = own.stock.status()
    refused(own.api.create(ticket.id, slot.id, key="a-key-that-must-not-be-kept"), 409, "SLOT_FULL")
    after = own.stock.status()
    assert (after["reservation_count"], after["outbox_pending_count"]) == (before["reservation_count"], before["outbox_pending_count"])
    assert own.stock.shown(ticket)["status"] == "ACTIVATED"
    with own.stopped_audit() as audit:
        audit.check()
        assert audit.one("SELECT count(*) FROM ticket_reservations WHERE ticket_id = ?", ticket.id) == 0
        assert audit.rows("SELECT status, customer_email, customer_phone, reserved_at FROM tickets WHERE id = ?", ticket.id) == [
            ("ACTIVATED", None, None, None)]
        assert audit.rows("SELECT booked_count, status FROM reservation_slots WHERE id = ?", slot.id) == [(3, "FULL")]
        assert audit.one("SELECT count(*) FROM outbox") == 3
        assert audit.one("SELECT count(*) FROM idempotency_records") == 3


def test_at_the_exact_moment_the_slot_becomes_full(portal: Portal, stock: Stock):
    """Create reservation at exact moment slot becomes full"""
    slot, tickets = stock.slot(capacity=5), stock.tickets(12)
    shots = simultaneously(portal.gateway.port, [create(ticket.id, slot.id) for ticket in tickets])
    assert sorted(shot.code or "OK" for shot in shots) == ["OK"] * 5 + ["SLOT_FULL"] * 7
    state = stock.state(slot)
    assert (state["booked_count"], state["status"]) == (5, "FULL")
    reserved = [ticket for ticket in tickets if stock.shown(ticket)["status"] == "RESERVED"]
    assert {ticket.id for ticket in reserved} == {
        ticket.id for ticket, shot in zip(tickets, shots, strict=True) if shot.status == 200}


def test_validate_right_after_a_reservation_elsewhere(portal: Portal, api: Api, stock: Stock):
    """Validate ticket immediately after reservation created elsewhere"""
    slot = stock.slot(capacity=50)
    _, elsewhere = portal.another_gateway()
    for ticket in stock.tickets(20):
        accepted(elsewhere.create(ticket.id, slot.id))
        refused(api.validate(ticket.code), 409, "TICKET_ALREADY_RESERVED")


def test_validation_never_turns_back(portal: Portal, stock: Stock):
    """Validate ticket immediately after reservation created elsewhere: once refused as reserved, never valid again"""
    ticket, slot = stock.ticket(), stock.slot()
    seen: list[int] = []
    started, done = threading.Event(), threading.Event()

    def watch() -> None:
        api = portal.api_of(portal.gateway)
        while not done.is_set():
            seen.append(api.validate(ticket.code).status_code)
            started.set()
        seen.append(api.validate(ticket.code).status_code)

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        assert started.wait(10)
        accepted(portal.api.create(ticket.id, slot.id))
    finally:
        done.set()
        watcher.join(30)
    assert seen == sorted(seen) and seen[0] == 200 and seen[-1] == 409, seen


def test_organization_mismatch(api: Api, stock: Stock):
    """Create reservation with organization mismatch (ticket.orq != slot.orq)"""
    other = stock.organization()
    ticket, slot = stock.ticket(orq=1), stock.slot(orq=other)
    refused(api.create(ticket.id, slot.id), 403, "ORGANIZATION_MISMATCH")
    assert stock.shown(ticket)["status"] == "ACTIVATED"
    assert stock.state(slot)["booked_count"] == 0
