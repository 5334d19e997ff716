"""Bad days: a dead spot in the network, the daemon restarting, the gateway restarting. The page waits, says so, and goes on by itself."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from portal.system import Portal
from portal.venue import Venue
from portal.visitor import Visitor, wait_on


@pytest.fixture
def venue(own: Portal) -> Venue:
    """On a system that this test may stop and start."""
    return Venue(own.stock, own.stock.organization())


@pytest.fixture
def guest(visitor, own: Portal) -> Visitor:
    return visitor(host=own.gateway.url).expects(outage=True)



def test_offline_is_said_and_waited_out(guest: Visitor, venue: Venue):
    """offline …: retry by itself and say so"""
    guest.open(venue.path)
    guest.page.context.set_offline(True)
    guest.enter_code(venue.ticket().code)
    expect(guest.told("offline")).to_be_visible()
    guest.page.context.set_offline(False)
    guest.at("contact")
    expect(guest.told("offline")).to_have_count(0)


@pytest.mark.parametrize("step", ["ticket", "contact", "time", "confirm"])
def test_a_daemon_that_is_away_is_waited_for_at_each_step(guest: Visitor, own: Portal, venue: Venue, step: str):
    """503 states retry by themselves and say so: what the visitor asked for is done as soon as it can be"""
    own.gateway.stop()
    own.gateway.start("--deadline-seconds", "1")
    slot, ticket = venue.slot(10), venue.ticket()
    if step == "ticket":
        guest.open(venue.path).at("ticket")
        own.daemon.kill()
        guest.enter_code(ticket.code)
    elif step == "contact":
        guest.to_contact(venue.path, ticket.code)
        own.daemon.kill()
        guest.enter_contact()
        # The gateway judges the form of a contact by itself; the calendar is what has to wait.
    elif step == "time":
        guest.to_time(venue.path, ticket.code)
        own.daemon.kill()
        guest.page.reload(wait_until="commit")
    else:
        guest.to_confirm(venue.path, ticket.code, slot.date)
        own.daemon.kill()
        guest.press(guest.button("book"))
    if step != "time":
        expect(guest.told("retrying")).to_be_visible()
    own.restart_daemon()
    guest.at({"ticket": "contact", "contact": "time", "time": "time", "confirm": "done"}[step])
    expect(guest.told("retrying")).to_have_count(0)
    if step in ("contact", "time"):
        expect(guest.day_in_state(slot.date, "plenty")).to_be_visible()
    assert venue.booked(slot) == (step == "confirm")


@pytest.mark.parametrize("how", ["stopped", "killed"])
def test_a_restart_in_the_middle_of_a_booking_is_a_short_wait(guest: Visitor, own: Portal, venue: Venue, how: str):
    """the daemon restarting in the middle of a booking is a short wait; and exactly one reservation"""
    slot, ticket = venue.slot(10), venue.ticket()
    guest.to_confirm(venue.path, ticket.code, slot.date)
    with guest.holding("**/api/reservations/create*") as held:
        guest.press(guest.button("book"))
        request = held.next()
        own.daemon.stop() if how == "stopped" else own.daemon.kill()
        request.continue_()
        expect(guest.button("busy")).to_be_visible()
        own.restart_daemon()
        guest.at("done")
    assert venue.booked(slot) == 1
    expect(guest.told("retrying")).to_have_count(0)


def test_an_answer_that_is_lost_on_its_way_is_asked_for_again(guest: Visitor, venue: Venue):
    """double clicks and retries book once: the server booked, the network lost the answer"""
    slot, ticket = venue.slot(10), venue.ticket()
    guest.to_confirm(venue.path, ticket.code, slot.date)
    with guest.holding("**/api/reservations/create*") as held:
        guest.press(guest.button("book"))
        first = held.next()
        assert first.fetch().status == 200
        first.abort("connectionreset")
        expect(guest.told("retrying")).to_be_visible()
        second = held.next()
        assert second.request.headers["idempotency-key"] == first.request.headers["idempotency-key"]
        second.continue_()
        guest.at("done")
    assert venue.booked(slot) == 1


def test_a_gateway_that_restarts_is_waited_for(guest: Visitor, own: Portal, venue: Venue):
    """a dead spot in the network: nobody answers at all"""
    guest.open(venue.path).at("ticket")
    own.gateway.stop()
    guest.enter_code(venue.ticket().code)
    expect(guest.told("retrying")).to_be_visible()
    own.gateway.start()
    guest.at("contact")


def test_live_places_go_on_after_the_daemon_was_away(guest: Visitor, own: Portal, venue: Venue):
    """event: refresh: what changed while the gateway could not hear it is read again"""
    slot = venue.slot(10)
    guest.to_time(venue.path, venue.ticket().code)
    guest.press(guest.day(slot.date))
    guest.shows("12:00 PM", 0, 200)
    own.daemon.kill()
    own.restart_daemon()
    venue.book(slot)
    guest.shows("12:00 PM", 1, 200)
    venue.book(slot)
    guest.shows("12:00 PM", 2, 200)


def test_a_page_opened_while_the_daemon_is_away_comes_by_itself(visitor, own: Portal):
    """what every customer sees is never a blank page: "The booking service is restarting. This page tries again by itself." """
    gateway, _ = own.another_gateway("--deadline-seconds", "1")
    own.daemon.kill()
    guest = visitor(host=gateway.url).expects(outage=True).open("/reserve")
    expect(guest.page.get_by_role("heading", name=guest.words("outage_title"))).to_be_visible()
    own.restart_daemon()
    guest.at("ticket")


def test_what_is_no_answer_of_the_portal_is_not_believed(guest: Visitor, venue: Venue):
    """A hotel's sign-in page between the visitor and the portal: waited out like a dead spot"""
    guest.open(venue.path).at("ticket")
    pattern = "**/api/tickets/validate*"
    asked: list[str] = []

    def sign_in(route) -> None:
        asked.append(route.request.url)
        route.fulfill(status=200, content_type="text/html", body="<h1>Welcome to the hotel</h1>")

    guest.page.route(pattern, sign_in)
    guest.enter_code(venue.ticket().code)
    wait_on(guest.page, "it is asked again", lambda: len(asked) >= 2)
    guest.page.unroute(pattern, sign_in)
    guest.at("contact")
