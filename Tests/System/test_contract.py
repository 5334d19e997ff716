"""Every row of the table in DESIGN section 3, in its order, and the decisions below it. Docstrings quote the row."""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Callable

import httpx
import pytest

from portal.api import Api, accepted, creation, problems, refused
from portal.conditions import eventually
from portal.stock import Stock, Ticket
from portal.system import Portal

VALIDATE, VERIFY, CREATE = "/api/tickets/validate", "/api/tickets/verify-contact", "/api/reservations/create"
AVAILABLE = "/api/reservation-slots/available"

GOOD = {
    VALIDATE: {"ticket_code": "TKT-2025-ABC123-DEF456"},
    VERIFY: {"ticket_id": 1, "email": "john@example.com", "phone": "+12025551234"},
    CREATE: creation(1, 1),
}


# | body is not JSON, wrong types, missing field, unknown month | 400 | INVALID_REQUEST with validation_errors (field, message) |

@pytest.mark.parametrize("path", [VALIDATE, VERIFY, CREATE])
@pytest.mark.parametrize("body", ids=lambda body: repr(body[:24]), argvalues=[
    b"", b"not json", b"{", b"{}{}", b"[]", b"null", b"5", b'"text"', b"\xff\xfe{}", b"{'ticket_code':1}", b'{"a":1,"a":2}',
    b"\xef\xbb\xbf{}", b'{"ticket_code":NaN}', b'{"ticket_code":"\xff"}', b'{"ticket_code":"\\ud800"}', b"[" * 5000,
    b'{"x":' * 2000 + b"1" + b"}" * 2000,
])
def test_body_is_not_json(api: Api, path: str, body: bytes):
    """body is not JSON → 400 INVALID_REQUEST with validation_errors (field, message)"""
    problems(refused(api.post_raw(path, body), 400, "INVALID_REQUEST"))


@pytest.mark.parametrize(("path", "field"), [(path, field) for path, body in GOOD.items() for field in body])
@pytest.mark.parametrize(
    "value", [None, True, [], {}, 1.5, -1, 2**53, 10**400, "seventeen"],
    ids=["null", "bool", "array", "object", "fraction", "negative", "too-large", "enormous", "text"])
def test_wrong_types(api: Api, path: str, field: str, value: object):
    """wrong types → 400 INVALID_REQUEST with validation_errors (field, message)"""
    is_text = isinstance(GOOD[path][field], str)
    if is_text and isinstance(value, str):
        value = 17
    found = problems(refused(api.post(path, json=GOOD[path] | {field: value}), 400, "INVALID_REQUEST"))
    assert set(found) == {field}


@pytest.mark.parametrize(("path", "field"), [(path, field) for path, body in GOOD.items() for field in body])
def test_missing_field(api: Api, path: str, field: str):
    """missing field → 400 INVALID_REQUEST with validation_errors (field, message)"""
    body = {name: value for name, value in GOOD[path].items() if name != field}
    assert set(problems(refused(api.post(path, json=body), 400, "INVALID_REQUEST"))) == {field}


@pytest.mark.parametrize("query", [
    {"month": "2025-13"}, {"month": "2025-00"}, {"month": "november"}, {"month": "2025-1"}, {"month": "2025-11-01"}, {"month": ""},
    {"month": "25-11"}, {"date": "2025-02-30"}, {"date": "tomorrow"}, {"date": ""}, {"month": "2025-11", "date": "2025-11-14"},
])
def test_unknown_month(api: Api, query: dict[str, str]):
    """unknown month → 400 INVALID_REQUEST with validation_errors (field, message)"""
    assert set(problems(refused(api.available(**query), 400, "INVALID_REQUEST"))) <= {"month", "date"}


# | ticket_code not matching TKT-\d{4}-[A-Z0-9]{6}-[A-Z0-9]{6} (surrounding space trimmed, upper-cased first) | 400 | INVALID_TICKET_CODE |

@pytest.mark.parametrize("dress", [
    lambda code: f"  {code}\t\n", lambda code: code.lower(), lambda code: f" {code.swapcase()} ", lambda code: code])
def test_ticket_code_is_trimmed_and_upper_cased(api: Api, stock: Stock, dress: Callable[[str], str]):
    """ticket_code … (surrounding space trimmed, upper-cased first)"""
    ticket = stock.ticket()
    assert accepted(api.validate(dress(ticket.code)))["ticket_code"] == ticket.code


