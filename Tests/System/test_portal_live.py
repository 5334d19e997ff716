"""Live places: what others book is on the page at once, without a reload and without a query for each page."""

from __future__ import annotations

import re

from playwright.sync_api import expect

from portal.venue import Venue
from portal.visitor import Visitor, wait_on

EVENTS = "**/api/reservation-slots/events*"


def looking_at(guest: Visitor, venue: Venue, date: str) -> Visitor:
    """In the calendar, with a day's times below it and the event stream open."""
    with guest.page.expect_response(lambda response: "/events" in response.url and response.ok):
        guest.to_time(venue.path, venue.ticket().code)
    guest.press(guest.day(date))
    return guest


def test_two_browsers_race_for_the_last_place(visitor, venue: Venue):
    """two browsers racing for the last place: one books, the other gets alternatives and books one of them"""
    slot, other = venue.slot(10, capacity=1), venue.slot(10, "15:00", "17:00")
    guests = [visitor().expects(409).to_confirm(venue.path, venue.ticket().code, slot.date) for _ in range(2)]
    with guests[0].holding("**/api/reservations/create*") as first, guests[1].holding("**/api/reservations/create*") as second:
        for guest in guests:
            guest.press(guest.button("book"))
        requests = [first.next(), second.next()]
        for request in requests:
            request.continue_()
        ends = [guest.heading("done").or_(guest.alert()).filter(visible=True) for guest in guests]
        for end in ends:
            expect(end).to_be_visible()
    assert venue.booked(slot) == 1
    [loser] = [guest for guest in guests if not guest.heading("done").is_visible()]
    expect(loser.alert()).to_contain_text(loser.words("e_slot_full"))
    loser.press(loser.alert().get_by_role("button", name=re.compile(r"3:00\sPM")))
    loser.press(loser.button("book"))
    for guest in guests:
        guest.at("done")
    assert (venue.booked(slot), venue.booked(other)) == (1, 1)


def test_a_count_changes_in_one_browser_when_another_books(visitor, venue: Venue):
    """counts update without reload while the page is open: live count changing in browser B when A books"""
    slot = venue.slot(10, capacity=50, booked=7)
    watcher = looking_at(visitor(), venue, slot.date)
    watcher.shows("12:00 PM", 7, 50)
    asked = len(watcher.watch.requests)
    visitor().to_done(venue.path, venue.ticket().code, slot.date)
    watcher.shows("12:00 PM", 8, 50)
    # Told, not asked for.
    assert len(watcher.watch.requests) == asked


def test_every_change_of_a_slot_arrives(visitor, venue: Venue):
    """new slots, closed and opened ones, capacities: the calendar and the day's times follow"""
    slot, evening = venue.slot(10, capacity=4), venue.slot(10, "18:00", "20:00")
    guest = looking_at(visitor(), venue, slot.date)
    guest.shows("12:00 PM", 0, 4)
    venue.book(slot, 3)
    guest.shows("12:00 PM", 3, 4)
    expect(guest.slot("12:00 PM")).to_contain_text(guest.words("few"))
    expect(guest.page.get_by_role("status").filter(has_text=guest.words.pattern("now_few"))).to_have_count(1)
    venue.book(slot)
    expect(guest.slot("12:00 PM")).to_contain_text(guest.words("full"))
    expect(guest.slot("12:00 PM")).to_be_disabled()
    venue.set_capacity(slot, 10)
    guest.shows("12:00 PM", 4, 10)
    expect(guest.slot("12:00 PM")).to_be_enabled()
    venue.close(evening)
    expect(guest.slots()).to_have_count(1)
    venue.reopen(evening)
    expect(guest.slots()).to_have_count(2)
    venue.slot(10, "9:00".zfill(5), "10:00")
    expect(guest.slots()).to_have_count(3)
    expect(guest.day_in_state(venue.day(20), "closed")).to_be_visible()
    venue.slot(20)
    expect(guest.day_in_state(venue.day(20), "plenty")).to_be_visible()


