"""The public contract over HTTP, one method an endpoint. Every reply is held against the OpenAPI document the gateway serves."""

from __future__ import annotations


import httpx

from .contract import Contract

EMAIL = "john@example.com"
PHONE = "+12025551234"


class Api:
    def __init__(self, url: str, contract: Contract | None = None, timeout: float = 40.0):
        self.contract = contract
        # No proxy of this machine's environment stands between a test and a loopback port.
        self.client = httpx.Client(base_url=url, timeout=timeout, trust_env=False)

    def close(self) -> None:
        self.client.close()

    def request(self, method: str, path: str, **options) -> httpx.Response:
        response = self.client.request(method, path, **options)
        if self.contract is not None:
            self.contract.check(response)
        return response

    def get(self, path: str, **options) -> httpx.Response:
        return self.request("GET", path, **options)

    def post(self, path: str, **options) -> httpx.Response:
        return self.request("POST", path, **options)

    def post_raw(self, path: str, body: bytes, content_type: str | None = "application/json") -> httpx.Response:
        headers = {"Content-Type": content_type} if content_type is not None else {}
        return self.post(path, content=body, headers=headers)

    def validate(self, code: object, **options) -> httpx.Response:
        return self.post("/api/tickets/validate", json={"ticket_code": code}, **options)

    def verify(self, ticket_id: object, email: object = EMAIL, phone: object = PHONE, code: str | None = None, **options) -> httpx.Response:
        body = {"ticket_id": ticket_id, "email": email, "phone": phone}
        return self.post("/api/tickets/verify-contact", json=body | ({"ticket_code": code} if code else {}), **options)

    def create(
        self, ticket_id: object, slot_id: object, email: object = EMAIL, phone: object = PHONE, code: str | None = None,
        key: str | None = None, **options,
    ) -> httpx.Response:
        headers = {"Idempotency-Key": key} if key is not None else {}
        headers |= options.pop("headers", {})
        return self.post("/api/reservations/create", json=creation(ticket_id, slot_id, email, phone, code), headers=headers, **options)

    def available(self, **query: str | int) -> httpx.Response:
        return self.get("/api/reservation-slots/available", params=query)

    def slot(self, slot: object) -> dict:
        """The calendar's entry for a slot that is in it."""
        entries = self.available(date=slot.date).json()["data"]
        return next(entry for entry in entries if entry["id"] == slot.id)


def creation(ticket_id: object, slot_id: object, email: object = EMAIL, phone: object = PHONE, code: str | None = None) -> dict:
    body = {"ticket_id": ticket_id, "slot_id": slot_id, "customer_email": email, "customer_phone": phone}
    return body | ({"ticket_code": code} if code else {})


def refused(response: httpx.Response, status: int, code: str) -> dict:
    """Holds a reply against the form of every failure and returns its `error`."""
    assert (response.status_code, response.json().get("error", {}).get("code")) == (status, code), response.text
    body = response.json()
    assert body["success"] is False
    assert set(body) == {"success", "error"}
    assert isinstance(body["error"]["message"], str) and body["error"]["message"], body
    assert response.headers["content-type"].startswith("application/json")
    return body["error"]


def accepted(response: httpx.Response) -> dict:
    """Holds a reply against the form of success with data and returns its `data`."""
    assert response.status_code == 200, response.text
    body = response.json()
    assert body["success"] is True
    assert response.headers["content-type"].startswith("application/json")
    return body["data"]


def problems(error: dict) -> dict[str, str]:
    """`validation_errors` by field."""
    entries = error["validation_errors"]
    assert entries, error
    for entry in entries:
        assert set(entry) == {"field", "message"} and entry["field"] and entry["message"], entry
    return {entry["field"]: entry["message"] for entry in entries}


__all__ = ["Api", "EMAIL", "PHONE", "accepted", "creation", "problems", "refused"]
