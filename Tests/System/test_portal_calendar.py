"""The calendar: a month at a time, each day told by colour and in words, one stop for Tab and arrow keys inside (WAI-ARIA, "Grid")."""

from __future__ import annotations

import datetime
import re
from zoneinfo import ZoneInfo

import pytest
from playwright.sync_api import expect

from portal.browser import DESKTOP, PHONE, Device
from portal.stock import Stock
from portal.venue import Venue, month_after


def zone_at_noon() -> str:
    """A zone whose clocks show about noon now: a day of which part has passed, with no midnight near."""
    # POSIX has the signs of these names the other way round.
    hours = datetime.datetime.now(datetime.UTC).hour - 12
    return f"Etc/GMT{hours:+d}" if hours else "Etc/UTC"


@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=lambda device: device.name)
def test_each_day_is_told_in_words_and_by_its_look(visitor, venue: Venue, device: Device):
    """colour *and* text or pattern tell plenty, few left, full, closed or past"""
    venue.slot(5)
    venue.slot(6, capacity=4, booked=3)
    venue.slot(7, capacity=1, booked=1)
    venue.slot(8, closed=True)
    # A day is what its times are together.
    venue.slot(9, capacity=1, booked=1)
    venue.slot(9, "15:00", "16:00", capacity=9)
    guest = visitor(device).to_time(venue.path, venue.ticket().code)
    days = {5: "plenty", 6: "few", 7: "full", 8: "closed", 9: "plenty", 10: "closed"}
    for number, state in days.items():
        expect(guest.day_in_state(venue.day(number), state)).to_be_visible()
    looks = {
        guest.day(venue.day(number)).evaluate(
            "node => [getComputedStyle(node).textDecorationLine, getComputedStyle(node, '::after').borderTopStyle, "
            "getComputedStyle(node).fontWeight].join()")
        for number in (5, 6, 7, 8)}
    assert len(looks) == 4, f"without colour these cannot be told from each other: {looks}"
    legend = guest.page.get_by_role("list").filter(has=guest.page.get_by_text(guest.words("few"), exact=True))
    for state in ("plenty", "few", "full", "closed"):
        expect(legend).to_contain_text(guest.words(state))


def test_the_first_month_with_free_places_opens_and_no_month_without_slots_is_offered(visitor, venue: Venue):
    """first month with free places opens by itself; previous/next month bounded by what exists"""
    venue.slot(venue.day(3), capacity=1, booked=1)
    venue.slot(venue.day(4, months=1))
    venue.slot(venue.day(5, months=3))
    guest = visitor().to_time(venue.path, venue.ticket().code)
    back, on = guest.button("previous_month"), guest.button("next_month")

    def shows(months: int) -> None:
        month = month_after(venue.month, months)
        expect(guest.page.get_by_role("heading", name=f"{month:%B %Y}")).to_be_visible()

    shows(1)
    guest.press(on)
    shows(3)
    expect(on).to_be_disabled()
    for months in (1, 0):
        guest.press(back)
        shows(months)
    expect(back).to_be_disabled()
    expect(guest.day_in_state(venue.day(3), "full")).to_be_visible()


def test_the_grid_by_keyboard(visitor, venue: Venue):
    """Arrow keys, Home/End, PageUp/PageDown as the ARIA grid pattern has them"""
    for months in range(2):
        venue.slot(venue.day(15, months))
    guest = visitor().to_time(venue.path, venue.ticket().code)
    expect(guest.day_in_state(venue.day(15), "plenty")).to_be_visible()
    guest.tab_to(guest.day(venue.day(15)))
    day = datetime.date.fromisoformat(venue.day(15))
    weekday = (day.weekday() + 1) % 7
    expected = {
        "ArrowRight": 1, "ArrowLeft": -1, "ArrowDown": 7, "ArrowUp": -7, "Home": -weekday, "End": 6 - weekday}
    for key, days in expected.items():
        guest.page.keyboard.press(key)
        expect(guest.day((day + datetime.timedelta(days)).isoformat())).to_be_focused()
        guest.day(venue.day(15)).focus()
    guest.page.keyboard.press("PageDown")
    expect(guest.day(venue.day(15, 1))).to_be_focused()
    guest.page.keyboard.press("PageUp")
    expect(guest.day(venue.day(15))).to_be_focused()
    # Beyond an end of the month lies the next one; beyond the last month nothing.
    guest.day(venue.day(venue.days_in_month)).focus()
    guest.page.keyboard.press("ArrowRight")
    expect(guest.day(venue.day(1, 1))).to_be_focused()
    guest.page.keyboard.press("PageDown")
    expect(guest.day(venue.day(1, 1))).to_be_focused()
    guest.page.keyboard.press("ArrowLeft")
    expect(guest.day(venue.day(venue.days_in_month))).to_be_focused()
    # One stop for Tab: the next one is outside.
    grid = guest.page.get_by_role("grid")
    assert grid.locator("[tabindex='0']").count() == 1
    guest.page.keyboard.press("Tab")
    assert not grid.evaluate("node => node.contains(document.activeElement)")
    for key in ("Enter", " "):
        guest.day(venue.day(15)).focus()
        guest.page.keyboard.press(key)
        expect(guest.day(venue.day(15))).to_have_attribute("aria-selected", "true")
        expect(guest.slot("12:00 PM")).to_be_visible()


