"""Visitors who book without a pause, and write down what they were told."""

from __future__ import annotations

import http.client
import json
import threading
import time
import uuid
from collections.abc import Iterator

from machine import PATIENCE, control, eventually

ADDRESS = ("127.0.0.1", 8080)
# Between two bookings of one visitor: the machine has other things to do than to be loaded.
PAUSE = 0.004


class Visitor:
    """One browser: a connection that is kept, or a new one for each request."""

    def __init__(self, keeps: bool):
        self.keeps = keeps
        self.connection: http.client.HTTPConnection | None = None
        self.is_used = False
        self.reconnects = 0

    def ask(self, method: str, path: str, body: dict | None = None, key: str | None = None) -> tuple[int, dict]:
        """A kept connection that was closed before anything of an answer came is replaced, as browsers do (RFC 9112, section 9.3.1). On a
        new one that is a failure."""
        while True:
            if self.connection is None:
                self.connection, self.is_used = http.client.HTTPConnection(*ADDRESS, timeout=60), False
            try:
                return self._ask(self.connection, method, path, body, key)
            except (http.client.RemoteDisconnected, ConnectionError):
                self.close()
                if not self.is_used:
                    raise
                self.reconnects += 1

    def _ask(self, connection: http.client.HTTPConnection, method, path, body, key) -> tuple[int, dict]:
        headers = {"Content-Type": "application/json"} | ({"Idempotency-Key": key} if key else {})
        if not self.keeps:
            headers["Connection"] = "close"
        connection.request(method, path, json.dumps(body) if body is not None else None, headers)
        response = connection.getresponse()
        content = response.read()
        self.is_used = True
        if response.will_close:
            self.close()
        return response.status, json.loads(content)

    def close(self) -> None:
        if self.connection is not None:
            self.connection.close()
            self.connection = None


def text_of(path: str, port: int) -> tuple[int, str]:
    connection = http.client.HTTPConnection(ADDRESS[0], port, timeout=60)
    try:
        connection.request("GET", path)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


def booking(ticket: int, slot: int) -> dict:
    return {"ticket_id": ticket, "slot_id": slot, "customer_email": "john@example.com", "customer_phone": "+12025551234"}


class Stock:
    """Tickets and slots of organisation 1, made by the operator's command line."""

    def __init__(self) -> None:
        self.slots: list[int] = []
        self._tickets: list[dict] = []
        self._lock = threading.Lock()

    def open_venue(self) -> None:
        control("organization", "add", 1, "--name", "Museum", "--time-zone", "Europe/Berlin")
        day = time.strftime("%Y-%m-%d", time.gmtime(time.time() + 7 * 86_400))
        control("slots", "generate", "--orq", 1, "--from", day, "--to", day, "--times", "10:00-12:00,12:00-14:00", "--capacity", 1_000_000)
        self.slots = [slot["slot_id"] for slot in control("slots", "list", "--orq", 1)["slots"]]

    def supply(self, count: int) -> None:
        issued = control("tickets", "issue", "--orq", 1, "--product", 5, "--order", 456, "--count", count)["tickets"]
        with self._lock:
            self._tickets += issued

    @property
    def left(self) -> int:
        with self._lock:
            return len(self._tickets)

    def ticket(self) -> dict:
        with self._lock:
            return self._tickets.pop()


class Load:
    """Bookings over HTTP, by visitors who keep their connection and by some who do not. Each one's fate is known at the end."""

    def __init__(self, stock: Stock):
        self.stock = stock
        self.acknowledged: list[tuple[int, int, int]] = []
        self.failures: list[str] = []
        self.longest = 0.0
        self._lock = threading.Lock()
        self._done = threading.Event()
        self.visitors = [Visitor(keeps=number % 2 == 0) for number in range(6)]
        self._threads = [threading.Thread(target=self._guarded, args=(visitor, n)) for n, visitor in enumerate(self.visitors)]

    def __enter__(self) -> Load:
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_) -> None:
        self._done.set()
        for thread in self._threads:
            thread.join(120)

    def _guarded(self, visitor: Visitor, number: int) -> None:
        try:
            for _ in self._turns():
                self._book(visitor, self.stock.slots[number % 2])
        except Exception as error:  # noqa: BLE001 - whatever ended a visitor is the finding
            self.failures.append(f"{'kept' if visitor.keeps else 'new'} connection: {type(error).__name__}: {error}")
        finally:
            visitor.close()

    def _turns(self) -> Iterator[None]:
        while not self._done.is_set():
            yield
            self._done.wait(PAUSE)

    def _book(self, visitor: Visitor, slot: int) -> None:
        ticket = self.stock.ticket()["ticket_id"]
        began = time.monotonic()
        # A visitor who has to ask again has the same intention.
        status, reply = visitor.ask("POST", "/api/reservations/create", booking(ticket, slot), key=str(uuid.uuid4()))
        seconds = time.monotonic() - began
        with self._lock:
            self.longest = max(self.longest, seconds)
            if status == 200:
                self.acknowledged.append((reply["data"]["reservation_id"], ticket, slot))
            else:
                self.failures.append(f"{status} after {seconds:.3f} s: {json.dumps(reply)[:300]}")

    def goes_on(self, count: int = 12) -> None:
        """Returns when so many more bookings have been made, by whomever; at once when something failed."""
        wanted = len(self.acknowledged) + count
        eventually("bookings go on", lambda: len(self.acknowledged) >= wanted or self.failures, PATIENCE)
        if self.stock.left < 6000 and not self.failures:
            self.stock.supply(10_000)

    def report(self) -> dict:
        return {
            "bookings": len(self.acknowledged), "failures": self.failures[:10], "longest_s": round(self.longest, 3),
            "reconnects": sum(visitor.reconnects for visitor in self.visitors)}
