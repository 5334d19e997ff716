"""Somebody who must not notice what others do to the programs."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import httpx

from .bursts import percentile
from .conditions import eventually
from .system import Portal


@contextmanager
def witness(portal: Portal) -> Iterator[None]:
    """Somebody else, on the socket and over HTTP, who must be answered at once all the while."""
    ticket = portal.stock.ticket()
    slot = portal.stock.slot(capacity=100_000)
    done, waits, failures, served = threading.Event(), [], [], set()

    def over_the_socket() -> None:
        with portal.peer("service") as peer:
            while not done.is_set():
                start = time.monotonic()
                reply = peer.call("ticket.validate", {"orq": 1, "ticket_code": ticket.code})
                waits.append(time.monotonic() - start)
                served.add("socket")
                if not reply.ok:
                    failures.append(reply)
                done.wait(0.01)

    def over_http() -> None:
        with httpx.Client(base_url=portal.gateway.url, timeout=30, trust_env=False) as client:
            while not done.is_set():
                start = time.monotonic()
                response = client.get("/api/reservation-slots/available", params={"date": slot.date})
                waits.append(time.monotonic() - start)
                served.add("HTTP")
                if response.status_code != 200:
                    failures.append(response.text)
                done.wait(0.01)

    def watched(run: Callable[[], None]) -> Callable[[], None]:
        def guarded() -> None:
            try:
                run()
            except Exception as error:  # noqa: BLE001 - whatever ended the witness is the finding
                failures.append(error)
        return guarded

    threads = [threading.Thread(target=watched(run)) for run in (over_the_socket, over_http)]
    for thread in threads:
        thread.start()
    try:
        # Both have been served once before anybody misbehaves.
        eventually("the witnesses are served", lambda: len(served) == 2 or failures)
        yield
    finally:
        done.set()
        for thread in threads:
            thread.join(60)
    assert not failures, failures[:3]
    assert percentile(waits, 0.95) < 1.0, f"others waited: P95 {percentile(waits, 0.95):.3f} s, worst {max(waits):.3f} s"
