"""Organisations, tickets and slots for a test, made over the admin socket. Each call gives something no other test has."""

from __future__ import annotations

import datetime
import uuid
from dataclasses import dataclass

from .rsv import Peer


@dataclass(frozen=True)
class Ticket:
    id: int
    code: str
    product_id: int
    order_id: int
    orq: int


@dataclass(frozen=True)
class Slot:
    id: int
    date: str
    start_time: str
    end_time: str
    capacity: int
    orq: int


class Stock:
    def __init__(self, connect):
        self._connect = connect
        self._peer: Peer | None = None
        # Far enough from the session's other slots that nothing is its neighbour by a day.
        self._day = datetime.date.today() + datetime.timedelta(days=3)
        self._last_orq = 1

    @property
    def peer(self) -> Peer:
        if self._peer is None:
            self._peer = self._connect("admin")
        return self._peer

    def reconnect(self) -> None:
        """After the daemon was restarted."""
        if self._peer is not None:
            self._peer.close()
        self._peer = None

    close = reconnect

    def organization(self, time_zone: str = "Europe/Berlin", orq: int | None = None, allow_started: bool = False) -> int:
        if orq is None:
            self._last_orq += 1
            orq = self._last_orq
        self.peer.must("organization.add", {
            "orq": orq, "time_zone": time_zone, "name": f"Venue {orq}", "allow_started": allow_started})
        return orq

    def fresh_date(self) -> str:
        """A date to come, with no slot on it nor on the days around it."""
        self._day += datetime.timedelta(days=3)
        return self._day.isoformat()

    def slot(
        self, capacity: int = 10, booked: int = 0, date: str | None = None, start: str = "12:00:00", end: str = "14:00:00",
        orq: int = 1, closed: bool = False,
    ) -> Slot:
        date = date or self.fresh_date()
        made = self.peer.must("slots.create", {
            "orq": orq, "date": date, "start_time": start, "end_time": end, "total_capacity": capacity})["slots"][0]
        slot = Slot(made["slot_id"], date, start, end, capacity, orq)
        if booked:
            self.book(slot, self.tickets(booked, orq=orq))
        if closed:
            self.peer.must("slots.set_state", {"slot_id": slot.id, "status": "CLOSED"})
        return slot

    def slots(self, count: int, capacity: int = 10, orq: int = 1) -> list[Slot]:
        """Many slots, up to a hundred a day."""
        made: list[Slot] = []
        while len(made) < count:
            date = self.fresh_date()
            starts = [f"{8 + n // 10:02}:{n % 10 * 6:02}:00" for n in range(min(100, count - len(made)))]
            replies = self.peer.call_all([
                ("slots.create", {"orq": orq, "date": date, "start_time": start, "end_time": "23:00:00", "total_capacity": capacity})
                for start in starts])
            for start, reply in zip(starts, replies, strict=True):
                assert reply.ok, reply
                made.append(Slot(reply.body["slots"][0]["slot_id"], date, start, "23:00:00", capacity, orq))
        return made

    def tickets(self, count: int, status: str = "ACTIVATED", orq: int = 1, product: int = 5, order: int = 456) -> list[Ticket]:
        made: list[Ticket] = []
        while len(made) < count:
            body = {"orq": orq, "product_id": product, "order_id": order, "status": status, "count": min(1000, count - len(made))}
            made += [
                Ticket(one["ticket_id"], one["ticket_code"], one["product_id"], one["order_id"], orq)
                for one in self.peer.must("tickets.issue", body)["tickets"]]
        return made

    def ticket(self, status: str = "ACTIVATED", **options) -> Ticket:
        """A RESERVED one has its reservation, in a slot of its own."""
        if status == "RESERVED":
            ticket = self.ticket(**options)
            self.book(self.slot(orq=ticket.orq), [ticket])
            return ticket
        return self.tickets(1, status, **options)[0]

    def known_ticket(self, code: str, ticket_id: int | None = None, status: str = "ACTIVATED", orq: int = 1) -> Ticket:
        body = {"orq": orq, "ticket_code": code, "product_id": 5, "order_id": 456, "status": status, "count": 1}
        made = self.peer.must("tickets.issue", body | ({"ticket_id": ticket_id} if ticket_id is not None else {}))["tickets"][0]
        return Ticket(made["ticket_id"], made["ticket_code"], 5, 456, orq)

    def book(self, slot: Slot, tickets: list[Ticket]) -> None:
        for start in range(0, len(tickets), 500):
            replies = self.peer.call_all([
                ("reservation.create", {
                    "orq": ticket.orq, "ticket_id": ticket.id, "slot_id": slot.id, "idempotency_key": uuid.uuid4().hex,
                    "customer_email": "guest@example.com", "customer_phone": "+12025550100"})
                for ticket in tickets[start:start + 500]])
            for reply in replies:
                assert reply.ok, (reply.status, reply.body)

    def state(self, slot: Slot) -> dict:
        """What the daemon holds of a slot, closed or not."""
        body = {"orq": slot.orq, "date_from": slot.date, "date_to": slot.date}
        return next(one for one in self.peer.must("slots.list", body)["slots"] if one["slot_id"] == slot.id)

    def shown(self, ticket: Ticket) -> dict:
        return self.peer.must("tickets.show", {"ticket_id": ticket.id})["tickets"][0]

    def status(self) -> dict:
        return self.peer.must("daemon.status")