def test_a_day_turns_full_in_the_calendar(visitor, venue: Venue):
    """colour and text tell … full: also when it becomes so while one looks at another day"""
    slot, other = venue.slot(10, capacity=1), venue.slot(12)
    guest = looking_at(visitor(), venue, other.date)
    expect(guest.day_in_state(slot.date, "plenty")).to_be_visible()
    venue.book(slot)
    expect(guest.day_in_state(slot.date, "full")).to_be_visible()
    venue.close(slot)
    expect(guest.day_in_state(slot.date, "closed")).to_be_visible()


def test_a_change_does_not_take_the_focus_or_the_choice_away(visitor, venue: Venue):
    """works with a screen reader: news arrive beside what one does"""
    slot = venue.slot(10)
    guest = looking_at(visitor(), venue, slot.date)
    guest.slot("12:00 PM").focus()
    venue.book(slot)
    guest.shows("12:00 PM", 1, 200)
    expect(guest.slot("12:00 PM")).to_be_focused()
    expect(guest.day(slot.date)).to_have_attribute("aria-selected", "true")


def test_full_or_closed_while_one_is_about_to_confirm(visitor, venue: Venue):
    """full while on the confirm step: said at once, with what is free instead"""
    slot, second, third = venue.slot(10, capacity=1), venue.slot(10, "15:00", "16:00"), venue.slot(10, "17:00", "18:00")
    guest = visitor()
    guest.to_time(venue.path, venue.ticket().code)
    with guest.page.expect_response(lambda response: "/events" in response.url):
        guest.choose(slot.date, "12:00 PM")
    guest.at("confirm")
    venue.book(slot)
    expect(guest.alert()).to_contain_text(guest.words("e_slot_full"))
    guest.press(guest.alert().get_by_role("button", name=re.compile(r"3:00\sPM")))
    expect(guest.button("book")).to_be_visible()
    venue.close(second)
    expect(guest.alert()).to_contain_text(guest.words("e_slot_not_found"))
    guest.press(guest.alert().get_by_role("button", name=re.compile(r"5:00\sPM")))
    guest.press(guest.button("book"))
    guest.at("done")
    assert venue.booked(third) == 1


def test_where_events_do_not_get_through_the_page_asks(visitor, venue: Venue):
    """server-sent events …; polling where SSE fails, and another try after a while"""
    slot = venue.slot(10)
    guest = visitor().expects(outage=True)
    guest.page.clock.install()
    blocked: list[str] = []

    def block(route) -> None:
        blocked.append(route.request.url)
        route.fulfill(status=503, headers={"Retry-After": "60"}, body="")

    guest.page.route(EVENTS, block)
    guest.to_time(venue.path, venue.ticket().code)
    guest.press(guest.day(slot.date))
    guest.shows("12:00 PM", 0, 200)
    wait_on(guest.page, "the stream was refused", lambda: bool(blocked))
    venue.book(slot)
    guest.page.clock.fast_forward(21_000)
    guest.shows("12:00 PM", 1, 200)
    # After some polls the stream is tried again, and does its work.
    guest.page.unroute(EVENTS, block)
    streams: list[str] = []
    guest.page.on("response", lambda response: streams.append(response.url) if "/events" in response.url and response.ok else None)
    for _ in range(5):
        with guest.page.expect_response(lambda response: "/available" in response.url or "/events" in response.url):
            guest.page.clock.fast_forward(21_000)
        if streams:
            break
    wait_on(guest.page, "the stream is there", lambda: bool(streams))
    venue.book(slot)
    guest.shows("12:00 PM", 2, 200)


def test_a_stream_that_breaks_is_taken_up_again(visitor, venue: Venue):
    """nothing is missed between two streams"""
    slot = venue.slot(10)
    guest = looking_at(visitor().expects(outage=True), venue, slot.date)
    guest.shows("12:00 PM", 0, 200)
    guest.page.context.set_offline(True)
    venue.book(slot)
    guest.page.context.set_offline(False)
    guest.shows("12:00 PM", 1, 200)
    venue.book(slot)
    guest.shows("12:00 PM", 2, 200)