def test_the_day_before_a_shorter_month(visitor, stock: Stock):
    """PageDown from the 31st leads to the last day of a shorter month"""
    venue = Venue(stock, stock.organization())
    while venue.days_in_month != 31 or month_after(venue.month).month in (1, 8):
        venue.month = month_after(venue.month)
    for months in range(2):
        venue.slot(venue.day(10, months))
    guest = visitor().to_time(venue.path, venue.ticket().code)
    expect(guest.day_in_state(venue.day(10), "plenty")).to_be_visible()
    guest.day(venue.day(31)).focus()
    guest.page.keyboard.press("PageDown")
    last = month_after(venue.month, 2) - datetime.timedelta(1)
    expect(guest.day(last.isoformat())).to_be_focused()


def test_a_day_that_cannot_be_chosen_is_not(visitor, venue: Venue):
    venue.slot(10)
    guest = visitor().to_time(venue.path, venue.ticket().code)
    closed = guest.day_in_state(venue.day(11), "closed")
    expect(closed).to_have_attribute("aria-disabled", "true")
    closed.click(force=True)
    expect(closed).to_have_attribute("aria-selected", "false")
    expect(guest.page.get_by_role("heading", name=guest.words("pick_day"))).to_be_visible()


def test_a_full_time_can_be_seen_but_not_chosen(visitor, venue: Venue):
    slot = venue.slot(10, capacity=1, booked=1)
    venue.slot(10, "15:00", "16:00")
    guest = visitor().to_time(venue.path, venue.ticket().code)
    guest.press(guest.day(slot.date))
    expect(guest.slot("12:00 PM")).to_contain_text(guest.words("full"))
    expect(guest.slot("12:00 PM")).to_be_disabled()
    guest.slot("12:00 PM").click(force=True)
    guest.at("time")


def test_what_has_begun_is_gone(visitor, stock: Stock):
    """… or past: of today only what is still to come, by the venue's clocks"""
    zone = zone_at_noon()
    venue = Venue(stock, stock.organization(zone), zone)
    today = datetime.datetime.now(ZoneInfo(zone)).date()
    yesterday = today - datetime.timedelta(1)
    venue.slot(today.isoformat(), "00:00", "01:00")
    venue.slot(today.isoformat(), "23:30", "23:45")
    venue.slot(yesterday.isoformat(), "23:30", "23:45")
    guest = visitor(time_zone=zone).to_time(venue.path, venue.ticket().code)
    expect(guest.day_in_state(today.isoformat(), "plenty")).to_have_attribute("aria-current", "date")
    if yesterday.month == today.month:
        expect(guest.day_in_state(yesterday.isoformat(), "closed")).to_be_visible()
    guest.press(guest.day(today.isoformat()))
    expect(guest.slots()).to_have_count(1)
    expect(guest.slot("11:30 PM")).to_be_visible()


def test_a_slot_may_be_booked_after_its_start_where_the_organization_says_so(visitor, stock: Stock):
    """A slot that has started cannot be booked … unless the organisation allows it"""
    zone = zone_at_noon()
    venue = Venue(stock, stock.organization(zone, allow_started=True), zone)
    today = datetime.datetime.now(ZoneInfo(zone)).date().isoformat()
    venue.slot(today, "00:00", "23:45")
    visitor(time_zone=zone).to_done(venue.path, venue.ticket().code, today, "12:00 AM")


@pytest.mark.parametrize(("locale", "time"), [
    ("en-US", r"12:00\sPM – 2:00\sPM"), ("en-GB", "12:00 – 14:00"), ("de-DE", "12:00 – 14:00"), ("fr-CA", r"12\sh(\s00)? – 14\sh(\s00)?")])
def test_times_as_the_visitor_writes_them(visitor, venue: Venue, locale: str, time: str):
    """in the … visitor's locale (12 h or 24 h)"""
    slot = venue.slot(10)
    guest = visitor(locale=locale).to_time(venue.path, venue.ticket().code)
    guest.press(guest.day(slot.date))
    expect(guest.slots().first).to_contain_text(re.compile(time))
    first = guest.page.get_by_role("columnheader").first
    expect(first).to_have_text(re.compile("^S|^dim", re.IGNORECASE) if locale in ("en-US", "fr-CA") else re.compile("^M"))


def test_the_zone_is_named_where_it_differs_from_the_visitors(visitor, venue: Venue):
    """in the organisation's time zone …, with the zone named where it differs from the visitor's"""
    slot = venue.slot(10)
    here = visitor().to_time(venue.path, venue.ticket().code)
    here.press(here.day(slot.date))
    expect(here.slot("12:00 PM")).to_be_visible()
    expect(here.page.get_by_text("Berlin")).to_have_count(0)
    far = visitor(time_zone="Asia/Tokyo").to_time(venue.path, venue.ticket().code)
    far.press(far.day(slot.date))
    expect(far.page.get_by_text(far.words.pattern("zone", zone="Berlin (GMT+1)")).or_(far.page.get_by_text("Berlin"))).to_be_visible()
    far.press(far.slot("12:00 PM"))
    expect(far.at("confirm").page.get_by_role("definition").filter(has_text="Berlin")).to_be_visible()
    far.press(far.button("book"))
    expect(far.at("done").page.get_by_text(re.compile("2:00\\sPM.*Berlin")).filter(visible=True)).to_be_visible()