@pytest.mark.parametrize("code", ["TKT-2025-ABC123-DEF45", "TKT-2025ABC123-DEF456", "TKT-2025-ABC 23-DEF456", "XKT-2025-ABC123-DEF456"])
def test_ticket_code_not_matching(api: Api, code: str):
    """ticket_code not matching → 400 INVALID_TICKET_CODE"""
    refused(api.validate(code), 400, "INVALID_TICKET_CODE")


def test_ticket_code_not_matching_in_create(api: Api, stock: Stock):
    """ticket_code not matching → 400 INVALID_TICKET_CODE, in create and verify-contact too"""
    ticket = stock.ticket()
    refused(api.create(ticket.id, stock.slot().id, code="nonsense"), 400, "INVALID_TICKET_CODE")
    refused(api.verify(ticket.id, code="nonsense"), 400, "INVALID_TICKET_CODE")


# | validate: no such ticket in this organisation | 400 | TICKET_NOT_FOUND |

def test_validate_no_such_ticket(api: Api, stock: Stock):
    """validate: no such ticket in this organisation → 400 TICKET_NOT_FOUND"""
    refused(api.validate("TKT-2025-NOSUCH-TICKET"), 400, "TICKET_NOT_FOUND")
    elsewhere = stock.ticket(orq=stock.organization())
    refused(api.validate(elsewhere.code), 400, "TICKET_NOT_FOUND")
    accepted(api.validate(elsewhere.code, headers={"X-Orq": str(elsewhere.orq)}))


# | validate: PENDING_PAYMENT / EXPIRED / VERIFIED | 400 | TICKET_NOT_ACTIVATED / TICKET_EXPIRED / TICKET_ALREADY_USED |

UNUSABLE = [("PENDING_PAYMENT", "TICKET_NOT_ACTIVATED"), ("EXPIRED", "TICKET_EXPIRED"), ("VERIFIED", "TICKET_ALREADY_USED")]


@pytest.mark.parametrize(("status", "code"), UNUSABLE)
def test_validate_unusable_ticket(api: Api, stock: Stock, status: str, code: str):
    """validate: PENDING_PAYMENT / EXPIRED / VERIFIED → 400 TICKET_NOT_ACTIVATED / TICKET_EXPIRED / TICKET_ALREADY_USED"""
    refused(api.validate(stock.ticket(status).code), 400, code)


# | validate: RESERVED | 409 | TICKET_ALREADY_RESERVED with reserved_date = the slot's date |

def test_validate_reserved(api: Api, stock: Stock):
    """validate: RESERVED → 409 TICKET_ALREADY_RESERVED with reserved_date = the slot's date"""
    ticket, slot = stock.ticket(), stock.slot()
    accepted(api.create(ticket.id, slot.id))
    assert refused(api.validate(ticket.code), 409, "TICKET_ALREADY_RESERVED")["reserved_date"] == slot.date


# | verify-contact or create: bad e-mail or phone | 400 | INVALID_CONTACT with validation_errors |

@pytest.mark.parametrize(("email", "phone", "wrong"), [("nobody", None, "email"), (None, "12", "phone")])
def test_bad_contact(api: Api, stock: Stock, email: str | None, phone: str | None, wrong: str):
    """verify-contact or create: bad e-mail or phone → 400 INVALID_CONTACT with validation_errors"""
    ticket, slot = stock.ticket(), stock.slot()
    contact = (email or "john@example.com", phone or "+12025551234")
    assert set(problems(refused(api.verify(ticket.id, *contact), 400, "INVALID_CONTACT"))) == {wrong}
    assert set(problems(refused(api.create(ticket.id, slot.id, *contact), 400, "INVALID_CONTACT"))) == {f"customer_{wrong}"}


# | create: no such slot / ticket | 404 | SLOT_NOT_FOUND / TICKET_NOT_FOUND |

def test_create_no_such_slot(api: Api, stock: Stock):
    """create: no such slot → 404 SLOT_NOT_FOUND"""
    refused(api.create(stock.ticket().id, 2**53 - 1), 404, "SLOT_NOT_FOUND")


def test_create_no_such_ticket(api: Api, stock: Stock):
    """create: no such ticket → 404 TICKET_NOT_FOUND"""
    refused(api.create(2**53 - 1, stock.slot().id), 404, "TICKET_NOT_FOUND")


@pytest.mark.parametrize("ids", [(0, 1), (1, 0), (0, 0)])
def test_ids_of_nothing(api: Api, ids: tuple[int, int]):
    """create: no such slot / ticket: 0 is nobody's id"""
    response = api.create(*ids)
    assert response.status_code in (400, 404), response.text
    assert response.json()["error"]["code"] in ("INVALID_REQUEST", "SLOT_NOT_FOUND", "TICKET_NOT_FOUND")


