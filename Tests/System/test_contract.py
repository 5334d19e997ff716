"""Every row of the table in DESIGN section 3, in its order. Docstrings quote the row. (The decisions below it: test_contract_decisions.py)"""

from __future__ import annotations

import datetime
import zoneinfo
from collections.abc import Callable

import httpx
import pytest

from portal.api import Api, accepted, creation, problems, refused
from portal.conditions import eventually
from portal.stock import Stock
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
