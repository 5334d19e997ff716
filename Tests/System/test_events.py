"""events.subscribe: who follows misses nothing and sees nothing twice, whatever happens (spec, sections 20.294 and 23)."""

from __future__ import annotations

import json
import os
import random
import signal
import sqlite3
import subprocess
import sys
import threading
import time
import uuid
from contextlib import closing, suppress
from pathlib import Path

import pytest

from portal.conditions import eventually
from portal.rsv import PeerError
from portal.system import Portal

CLIENT = Path(__file__).resolve().parents[2] / "proto-spec" / "client"
sys.path.insert(0, str(CLIENT))

from rsv_client import Client, TransportError  # noqa: E402

# Writes each event's line whole or not at all, and goes on behind the last whole line it finds.
SUBSCRIBER = """
import json, os, sys
sys.path.insert(0, sys.argv[3])
from rsv_client import follow
path = sys.argv[2]
with open(path, "a+b") as journal:
    journal.seek(0)
    whole = journal.read().rpartition(b"\\n")[0]
    journal.truncate(len(whole) + 1 if whole else 0)
    position = json.loads(whole.rpartition(b"\\n")[2])["position"] if whole else 0
    for event in follow(sys.argv[1], position, connect_timeout=60):
        os.write(journal.fileno(), json.dumps(event).encode() + b"\\n")
"""


class Load(threading.Thread):
    """Bookings, cancellations, moves, check-ins and slots' changes until it is to end; over restarts of the daemon."""

    def __init__(self, portal: Portal, chance: random.Random):
        super().__init__(daemon=True)
        self.portal, self.chance = portal, chance
        self.slots = [slot.id for slot in portal.stock.slots(4, capacity=5_000)] + [portal.stock.slot(capacity=3).id]
        self.ends = threading.Event()
        self.done = 0

    def run(self) -> None:
        while not self.ends.is_set():
            with suppress(PeerError, OSError, AssertionError), self.portal.peer("admin") as peer:
                while not self.ends.is_set():
                    self.round(peer)

    def round(self, peer) -> None:
        order = {"orq": 1, "product_id": 5, "order_id": 456, "status": "ACTIVATED", "count": 16}
        tickets = peer.must("tickets.issue", order)["tickets"]
        replies = peer.call_all([("reservation.create", {
            "orq": 1, "ticket_id": ticket["ticket_id"], "slot_id": self.chance.choice(self.slots), "idempotency_key": uuid.uuid4().hex,
            "customer_email": "guest@example.com", "customer_phone": "+12025550100"}) for ticket in tickets])
        made = [reply.body["reservation_id"] for reply in replies if reply.ok]
        for number in made[:3]:
            peer.call("reservations.cancel", {"reservation_id": number})
        for number in made[3:5]:
            peer.call("reservations.move", {"reservation_id": number, "slot_id": self.slots[0]})
        if made[5:]:
            peer.call("tickets.check_in", {"ticket_id": next(
                ticket["ticket_id"] for ticket, reply in zip(tickets, replies, strict=True)
                if reply.ok and reply.body["reservation_id"] == made[5]), "any_day": True})
        for status in ("CLOSED", "ACTIVE"):
            peer.call("slots.set_state", {"slot_id": self.slots[1], "status": status})
        self.done += 1
        self.ends.wait(0.01)


def journal(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_bytes().splitlines()] if path.exists() else []


def newest(portal: Portal) -> int:
    with Client(portal.daemon.socket("service")) as client:
        return client.call("events.subscribe", {})[1]["position"]


def agree(events: list[dict], database: Path) -> None:
    """What was told is what the reservations and the history tell."""
    assert [event["position"] for event in events] == list(range(1, len(events) + 1))
    with closing(sqlite3.connect(database)) as store:
        booked = store.execute("SELECT id, ticket_id FROM ticket_reservations ORDER BY id").fetchall()
        notes = store.execute(
            "SELECT action, ticket_id, reservation_id, slot_id, previous_slot_id, at FROM history "
            "WHERE action <> 'ORGANIZATION_SET' ORDER BY id").fetchall()
        slots = store.execute("SELECT id FROM reservation_slots ORDER BY id").fetchall()
        states = dict(store.execute("SELECT id, status FROM reservation_slots"))
        assert store.execute("SELECT max(last) FROM events").fetchone() == (len(events),)
    assert [(event["reservation_id"], event["ticket_id"]) for event in events if event["kind"] == "RESERVED"] == booked
    told = [
        (event["kind"], *(event.get(name) for name in ("ticket_id", "reservation_id", "slot_id", "previous_slot_id", "at")))
        for event in events if event["kind"] not in ("RESERVED", "SLOT_FULL", "SLOT_AVAILABLE")]
    assert told == notes
    assert [(event["slot_id"],) for event in events if event["kind"] == "SLOT_CREATED"] == slots
    for slot, state in states.items():
        last = [event["kind"] for event in events if event.get("slot_id") == slot and event["kind"] in ("SLOT_FULL", "SLOT_AVAILABLE")]
        if state != "CLOSED" and last:
            assert last[-1] == {"FULL": "SLOT_FULL", "ACTIVE": "SLOT_AVAILABLE"}[state]