# | create: slot closed / already started | 409 | SLOT_CLOSED |

def test_create_slot_closed(api: Api, stock: Stock):
    """create: slot closed → 409 SLOT_CLOSED"""
    refused(api.create(stock.ticket().id, stock.slot(closed=True).id), 409, "SLOT_CLOSED")


def started_slot(stock: Stock, orq: int, time_zone: str):
    """The first slot of today in that zone."""
    today = datetime.datetime.now(zoneinfo.ZoneInfo(time_zone)).date().isoformat()
    return stock.slot(date=today, start="00:00:00", end="23:59:00", orq=orq)


def test_create_slot_already_started(api: Api, stock: Stock):
    """create: slot already started → 409 SLOT_CLOSED"""
    orq = stock.organization("Europe/Berlin")
    slot = started_slot(stock, orq, "Europe/Berlin")
    refused(api.create(stock.ticket(orq=orq).id, slot.id, headers={"X-Orq": str(orq)}), 409, "SLOT_CLOSED")


def test_a_started_slot_where_the_organisation_allows_it(api: Api, stock: Stock):
    """A slot that has started cannot be booked (SLOT_CLOSED) unless the organisation allows it"""
    orq = stock.organization("Europe/Berlin", allow_started=True)
    slot = started_slot(stock, orq, "Europe/Berlin")
    accepted(api.create(stock.ticket(orq=orq).id, slot.id, headers={"X-Orq": str(orq)}))


def test_started_is_judged_in_the_organisations_zone(api: Api, stock: Stock):
    """An organisation has an IANA time zone; "started" … judged in it: the same wall clock has passed in the east, not in the west"""
    now = datetime.datetime.now(datetime.timezone.utc).replace(second=0, microsecond=0)
    outcomes = {}
    for zone in ("Pacific/Kiritimati", "Pacific/Pago_Pago"):
        orq = stock.organization(zone)
        slot = stock.slot(date=now.date().isoformat(), start=now.time().isoformat(), end="23:59:59", orq=orq)
        response = api.create(stock.ticket(orq=orq).id, slot.id, headers={"X-Orq": str(orq)})
        outcomes[zone] = response.json().get("error", {}).get("code", "OK")
    assert outcomes == {"Pacific/Kiritimati": "SLOT_CLOSED", "Pacific/Pago_Pago": "OK"}


# | create: slot full, by status or by count | 409 | SLOT_FULL, always with alternative_slots: same organisation, same date first, then
#   ±1 day, with places left, nearest start first, at most 5 |

def shift(date: str, days: int) -> str:
    return (datetime.date.fromisoformat(date) + datetime.timedelta(days)).isoformat()


def test_slot_full_offers_the_nearest(api: Api, stock: Stock):
    """SLOT_FULL, always with alternative_slots: same organisation, same date first, then ±1 day, with places left,
    nearest start first, at most 5"""
    stock.fresh_date()
    date, other = stock.fresh_date(), stock.organization()
    full = stock.slot(capacity=1, booked=1, date=date, start="12:00:00", end="13:00:00")
    late = stock.slot(date=date, start="20:00:00", end="21:00:00")
    early = stock.slot(date=date, start="11:00:00", end="12:00:00")
    stock.slot(date=date, start="12:30:00", end="13:30:00", capacity=1, booked=1)
    stock.slot(date=date, start="13:00:00", end="14:00:00", closed=True)
    stock.slot(date=date, start="12:00:00", end="13:00:00", orq=other)
    before = stock.slot(date=shift(date, -1), start="12:00:00", end="13:00:00", capacity=7, booked=3)
    after = stock.slot(date=shift(date, 1), start="11:00:00", end="12:00:00")
    stock.slot(date=shift(date, -2), start="12:00:00", end="13:00:00")
    error = refused(api.create(stock.ticket().id, full.id), 409, "SLOT_FULL")
    assert [one["slot_id"] for one in error["alternative_slots"]] == [early.id, late.id, after.id, before.id]
    assert error["alternative_slots"][3] == {
        "slot_id": before.id, "date": before.date, "start_time": "12:00:00", "end_time": "13:00:00", "available_count": 4}
    stock.slot(date=date, start="15:00:00", end="16:00:00")
    stock.slot(date=date, start="16:00:00", end="17:00:00")
    offered = refused(api.create(stock.ticket().id, full.id), 409, "SLOT_FULL")["alternative_slots"]
    assert [one["start_time"] for one in offered] == ["11:00:00", "15:00:00", "16:00:00", "20:00:00", "11:00:00"]


