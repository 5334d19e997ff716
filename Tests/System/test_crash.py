"""kill -9 of the daemon at random moments under load, restarted each time (issue, "Bad days"; --kills N, --seed N)."""

from __future__ import annotations

import random
import threading
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass, field

import httpx
import pytest

from portal.api import Api
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

    def __init__(self, portal: Portal, tickets: list[Ticket], slots: list[Slot], hot: Slot, chance: random.Random):
        self.portal, self.slots, self.hot = portal, slots, hot
        self.ledger = Ledger()
        self.done = threading.Event()
        self._tickets = iter(tickets)
        self._lock = threading.Lock()
        self.threads = [
            threading.Thread(target=self._guarded, args=(run, random.Random(chance.random())))
            for run in [self._over_http] * 8 + [self._over_the_socket] * 2 + [self._reading]]

    def start(self) -> None:
        for thread in self.threads:
            thread.start()

    def finish(self) -> None:
        self.done.set()
        for thread in self.threads:
            thread.join(120)
            assert not thread.is_alive(), "a caller is still waiting"

    def _guarded(self, run: Callable[[random.Random], None], chance: random.Random) -> None:
        try:
            run(chance)
        except Exception as error:  # noqa: BLE001 - whatever ended a caller is a finding
            self.ledger.fail(f"{run.__name__}: {type(error).__name__}: {error}")

    def _ticket(self) -> Ticket | None:
        with self._lock:
            return next(self._tickets, None)

    def _slot(self, chance: random.Random) -> Slot:
        return self.hot if chance.random() < 0.2 else chance.choice(self.slots)

    def _over_http(self, chance: random.Random) -> None:
        """Through the gateway one sees delay, never an error."""
        api = Api(self.portal.gateway.url, timeout=90)
        while not self.done.is_set() and (ticket := self._ticket()) is not None:
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
            while len(waiting) < 32 and not self.done.is_set() and (ticket := self._ticket()) is not None:
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


@pytest.fixture
def kills(request: pytest.FixtureRequest) -> int:
    return request.config.option.kills


def stocked(portal: Portal, kills: int) -> tuple[list[Ticket], list[Slot], Slot]:
    stock: Stock = portal.stock
    # More than the machine can book in that time would end the load early and the later kills would hit an idle daemon.
    return stock.tickets(max(5_000, 2_000 * kills)), stock.slots(40, capacity=100_000), stock.slot(capacity=30 * max(kills, 10))


@pytest.mark.timeout(1800)
def test_kill_at_random_moments(make_portal: Callable[..., Portal], kills: int, chance: random.Random, request: pytest.FixtureRequest):
    """kill -9 of the daemon at random moments under load, restarted each time: every acknowledged reservation is there, none twice,
    booked_count equals the live reservations of each slot and never exceeds capacity, every reservation has its outbox row; callers
    through the gateway see delay, not errors, as long as the daemon is back within the deadline"""
    print(f"seed {request.config.option.seed}, {kills} kills")
    # The longest deadline there is: a disk that is busy with something else is not what is tested.
    portal = make_portal().start("--deadline-seconds", "60")
    load = Load(portal, *stocked(portal, kills), chance)
    load.start()
    progress: list[int] = []
    away: list[float] = []
    try:
        for _ in range(kills):
            time.sleep(chance.uniform(0.02, 0.4))  # the random moment, not a wait for anything
            portal.daemon.kill()
            gone = time.monotonic()
            progress.append(len(load.ledger.acknowledged))
            time.sleep(chance.choice([0, 0, chance.uniform(0, 0.3)]))  # systemd, too, takes its time
            if chance.random() < 0.2:
                # It must survive being killed while it starts, too.
                portal.daemon.launch(portal.daemon.command())
                time.sleep(chance.uniform(0, 0.05))
                portal.daemon.kill()
            portal.daemon.start()
            away.append(time.monotonic() - gone)
    finally:
        load.finish()
    print(f"the daemon was away for {max(away):.2f} s at the longest")
    assert portal.gateway.running, f"the gateway has ended, status {portal.gateway.wait()}: {portal.gateway.log()[-3000:]}"
    assert not load.ledger.failures, (
        f"{len(load.ledger.failures)} failures, the first: {load.ledger.failures[:5]}; longest absence {max(away):.2f} s")
    told = load.ledger.acknowledged
    assert len(told) > 20 * kills, f"only {len(told)} bookings between {kills} kills: the load proves little"
    assert load.ledger.full > 0 or len([one for one in told if one[2] == load.hot.id]) > 0
    with portal.stopped_audit() as audit:
        audit.check()
        audit.check_acknowledged(told)
        # Every caller stayed until it knew, so there is nothing that nobody was told of.
        assert len(audit.reservations()) == len(told)
    print(
        f"{len(told)} bookings acknowledged, {load.ledger.replays} replays, {load.ledger.full} refused as full, "
        f"longest wait through the gateway {load.ledger.longest:.2f} s; bookings at the kills: {progress}")


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
