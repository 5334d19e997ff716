"""The portal's page from the ticket's code to the booked visit, as a customer goes through it."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import expect

from portal.browser import DESKTOP, PHONE, Device
from portal.stock import Stock
from portal.venue import Venue

DEVICES = pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=lambda device: device.name)


@DEVICES
def test_the_whole_way_by_mouse_and_by_touch(visitor, venue: Venue, device: Device):
    """Steps: ticket → contact → date and time → confirm → done; "12:00 PM, 150 of 200 booked", as the card draws them"""
    slot, ticket = venue.slot(10, booked=150), venue.ticket()
    guest = visitor(device).open(venue.path).at("ticket")
    guest.enter_code(ticket.code)
    guest.at("contact").enter_contact("jane@example.com", "+49 30 123 456 78")
    guest.at("time").press(guest.day(slot.date))
    expect(guest.page.get_by_role("heading", name=guest.long_date(slot.date))).to_be_visible()
    guest.shows("12:00 PM", 150, 200)
    guest.press(guest.slot("12:00 PM"))
    guest.at("confirm")
    main = guest.page.get_by_role("main")
    for fact in (guest.long_date(slot.date), re.compile(r"12:00\sPM – 2:00\sPM"), ticket.code, "jane@example.com", "+493012345678"):
        expect(main.get_by_text(fact).filter(visible=True)).to_be_visible()
    guest.press(guest.button("book"))
    guest.at("done")
    expect(main.get_by_text(ticket.code, exact=True).filter(visible=True)).to_be_visible()
    expect(main.get_by_text(guest.long_date(slot.date)).filter(visible=True)).to_be_visible()
    expect(guest.page.get_by_role("img", name=guest.words("qr", code=ticket.code))).to_be_visible()
    expect(main.get_by_text(guest.words("sent", email="j***@example.com"))).to_be_visible()
    assert venue.booked(slot) == 151
    assert venue.stock.shown(ticket)["status"] == "RESERVED"


def test_the_whole_way_by_keyboard(visitor, venue: Venue):
    """works with keyboard alone; focus moved to each new step's heading"""
    slot, ticket = venue.slot(10), venue.ticket()
    guest = visitor().open(venue.path).at("ticket")
    keyboard = guest.page.keyboard
    guest.tab_to(guest.field("ticket_label"))
    keyboard.type(ticket.code)
    keyboard.press("Enter")
    expect(guest.at("contact").heading("contact")).to_be_focused()
    guest.tab_to(guest.field("email_label"))
    keyboard.type("jane@example.com")
    guest.tab_to(guest.field("phone_label"))
    keyboard.type("+493012345678")
    keyboard.press("Enter")
    expect(guest.at("time").heading("time")).to_be_focused()
    expect(guest.day_in_state(slot.date, "plenty")).to_be_visible()
    guest.tab_to(guest.day(slot.date))
    keyboard.press("Enter")
    guest.tab_to(guest.slot("12:00 PM"))
    keyboard.press("Enter")
    expect(guest.at("confirm").heading("confirm")).to_be_focused()
    guest.tab_to(guest.button("book"))
    keyboard.press("Enter")
    expect(guest.at("done").heading("done")).to_be_focused()
    assert venue.booked(slot) == 1


