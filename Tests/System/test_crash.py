"""kill -9 of the daemon at random moments under load, restarted each time (issue, "Bad days"; --kills N, --seed N).

The kills come in rounds of --kills-per-round (200). Each round begins with a fresh database and ends with its audit, so a long run needs no
more memory and disk than a short one. Ten thousand kills, on a memory disk so that it is not the disk that is waited for:

    TMPDIR=/dev/shm pytest -c Tests/System/pytest.ini Tests/System/test_crash.py -k random -s --kills 10000
"""

from __future__ import annotations

import random
import statistics
import threading
import time
import uuid
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
import pytest

from portal.api import Api
from portal.programs import Programs
from portal.rsv import Peer, PeerError, request
from portal.stock import Slot, Stock, Ticket
from portal.system import Portal


@dataclass
class Ledger:
    """What callers were told, gathered from all of their threads."""

    acknowledged: list[tuple[int, int, int]] = field(default_factory=list)
    full: int = 0
    replays: int = 0
    failures: list[str] = field(default_factory=list)
    longest: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def acknowledge(self, reservation: int, ticket: Ticket, slot: Slot, seconds: float = 0.0) -> None:
        with self.lock:
            self.acknowledged.append((reservation, ticket.id, slot.id))
            self.longest = max(self.longest, seconds)

    def fail(self, what: str) -> None:
        with self.lock:
            self.failures.append(what)