def test_a_subscriber_killed_a_hundred_times_misses_nothing(own: Portal, chance: random.Random, tmp_path: Path):
    """Killed and started again 100 times, under bookings and over kills of the daemon: nothing is missed, nothing comes twice"""
    path = tmp_path / "journal"
    load = Load(own, chance)
    load.start()
    process = None
    try:
        for life in range(100):
            process = subprocess.Popen(
                [sys.executable, "-c", SUBSCRIBER, own.daemon.socket("service"), path, CLIENT], stdin=subprocess.DEVNULL)
            before = len(journal(path)) if life % 10 == 0 else None
            if before is not None:
                # Now and then it gets some way; mostly it is killed wherever it is.
                eventually("it is told something", lambda b=before: len(journal(path)) > b, within=60)
            else:
                time.sleep(chance.uniform(0.0, 0.25))
            process.send_signal(signal.SIGKILL)
            process.wait()
            if life % 20 == 10:
                own.daemon.kill()
                own.restart_daemon()
        load.ends.set()
        load.join(60)
        assert load.done > 20
        last = newest(own)
        process = subprocess.Popen(
            [sys.executable, "-c", SUBSCRIBER, own.daemon.socket("service"), path, CLIENT], stdin=subprocess.DEVNULL)
        eventually("it has caught up", lambda: len(journal(path)) >= last, within=60)
    finally:
        load.ends.set()
        if process is not None:
            process.kill()
            process.wait()
    load.join(60)
    with own.stopped_audit() as audit:
        audit.check()
    agree(journal(path), own.daemon.database)


def test_the_command_line_follows_over_a_restart(own: Portal):
    """`events follow`: text and JSON, from a position, the oldest or now; over a restart of the daemon none is left out"""
    slot = own.stock.slot(capacity=2)
    own.stock.book(slot, own.stock.tickets(2))
    run = own.control.run
    lines = run("events", "follow", "--from", "oldest", "--count", 4).output.splitlines()
    assert [line.split()[2] for line in lines] == ["SLOT_CREATED", "RESERVED", "RESERVED", "SLOT_FULL"]
    lines = run("events", "follow", "--from", 1, "--count", 3, "--json").output.splitlines()
    assert [json.loads(line)["position"] for line in lines] == [2, 3, 4]
    with own.control.begin("events", "follow", "--from", 4, "--count", 12, "--json") as command:
        own.stock.slots(6)
        own.daemon.stop()
        own.restart_daemon()
        own.stock.slots(6)
        output, error = command.communicate(timeout=60)
    assert command.returncode == 0, error
    assert [json.loads(line)["position"] for line in output.splitlines()] == list(range(5, 17))


@pytest.mark.parametrize("origin, word", [(1_000, "earlier state"), ("first", "--from")])
def test_a_position_that_cannot_be_had(own: Portal, origin, word: str):
    """One clear line, and an exit status that a script can act on"""
    ended = own.control.run("events", "follow", "--from", origin)
    assert ended.status in (1, 64) and ended.output == "" and word in ended.error and ended.error.count("\n") == 1


def test_events_go_after_the_days_they_are_kept(own: Portal):
    """Behind a position that is kept no more the answer is EVENTS_TRIMMED with the oldest; the latest of all stays"""
    # One after the other, so that each is a commit of its own.
    for _ in range(20):
        own.stock.slot()
    own.stop()
    with closing(sqlite3.connect(own.daemon.database)) as store, store:
        store.execute("UPDATE events SET at = at - 3 * 86400 WHERE last <= 15")
    own.restart_daemon("--keep-events", "2")
    # An idle daemon forgets once a minute, the first time after the first thing it is asked.
    own.stock.slots(1)
    with Client(own.daemon.socket("service")) as client:
        eventually("they are gone", lambda: client.call("events.subscribe", {"position": 3})[0] == "EVENTS_TRIMMED")
        status, reply, _ = client.call("events.subscribe", {"position": 3})
        assert (status, reply["oldest_position"], reply["newest_position"]) == ("EVENTS_TRIMMED", 15, 21)
        assert client.call("events.subscribe", {"oldest": True})[1]["position"] == 15
        assert [event["position"] for event in client.happened(timeout=10)] == list(range(16, 22))
    ended = own.control.run("events", "follow", "--from", 3)
    assert ended.status == 1 and "behind position 15" in ended.error


def test_one_who_does_not_read_costs_nothing(own: Portal):
    """Nothing but its position is kept for one who does not read; once it reads on, it is told everything"""
    slots = own.stock.slots(20, capacity=10_000)
    with Client(own.daemon.socket("service")) as deaf:
        assert deaf.call("events.subscribe", {})[0] == "OK"
        before = own.daemon.resident_bytes()
        for number in range(400):
            own.stock.peer.call_all(
                [("slots.set_capacity", {"slot_id": slot.id, "total_capacity": 10_001 + number}) for slot in slots])
        assert own.daemon.resident_bytes() - before < 16 << 20
        last, position = newest(own), 20
        while position < last:
            for event in deaf.happened(timeout=30):
                assert event["position"] == position + 1
                position += 1
        assert position == last == 20 + 400 * 20


@pytest.mark.parametrize("role", ["gateway", "service", "admin"])
def test_who_may_follow(portal: Portal, role: str):
    """Role service: events name tickets, and whoever knows a ticket's number may reserve it"""
    with Client(portal.daemon.socket(role)) as client:
        assert client.call("events.subscribe", {})[0] == ("OPERATION_NOT_PERMITTED" if role == "gateway" else "OK")


def test_no_events_after_goaway(own: Portal):
    """After GOAWAY there are no more EVENTs, and a subscriber holds no daemon up"""
    with Client(own.daemon.socket("service")) as client:
        assert client.call("events.subscribe", {})[0] == "OK"
        start = time.monotonic()
        assert own.daemon.stop() == 0
        assert time.monotonic() - start < 10
        with pytest.raises(TransportError):
            client.happened(timeout=5)
        assert client.goaway is not None
