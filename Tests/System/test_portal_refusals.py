"""What the portal's page says when something is wrong: in plain words, where it can be put right, with nothing to enter again."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from portal.stock import Stock
from portal.system import Portal
from portal.venue import Venue

# The ticket


@pytest.mark.parametrize("code", ["", "TKT-2025-ABC123", "TKT-25-ABC123-DEF456", "hello"])
def test_what_is_no_code_is_said_before_it_is_sent(visitor, venue: Venue, code: str):
    guest = visitor().open(venue.path)
    guest.enter_code(code)
    expect(guest.alert()).to_have_text(guest.words("e_invalid_ticket_code"))
    expect(guest.field("ticket_label")).to_be_focused()
    expect(guest.field("ticket_label")).to_have_attribute("aria-invalid", "true")
    assert guest.watch.asked("/api/tickets/validate") == []


@pytest.mark.parametrize(("status", "sentence"), [
    (None, "e_ticket_not_found"), ("PENDING_PAYMENT", "e_ticket_not_activated"), ("EXPIRED", "e_ticket_expired"),
    ("VERIFIED", "e_ticket_already_used")])
def test_a_code_that_cannot_be_booked_with(visitor, venue: Venue, status: str | None, sentence: str):
    """Wrong, used, expired, unpaid … codes"""
    code = venue.ticket(status).code if status else "TKT-2025-NOBODY-HASTHS"
    guest = visitor().expects(400).open(venue.path)
    guest.enter_code(code)
    expect(guest.alert()).to_have_text(guest.words(sentence, organization=venue.name))
    expect(guest.field("ticket_label")).to_be_focused()
    expect(guest.field("ticket_label")).to_have_value(code)
    # And the right one then goes through, without a trace of the wrong one.
    guest.enter_code(venue.ticket().code)
    guest.at("contact")


def test_a_booked_code_with_its_date(visitor, venue: Venue):
    """already reserved codes (with the reserved date)"""
    slot, ticket = venue.slot(10), venue.ticket()
    venue.stock.book(slot, [ticket])
    guest = visitor().expects(409).open(venue.path)
    guest.enter_code(ticket.code)
    expect(guest.alert()).to_have_text(guest.words("e_ticket_already_reserved", date=guest.long_date(slot.date)))


def test_too_many_wrong_codes(visitor, portal: Portal, venue: Venue):
    """RATE_LIMITED with Retry-After: the button counts the seconds down, and is one again"""
    gateway, _ = portal.another_gateway("--failed-validations-per-minute", "2")
    guest = visitor(host=gateway.url).expects(400, 429)
    guest.page.clock.install()
    guest.open(venue.path)
    for _ in range(2):
        guest.enter_code("TKT-2025-NOBODY-HASTHS")
        expect(guest.alert()).to_have_text(guest.words("e_ticket_not_found"))
    guest.enter_code("TKT-2025-NOBODY-HASTHS")
    expect(guest.alert()).to_have_text(guest.words("e_rate_limited"))
    waiting = guest.page.get_by_role("button", name=guest.words.pattern("wait"))
    expect(waiting).to_be_visible()
    asked = len(guest.watch.asked("/api/tickets/validate"))
    waiting.click(force=True)
    assert len(guest.watch.asked("/api/tickets/validate")) == asked
    guest.page.clock.fast_forward("02:00")
    expect(guest.button("next")).to_be_enabled()


# The contact


@pytest.mark.parametrize(("email", "phone", "wrong"), [
    ("jane@", "+12025551234", {"email": "e_email"}),
    ("", "+12025551234", {"email": "e_email"}),
    ("jane.example.com", "+12025551234", {"email": "e_email"}),
    ("jane@example.com", "", {"phone": "e_phone"}),
    ("jane@example.com", "+49 30", {"phone": "e_phone"}),
    ("jane@example.com", "030 1234567", {"phone": "e_phone_country"}),
    ("jane", "12", {"email": "e_email", "phone": "e_phone_country"}),
])
def test_a_mistake_in_the_contact_is_shown_at_the_field_before_sending(
    visitor, venue: Venue, email: str, phone: str, wrong: dict[str, str],
):
    """e-mail and phone mistakes shown at the field before sending"""
    guest = visitor().to_contact(venue.path, venue.ticket().code)
    guest.enter_contact(email, phone)
    for name in ("email", "phone"):
        field = guest.field(f"{name}_label")
        if name in wrong:
            expect(field).to_have_attribute("aria-invalid", "true")
            expect(field).to_have_accessible_description(re.compile(re.escape(guest.words(wrong[name]))))
            expect(guest.page.get_by_text(guest.words(wrong[name]))).to_be_visible()
        else:
            expect(field).not_to_have_attribute("aria-invalid", "true")
    expect(guest.field(f"{next(iter(wrong))}_label")).to_be_focused()
    assert guest.watch.asked("/api/tickets/verify-contact") == []
    # Put right, it goes on.
    guest.enter_contact()
    guest.at("time")


@pytest.mark.parametrize("name", ["email", "phone"])
def test_what_the_server_finds_wrong_in_the_contact_is_shown_at_the_field(visitor, venue: Venue, name: str):
    """… and by the server's validation_errors after"""
    guest = visitor().expects(400).to_contact(venue.path, venue.ticket().code)
    guest.altering("**/api/tickets/verify-contact*", **{name: "nonsense"})
    guest.enter_contact()
    field = guest.field(f"{name}_label")
    expect(field).to_have_accessible_description(re.compile(re.escape(guest.words(f"e_{name}"))))
    expect(field).to_be_focused()
    guest.press(guest.button("next"))
    guest.at("time")


