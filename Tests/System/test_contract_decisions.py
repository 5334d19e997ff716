"""The decisions below the table of DESIGN section 3. Docstrings quote them. (The table itself: test_contract.py)"""

from __future__ import annotations

import datetime
import zoneinfo

import pytest

from portal.api import Api, accepted, creation, problems, refused
from portal.stock import Stock, Ticket
from portal.system import Portal

VALIDATE, VERIFY, CREATE = "/api/tickets/validate", "/api/tickets/verify-contact", "/api/reservations/create"
AVAILABLE = "/api/reservation-slots/available"

GOOD = {
    VALIDATE: {"ticket_code": "TKT-2025-ABC123-DEF456"},
    VERIFY: {"ticket_id": 1, "email": "john@example.com", "phone": "+12025551234"},
    CREATE: creation(1, 1),
}


# Order of checks in create: form, slot exists, ticket exists, organisation, ticket status, slot closed or started, slot full.

def test_order_of_checks(api: Api, stock: Stock):
    """Order of checks in create: form, slot exists, ticket exists, organisation, ticket status, slot closed or started, slot full"""
    nothing = 2**53 - 1
    other = stock.organization()
    refused(api.create(nothing, nothing, email="nobody"), 400, "INVALID_CONTACT")
    refused(api.create(nothing, nothing), 404, "SLOT_NOT_FOUND")
    full_elsewhere = stock.slot(capacity=1, booked=1, orq=other)
    refused(api.create(nothing, full_elsewhere.id), 404, "TICKET_NOT_FOUND")
    reserved = stock.ticket("RESERVED")
    refused(api.create(reserved.id, full_elsewhere.id), 403, "ORGANIZATION_MISMATCH")
    closed = stock.slot(closed=True)
    refused(api.create(reserved.id, closed.id), 409, "TICKET_ALREADY_RESERVED")
    full_and_closed = stock.slot(capacity=1, booked=1, closed=True)
    refused(api.create(stock.ticket().id, full_and_closed.id), 409, "SLOT_CLOSED")


def test_who_took_the_last_place_hears_so(api: Api, stock: Stock):
    """the customer who took the last place and asks again hears "already reserved", not "full" """
    slot, ticket = stock.slot(capacity=1), stock.ticket()
    accepted(api.create(ticket.id, slot.id))
    refused(api.create(ticket.id, slot.id), 409, "TICKET_ALREADY_RESERVED")


def test_checks_never_change_anything(own: Portal):
    """Checks never change anything"""
    stock, api = own.stock, own.api
    tickets = [stock.ticket(status) for status in ("ACTIVATED", "PENDING_PAYMENT", "EXPIRED", "VERIFIED", "RESERVED")]
    slots = [stock.slot(), stock.slot(capacity=1, booked=1), stock.slot(closed=True)]

    def everything() -> list:
        status = {name: stock.status()[name] for name in ("ticket_count", "slot_count", "reservation_count", "outbox_pending_count")}
        return [status, [stock.shown(ticket) for ticket in tickets], [stock.state(slot) for slot in slots]]

    before = everything()
    for ticket in tickets:
        api.validate(ticket.code)
        api.verify(ticket.id, code=ticket.code)
        api.create(ticket.id, slots[1].id)
        api.create(ticket.id, slots[2].id)
        api.create(ticket.id, slots[0].id, email="nobody")
        api.create(ticket.id, 2**53 - 1)
    api.available()
    assert everything() == before


# GET /api/reservation-slots/available

SLOT_FIELDS = {
    "id", "date", "start_time", "end_time", "venue_id", "total_capacity", "booked_count", "available_count", "status",
    "capacity_status", "orq", "created_at", "updated_at"}


def test_available_by_date(api: Api, stock: Stock):
    """GET /api/reservation-slots/available?…&date=YYYY-MM-DD: data is an array in start order of {…}, metadata has month,
    total_slots, unique_dates, time_zone"""
    date = stock.fresh_date()
    afternoon = stock.slot(date=date, start="14:00:00", end="16:00:00", capacity=10, booked=3)
    morning = stock.slot(date=date, start="09:00:00", end="11:00:00")
    body = api.available(date=date).json()
    assert [entry["id"] for entry in body["data"]] == [morning.id, afternoon.id]
    entry = body["data"][1]
    assert set(entry) == SLOT_FIELDS
    assert {name: entry[name] for name in SLOT_FIELDS - {"created_at", "updated_at"}} == {
        "id": afternoon.id, "date": date, "start_time": "14:00:00", "end_time": "16:00:00", "venue_id": None, "total_capacity": 10,
        "booked_count": 3, "available_count": 7, "status": "ACTIVE", "capacity_status": "AVAILABLE", "orq": 1}
    for name in ("created_at", "updated_at"):
        moment = datetime.datetime.fromisoformat(entry[name].replace("Z", "+00:00"))
        assert abs(datetime.datetime.now(datetime.timezone.utc) - moment) < datetime.timedelta(minutes=10)
    assert body["success"] is True
    assert body["metadata"] == {"month": date[:7], "total_slots": 2, "unique_dates": 1, "time_zone": "Europe/Berlin"}


