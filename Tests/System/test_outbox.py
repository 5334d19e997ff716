"""The outbox over the sockets: what mailers lease and report, over restarts, and what operators do with it (proto-spec, section 21)."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable

import pytest

from portal.api import accepted, refused
from portal.conditions import eventually
from portal.programs import Control
from portal.rsv import Peer, request
from portal.system import Portal


def lease(mailer: Peer, limit: int = 64, lease_ms: int = 60_000, wait_ms: int = 0) -> list[dict]:
    return mailer.must("outbox.lease", {"limit": limit, "lease_ms": lease_ms, "wait_ms": wait_ms}).get("deliveries", [])


def report(mailer: Peer, verb: str, delivery: dict, **more) -> str:
    body = {"outbox_id": delivery["outbox_id"], "lease_id": delivery["lease_id"], **more}
    return mailer.call(f"outbox.{verb}", body).status


def book(portal: Portal, count: int = 1, **options) -> list[dict]:
    slot = portal.stock.slot(capacity=count)
    return [accepted(portal.api.create(ticket.id, slot.id, **options)) for ticket in portal.stock.tickets(count)]


def test_a_booking_reaches_the_mailer_that_waits_and_is_reported(own: Portal):
    """Confirmations: a lease answers as soon as something is due, and holds all that the message says"""
    own.stock.peer.must("organization.set", {"orq": 1, "contact_email": "visit@example.com", "accent_color": "#1a73e8"})
    mailer = own.peer("service")
    mailer.write(request("outbox.lease", mailer.next_id(), {"limit": 64, "lease_ms": 60_000, "wait_ms": 30_000}))
    slot, ticket = own.stock.slot(), own.stock.ticket()
    start = time.monotonic()
    created = accepted(own.api.create(ticket.id, slot.id, email="ann@example.com", phone="+4930123456"))
    answer = mailer.read()
    assert time.monotonic() - start < 5 and answer is not None and answer.ok
    (delivery,) = answer.body["deliveries"]
    assert delivery["reservation_id"] == created["reservation_id"] and delivery["ticket_code"] == ticket.code
    assert (delivery["customer_email"], delivery["customer_phone"]) == ("ann@example.com", "+4930123456")
    assert (delivery["slot"]["date"], delivery["slot"]["start_time"]) == (slot.date, slot.start_time)
    assert delivery["ends_at"] - delivery["slot"]["starts_at"] == 2 * 3600
    assert (delivery["attempt"], delivery["kind"], delivery["language"]) == (1, "email", "en")
    assert delivery["organization"] == {
        "orq": 1, "time_zone": "Europe/Berlin", "name": "Venue 1", "accent_color": "#1a73e8", "contact_email": "visit@example.com"}
    assert report(mailer, "done", delivery, provider_id="abc") == "OK"
    assert report(mailer, "done", delivery, provider_id="abc") == "OK", "a report may be repeated"
    status = own.stock.status()
    assert (status["outbox_pending_count"], status["outbox_sent_count"], status["outbox_failed_count"]) == (0, 1, 0)
    assert "outbox_oldest_s" not in status
    assert lease(mailer) == []
    mailer.close()


def test_the_language_of_the_booking_is_kept(own: Portal):
    """Confirmations: in the language of the booking"""
    slot = own.stock.slot(capacity=5)
    for language in ("de", "es", "fr", "en"):
        body = {
            "ticket_id": own.stock.ticket().id, "slot_id": slot.id, "customer_email": "a@example.com", "customer_phone": "+12025551234",
            "language": language}
        accepted(own.api.post("/api/reservations/create", json=body))
    with own.peer("service") as mailer:
        assert [delivery["language"] for delivery in lease(mailer)] == ["de", "es", "fr", "en"]
    refused(own.api.post("/api/reservations/create", json=body | {"language": "tlh"}), 400, "INVALID_REQUEST")


def test_two_mailers_never_hold_the_same_message(own: Portal):
    """Bad days: two mailers at once"""
    book(own, 100)
    mailers = [own.peer("service"), own.peer("service")]
    for mailer in mailers:
        mailer.write(b"".join(
            request("outbox.lease", mailer.next_id(), {"limit": 7, "lease_ms": 60_000, "wait_ms": 0}) for _ in range(10)))
    held = [
        delivery["outbox_id"] for mailer in mailers for _ in range(10) for delivery in mailer.read().body.get("deliveries", [])]
    assert sorted(held) == list(range(1, 101))
    for mailer in mailers:
        mailer.close()


def test_a_lease_that_is_over_goes_to_another(own: Portal):
    """An expired lease goes back by itself"""
    book(own)
    first, second = own.peer("service"), own.peer("service")
    (lost,) = lease(first, lease_ms=1000)
    start = time.monotonic()
    (taken,) = lease(second, wait_ms=20_000)
    assert 1 <= time.monotonic() - start < 5
    assert taken["outbox_id"] == lost["outbox_id"] and taken["lease_id"] > lost["lease_id"] and taken["attempt"] == 2
    assert report(first, "done", lost) == "LEASE_LOST"
    assert report(first, "retry", lost, retry_after_ms=0, detail="late") == "LEASE_LOST"
    assert report(first, "dead_letter", lost, detail="late") == "LEASE_LOST"
    assert report(second, "done", taken) == "OK"
    first.close()
    second.close()


def test_a_late_report_counts_while_nobody_else_has_the_message(own: Portal):
    """An expired lease: what was sent was sent"""
    book(own)
    with own.peer("service") as mailer:
        (delivery,) = lease(mailer, lease_ms=1000)
        eventually("the lease is over", lambda: own.stock.peer.must("outbox.show", {"outbox_id": 1})["entries"][0]["status"] == "QUEUED")
        assert report(mailer, "done", delivery) == "OK"
        assert lease(mailer) == []


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGTERM])
def test_a_lease_outlives_the_daemon(own: Portal, number: int):
    """Bad days: daemon restarted under a lease"""
    book(own, 3)
    mailer = own.peer("service")
    held, lost = lease(mailer, limit=1), lease(mailer, limit=1, lease_ms=2000)
    own.daemon.signal(number)
    own.daemon.wait()
    mailer.close()
    own.restart_daemon()
    with own.peer("service") as next_mailer:
        rest = lease(next_mailer)
        assert [delivery["outbox_id"] for delivery in rest] == [3], "what is leased is not handed out again"
        assert report(next_mailer, "done", held[0], provider_id="sent before") == "OK"
        (again,) = lease(next_mailer, wait_ms=20_000)
        assert again["outbox_id"] == lost[0]["outbox_id"] and again["attempt"] == 2
        for delivery in (again, *rest):
            assert report(next_mailer, "done", delivery) == "OK"
    status = own.stock.status()
    assert (status["outbox_pending_count"], status["outbox_sent_count"]) == (0, 3)


def test_a_mailer_that_dies_waiting_holds_nothing_up(own: Portal):
    """Bad days: mailer killed at any moment"""
    dead, alive = own.peer("service"), own.peer("service")
    for mailer in (dead, alive):
        mailer.write(request("outbox.lease", mailer.next_id(), {"limit": 64, "lease_ms": 60_000, "wait_ms": 30_000}))
    assert dead.call("daemon.health").ok and alive.call("daemon.health").ok
    before = own.stock.status()["connection_count"]
    dead.close()
    eventually("the dead mailer's connection is gone", lambda: own.stock.status()["connection_count"] == before - 1)
    book(own)
    answer = alive.read()
    assert answer is not None and [delivery["attempt"] for delivery in answer.body["deliveries"]] == [1]
    alive.close()


def test_drain_answers_who_waits(own: Portal):
    """Drain: a mailer that waits is answered at once"""
    mailer = own.peer("service")
    mailer.write(request("outbox.lease", mailer.next_id(), {"limit": 64, "lease_ms": 60_000, "wait_ms": 60_000}))
    assert mailer.call("daemon.health").ok
    start = time.monotonic()
    own.daemon.signal(signal.SIGTERM)
    kinds = {frame.kind: frame for frame in mailer.frames_until_closed()}
    assert set(kinds) == {"GOAWAY", "RESPONSE"} and kinds["RESPONSE"].body == {}
    assert own.daemon.wait() == 0 and time.monotonic() - start < 5
    mailer.close()


def test_retry_dead_letter_and_the_operator(own: Portal):
    """Retry, dead letter, and reservationctl outbox list|show|retry|cancel, reservations resend"""
    control: Control = own.control
    reservations = [created["reservation_id"] for created in book(own, 3)]
    with own.peer("service") as mailer:
        one, two, three = lease(mailer)
        assert report(mailer, "retry", one, retry_after_ms=3_600_000, detail="421 try later") == "OK"
        assert report(mailer, "dead_letter", two, detail="550 no such mailbox") == "OK"
        assert report(mailer, "done", three) == "OK"
        listed = control.json("outbox", "list")["entries"]
        assert [(entry["outbox_id"], entry["status"]) for entry in listed] == [(1, "QUEUED"), (2, "FAILED"), (3, "SENT")]
        assert all("john@" not in entry["customer_email"] for entry in listed)
        assert [entry["outbox_id"] for entry in control.json("outbox", "list", "--status", "FAILED")["entries"]] == [2]
        shown = control.json("outbox", "show", 2, "--show-contact")["entries"][0]
        assert shown["last_error"] == "550 no such mailbox" and shown["customer_email"] == "john@example.com"
        assert own.stock.status()["outbox_failed_count"] == 1
        assert lease(mailer) == []
        for entry in (1, 2):
            assert control.json("outbox", "retry", entry)["entries"][0]["status"] == "QUEUED"
        assert control.run("outbox", "retry", 3).status == 1
        again = {delivery["outbox_id"]: delivery for delivery in lease(mailer)}
        assert again[1]["attempt"] == 2 and again[2]["attempt"] == 1
        assert report(mailer, "dead_letter", two, detail="late") == "LEASE_LOST"
        assert control.json("outbox", "cancel", 1)["entries"][0]["status"] == "CANCELLED"
        assert report(mailer, "retry", again[1], retry_after_ms=0, detail="x") == "LEASE_LOST"
        assert report(mailer, "done", again[2]) == "OK"
        resent = control.json("reservations", "resend", reservations[2])["entries"][0]
        assert (resent["outbox_id"], resent["status"]) == (4, "QUEUED")
        (fresh,) = lease(mailer)
        assert fresh["outbox_id"] == 4 and fresh["reservation_id"] == reservations[2]
        assert report(mailer, "done", fresh) == "OK"
    assert "outbox.dead_letter" in own.daemon.log()
    assert "no such mailbox" not in own.daemon.log(), "what a stranger's server said is not the daemon's to log"


@pytest.mark.parametrize(
    ("operation", "body"),
    [
        ("outbox.lease", {"limit": 0, "lease_ms": 60_000, "wait_ms": 0}), ("outbox.lease", {"limit": 257, "lease_ms": 60_000, "wait_ms": 0}),
        ("outbox.lease", {"limit": 1, "lease_ms": 999, "wait_ms": 0}), ("outbox.lease", {"limit": 1, "lease_ms": 3_600_001, "wait_ms": 0}),
        ("outbox.done", {"outbox_id": 0, "lease_id": 1}), ("outbox.done", {"outbox_id": 1, "lease_id": 1, "provider_id": "x" * 201}),
        ("outbox.retry", {"outbox_id": 1, "lease_id": 1, "retry_after_ms": 604_800_001, "detail": ""}),
        ("outbox.retry", {"outbox_id": 1, "lease_id": 1, "retry_after_ms": 0, "detail": "ü" * 251}),
        ("outbox.dead_letter", {"outbox_id": 1, "lease_id": 1, "detail": "x" * 501}), ("outbox.list", {"status": "PENDING"}),
    ])
def test_nonsense_is_refused(portal: Portal, operation: str, body: dict):
    """Bad input: what cannot be meant is INVALID_REQUEST"""
    with portal.peer("admin") as peer:
        assert peer.call(operation, body).status == "INVALID_REQUEST"


def test_the_outbox_is_not_the_gateways(portal: Portal):
    """Roles: customers' addresses stay with mailers and operators"""
    with portal.peer("gateway") as peer:
        assert peer.call("outbox.lease", {"limit": 1, "lease_ms": 60_000, "wait_ms": 0}).status == "OPERATION_NOT_PERMITTED"
    with portal.peer("service") as peer:
        assert peer.call("outbox.list", {}).status == "OPERATION_NOT_PERMITTED"


def test_an_idle_mailer_costs_nothing(make_portal: Callable[..., Portal]):
    """An idle mailer that waits: the daemon neither runs a group nor uses its processor"""
    own = make_portal().start()
    with own.peer("service") as mailer, own.peer("admin") as operator:
        mailer.write(request("outbox.lease", mailer.next_id(), {"limit": 64, "lease_ms": 60_000, "wait_ms": 60_000}))
        assert mailer.call("daemon.health").ok
        before = operator.must("daemon.status")["batch_count"]
        time.sleep(3)
        assert operator.must("daemon.status")["batch_count"] == before + 1, "only the question itself"