def test_what_the_booking_finds_wrong_in_the_contact_leads_back_to_it(visitor, venue: Venue):
    """INVALID_CONTACT of create: to the field, and from there on with everything else still chosen"""
    slot = venue.slot(10)
    guest = visitor().expects(400).to_confirm(venue.path, venue.ticket().code, slot.date)
    guest.altering("**/api/reservations/create*", customer_phone="12")
    guest.press(guest.button("book"))
    expect(guest.at("contact").field("phone_label")).to_have_accessible_description(re.compile(re.escape(guest.words("e_phone"))))
    guest.press(guest.button("next"))
    guest.press(guest.at("time").slot("12:00 PM"))
    guest.press(guest.at("confirm").button("book"))
    guest.at("done")
    assert venue.booked(slot) == 1


def test_a_ticket_that_is_no_longer_good_at_the_contact(visitor, venue: Venue):
    """A ticket booked elsewhere meanwhile: back to the code with the reason, with the contact kept"""
    slot, ticket = venue.slot(10), venue.ticket()
    guest = visitor().expects(400, 409).to_contact(venue.path, ticket.code)
    venue.stock.book(slot, [ticket])
    guest.page.reload()
    expect(guest.at("ticket").alert()).to_have_text(guest.words("e_ticket_already_reserved", date=guest.long_date(slot.date)))


# The booking


def test_a_ticket_that_was_booked_meanwhile(visitor, venue: Venue):
    """create: 409 TICKET_ALREADY_RESERVED with reserved_date, in words"""
    slot, other, ticket = venue.slot(10), venue.slot(11), venue.ticket()
    guest = visitor().expects(409).to_confirm(venue.path, ticket.code, slot.date)
    venue.stock.book(other, [ticket])
    guest.press(guest.button("book"))
    expect(guest.at("ticket").alert()).to_have_text(guest.words("e_ticket_already_reserved", date=guest.long_date(other.date)))
    assert venue.booked(slot) == 0