class Load:
    """Callers that never give up on a booking they have begun, so that each one's fate is known at the end."""

    def __init__(self, portal: Portal, slots: list[Slot], hot: Slot, chance: random.Random):
        self.portal, self.slots, self.hot = portal, slots, hot
        self.ledger = Ledger()
        self.done = threading.Event()
        self._tickets: deque[Ticket] = deque()
        self._supplied = threading.Condition()
        self.threads = [
            threading.Thread(target=self._guarded, args=(run, random.Random(chance.random())))
            for run in [self._over_http] * 8 + [self._over_the_socket] * 2 + [self._reading]]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def supply(self, least: int) -> None:
        """More tickets where fewer than that are left. The daemon must be up: nobody but the caller of this kills it."""
        if len(self._tickets) < least:
            self.portal.stock.reconnect()
            made = self.portal.stock.tickets(least)
            with self._supplied:
                self._tickets.extend(made)
                self._supplied.notify_all()

    def finish(self) -> None:
        self.done.set()
        with self._supplied:
            self._supplied.notify_all()
        for thread in self.threads:
            thread.join(120)
            assert not thread.is_alive(), "a caller is still waiting"

    def _guarded(self, run: Callable[[random.Random], None], chance: random.Random) -> None:
        try:
            run(chance)
        except Exception as error:  # noqa: BLE001 - whatever ended a caller is a finding
            self.ledger.fail(f"{run.__name__}: {type(error).__name__}: {error}")

    def _ticket(self) -> Ticket | None:
        """None once nothing more is to be begun."""
        with self._supplied:
            self._supplied.wait_for(lambda: self._tickets or self.done.is_set())
            return None if self.done.is_set() else self._tickets.popleft()

    def _slot(self, chance: random.Random) -> Slot:
        return self.hot if chance.random() < 0.2 else chance.choice(self.slots)

    def _over_http(self, chance: random.Random) -> None:
        """Through the gateway one sees delay, never an error."""
        api = Api(self.portal.gateway.url, timeout=90)
        while (ticket := self._ticket()) is not None:
            slot = self._slot(chance)
            key = str(uuid.UUID(int=chance.getrandbits(128))) if chance.random() < 0.8 else None
            start = time.monotonic()
            response = api.create(ticket.id, slot.id, key=key)
            seconds = time.monotonic() - start
            if response.status_code == 200:
                self.ledger.acknowledge(response.json()["data"]["reservation_id"], ticket, slot, seconds)
                if key is not None and chance.random() < 0.2:
                    again = api.create(ticket.id, slot.id, key=key)
                    if again.content != response.content:
                        self.ledger.fail(f"the replay differs: {again.status_code} {again.text[:300]}")
                    self.ledger.replays += 1
            elif response.status_code == 409 and response.json()["error"]["code"] == "SLOT_FULL" and slot is self.hot:
                self.ledger.full += 1
            else:
                self.ledger.fail(f"create through the gateway after {seconds:.3f} s: {response.status_code} {response.text[:300]}")
        api.close()

    def _reading(self, chance: random.Random) -> None:
        with httpx.Client(base_url=self.portal.gateway.url, timeout=90, trust_env=False) as client:
            while not self.done.is_set():
                slot = chance.choice(self.slots)
                response = client.get("/api/reservation-slots/available", params={"date": slot.date})
                if response.status_code != 200:
                    self.ledger.fail(f"available through the gateway: {response.status_code} {response.text[:300]}")
                self.done.wait(0.005)

    def _over_the_socket(self, chance: random.Random) -> None:
        """Pipelined; what has no answer when the daemon dies is asked again with its key."""
        waiting: list[tuple[Ticket, Slot, dict]] = []
        while waiting or not self.done.is_set():
            while len(waiting) < 32 and (ticket := self._ticket()) is not None:
                slot = self._slot(chance)
                waiting.append((ticket, slot, {
                    "orq": 1, "ticket_id": ticket.id, "slot_id": slot.id, "idempotency_key": f"{chance.getrandbits(128):032x}",
                    "customer_email": "raw@example.com", "customer_phone": "+12025550199"}))
            if not waiting:
                return
            try:
                with Peer(self.portal.daemon.socket("service")) as peer:
                    self._converse(peer, waiting)
            except (OSError, PeerError):
                time.sleep(0.005)  # not there just now; there is nothing to wait on but trying again

    def _converse(self, peer: Peer, waiting: list[tuple[Ticket, Slot, dict]]) -> None:
        asked = {peer.next_id(): one for one in waiting}
        peer.write(b"".join(request("reservation.create", number, body) for number, (_, _, body) in asked.items()))
        while asked:
            reply = peer.read()
            if reply is None:
                raise PeerError("closed")
            if reply.request_id not in asked:
                if reply.kind == "GOAWAY":
                    continue
                raise PeerError(reply.status)
            ticket, slot, _ = one = asked.pop(reply.request_id)
            if reply.ok:
                self.ledger.acknowledge(reply.body["reservation_id"], ticket, slot)
                self.ledger.replays += reply.replayed
            elif reply.status == "SLOT_FULL" and slot is self.hot:
                self.ledger.full += 1
            elif reply.status in ("UNAVAILABLE", "OVERLOADED", "OUTCOME_UNKNOWN"):
                continue  # stays in `waiting`
            else:
                self.ledger.fail(f"create over the socket: {reply.status} {reply.body}")
            waiting.remove(one)


# More than the load books between two kills.
TICKETS = 2_000


@dataclass
class Round:
    """What one round of kills has shown."""

    kills: int
    seconds: float = 0.0
    between: list[int] = field(default_factory=list)
    longest_absence: float = 0.0
    ledger: Ledger = field(default_factory=Ledger)

    def __str__(self) -> str:
        ledger = self.ledger
        return (
            f"{self.kills} kills in {self.seconds:.1f} s, {60 * self.kills / self.seconds:.0f} a minute; {len(ledger.acknowledged)} bookings "
            f"acknowledged, {statistics.median(self.between):.0f} between two kills, {ledger.replays} replays, {ledger.full} refused as full; "
            f"daemon away for {self.longest_absence:.2f} s and a caller waiting {ledger.longest:.2f} s at the longest")