def test_available_by_month(api: Api, stock: Stock):
    """GET /api/reservation-slots/available?month=YYYY-MM"""
    orq = stock.organization()
    made = [
        stock.slot(date=date, start=start, end="23:00:00", orq=orq)
        for date in ("2031-04-01", "2031-04-30") for start in ("10:00:00", "12:00:00")]
    stock.slot(date="2031-03-31", orq=orq)
    stock.slot(date="2031-05-01", orq=orq)
    body = api.get(AVAILABLE, params={"month": "2031-04", "orq": orq}).json()
    assert [entry["id"] for entry in body["data"]] == [slot.id for slot in made]
    assert body["metadata"] == {"month": "2031-04", "total_slots": 4, "unique_dates": 2, "time_zone": "Europe/Berlin"}


def test_available_this_month(api: Api, stock: Stock):
    """(default: this month); "today" is judged in the organisation's zone"""
    zone = "Pacific/Kiritimati"
    orq = stock.organization(zone)
    today = datetime.datetime.now(zoneinfo.ZoneInfo(zone)).date()
    slot = stock.slot(date=today.isoformat(), start="23:59:00", end="23:59:59", orq=orq)
    body = api.available(orq=orq).json()
    assert body["metadata"]["month"] == today.isoformat()[:7]
    assert [entry["id"] for entry in body["data"]] == [slot.id]


def test_available_of_an_empty_month(api: Api):
    """data is an array, also when there is nothing"""
    body = api.available(month="2199-01").json()
    assert body["data"] == []
    assert body["metadata"] == {"month": "2199-01", "total_slots": 0, "unique_dates": 0, "time_zone": "Europe/Berlin"}


def test_full_slots_are_listed_and_closed_ones_are_not(api: Api, stock: Stock):
    """Full slots are included so that the calendar can colour them, closed ones are not"""
    date = stock.fresh_date()
    full = stock.slot(capacity=1, booked=1, date=date)
    stock.slot(date=date, start="15:00:00", end="16:00:00", closed=True)
    entries = accepted(api.available(date=date))
    assert [(entry["id"], entry["status"], entry["capacity_status"], entry["available_count"]) for entry in entries] == [
        (full.id, "FULL", "FULL", 0)]


@pytest.mark.parametrize(("booked", "expected"), [(0, "AVAILABLE"), (2, "AVAILABLE"), (3, "LIMITED"), (4, "FULL")])
def test_capacity_status(api: Api, stock: Stock, booked: int, expected: str):
    """capacity_status: FULL at no place left, LIMITED when more than half is booked, else AVAILABLE"""
    assert api.slot(stock.slot(capacity=4, booked=booked))["capacity_status"] == expected


# Ticket ids are capabilities.

def test_ids_given_out_are_random(stock: Stock):
    """ids that the system gives out are random 53-bit integers (exact in JavaScript, unguessable)"""
    ids = [ticket.id for ticket in stock.tickets(200)]
    assert len(set(ids)) == 200
    assert all(0 < one < 2**53 for one in ids)
    # Of 200 random ones, none in the lower half would be a chance of 2^-200.
    assert any(one < 2**52 for one in ids) and any(one >= 2**52 for one in ids)
    steps = {second - first for first, second in zip(ids, ids[1:])}
    assert len(steps) > 190


def test_ticket_code_must_match_when_present(api: Api, stock: Stock):
    """create and verify-contact also accept an optional ticket_code that must match when present"""
    ticket, other, slot = stock.ticket(), stock.ticket(), stock.slot()
    refused(api.verify(ticket.id, code=other.code), 404, "TICKET_NOT_FOUND")
    refused(api.create(ticket.id, slot.id, code=other.code), 404, "TICKET_NOT_FOUND")
    assert api.verify(ticket.id, code=ticket.code.lower()).status_code == 200
    accepted(api.create(ticket.id, slot.id, code=f" {ticket.code.lower()} "))


def test_ticket_code_can_be_made_mandatory(portal: Portal, stock: Stock):
    """--require-ticket-code makes it mandatory (403 TICKET_CODE_REQUIRED)"""
    _, api = portal.another_gateway("--require-ticket-code")
    ticket, slot = stock.ticket(), stock.slot()
    refused(api.create(ticket.id, slot.id), 403, "TICKET_CODE_REQUIRED")
    refused(api.verify(ticket.id), 403, "TICKET_CODE_REQUIRED")
    assert stock.shown(ticket)["status"] == "ACTIVATED"
    accepted(api.create(ticket.id, slot.id, code=ticket.code))


# Organisation (orq)

@pytest.fixture(scope="module")
def venue(stock: Stock) -> tuple[int, Ticket]:
    """Another organisation with a ticket."""
    orq = stock.organization()
    return orq, stock.ticket(orq=orq)


def test_organisation_by_query(api: Api, venue: tuple[int, Ticket]):
    """else an orq query parameter"""
    orq, ticket = venue
    accepted(api.validate(ticket.code, params={"orq": orq}))