def test_a_ticket_that_is_no_longer_good_at_the_booking(visitor, venue: Venue):
    """a ticket that expired while the page was open: back to the code, with the reason"""
    slot, ticket, expired = venue.slot(10), venue.ticket(), venue.ticket("EXPIRED")
    guest = visitor().expects(409).to_confirm(venue.path, ticket.code, slot.date)
    guest.altering("**/api/reservations/create*", ticket_id=expired.id, ticket_code=expired.code)
    guest.press(guest.button("book"))
    expect(guest.at("ticket").alert()).to_have_text(guest.words("e_ticket_expired", organization=venue.name))


def test_a_visit_after_the_tickets_last_day(visitor, venue: Venue):
    """create: 409 VISIT_TOO_LATE: until when the ticket is valid, and back to the calendar"""
    early, late = venue.slot(10), venue.slot(12)
    ticket = venue.stock.peer.must("tickets.issue", {
        "orq": venue.orq, "product_id": 5, "order_id": 456, "status": "ACTIVATED", "count": 1, "valid_until": early.date})["tickets"][0]
    guest = visitor().expects(409).to_confirm(venue.path, ticket["ticket_code"], late.date)
    guest.press(guest.button("book"))
    expect(guest.page.get_by_text(guest.words("e_visit_too_late", date=guest.long_date(early.date)))).to_be_visible()
    guest.press(guest.button("other_times"))
    guest.at("time")
    assert venue.booked(late) == 0


def test_a_slot_of_another_organization(visitor, stock: Stock, venue: Venue):
    """403 ORGANIZATION_MISMATCH: reached only by a page that was tampered with, and said in words all the same"""
    slot, ticket = venue.slot(10), venue.ticket()
    foreign = Venue(stock, stock.organization()).slot(10)
    guest = visitor().expects(403).to_confirm(venue.path, ticket.code, slot.date)
    guest.altering("**/api/reservations/create*", slot_id=foreign.id)
    guest.press(guest.button("book"))
    expect(guest.at("ticket").alert()).to_have_text(guest.words("e_organization_mismatch"))


@pytest.mark.parametrize(("kind", "status", "sentence"), [
    ("closed", 409, "e_slot_closed"), ("started", 409, "e_slot_closed"), ("unknown", 404, "e_slot_not_found")])
def test_a_slot_that_can_no_longer_be_booked(visitor, venue: Venue, kind: str, status: int, sentence: str):
    """slot closed meanwhile, started, gone: said, with others that are free as buttons"""
    slot, ticket = venue.slot(10), venue.ticket()
    other = venue.slot(10, "15:00", "16:00")
    guest = visitor().expects(status).to_confirm(venue.path, ticket.code, slot.date)
    if kind == "closed":
        # The order of these two does not matter to the server, and the page must not hear of it before it asks.
        wrong = venue.slot(10, "18:00", "19:00", closed=True).id
    else:
        wrong = venue.slot("2025-01-15").id if kind == "started" else 987654321
    guest.altering("**/api/reservations/create*", slot_id=wrong)
    guest.press(guest.button("book"))
    expect(guest.at("confirm").alert()).to_contain_text(guest.words(sentence))
    guest.press(guest.alert().get_by_role("button", name=re.compile(r"3:00\sPM")))
    guest.press(guest.button("book"))
    guest.at("done")
    assert (venue.booked(slot), venue.booked(other)) == (0, 1)


