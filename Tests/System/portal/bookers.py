"""Callers who book one ticket after the other over the socket, each waiting for its answer, until they are told to end."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from .bursts import percentile
from .rsv import Peer
from .stock import Slot, Ticket
from .system import Portal


@dataclass(frozen=True)
class Booked:
    """An acknowledged reservation, and when its caller heard of it."""

    id: int
    ticket_id: int
    slot_id: int
    heard: float
    seconds: float


@dataclass
class Bookers:
    """What they have been told so far."""

    booked: list[Booked] = field(default_factory=list)
    problems: list[object] = field(default_factory=list)

    def before(self, moment: float) -> list[tuple[int, int, int]]:
        return [(one.id, one.ticket_id, one.slot_id) for one in list(self.booked) if one.heard <= moment]

    def waits(self, begin: float, end: float) -> list[float]:
        """How long those waited that were answered in that time."""
        return [one.seconds for one in list(self.booked) if begin <= one.heard <= end]


def told(waits: Sequence[float]) -> str:
    if not waits:
        return "none"
    return f"{len(waits)} bookings, P50 {1e3 * percentile(waits, 0.5):.2f} ms, P99 {1e3 * percentile(waits, 0.99):.2f} ms, " \
        f"worst {1e3 * max(waits):.1f} ms"


@contextmanager
def booking(portal: Portal, tickets: Sequence[Ticket], slots: Sequence[Slot], callers: int = 4, pause: float = 0.002) -> Iterator[Bookers]:
    """Bookings go on inside; each caller pauses after an answer."""
    waiting: queue.SimpleQueue[Ticket] = queue.SimpleQueue()
    for ticket in tickets:
        waiting.put(ticket)
    done, found = threading.Event(), Bookers()

    def book(peer: Peer, number: int) -> None:
        while not done.is_set():
            try:
                ticket = waiting.get_nowait()
            except queue.Empty:
                found.problems.append("more tickets are needed")
                return
            number += 1
            slot = slots[number % len(slots)]
            start = time.monotonic()
            reply = peer.call("reservation.create", {
                "orq": ticket.orq, "ticket_id": ticket.id, "slot_id": slot.id, "customer_email": "load@example.com",
                "customer_phone": "+12025551234"})
            end = time.monotonic()
            if not reply.ok:
                found.problems.append(reply)
                return
            found.booked.append(Booked(reply.body["reservation_id"], ticket.id, slot.id, end, end - start))
            done.wait(pause)

    def run(number: int) -> None:
        try:
            with portal.peer("gateway") as peer:
                book(peer, number)
        except Exception as error:  # noqa: BLE001 - whatever ended a caller is the finding
            found.problems.append(error)

    threads = [threading.Thread(target=run, args=(number,)) for number in range(callers)]
    for thread in threads:
        thread.start()
    try:
        yield found
    finally:
        done.set()
        for thread in threads:
            thread.join(60)
    assert not found.problems, found.problems[:3]
