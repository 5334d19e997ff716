"""The OpenAPI document served at /openapi.yaml states this product's real behaviour. (Every other test holds its replies against it too.)"""

from __future__ import annotations

from collections.abc import Callable

import pytest
import yaml
from openapi_spec_validator import validate

from portal.api import Api, creation
from portal.contract import Contract
from portal.stock import Stock
from portal.system import Portal


@pytest.fixture(scope="module")
def document(api: Api) -> dict:
    response = api.get("/openapi.yaml")
    assert response.status_code == 200
    assert "yaml" in response.headers["content-type"]
    return yaml.safe_load(response.text)


def test_the_document_is_valid(document: dict):
    """/openapi.yaml valid per openapi-spec-validator"""
    validate(document)
    assert document["openapi"].startswith("3.0")


def test_it_names_the_contract(document: dict):
    """the card's three endpoints and GET /api/reservation-slots/available"""
    expected = {
        ("/api/tickets/validate", "post"), ("/api/tickets/verify-contact", "post"), ("/api/reservations/create", "post"),
        ("/api/reservation-slots/available", "get")}
    there = {(path, method) for path, item in document["paths"].items() for method in item if method in ("get", "post", "put", "delete")}
    assert expected <= there, expected - there


def test_every_documented_path_answers(api: Api, document: dict, stock: Stock):
    """every documented path answers; replies match their schemas"""
    bodies = {
        "/api/tickets/validate": {"ticket_code": stock.ticket().code},
        "/api/tickets/verify-contact": {"ticket_id": 1, "email": "john@example.com", "phone": "+12025551234"},
        "/api/reservations/create": creation(stock.ticket().id, stock.slot().id),
    }
    for path, item in document["paths"].items():
        for method in item:
            if method not in ("get", "post", "put", "delete", "patch"):
                continue
            if path == "/api/reservation-slots/events":  # has no end, and its own tests
                continue
            response = api.request(method.upper(), path, **({"json": bodies[path]} if method == "post" else {}))
            assert response.status_code == 200, (method, path, response.text)


def replies(api: Api, stock: Stock) -> list[tuple[str, str, int, object]]:
    """One of each kind of reply: method, path, expected status, reply."""
    reserved, full, closed = stock.ticket("RESERVED"), stock.slot(capacity=1, booked=1), stock.slot(closed=True)
    other = stock.organization()
    validate_, verify, create = "/api/tickets/validate", "/api/tickets/verify-contact", "/api/reservations/create"
    ticket = stock.ticket()
    once = "openapi-" + ticket.code
    return [
        ("POST", validate_, 200, api.validate(stock.ticket().code)), ("POST", validate_, 400, api.validate("x")),
        ("POST", validate_, 400, api.validate("TKT-2025-NOSUCH-TICKET")), ("POST", validate_, 409, api.validate(reserved.code)),
        ("POST", validate_, 415, api.post_raw(validate_, b"{}", "text/plain")), ("POST", validate_, 413, api.post_raw(validate_, b" " * 3_000_000)),
        ("POST", verify, 200, api.verify(1)), ("POST", verify, 400, api.verify(1, email="x")), ("POST", verify, 404, api.verify(1, code="TKT-2025-NOSUCH-TICKET")),
        ("POST", create, 200, api.create(ticket.id, stock.slot().id, key=once)), ("POST", create, 400, api.create(1, 1, email="x")),
        ("POST", create, 403, api.create(stock.ticket().id, stock.slot(orq=other).id)), ("POST", create, 404, api.create(1, 2**53 - 1)),
        ("POST", create, 409, api.create(stock.ticket().id, full.id)), ("POST", create, 409, api.create(stock.ticket().id, closed.id)),
        ("POST", create, 409, api.create(reserved.id, full.id)), ("POST", create, 422, api.create(stock.ticket().id, full.id, key=once)),
        ("GET", "/api/reservation-slots/available", 200, api.available(date=full.date)),
        ("GET", "/api/reservation-slots/available", 400, api.available(month="13")),
    ]


def test_every_kind_of_reply_is_documented(api: Api, stock: Stock, document: dict):
    """replies match their schemas, refusals included"""
    contract = Contract(yaml.safe_dump(document))
    for method, path, status, response in replies(api, stock):
        assert response.status_code == status, (method, path, response.text)
        promised = contract.resolve(document["paths"][path][method.lower()]["responses"][str(status)])
        schema = promised["content"]["application/json"]["schema"]
        contract.check_value(response.json(), schema, f"{method} {path} {status}")


def test_every_documented_error_code_is_of_the_registry(document: dict):
    """One registry … names … statuses and their HTTP mapping"""
    from portal.rsv import REGISTRY

    known = {status.get("public", status["name"]) for status in REGISTRY["statuses"]} | {one["name"] for one in REGISTRY["http_only"]}

    def enums(node: object) -> list[str]:
        if isinstance(node, dict):
            own = [value for value in node.get("enum", []) if isinstance(value, str)] if "code" in str(node.get("description", "")).lower() else []
            return own + [found for value in node.values() for found in enums(value)]
        return [found for item in node for found in enums(item)] if isinstance(node, list) else []

    codes = {code for code in enums(document) if "_" in code}
    assert codes <= known, codes - known


def test_unavailability_is_documented(make_portal: Callable[..., Portal]):
    """503 and its Retry-After are in the document for every operation that needs the daemon"""
    portal = make_portal().start("--deadline-seconds", "1")
    api = portal.api
    portal.daemon.kill()
    for path in ("/api/tickets/validate", "/api/tickets/verify-contact", "/api/reservations/create", "/api/reservation-slots/available"):
        operation = next(iter(api.contract.paths[path].values()))
        assert "Retry-After" in api.contract.resolve(operation["responses"]["503"]).get("headers", {}), path
    assert api.validate("TKT-2025-ABC123-DEF456").status_code == 503