def test_a_full_slot_offers_the_others_right_there(visitor, venue: Venue):
    """Full slot: the answer's alternatives appear as buttons right where the customer is; nothing has to be entered again"""
    slot, ticket = venue.slot(10, capacity=1), venue.ticket()
    near, far, full = venue.slot(10, "15:00", "17:00"), venue.slot(11), venue.slot(10, "18:00", "19:00", capacity=1, booked=1)
    guest = visitor().expects(409).to_confirm(venue.path, ticket.code, slot.date)
    with guest.holding("**/api/reservations/create*") as held:
        guest.press(guest.button("book"))
        request = held.next()
        venue.book(slot)
        request.continue_()
        alert = guest.at("confirm").alert()
        expect(alert).to_contain_text(guest.words("e_slot_full"))
    offered = alert.get_by_role("button").filter(has_text=re.compile("M –"))
    expect(offered).to_have_text([
        re.compile(rf"^{re.escape(guest.long_date(near.date))}.*3:00\sPM"), re.compile(rf"^{re.escape(guest.long_date(far.date))}.*12:00\sPM")])
    guest.press(offered.first)
    expect(guest.page.get_by_role("definition").get_by_text(re.compile(r"3:00\sPM – 5:00\sPM"))).to_be_visible()
    guest.press(guest.button("book"))
    guest.at("done")
    assert [venue.booked(one) for one in (slot, near, far, full)] == [1, 1, 0, 1]


def test_a_full_slot_without_any_other_leads_to_the_calendar(visitor, venue: Venue):
    """what to do next for each code: where nothing near is free, the calendar is a button away"""
    slot, late, ticket = venue.slot(5, capacity=1), venue.slot(20), venue.ticket()
    guest = visitor().expects(409).to_confirm(venue.path, ticket.code, slot.date)
    with guest.holding("**/api/reservations/create*") as held:
        guest.press(guest.button("book"))
        request = held.next()
        venue.book(slot)
        request.continue_()
        guest.press(guest.button("other_times"))
    expect(guest.at("time").day_in_state(slot.date, "full")).to_be_visible()
    guest.choose(late.date, "12:00 PM")
    guest.press(guest.at("confirm").button("book"))
    guest.at("done")


def test_a_fault_of_the_server_can_be_tried_again_with_the_same_key(visitor, venue: Venue):
    """after a fault it is not certain that nothing was booked: another try is the same booking"""
    slot, ticket = venue.slot(10), venue.ticket()
    guest = visitor().expects(500).to_confirm(venue.path, ticket.code, slot.date)
    with guest.holding("**/api/reservations/create*") as held:
        guest.press(guest.button("book"))
        first = held.next()
        assert first.fetch().status == 200
        first.fulfill(status=500, json={"success": False, "error": {"code": "INTERNAL", "message": "Something went wrong."}})
        expect(guest.alert()).to_have_text(guest.words("e_unknown", organization=venue.name))
        guest.press(guest.button("book"))
        second = held.next()
        assert second.request.headers["idempotency-key"] == first.request.headers["idempotency-key"]
        second.continue_()
    guest.at("done")
    assert venue.booked(slot) == 1


@pytest.mark.parametrize("kind", ["nothing", "full"])
def test_a_venue_without_places_says_whom_to_ask(visitor, venue: Venue, kind: str):
    """none free, or no dates at all: a sentence instead of an empty calendar"""
    if kind == "full":
        venue.slot(10, capacity=1, booked=1)
    guest = visitor().to_time(venue.path, venue.ticket().code)
    expect(guest.alert()).to_contain_text(guest.words("none_free" if kind == "full" else "none_open", organization=venue.name))


# Too many bookings from one address


def test_too_many_bookings_from_here(visitor, venue: Venue):
    """RATE_LIMITED at the last step: it is said, the button waits, and the same intention asks again under the same key"""
    slot, ticket = venue.slot(10), venue.ticket()
    guest = visitor().expects(429).to_confirm(venue.path, ticket.code, slot.date)
    with guest.holding("**/api/reservations/create*") as held:
        guest.press(guest.button("book"))
        first = held.next()
        first.fulfill(
            status=429, headers={"Retry-After": "2"}, json={"success": False, "error": {"code": "RATE_LIMITED", "message": "Too many."}})
        expect(guest.alert()).to_have_text(guest.words("e_rate_limited"))
        guest.press(guest.button("book"))
        second = held.next()
        assert second.request.headers["idempotency-key"] == first.request.headers["idempotency-key"]
        second.continue_()
    guest.at("done")
    assert venue.booked(slot) == 1
