"""DESIGN section 2, Idempotency: same key and same request, the stored reply again, byte for byte."""

from __future__ import annotations

import uuid

import pytest

from portal.api import Api, accepted, refused
from portal.bursts import create, simultaneously
from portal.stock import Stock
from portal.system import Portal


def key() -> str:
    return str(uuid.uuid4())


def test_the_same_key_replays_byte_for_byte(api: Api, stock: Stock):
    """Same key and same request: the stored reply again, byte for byte"""
    ticket, slot, once = stock.ticket(), stock.slot(capacity=2), key()
    first = api.create(ticket.id, slot.id, key=once)
    accepted(first)
    for _ in range(3):
        again = api.create(ticket.id, slot.id, key=once)
        assert (again.status_code, again.content) == (200, first.content)
    assert stock.state(slot)["booked_count"] == 1


def test_the_same_key_over_the_socket(portal: Portal, stock: Stock):
    """the same again gets the stored reply byte for byte with flag REPLAYED"""
    ticket, slot = stock.ticket(), stock.slot()
    body = {
        "orq": 1, "ticket_id": ticket.id, "slot_id": slot.id, "idempotency_key": uuid.uuid4().hex,
        "customer_email": "john@example.com", "customer_phone": "+12025551234"}
    with portal.peer("service") as peer:
        first, second = peer.call("reservation.create", body), peer.call("reservation.create", body)
    assert first.ok and second.ok
    assert (first.replayed, second.replayed) == (False, True)
    assert first.payload == second.payload


def test_the_normalised_request_is_the_same_request(api: Api, stock: Stock):
    """fingerprint of ticket_id, ticket_code?, slot_id, email, phone (normalised)"""
    ticket, slot, once = stock.ticket(), stock.slot(), key()
    first = api.create(ticket.id, slot.id, email="john@EXAMPLE.com", code=ticket.code.lower(), key=once)
    accepted(first)
    assert api.create(ticket.id, slot.id, email="john@example.com", code=ticket.code, key=once).content == first.content


@pytest.mark.parametrize("change", ["slot", "email", "phone", "ticket"])
def test_the_same_key_for_another_request(api: Api, stock: Stock, change: str):
    """Same key, other request: 422 IDEMPOTENCY_KEY_REUSED"""
    ticket, other, slot, once = stock.ticket(), stock.ticket(), stock.slot(), key()
    accepted(api.create(ticket.id, slot.id, key=once))
    wish = {"ticket_id": ticket.id, "slot_id": slot.id, "key": once} | {
        "slot": {"slot_id": stock.slot().id}, "email": {"email": "ann@example.com"}, "phone": {"phone": "+12025559999"},
        "ticket": {"ticket_id": other.id},
    }[change]
    refused(api.create(**wish), 422, "IDEMPOTENCY_KEY_REUSED")
    assert stock.shown(other)["status"] == "ACTIVATED"


def test_without_the_key_it_is_a_conflict(api: Api, stock: Stock):
    """Creating again for a reserved ticket without the key: 409 as the card says"""
    ticket, slot = stock.ticket(), stock.slot()
    accepted(api.create(ticket.id, slot.id, key=key()))
    refused(api.create(ticket.id, slot.id), 409, "TICKET_ALREADY_RESERVED")
    refused(api.create(ticket.id, slot.id, key=key()), 409, "TICKET_ALREADY_RESERVED")


@pytest.mark.parametrize("count", [2, 50])
def test_a_double_click(portal: Portal, stock: Stock, count: int):
    """the same key twice at the same moment: one reservation, the same bytes for both"""
    ticket, slot, once = stock.ticket(), stock.slot(capacity=count), key()
    shots = simultaneously(portal.gateway.port, [create(ticket.id, slot.id, once) for _ in range(count)])
    assert {shot.status for shot in shots} == {200}
    assert len({shot.body for shot in shots}) == 1
    assert stock.state(slot)["booked_count"] == 1


def test_a_refusal_is_not_kept(api: Api, stock: Stock):
    """Refusals are not stored: nothing happened, so asking again asks anew"""
    slot, ticket, once = stock.slot(capacity=1, booked=1), stock.ticket(), key()
    refused(api.create(ticket.id, slot.id, key=once), 409, "SLOT_FULL")
    stock.peer.must("slots.set_capacity", {"slot_id": slot.id, "total_capacity": 2})
    accepted(api.create(ticket.id, slot.id, key=once))


def test_keys_of_two_organisations_are_two_keys(api: Api, stock: Stock):
    """(role, orq, key) → request fingerprint and reply"""
    once, other = key(), stock.organization()
    accepted(api.create(stock.ticket().id, stock.slot().id, key=once))
    elsewhere = api.create(stock.ticket(orq=other).id, stock.slot(orq=other).id, key=once, headers={"X-Orq": str(other)})
    accepted(elsewhere)


def test_the_reply_outlives_a_kill(own: Portal):
    """stored in the same transaction: the daemon killed after its answer replays it"""
    ticket, slot, once = own.stock.ticket(), own.stock.slot(), key()
    first = own.api.create(ticket.id, slot.id, key=once)
    accepted(first)
    own.daemon.kill()
    own.restart_daemon()
    assert own.api.create(ticket.id, slot.id, key=once).content == first.content


def test_a_key_can_be_any_text(api: Api, stock: Stock):
    """the caller's Idempotency-Key: quoted as the HTTP draft writes it, or bare, and as different as they look"""
    slot = stock.slot(capacity=10)
    for name in ("k", "8e03978e-40d5-43e8-bc93-6894a57f9324", '"8e03978e-40d5-43e8-bc93-6894a57f9325"', "x" * 200):
        ticket = stock.ticket()
        first = api.create(ticket.id, slot.id, key=f"{name}")
        assert first.status_code == 200, (name, first.text)
        assert api.create(ticket.id, slot.id, key=f"{name}").content == first.content


@pytest.mark.parametrize("bad", ["", "x" * 256, "two words"])
def test_a_key_that_is_none(api: Api, stock: Stock, bad: str):
    """an empty or an endless Idempotency-Key is told so; nothing is booked under a key the caller did not mean"""
    ticket = stock.ticket()
    response = api.create(ticket.id, stock.slot().id, key=bad)
    refused(response, 400, "INVALID_REQUEST")
    assert stock.shown(ticket)["status"] == "ACTIVATED"