def run_round(portal: Portal, kills: int, chance: random.Random) -> Round:
    """Kills the daemon so often under load, lets every caller learn its booking's fate, and looks into the database."""
    # The longest deadline there is: a disk that is busy with something else is not what is tested.
    portal.start("--deadline-seconds", "60")
    stock: Stock = portal.stock
    load = Load(portal, stock.slots(40, capacity=1_000_000), stock.slot(capacity=30 * max(kills, 10)), chance)
    load.supply(TICKETS)
    done = Round(kills, ledger=load.ledger)
    start = time.monotonic()
    load.start()
    try:
        for _ in range(kills):
            before = len(load.ledger.acknowledged)
            # The random moment, not a wait for anything: mostly at once, sometimes after the log has grown.
            time.sleep(min(0.4, chance.expovariate(1 / 0.06)))
            portal.daemon.kill()
            gone = time.monotonic()
            done.between.append(len(load.ledger.acknowledged) - before)
            time.sleep(chance.choice([0, 0, 0, chance.uniform(0, 0.2)]))  # systemd, too, takes its time
            if chance.random() < 0.2:
                # It must survive being killed while it starts, too.
                portal.daemon.launch(portal.daemon.command())
                time.sleep(chance.uniform(0, 0.05))
                portal.daemon.kill()
            portal.daemon.start()
            done.longest_absence = max(done.longest_absence, time.monotonic() - gone)
            load.supply(TICKETS)
    finally:
        load.finish()
    done.seconds = time.monotonic() - start
    assert portal.gateway.running, f"the gateway has ended, status {portal.gateway.wait()}: {portal.gateway.log()[-3000:]}"
    assert not load.ledger.failures, (
        f"{len(load.ledger.failures)} failures, the first: {load.ledger.failures[:5]}; longest absence {done.longest_absence:.2f} s")
    told = load.ledger.acknowledged
    assert len(told) > 20 * kills, f"only {len(told)} bookings between {kills} kills: the load proves little"
    assert any(slot == load.hot.id for _, _, slot in told)
    with portal.stopped_audit() as audit:
        audit.check()
        audit.check_acknowledged(told)
        # Every caller stayed until it knew, so there is nothing that nobody was told of.
        assert len(audit.reservations()) == len(told)
    return done


def test_kill_at_random_moments(programs: Programs, chance: random.Random, request: pytest.FixtureRequest):
    """kill -9 of the daemon at random moments under load, restarted each time: every acknowledged reservation is there, none twice,
    booked_count equals the live reservations of each slot and never exceeds capacity, every reservation has its outbox row; callers
    through the gateway see delay, not errors, as long as the daemon is back within the deadline"""
    kills, most = request.config.option.kills, request.config.option.kills_per_round
    print(f"seed {request.config.option.seed}, {kills} kills")
    seconds, told, left = 0.0, 0, kills
    while left > 0:
        portal = Portal(programs)
        try:
            done = run_round(portal, min(left, most), chance)
        finally:
            portal.discard()
        left -= done.kills
        seconds += done.seconds
        told += len(done.ledger.acknowledged)
        print(done, flush=True)
    print(f"{kills} kills, {60 * kills / seconds:.0f} a minute; {told} bookings acknowledged, each there once")


def test_kill_leaves_nothing_half_done(own: Portal, chance: random.Random):
    """Reservation creation is atomic (all-or-nothing via transaction): killed with hundreds in flight, nobody waiting for them"""
    slots = own.stock.slots(5, capacity=100_000)
    tickets = own.stock.tickets(5000)
    sent = 0
    for _ in range(8):
        peer = own.peer("service")
        batch = tickets[sent:sent + 600]
        sent += len(batch)
        peer.write(b"".join(
            request("reservation.create", number, {
                "orq": 1, "ticket_id": ticket.id, "slot_id": chance.choice(slots).id, "customer_email": "raw@example.com",
                "customer_phone": "+12025550199"})
            for number, ticket in enumerate(batch, 1)))
        for _ in range(chance.randrange(1, 50)):
            assert peer.read() is not None
        own.daemon.kill()
        peer.close()
        own.restart_daemon()
    with own.stopped_audit() as audit:
        audit.check()
        assert 8 <= len(audit.reservations()) <= sent
