"""An orderly stop: SIGTERM drains, and through the gateway nobody notices but by waiting (DESIGN sections 2 and 4)."""

from __future__ import annotations

import signal
import threading
import time

import pytest

from portal.api import Api, accepted
from portal.conditions import eventually
from portal.rsv import Reply, request
from portal.system import Portal


def creates(portal: Portal, count: int) -> list[dict]:
    slots = portal.stock.slots(4, capacity=10_000)
    return [
        {"orq": 1, "ticket_id": ticket.id, "slot_id": slots[n % 4].id, "customer_email": "john@example.com", "customer_phone": "+12025551234"}
        for n, ticket in enumerate(portal.stock.tickets(count))]


def test_sigterm_answers_what_is_in_flight(own: Portal):
    """Drain: GOAWAY with the last accepted id; what came later is guaranteed not executed; what was accepted is answered; exit 0"""
    bodies = creates(own, 900)
    peer = own.peer("service")
    peer.write(b"".join(request("reservation.create", number, body) for number, body in enumerate(bodies, 1)))
    first = peer.read()
    assert first is not None and first.ok
    own.daemon.signal(signal.SIGTERM)
    frames = [first, *peer.frames_until_closed()]
    assert own.daemon.wait() == 0
    goaways = [frame for frame in frames if frame.kind == "GOAWAY"]
    assert len(goaways) == 1, [frame.kind for frame in frames if frame.kind != "RESPONSE"]
    last = goaways[0].body["last_request_id"]
    answers: dict[int, Reply] = {frame.request_id: frame for frame in frames if frame.kind != "GOAWAY"}
    assert sorted(answers) == list(range(1, last + 1))
    assert all(answer.ok for answer in answers.values()), {answer.status for answer in answers.values()}
    with own.audit() as audit:
        audit.check()
        audit.check_acknowledged(
            (answer.body["reservation_id"], answer.body["ticket_id"], answer.body["slot_id"]) for answer in answers.values())
        assert len(audit.reservations()) == len(answers)
    peer.close()


def test_sigterm_tells_idle_peers(own: Portal):
    """Drain: an idle peer gets GOAWAY and the end; nobody holds the daemon up"""
    peers = [own.peer(role) for role in ("gateway", "service", "admin")]
    silent = own.peer("gateway", greet=False)
    start = time.monotonic()
    assert own.daemon.stop() == 0
    assert time.monotonic() - start < 10
    for peer in peers:
        assert [frame.kind for frame in peer.frames_until_closed()] == ["GOAWAY"]
        peer.close()
    silent.close()


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_an_idle_daemon_ends_at_once(own: Portal, number: int):
    """SIGTERM and Ctrl-C: exit 0"""
    own.stock.close()
    own.gateway.stop()
    own.daemon.signal(number)
    assert own.daemon.wait(10) == 0


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_gateway_ends_at_once(own: Portal, number: int):
    """SIGTERM and Ctrl-C end the gateway with 0, also with callers' idle connections open"""
    api = Api(own.gateway.url)
    accepted(api.available())
    own.gateway.signal(number)
    assert own.gateway.wait(15) == 0
    api.close()


def test_gateway_callers_see_delay_only(own: Portal):
    """daemon … restarting: callers through the gateway see delay, not errors"""
    slots = own.stock.slots(4, capacity=10_000)
    tickets = iter(own.stock.tickets(20_000))
    lock, done = threading.Lock(), threading.Event()
    told: list[tuple[int, int, int]] = []
    failures: list[str] = []

    def book(number: int) -> None:
        api = Api(own.gateway.url)
        try:
            while not done.is_set():
                with lock:
                    ticket = next(tickets)
                response = api.create(ticket.id, slots[number].id)
                if response.status_code == 200:
                    with lock:
                        told.append((response.json()["data"]["reservation_id"], ticket.id, slots[number].id))
                else:
                    failures.append(f"{response.status_code} {response.text[:300]}")
        except Exception as error:  # noqa: BLE001 - whatever ended a caller is the finding
            failures.append(f"{type(error).__name__}: {error}")
        finally:
            api.close()

    threads = [threading.Thread(target=book, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    try:
        for _ in range(10):
            wanted = len(told) + 20
            eventually("bookings go on", lambda wanted=wanted: len(told) > wanted)
            assert own.daemon.stop() == 0
            own.restart_daemon()
    finally:
        done.set()
        for thread in threads:
            thread.join(60)
    assert not failures, (len(failures), failures[:5])
    with own.stopped_audit() as audit:
        audit.check()
        audit.check_acknowledged(told)
        assert len(audit.reservations()) == len(told)


def test_the_wait_ends_with_the_restart(own: Portal):
    """callers … see delay, not errors, as long as the daemon is back within the deadline; and no more delay than its absence"""
    slot, tickets = own.stock.slot(capacity=100), own.stock.tickets(16)
    done: list[tuple[int, float]] = []

    def book(number: int) -> None:
        api = Api(own.gateway.url)
        # Half of them ask something that needs no key to be repeated.
        response = api.create(tickets[number].id, slot.id) if number % 2 else api.available()
        done.append((response.status_code, time.monotonic()))
        api.close()

    own.daemon.kill()
    threads = [threading.Thread(target=book, args=(number,)) for number in range(16)]
    for thread in threads:
        thread.start()
    time.sleep(1)  # the absence that they are to notice
    assert done == []
    own.restart_daemon()
    back = time.monotonic()
    for thread in threads:
        thread.join(30)
    assert [status for status, _ in done] == [200] * 16
    assert max(moment for _, moment in done) - back < 3
    assert own.stock.state(slot)["booked_count"] == 8


def test_the_gateway_waits_for_a_daemon_that_comes_later(own: Portal):
    """the gateway needs no daemon to start, and finds it when it comes"""
    own.daemon.stop()
    gateway, api = own.another_gateway()
    assert api.get("/healthz").status_code == 200
    assert api.get("/readyz").status_code == 503
    own.restart_daemon()
    eventually("/readyz turns", lambda: api.get("/readyz").status_code == 200)
    accepted(api.available())


def test_a_restart_keeps_everything(own: Portal):
    """it survives: the same answers after a restart as before"""
    slot = own.stock.slot(capacity=10, booked=4)
    full = own.stock.slot(capacity=2, booked=2, date=slot.date, start="18:00:00", end="19:00:00")
    closed = own.stock.slot(closed=True)
    tickets = [own.stock.ticket(status) for status in ("ACTIVATED", "PENDING_PAYMENT", "EXPIRED", "VERIFIED", "RESERVED")]

    own.stock.peer.must("organization.set", {
        "orq": 1, "accent_color": "#1a73e8", "logo": "ffd8ff" + "00" * 20_000, "contact_email": "info@example.com",
        "contact_phone": "+12025550100", "website": "https://www.example.com/"})

    def everything() -> list:
        return [
            own.api.available(date=slot.date).json(), own.stock.state(closed), own.stock.state(full),
            [own.stock.shown(ticket) for ticket in tickets], own.stock.peer.must("organization.list"),
            own.stock.peer.must("organization.get", {"orq": 1}), own.stock.peer.must("slots.months", {"orq": 1})]

    before = everything()
    assert own.daemon.stop() == 0
    own.restart_daemon()
    assert everything() == before
