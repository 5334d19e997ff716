"""WCAG 2.2 AA: axe-core finds nothing on any step, and nobody has to scroll sideways, bear motion or see colours."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import expect

from portal.accessibility import sideways, violations
from portal.browser import DESKTOP, NARROW, PHONE, Device
from portal.venue import Venue
from portal.visitor import Visitor

# A desktop of 1280 by 900 at 200 %.
ZOOMED = Device("zoomed to 200 %", 640, 450)


def walk(guest: Visitor, venue: Venue, look: Callable[[str], None]) -> None:
    """Through every step, with the mistakes one can make on the way; `look` is called wherever something new is to be seen."""
    guest.expects(400, 409)
    slot = venue.slot(10, capacity=1)
    venue.slot(10, "15:00", "16:00")
    venue.slot(10, "18:00", "19:00", capacity=4, booked=3)
    venue.slot(10, "20:00", "21:00", capacity=1, booked=1)
    venue.slot(11, capacity=4, booked=3)
    venue.slot(12, capacity=1, booked=1)
    guest.open(venue.path).at("ticket")
    look("ticket")
    guest.enter_code("TKT-2025-NOBODY-HASTHS")
    expect(guest.alert()).to_be_visible()
    look("ticket with a refusal")
    guest.enter_code(venue.ticket().code)
    guest.at("contact")
    look("contact")
    guest.enter_contact("jane@", "12")
    expect(guest.alert()).to_be_visible()
    look("contact with mistakes")
    guest.enter_contact("jane.of.a.very.long.name.indeed.and.longer@subdomain.of.a.long.domain.example.com", "+493012345678")
    expect(guest.at("time").day_in_state(slot.date, "plenty")).to_be_visible()
    look("calendar")
    guest.press(guest.day(slot.date))
    expect(guest.slots()).to_have_count(4)
    look("a day's times")
    guest.press(guest.slot("12:00 PM"))
    guest.at("confirm")
    look("confirm")
    with guest.holding("**/api/reservations/create*") as held:
        guest.press(guest.button("book"))
        request = held.next()
        look("booking")
        venue.book(slot)
        request.continue_()
        expect(guest.alert()).to_contain_text(guest.words("e_slot_full"))
    look("alternatives")
    guest.press(guest.alert().get_by_role("button").first)
    guest.press(guest.button("book"))
    guest.at("done")
    look("done")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=lambda device: device.name)
def test_no_step_has_a_violation(visitor, venue: Venue, device: Device, scheme: str):
    """axe-core … with no violation on each step, light and dark, at both sizes"""
    guest = visitor(device, scheme=scheme, motion="reduce")
    found: dict[str, list[str]] = {}

    def look(step: str) -> None:
        assert not sideways(guest.page), step
        if problems := violations(guest.page):
            found[step] = problems

    walk(guest, venue, look)
    assert not found, found


@pytest.mark.parametrize("device", [NARROW, ZOOMED], ids=lambda device: device.name)
@pytest.mark.parametrize("locale", ["en-US", "de-DE"])
def test_nobody_scrolls_sideways(visitor, venue: Venue, device: Device, locale: str):
    """200 % zoom, 320 px width: everything is there in one column, also with German's long words"""
    guest = visitor(device, locale=locale)
    slot, ticket = venue.slot(10), venue.ticket()
    guest.open(venue.path).at("ticket")
    assert not sideways(guest.page)
    guest.enter_code(ticket.code)
    guest.at("contact").enter_contact("x", "1")
    assert not sideways(guest.page)
    guest.enter_contact("jane.of.a.very.long.name.indeed.and.longer@subdomain.of.a.long.domain.example.com", "+493012345678")
    guest.at("time").press(guest.day(slot.date))
    expect(guest.slots()).to_have_count(1)
    assert not sideways(guest.page)
    guest.press(guest.slots().first)
    guest.at("confirm")
    assert not sideways(guest.page)
    guest.press(guest.button("book"))
    guest.at("done")
    assert not sideways(guest.page)


def test_nothing_moves_for_who_does_not_want_it(visitor, venue: Venue):
    """no motion where it is not wanted"""
    slot, ticket = venue.slot(10), venue.ticket()

    def moving(motion: str) -> int:
        guest = visitor(motion=motion)
        # Counts what begins to move, also what is over before one can look.
        guest.page.add_init_script("""
            window.moved = 0
            for (const kind of ["animationstart", "transitionrun"]) {
                addEventListener(kind, event => { if (event.elapsedTime === 0 && event.target.id !== "fallback") window.moved++ }, true)
            }
            const native = Element.prototype.scrollIntoView
            Element.prototype.scrollIntoView = function (options) {
                if (options && options.behavior === "smooth" && !matchMedia("(prefers-reduced-motion: reduce)").matches) window.moved++
                native.call(this, options)
            }""")
        guest.to_confirm(venue.path, ticket.code, slot.date)
        return guest.page.evaluate("window.moved")

    # The page does without motion altogether.
    assert moving("no-preference") == 0
    assert moving("reduce") == 0


def test_forced_colours_leave_the_choice_to_be_seen(visitor, venue: Venue):
    """Windows' high contrast: the chosen day differs from the others there too"""
    slot, other = venue.slot(10), venue.slot(11)
    guest = visitor(forced_colors="active").to_time(venue.path, venue.ticket().code)
    guest.press(guest.day(slot.date))
    looks = [guest.day(one.date).evaluate("node => getComputedStyle(node).backgroundColor") for one in (slot, other)]
    assert looks[0] != looks[1]


def test_a_screen_reader_hears_where_it_is(visitor, venue: Venue):
    """works with … a screen reader's semantics: landmarks, one heading of the first level, a title for each step, the current step"""
    guest = visitor().open(venue.path).at("ticket")
    for step in ("ticket", "contact"):
        guest.at(step)
        expect(guest.page.get_by_role("heading", level=1)).to_have_count(1)
        expect(guest.page).to_have_title(guest.page.get_by_role("heading", level=1).inner_text() + f" · {venue.name}")
        for landmark in ("banner", "main", "contentinfo", "navigation"):
            expect(guest.page.get_by_role(landmark)).to_have_count(1)  # type: ignore[arg-type]
        if step == "ticket":
            guest.enter_code(venue.ticket().code)