def test_slot_full_without_an_alternative(api: Api, stock: Stock):
    """SLOT_FULL, always with alternative_slots: an empty list where there is none"""
    full = stock.slot(capacity=1, booked=1)
    assert refused(api.create(stock.ticket().id, full.id), 409, "SLOT_FULL")["alternative_slots"] == []


# | create: ticket RESERVED / PENDING_PAYMENT / EXPIRED / VERIFIED | 409 | TICKET_ALREADY_RESERVED / TICKET_NOT_ACTIVATED /
#   TICKET_EXPIRED / TICKET_ALREADY_USED |

@pytest.mark.parametrize(("status", "code"), [("RESERVED", "TICKET_ALREADY_RESERVED"), *UNUSABLE])
def test_create_unusable_ticket(api: Api, stock: Stock, status: str, code: str):
    """create: ticket RESERVED / PENDING_PAYMENT / EXPIRED / VERIFIED → 409 TICKET_ALREADY_RESERVED / TICKET_NOT_ACTIVATED /
    TICKET_EXPIRED / TICKET_ALREADY_USED"""
    slot = stock.slot()
    refused(api.create(stock.ticket(status).id, slot.id), 409, code)
    assert stock.state(slot)["booked_count"] == 0


def test_create_for_a_reserved_ticket_says_when(api: Api, stock: Stock):
    """Refusals for a reserved ticket carry reserved_date, in create too"""
    ticket, slot = stock.ticket(), stock.slot()
    accepted(api.create(ticket.id, slot.id))
    assert refused(api.create(ticket.id, stock.slot().id), 409, "TICKET_ALREADY_RESERVED")["reserved_date"] == slot.date


# | create: ticket and slot of different organisations | 403 | ORGANIZATION_MISMATCH |

@pytest.mark.parametrize("asking", ["ticket's", "slot's"])
def test_create_mismatch(api: Api, stock: Stock, asking: str):
    """create: ticket and slot of different organisations → 403 ORGANIZATION_MISMATCH"""
    other = stock.organization()
    orq = 1 if asking == "ticket's" else other
    response = api.create(stock.ticket(orq=1).id, stock.slot(orq=other).id, headers={"X-Orq": str(orq)})
    refused(response, 403, "ORGANIZATION_MISMATCH")


# | create: both of another organisation than the request's | 404 | TICKET_NOT_FOUND |

def test_create_in_another_organisation(api: Api, stock: Stock):
    """create: both of another organisation than the request's → 404 TICKET_NOT_FOUND"""
    other = stock.organization()
    ticket, slot = stock.ticket(orq=other), stock.slot(orq=other)
    refused(api.create(ticket.id, slot.id), 404, "TICKET_NOT_FOUND")
    accepted(api.create(ticket.id, slot.id, headers={"X-Orq": str(other)}))


# | too many failed validations from one address | 429 + Retry-After | RATE_LIMITED |

def until_limited(ask: Callable[[], httpx.Response]) -> httpx.Response:
    """The window slides: a minute that ends between two failures may let one more pass."""
    response = ask()
    if response.status_code != 429:
        response = ask()
    refused(response, 429, "RATE_LIMITED")
    return response


def test_rate_limit(portal: Portal, stock: Stock):
    """too many failed validations from one address → 429 + Retry-After RATE_LIMITED"""
    _, api = portal.another_gateway("--failed-validations-per-minute", "5")
    ticket = stock.ticket()
    for _ in range(20):
        accepted(api.validate(ticket.code))  # successes are not counted
    for _ in range(5):
        refused(api.validate("TKT-2025-NOSUCH-TICKET"), 400, "TICKET_NOT_FOUND")
    limited = until_limited(lambda: api.validate("TKT-2025-NOSUCH-TICKET"))
    assert 1 <= int(limited.headers["retry-after"]) <= 60
    # Whoever guesses learns nothing more, not even from a right guess.
    refused(api.validate(ticket.code), 429, "RATE_LIMITED")
    # It is about guessing codes; the rest goes on.
    assert api.available().status_code == 200


def test_rate_limit_is_by_address(portal: Portal):
    """too many failed validations from one address: behind a trusted proxy the address is the proxy's caller"""
    _, api = portal.another_gateway("--failed-validations-per-minute", "3", "--trusted-proxy", "127.0.0.1/32")

    def ask(address: str) -> httpx.Response:
        return api.validate("TKT-2025-NOSUCH-TICKET", headers={"X-Forwarded-For": address})

    for _ in range(3):
        refused(ask("198.51.100.7"), 400, "TICKET_NOT_FOUND")
    until_limited(lambda: ask("198.51.100.7"))
    refused(ask("198.51.100.8"), 400, "TICKET_NOT_FOUND")
    # What the caller itself put in front of the proxy's own entry is not believed.
    refused(ask("203.0.113.1, 198.51.100.7"), 429, "RATE_LIMITED")