def test_a_reload_at_each_step_keeps_where_one_is_and_what_was_entered(visitor, venue: Venue):
    """reload working at each step, entered data kept for the tab; a reload shows the booked visit again"""
    slot, ticket = venue.slot(10), venue.ticket()
    guest = visitor().open(venue.path).at("ticket")
    guest.field("ticket_label").fill(ticket.code[:12])
    guest.page.reload()
    expect(guest.at("ticket").field("ticket_label")).to_have_value(ticket.code[:12])
    guest.enter_code(ticket.code)
    guest.at("contact").field("email_label").fill("jane@example.com")
    guest.field("phone_label").fill("+4930")
    guest.page.reload()
    expect(guest.at("contact").field("email_label")).to_have_value("jane@example.com")
    expect(guest.field("phone_label")).to_have_value("+4930")
    guest.enter_contact("jane@example.com", "+493012345678")
    guest.at("time").press(guest.day(slot.date))
    guest.page.reload()
    expect(guest.at("time").slot("12:00 PM")).to_be_visible()
    guest.press(guest.slot("12:00 PM"))
    guest.at("confirm")
    guest.page.reload()
    expect(guest.at("confirm").page.get_by_text("jane@example.com")).to_be_visible()
    guest.press(guest.button("book"))
    code = guest.at("done").page.get_by_role("img", name=guest.words("qr", code=ticket.code))
    expect(code).to_be_visible()
    guest.page.reload()
    expect(guest.at("done").page.get_by_text(guest.long_date(slot.date)).filter(visible=True)).to_be_visible()
    expect(code).to_be_visible()
    assert venue.booked(slot) == 1


def test_back_and_forward_go_through_the_steps(visitor, venue: Venue):
    """the browser's back button working at each step; what is booked is not booked again"""
    slot, ticket = venue.slot(10), venue.ticket()
    guest = visitor().open(venue.path)
    guest.enter_code(ticket.code)
    guest.at("contact").enter_contact()
    guest.at("time").choose(slot.date, "12:00 PM")
    guest.at("confirm").page.go_back()
    guest.at("time").page.go_back()
    expect(guest.at("contact").field("email_label")).to_have_value("john@example.com")
    guest.page.go_back()
    expect(guest.at("ticket").field("ticket_label")).to_have_value(ticket.code)
    for step in ("contact", "time", "confirm"):
        guest.page.go_forward()
        guest.at(step)
    guest.press(guest.button("book"))
    guest.at("done").page.go_back()
    guest.at("done")
    assert venue.booked(slot) == 1


def test_the_buttons_back_lead_back(visitor, venue: Venue):
    """nothing to learn: each step but the first has its way back"""
    slot, ticket = venue.slot(10), venue.ticket()
    guest = visitor().to_confirm(venue.path, ticket.code, slot.date)
    for step in ("time", "contact", "ticket"):
        guest.press(guest.button("back"))
        guest.at(step)


def test_each_fact_can_be_changed_before_booking(visitor, venue: Venue):
    """confirm: nothing has to be entered again to put one thing right"""
    first, second, ticket = venue.slot(10), venue.slot(10, "14:00", "16:00"), venue.ticket()
    guest = visitor().to_confirm(venue.path, ticket.code, first.date)
    guest.change("email_label")
    guest.at("contact").field("email_label").fill("other@example.com")
    guest.press(guest.button("next"))
    guest.press(guest.at("time").slot("2:00 PM"))
    expect(guest.at("confirm").page.get_by_text("other@example.com")).to_be_visible()
    guest.press(guest.button("book"))
    guest.at("done")
    assert (venue.booked(first), venue.booked(second)) == (0, 1)
    expect(guest.page.get_by_text(guest.words("sent", email="o***@example.com"))).to_be_visible()


def test_a_step_cannot_be_reached_before_the_ones_it_needs(visitor, venue: Venue):
    """an address with a later step, from a friend or the history, begins at the beginning"""
    guest = visitor().open(f"{venue.path}#confirm").at("ticket")
    guest.open("about:blank").open(f"{venue.path}#done")
    guest.at("ticket")


@pytest.mark.parametrize("way", ["double click", "Enter held"])
def test_a_booking_asked_for_twice_is_made_once(visitor, venue: Venue, way: str):
    """double clicks … book once"""
    slot, ticket = venue.slot(10), venue.ticket()
    guest = visitor().to_confirm(venue.path, ticket.code, slot.date)
    if way == "double click":
        guest.button("book").dblclick()
    else:
        guest.button("book").focus()
        for _ in range(5):
            guest.page.keyboard.down("Enter")
        guest.page.keyboard.up("Enter")
    guest.at("done")
    assert len(guest.watch.asked("/api/reservations/create")) == 1
    assert venue.booked(slot) == 1


