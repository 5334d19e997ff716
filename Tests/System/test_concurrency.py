"""The card's section 9: Concurrency Tests and Performance Tests, at two and at a thousand."""

from __future__ import annotations

import threading
import time

import pytest

from portal.api import accepted
from portal.bursts import create, percentile, post, simultaneously
from portal.rsv import Reply, request
from portal.stock import Slot, Stock, Ticket
from portal.system import Portal


def neighbour(stock: Stock, slot: Slot) -> Slot:
    return stock.slot(date=slot.date, start="18:00:00", end="19:00:00", capacity=5000)


@pytest.mark.parametrize("round_", range(10))
def test_two_for_the_last_place(portal: Portal, stock: Stock, round_: int):
    """Simultaneous reservations for last slot → One succeeds, others get SLOT_FULL"""
    slot, tickets = stock.slot(capacity=1), stock.tickets(2)
    other = neighbour(stock, slot)
    shots = simultaneously(portal.gateway.port, [create(ticket.id, slot.id) for ticket in tickets])
    assert sorted(shot.status for shot in shots) == [200, 409]
    refusal = next(shot for shot in shots if shot.status == 409).json["error"]
    assert refusal["code"] == "SLOT_FULL"
    assert [one["slot_id"] for one in refusal["alternative_slots"]] == [other.id]
    assert stock.state(slot)["booked_count"] == 1


def test_a_thousand_for_the_last_place(portal: Portal, stock: Stock):
    """Two or a thousand simultaneous creates for the last place: exactly one 200, the others SLOT_FULL with alternatives (HTTP)"""
    slot, tickets = stock.slot(capacity=200, booked=199), stock.tickets(1000)
    other = neighbour(stock, slot)
    shots = simultaneously(portal.gateway.port, [create(ticket.id, slot.id) for ticket in tickets])
    assert sorted(shot.status for shot in shots) == [200] + [409] * 999
    for shot in shots:
        if shot.status == 409:
            assert shot.code == "SLOT_FULL"
            assert [one["slot_id"] for one in shot.json["error"]["alternative_slots"]] == [other.id]
    assert (stock.state(slot)["booked_count"], stock.state(slot)["status"]) == (200, "FULL")


def creates(tickets: list[Ticket], slot: Slot, key: str | None = None) -> list[tuple[str, dict]]:
    more = {"idempotency_key": key} if key else {}
    return [
        ("reservation.create", {
            "orq": 1, "ticket_id": ticket.id, "slot_id": slot.id, "customer_email": "john@example.com",
            "customer_phone": "+12025551234"} | more)
        for ticket in tickets]


