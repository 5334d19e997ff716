"""slots.watch: who watches knows each slot's latest state, whatever happens (spec, section 20.8)."""

from __future__ import annotations

import random
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from portal.conditions import eventually
from portal.system import Portal

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "proto-spec" / "client"))

from rsv_client import Client, TransportError  # noqa: E402


class Watcher(threading.Thread):
    """Keeps a picture of all slots as spec, section 20.8, tells it: watch, then read, then take in every event; after a lost connection anew."""

    def __init__(self, portal: Portal, encoding: str):
        super().__init__(daemon=True)
        self.portal, self.encoding = portal, encoding
        self.slots: dict[int, dict] = {}
        self.beginnings = 0
        self.ends = threading.Event()
        self.client: Client | None = None

    def run(self) -> None:
        while not self.ends.is_set():
            with suppress(TransportError, OSError):
                self.follow()

    def follow(self) -> None:
        with Client(self.portal.daemon.socket("admin"), encoding=self.encoding) as client:
            status, _, _ = client.call("slots.watch", {})
            assert status == "OK", status
            picture = every_slot(client)
            self.slots = picture
            self.beginnings += 1
            while not self.ends.is_set():
                try:
                    event = client.event(timeout=0.2)
                except TransportError as error:
                    if "in time" in str(error):
                        continue
                    raise
                assert 1 <= len(event["slots"]) <= 500
                for slot in event["slots"]:
                    picture[slot["slot_id"]] = slot


def every_slot(client: Client) -> dict[int, dict]:
    slots: dict[int, dict] = {}
    after = 0
    while True:
        status, page, _ = client.call("slots.list", {"after_slot_id": after} if after else {})
        assert status == "OK", page
        slots |= {slot["slot_id"]: slot for slot in page.get("slots", [])}
        if not page["more"]:
            return slots
        after = max(slots)


@contextmanager
def watching(portal: Portal) -> Iterator[list[Watcher]]:
    watchers = [Watcher(portal, encoding) for encoding in ("tlv", "json")]
    for watcher in watchers:
        watcher.start()
    eventually("all have begun", lambda: all(watcher.beginnings for watcher in watchers))
    try:
        yield watchers
    finally:
        for watcher in watchers:
            watcher.ends.set()
            watcher.join()


def agree(portal: Portal, watchers: list[Watcher]) -> None:
    with Client(portal.daemon.socket("admin")) as client:
        truth = every_slot(client)
    for watcher in watchers:
        eventually(f"the {watcher.encoding} watcher knows what is", lambda w=watcher: w.slots == truth)


def set_state(portal: Portal, slot_id: int, status: str) -> None:
    portal.stock.peer.must("slots.set_state", {"slot_id": slot_id, "status": status})


def test_another_bookings_arrive(own: Portal):
    """bookings, closing, opening, capacities and new slots of others are told"""
    slot = own.stock.slot(capacity=5)
    with watching(own) as watchers:
        own.stock.book(slot, own.stock.tickets(3))
        eventually("three places are taken", lambda: all(w.slots[slot.id]["booked_count"] == 3 for w in watchers))
        set_state(own, slot.id, "CLOSED")
        eventually("it is closed", lambda: all(w.slots[slot.id]["status"] == "CLOSED" for w in watchers))
        set_state(own, slot.id, "ACTIVE")
        own.stock.peer.must("slots.set_capacity", {"slot_id": slot.id, "total_capacity": 3})
        eventually("it is full", lambda: all(w.slots[slot.id]["status"] == "FULL" for w in watchers))
        new = own.stock.slot(capacity=2)
        eventually("the new one is there", lambda: all(new.id in w.slots for w in watchers))
        agree(own, watchers)


def test_a_thousand_slots_at_once(own: Portal):
    """at most 500 slots an event; none is left out"""
    with watching(own) as watchers:
        made = own.control.run(
            "slots", "generate", "--orq", 1, "--from", "2030-01-01", "--to", "2030-12-31", "--weekdays", "mon,tue,wed,thu,fri,sat,sun",
            "--times", "10:00-11:00,11:00-12:00,12:00-13:00", "--capacity", 5)
        assert made.status == 0, made
        agree(own, watchers)
        assert all(len(watcher.slots) >= 1095 for watcher in watchers)


def test_the_picture_is_right_after_kills(own: Portal, chance: random.Random):
    """whatever is committed after the RESPONSE is told; a connection that ends may have missed something: over kills and restarts the
    picture of one who keeps to the spec is the ledger's"""
    slots = own.stock.slots(6, capacity=1000)
    with watching(own) as watchers:
        for _ in range(3):
            for ticket in own.stock.tickets(60):
                if chance.randrange(10) == 0:
                    set_state(own, chance.choice(slots).id, chance.choice(["CLOSED", "ACTIVE"]))
                # A closed slot refuses, which is all right.
                with suppress(AssertionError):
                    own.stock.book(chance.choice(slots), [ticket])
            before = [watcher.beginnings for watcher in watchers]
            own.daemon.kill()
            own.restart_daemon()
            eventually("all watch again", lambda b=before: all(w.beginnings > n for w, n in zip(watchers, b, strict=True)))
        agree(own, watchers)


def test_one_who_does_not_read_costs_nothing(own: Portal):
    """EVENTs for one who does not read wait as changes to be told, not as frames; nobody else waits"""
    slots = own.stock.slots(50, capacity=10_000)
    with own.peer("admin") as deaf:
        deaf.must("slots.watch")
        before = own.daemon.resident_bytes()
        with watching(own) as watchers:
            start = time.monotonic()
            for number in range(40):
                for slot in slots[:25]:
                    own.stock.peer.must("slots.set_capacity", {"slot_id": slot.id, "total_capacity": 10_000 + number})
            assert time.monotonic() - start < 30
            agree(own, watchers)
        assert own.daemon.resident_bytes() - before < 8 << 20


@pytest.mark.parametrize("role", ["gateway", "service", "admin"])
def test_every_role_may_watch(portal: Portal, role: str):
    """role gateway: free places are public"""
    with Client(portal.daemon.socket(role)) as client:
        assert client.call("slots.watch", {})[0] == "OK"
        # A second one changes the id, and is answered as the first.
        assert client.call("slots.watch", {})[0] == "OK"


def test_no_events_after_goaway(own: Portal):
    """after GOAWAY there are no more EVENTs, and a watcher holds no daemon up"""
    with Client(own.daemon.socket("gateway")) as client:
        assert client.call("slots.watch", {})[0] == "OK"
        start = time.monotonic()
        assert own.daemon.stop() == 0
        assert time.monotonic() - start < 10
        with pytest.raises(TransportError):
            client.event(timeout=5)
        assert client.goaway is not None