def test_rate_limit_believes_no_stranger(portal: Portal):
    """too many failed validations from one address: X-Forwarded-For of an untrusted peer changes nothing"""
    _, api = portal.another_gateway("--failed-validations-per-minute", "3")
    for number in range(3):
        refused(api.validate("TKT-2025-NOSUCH-TICKET", headers={"X-Forwarded-For": f"198.51.100.{number}"}), 400, "TICKET_NOT_FOUND")
    until_limited(lambda: api.validate("TKT-2025-NOSUCH-TICKET", headers={"X-Forwarded-For": "198.51.100.99"}))


# | storage cannot write / daemon busy or restarting longer than the deadline | 503 + Retry-After | UNAVAILABLE |
# (storage cannot write: test_bad_days.py)

def test_unavailable_while_the_daemon_is_away(make_portal: Callable[..., Portal]):
    """daemon … restarting longer than the deadline → 503 + Retry-After UNAVAILABLE"""
    portal = make_portal().start("--deadline-seconds", "1")
    ticket, slot = portal.stock.ticket(), portal.stock.slot()
    portal.daemon.kill()
    for ask in (
        lambda: portal.api.create(ticket.id, slot.id), lambda: portal.api.validate(ticket.code), lambda: portal.api.available(),
    ):
        response = ask()
        refused(response, 503, "UNAVAILABLE")
        assert int(response.headers["retry-after"]) >= 1
    assert portal.api.get("/healthz").status_code == 200
    assert portal.api.get("/readyz").status_code == 503
    portal.restart_daemon()
    assert portal.api.get("/readyz").status_code == 200
    # A disk may take longer than this gateway's one second; the key makes asking again one booking.
    eventually("it is booked", lambda: portal.api.create(ticket.id, slot.id, key="after-the-restart").status_code == 200, 30)


# | body too large, wrong method, wrong media type, unknown path | 413 / 405 / 415 / 404 | |

@pytest.mark.parametrize("path", [VALIDATE, VERIFY, CREATE])
def test_body_too_large(api: Api, path: str):
    """body too large → 413"""
    refused(api.post_raw(path, b'{"x":"' + b"a" * 2_000_000 + b'"}'), 413, "PAYLOAD_TOO_LARGE")


def test_body_limit_is_an_option(portal: Portal, stock: Stock):
    """body too large → 413 (--body-limit-bytes)"""
    _, api = portal.another_gateway("--body-limit-bytes", "256")
    accepted(api.validate(stock.ticket().code))
    refused(api.post_raw(VALIDATE, b'{"ticket_code":"' + b"A" * 256 + b'"}'), 413, "PAYLOAD_TOO_LARGE")


@pytest.mark.parametrize(("method", "path", "allowed"), [
    *[(method, path, "POST") for path in (VALIDATE, VERIFY, CREATE) for method in ("GET", "PUT", "DELETE", "PATCH")],
    *[(method, AVAILABLE, "GET") for method in ("POST", "PUT", "DELETE")],
])
def test_wrong_method(api: Api, method: str, path: str, allowed: str):
    """wrong method → 405"""
    response = api.request(method, path)
    refused(response, 405, "METHOD_NOT_ALLOWED")
    assert allowed in response.headers["allow"]


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "application/xml", "multipart/form-data; boundary=x", None])
def test_wrong_media_type(api: Api, kind: str | None):
    """wrong media type → 415"""
    refused(api.post_raw(VALIDATE, b'{"ticket_code":"TKT-2025-ABC123-DEF456"}', kind), 415, "UNSUPPORTED_MEDIA_TYPE")


@pytest.mark.parametrize("kind", ["application/json", "application/json; charset=utf-8", "Application/JSON"])
def test_right_media_type(api: Api, stock: Stock, kind: str):
    """wrong media type → 415, not for the spellings of the right one"""
    accepted(api.post_raw(VALIDATE, f'{{"ticket_code":"{stock.ticket().code}"}}'.encode(), kind))


@pytest.mark.parametrize("path", ["/api", "/api/", "/api/tickets", "/api/tickets/validate/x", "/api/tickets//validate", "/nowhere", "/../etc/passwd"])
def test_unknown_path(api: Api, path: str):
    """unknown path → 404"""
    refused(api.get(path), 404, "NOT_FOUND")


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