def from_all_sides(portal: Portal, shares: list[list[tuple[str, dict]]]) -> list[Reply]:
    """Each share pipelined over its own connection, all at once."""
    peers = [portal.peer("gateway", timeout=60) for _ in shares]
    barrier = threading.Barrier(len(shares))
    replies: list[list[Reply]] = [[] for _ in shares]

    def run(number: int) -> None:
        barrier.wait(10)
        replies[number] = peers[number].call_all(shares[number])

    threads = [threading.Thread(target=run, args=(number,)) for number in range(len(shares))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(90)
    for peer in peers:
        peer.close()
    return [reply for share in replies for reply in share]


def test_a_thousand_for_the_last_place_over_the_socket(portal: Portal, stock: Stock):
    """Two or a thousand simultaneous creates for the last place: exactly one 200, the others SLOT_FULL with alternatives (socket)"""
    slot, tickets = stock.slot(capacity=1), stock.tickets(1000)
    other = neighbour(stock, slot)
    replies = from_all_sides(portal, [creates(tickets[side::8], slot) for side in range(8)])
    assert sorted(reply.status for reply in replies) == ["OK"] + ["SLOT_FULL"] * 999
    for reply in replies:
        if not reply.ok:
            assert [one["slot_id"] for one in reply.body["alternative_slots"]] == [other.id]
    assert stock.state(slot)["booked_count"] == 1


@pytest.mark.parametrize("count", [2, 100, 1000])
def test_the_same_ticket(portal: Portal, stock: Stock, count: int):
    """Simultaneous reservations for same ticket → One succeeds, others get ALREADY_RESERVED"""
    ticket, slots = stock.ticket(), stock.slots(min(count, 100), capacity=5)
    shots = simultaneously(portal.gateway.port, [create(ticket.id, slots[n % len(slots)].id) for n in range(count)])
    assert sorted(shot.code or "OK" for shot in shots) == ["OK"] + ["TICKET_ALREADY_RESERVED"] * (count - 1)
    date = stock.shown(ticket)["reservation"]["slot"]["date"]
    assert all(shot.json["error"]["reserved_date"] == date for shot in shots if shot.status == 409)
    assert sum(stock.state(slot)["booked_count"] for slot in slots) == 1


def test_the_same_ticket_over_the_socket(portal: Portal, stock: Stock):
    """The same for one ticket: one 200, the others TICKET_ALREADY_RESERVED (socket)"""
    ticket, slot = stock.ticket(), stock.slot(capacity=2000)
    replies = from_all_sides(portal, [creates([ticket] * 125, slot) for _ in range(8)])
    assert sorted(reply.status for reply in replies) == ["OK"] + ["TICKET_ALREADY_RESERVED"] * 999
    assert stock.state(slot)["booked_count"] == 1


def test_a_hundred_for_different_slots(portal: Portal, stock: Stock):
    """Load test: 100 concurrent reservations for different slots"""
    slots, tickets = stock.slots(100, capacity=1), stock.tickets(100)
    shots = simultaneously(
        portal.gateway.port, [create(ticket.id, slot.id) for ticket, slot in zip(tickets, slots, strict=True)])
    assert [shot.status for shot in shots] == [200] * 100
    assert len({shot.json["data"]["reservation_id"] for shot in shots}) == 100
    assert percentile([shot.seconds for shot in shots], 0.95) < 1.0
    for slot in slots:
        assert stock.state(slot)["booked_count"] == 1


def test_validation_response_time(portal: Portal, stock: Stock):
    """Ticket validation response time <300ms (P95)"""
    tickets = stock.tickets(50)
    shots = [
        shot
        for ticket in tickets
        for shot in simultaneously(portal.gateway.port, [post("/api/tickets/validate", {"ticket_code": ticket.code}) for _ in range(8)])]
    assert all(shot.status == 200 for shot in shots)
    assert percentile([shot.seconds for shot in shots], 0.95) < 0.3


def test_creation_response_time(portal: Portal, stock: Stock):
    """Reservation creation response time <1s (P95)"""
    slots, seconds = stock.slots(10, capacity=100), []
    for _ in range(25):
        shots = simultaneously(
            portal.gateway.port, [create(ticket.id, slots[n].id) for n, ticket in enumerate(stock.tickets(8))])
        assert all(shot.status == 200 for shot in shots)
        seconds += [shot.seconds for shot in shots]
    assert percentile(seconds, 0.95) < 1.0


def test_one_caller_is_answered_at_once(portal: Portal, stock: Stock):
    """Ticket validation response time <300ms (P95), Reservation creation response time <1s (P95): for a customer alone"""
    slot, validations, creations = stock.slot(capacity=100), [], []
    for ticket in stock.tickets(100):
        start = time.monotonic()
        accepted(portal.api.validate(ticket.code))
        middle = time.monotonic()
        accepted(portal.api.create(ticket.id, slot.id))
        validations.append(middle - start)
        creations.append(time.monotonic() - middle)
    assert percentile(validations, 0.95) < 0.3
    assert percentile(creations, 0.95) < 1.0


def test_a_caller_that_goes_away_does_not_lose_half_a_batch(own: Portal):
    """A caller that goes away never cancels a write that reached the ledger: all is whole, whatever was written"""
    slot = own.stock.slot(capacity=1000)
    for tickets in (own.stock.tickets(200) for _ in range(5)):
        peer = own.peer("gateway")
        peer.write(b"".join(request(name, number, body) for number, (name, body) in enumerate(creates(tickets, slot), 1)))
        first = peer.read()
        assert first is not None and first.ok
        peer.close()
    assert own.stock.state(slot)["booked_count"] >= 5
    with own.stopped_audit() as audit:
        audit.check()