def test_organisation_by_header(api: Api, venue: tuple[int, Ticket]):
    """or X-Orq header"""
    orq, ticket = venue
    accepted(api.validate(ticket.code, headers={"X-Orq": str(orq)}))


def test_organisation_by_default(portal: Portal, venue: tuple[int, Ticket], stock: Stock):
    """else --default-organization (1)"""
    orq, ticket = venue
    refused(portal.api.validate(ticket.code), 400, "TICKET_NOT_FOUND")
    accepted(portal.api.validate(stock.ticket(orq=1).code))
    _, api = portal.another_gateway("--default-organization", str(orq))
    accepted(api.validate(ticket.code))


def test_organisation_by_host(portal: Portal, venue: tuple[int, Ticket], stock: Stock):
    """the Host → organisation map decides where it names the host"""
    orq, ticket = venue
    gateway, api = portal.another_gateway("--organization-host", f"venue.example={orq}")
    for host in ("venue.example", "VENUE.example", f"venue.example:{gateway.port}"):
        accepted(api.validate(ticket.code, headers={"Host": host}))
        # Neither parameter nor header talks it out of it.
        accepted(api.validate(ticket.code, headers={"Host": host, "X-Orq": "1"}, params={"orq": "1"}))
    refused(api.validate(ticket.code, headers={"Host": "other.example"}), 400, "TICKET_NOT_FOUND")
    accepted(api.validate(stock.ticket(orq=1).code, headers={"Host": "other.example"}))


@pytest.mark.parametrize("value", ["one", "", "1.5", "-1", "0x1", "99999999999999999999", "1 "])
def test_organisation_that_is_no_number(api: Api, stock: Stock, value: str):
    """not a number is INVALID_REQUEST"""
    assert set(problems(refused(api.validate(stock.ticket().code, params={"orq": value}), 400, "INVALID_REQUEST"))) == {"orq"}


@pytest.mark.parametrize("value", ["one", "1.5", "-1"])
def test_organisation_header_that_is_no_number(api: Api, stock: Stock, value: str):
    """not a number is INVALID_REQUEST, in the header too"""
    problems(refused(api.validate(stock.ticket().code, headers={"X-Orq": value}), 400, "INVALID_REQUEST"))


# Slots

def test_one_slot_per_organisation_date_and_start(stock: Stock):
    """One slot per (organisation, date, start time)"""
    slot = stock.slot()
    body = {"orq": 1, "date": slot.date, "start_time": slot.start_time, "end_time": "15:00:00", "total_capacity": 3}
    assert stock.peer.call("slots.create", body).status == "ALREADY_EXISTS"
    assert stock.peer.call("slots.create", body | {"orq": stock.organization()}).ok


def test_raised_capacity_makes_a_full_slot_active_again(api: Api, stock: Stock):
    """Booked up → FULL in the same transaction; … a raised capacity → ACTIVE again"""
    slot = stock.slot(capacity=1, booked=1)
    refused(api.create(stock.ticket().id, slot.id), 409, "SLOT_FULL")
    stock.peer.must("slots.set_capacity", {"slot_id": slot.id, "total_capacity": 2})
    assert stock.state(slot)["status"] == "ACTIVE"
    accepted(api.create(stock.ticket().id, slot.id))
    assert stock.state(slot)["status"] == "FULL"


def test_capacity_below_booked_is_refused(stock: Stock):
    """Capacity below booked_count is refused"""
    slot = stock.slot(capacity=5, booked=3)
    assert stock.peer.call("slots.set_capacity", {"slot_id": slot.id, "total_capacity": 2}).status == "CAPACITY_BELOW_BOOKED"
    assert stock.state(slot)["total_capacity"] == 5
    lowered = stock.peer.must("slots.set_capacity", {"slot_id": slot.id, "total_capacity": 3})["slots"][0]
    assert lowered["status"] == "FULL"


def test_an_opened_full_slot_is_full(stock: Stock):
    """status ACTIVE or CLOSED (ACTIVE on a full slot becomes FULL)"""
    slot = stock.slot(capacity=1, booked=1, closed=True)
    assert stock.peer.must("slots.set_state", {"slot_id": slot.id, "status": "ACTIVE"})["slots"][0]["status"] == "FULL"


# What every reply carries

@pytest.mark.parametrize(("method", "path"), [
    ("POST", VALIDATE), ("GET", AVAILABLE), ("GET", "/nowhere"), ("GET", VALIDATE), ("GET", "/healthz"), ("GET", "/openapi.yaml")])
def test_security_headers_and_request_id(api: Api, method: str, path: str):
    """security headers, request id in reply"""
    response = api.request(method, path)
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["x-request-id"]
    assert api.request(method, path).headers["x-request-id"] != response.headers["x-request-id"]
    assert "content-security-policy" in response.headers
    assert response.headers["referrer-policy"]


@pytest.mark.parametrize("path", [VALIDATE, CREATE, AVAILABLE])
def test_replies_are_not_cached(api: Api, path: str):
    """what was true of a place is not kept by anybody in between"""
    response = api.get(path) if path == AVAILABLE else api.post(path, json=GOOD[path])
    assert "no-store" in response.headers["cache-control"]