def test_a_reload_while_the_booking_is_under_way_books_once_and_shows_it(visitor, venue: Venue):
    """double clicks and retries book once (idempotency key): also who reloads because it takes long gets the one booking"""
    slot, ticket = venue.slot(10), venue.ticket()
    guest = visitor().to_confirm(venue.path, ticket.code, slot.date)
    with guest.holding("**/api/reservations/create*") as held:
        guest.press(guest.button("book"))
        # It reaches the server, which books; only the answer finds nobody.
        first = held.next()
        assert first.fetch().status == 200
        guest.page.reload(wait_until="commit")
        second = held.next()
        assert second.request.headers["idempotency-key"] == first.request.headers["idempotency-key"]
        second.continue_()
    guest.at("done")
    assert venue.booked(slot) == 1


def test_a_link_with_the_code_begins_with_it_and_leaves_the_address(visitor, venue: Venue):
    """/reserve?ticket=CODE starts with the code filled in and validated; the code taken out of the address bar once read"""
    venue.slot(10)
    ticket = venue.ticket()
    guest = visitor().open(f"{venue.path}&ticket={ticket.code.lower()}").at("contact")
    assert ticket.code.lower() not in guest.page.url.lower()
    assert guest.page.url.startswith(guest.page.url.split("/reserve")[0] + venue.path)
    guest.press(guest.button("back"))
    expect(guest.at("ticket").field("ticket_label")).to_have_value(ticket.code)
    # Nor is it in the history, where the next person at this computer would find it.
    guest.page.go_back()
    guest.page.go_forward()
    assert ticket.code.lower() not in guest.page.url.lower()


def test_a_link_with_a_bad_code_says_so_with_the_code_in_place(visitor, venue: Venue):
    """starts with the code filled in: a slip can be put right where it is"""
    guest = visitor().open(f"{venue.path}&ticket=TKT-2025-ABC").at("ticket")
    expect(guest.alert()).to_have_text(guest.words("e_invalid_ticket_code"))
    expect(guest.field("ticket_label")).to_have_value("TKT-2025-ABC")


def test_the_root_leads_to_the_page_of_the_default_organization(visitor, stock: Stock):
    """The gateway serves the portal at /reserve (and / leads there)"""
    guest = visitor().open("/").at("ticket")
    assert guest.page.url.endswith("/reserve#ticket")
    guest.enter_code(stock.ticket(orq=1).code)
    guest.at("contact")


def test_another_ticket_can_be_booked_with_the_contact_kept(visitor, venue: Venue):
    """nothing has to be entered again: who books for a family enters the contact once"""
    slot, tickets = venue.slot(10), [venue.ticket(), venue.ticket()]
    guest = visitor().to_done(venue.path, tickets[0].code, slot.date, email="jane@example.com")
    guest.press(guest.button("another"))
    guest.at("ticket").enter_code(tickets[1].code)
    expect(guest.at("contact").field("email_label")).to_have_value("jane@example.com")
    guest.press(guest.button("next"))
    guest.press(guest.at("time").slot("12:00 PM"))
    guest.press(guest.at("confirm").button("book"))
    expect(guest.at("done").page.get_by_text(tickets[1].code, exact=True).filter(visible=True)).to_be_visible()
    assert venue.booked(slot) == 2


def test_the_code_is_understood_as_people_write_it(visitor, venue: Venue):
    """in a hurry, on a phone: small letters, spaces and missing dashes are forgiven"""
    ticket = venue.ticket()
    guest = visitor(PHONE).open(venue.path)
    guest.enter_code("  " + ticket.code.lower().replace("-", " ") + " ")
    guest.at("contact")


def test_two_tabs_do_not_know_each_other(visitor, venue: Venue):
    """entered data kept for the tab, and for no other"""
    ticket = venue.ticket()
    guest = visitor().open(venue.path)
    guest.enter_code(ticket.code)
    guest.at("contact")
    other = guest.page.context.new_page()
    other.goto(venue.path)
    expect(other.get_by_label(guest.words("ticket_label"), exact=True)).to_have_value("")
