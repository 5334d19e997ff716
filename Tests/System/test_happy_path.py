"""The card's section 9: Happy Path Tests, and the Integration Tests that are not about one picture."""

from __future__ import annotations

from collections.abc import Callable

from portal.api import Api, accepted, refused
from portal.stock import Stock
from portal.system import Portal


def test_validate_activated(api: Api, stock: Stock):
    """Validate ACTIVATED ticket → 200 with ticket details"""
    ticket = stock.ticket(product=71, order=9001)
    data = accepted(api.validate(ticket.code))
    assert (data["ticket_id"], data["ticket_code"], data["status"]) == (ticket.id, ticket.code, "ACTIVATED")
    assert (data["product_id"], data["order_id"]) == (71, 9001)


def test_verify_contact(api: Api, stock: Stock):
    """Verify valid email/phone → 200 success"""
    assert api.verify(stock.ticket().id).json()["success"] is True


def test_create_in_an_available_slot(api: Api, stock: Stock):
    """Create reservation with available slot → 200 with reservation_id and QR code"""
    ticket, slot = stock.ticket(), stock.slot(start="09:30:00", end="11:00:00")
    data = accepted(api.create(ticket.id, slot.id))
    assert isinstance(data["reservation_id"], int) and data["reservation_id"] > 0
    assert data["qr_code"].startswith("data:image/png;base64,")
    assert data["ticket_code"] == ticket.code
    assert data["slot"] == {"date": slot.date, "start_time": "09:30:00", "end_time": "11:00:00"}
    assert set(data) == {"reservation_id", "ticket_code", "slot", "confirmation_sent", "qr_code"}


def test_booked_count_is_incremented(api: Api, stock: Stock):
    """Check slot booked_count incremented after reservation"""
    slot = stock.slot(capacity=4)
    for booked in (1, 2, 3):
        accepted(api.create(stock.ticket().id, slot.id))
        entry = api.slot(slot)
        assert (entry["booked_count"], entry["available_count"]) == (booked, 4 - booked)


def test_ticket_status_becomes_reserved(api: Api, stock: Stock):
    """Check ticket status changed to RESERVED"""
    ticket = stock.ticket()
    assert stock.shown(ticket)["status"] == "ACTIVATED"
    accepted(api.create(ticket.id, stock.slot().id, email="ann@example.com", phone="+4930123456"))
    shown = stock.shown(ticket)
    assert shown["status"] == "RESERVED"
    assert (shown["reservation"]["customer_email"], shown["reservation"]["customer_phone"]) == ("ann@example.com", "+4930123456")


def test_confirmation_is_queued(make_portal: Callable[..., Portal]):
    """Verify email confirmation queued/sent"""
    portal = make_portal().start()
    before = portal.stock.status()["outbox_pending_count"]
    created = accepted(portal.api.create(portal.stock.ticket().id, portal.stock.slot().id))
    assert created["confirmation_sent"] is True
    assert portal.stock.status()["outbox_pending_count"] == before + 1
    with portal.stopped_audit() as audit:
        assert audit.rows("SELECT reservation_id, kind, state FROM outbox") == [(created["reservation_id"], "EMAIL", "QUEUED")]


def test_full_flow(make_portal: Callable[..., Portal]):
    """Full flow: Validate → Verify contact → Get slots → Create reservation → Check email sent
    (queued: delivery is the mailer's)"""
    portal = make_portal().start()
    api, stock = portal.api, portal.stock
    ticket, slot = stock.ticket(), stock.slot(capacity=200)
    validated = accepted(api.validate(ticket.code))
    assert api.verify(validated["ticket_id"], code=ticket.code).status_code == 200
    listed = accepted(api.available(month=slot.date[:7]))
    chosen = next(entry for entry in listed if entry["available_count"] > 0)
    assert chosen["id"] == slot.id
    created = accepted(api.create(validated["ticket_id"], chosen["id"], code=ticket.code))
    assert created["confirmation_sent"] is True
    refused(api.validate(ticket.code), 409, "TICKET_ALREADY_RESERVED")
    with portal.stopped_audit() as audit:
        audit.check()
        assert audit.rows(
            """SELECT r.id, r.ticket_id, r.slot_id, r.customer_email, r.customer_phone, o.state
               FROM ticket_reservations r JOIN outbox o ON o.reservation_id = r.id""") == [
            (created["reservation_id"], ticket.id, slot.id, "john@example.com", "+12025551234", "QUEUED")]


def test_validating_again_returns_the_same(api: Api, stock: Stock):
    """Validating same ticket multiple times: Returns same result (safe retry)"""
    ticket = stock.ticket()
    assert len({api.validate(ticket.code).content for _ in range(3)}) == 1
