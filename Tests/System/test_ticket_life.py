"""What becomes of a ticket after its sale and after its booking, by the built reservationctl and over the sockets, while others book."""

from __future__ import annotations

import datetime
import signal
import threading
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from portal.conditions import eventually
from portal.rsv import Peer, Reply, request
from portal.stock import Slot, Ticket
from portal.system import Portal

NOW = datetime.datetime.now(datetime.timezone.utc)
# A zone in which it is about noon, so that no test runs over its midnight.
OFFSET = 12 - NOW.hour
ZONE = f"Etc/GMT{-OFFSET:+d}" if OFFSET else "Etc/UTC"
TODAY = (NOW + datetime.timedelta(hours=OFFSET)).date()


class Crowd:
    """Bookings one after the other on a connection of their own, in slots of their own, until it is to go home."""

    def __init__(self, portal: Portal):
        self.acknowledged: list[tuple[int, int, int]] = []
        self.refusals: list[Reply] = []
        self._slots = portal.stock.slots(3, capacity=20_000)
        self._portal = portal
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._run)
        self._thread.start()

    def _run(self) -> None:
        with self._portal.peer("admin") as peer:
            while not self._done.is_set():
                body = {"orq": 1, "product_id": 5, "order_id": 456, "status": "ACTIVATED", "count": 20}
                tickets = peer.must("tickets.issue", body)["tickets"]
                for reply in peer.call_all([
                    ("reservation.create", creation(ticket["ticket_id"], self._slots[n % 3].id, 1)) for n, ticket in enumerate(tickets)
                ]):
                    if reply.ok:
                        self.acknowledged.append((reply.body["reservation_id"], reply.body["ticket_id"], reply.body["slot_id"]))
                    else:
                        self.refusals.append(reply)
                self._done.wait(0.02)

    def go_home(self) -> None:
        self._done.set()
        self._thread.join(60)


@pytest.fixture
def house(make_portal: Callable[..., Portal]) -> Iterator[Portal]:
    """A daemon whose organisation 1 lets started slots be booked, with a crowd that books all the while."""
    portal = make_portal()
    portal.daemon.start()
    portal.stock.organization(ZONE, orq=1, allow_started=True)
    crowd = Crowd(portal)
    yield portal
    crowd.go_home()
    assert crowd.refusals == [] and crowd.acknowledged
    doctor = portal.control.run("doctor")
    assert doctor.status == 0, doctor
    with portal.stopped_audit() as audit:
        audit.check()
        audit.check_acknowledged(crowd.acknowledged)


def creation(ticket_id: int, slot_id: int, orq: int, key: str | None = None) -> dict:
    return {
        "orq": orq, "ticket_id": ticket_id, "slot_id": slot_id, "idempotency_key": key or uuid.uuid4().hex,
        "customer_email": "guest@example.com", "customer_phone": "+12025550100"}


def book(portal: Portal, ticket: Ticket, slot: Slot) -> int:
    return portal.stock.peer.must("reservation.create", creation(ticket.id, slot.id, ticket.orq))["reservation_id"]


def today(portal: Portal, **options) -> Slot:
    return portal.stock.slot(date=TODAY.isoformat(), **options)


def messages(portal: Portal, reservation: int) -> list[tuple[str, str]]:
    """What was queued about a reservation, in order: what it tells of, and how it stands."""
    found, after = [], 0
    while True:
        page = portal.stock.peer.must("outbox.list", {"after_outbox_id": after})
        found += [
            (one.get("purpose", "confirmation"), one["status"]) for one in page.get("entries", []) if one["reservation_id"] == reservation]
        if not page["more"]:
            return found
        after = page["after_outbox_id"]


def at_once(peers: list[Peer], requests: list[list[tuple[str, dict]]]) -> list[list[Reply]]:
    """Each connection's requests, all connections together."""
    with ThreadPoolExecutor(len(peers)) as pool:
        return list(pool.map(lambda pair: pair[0].call_all(pair[1]), zip(peers, requests, strict=True)))


def test_a_tickets_whole_life(house: Portal):
    """Paid, reserved, sent away on the wrong day, moved, let in, and not let in twice"""
    ticket = house.stock.ticket(status="PENDING_PAYMENT")
    run = house.control.run
    refused = run("tickets", "check-in", ticket.code)
    assert (refused.status, refused.output) == (1, "") and "not paid" in refused.error and refused.error.count("\n") == 1
    for _ in range(2):
        assert "ACTIVATED" in run("tickets", "activate", ticket.code, "--operator", 3).output
    refused = run("tickets", "check-in", ticket.code)
    assert refused.status == 1 and "holds no place" in refused.error
    later = house.stock.slot(date=(TODAY + datetime.timedelta(days=2)).isoformat())
    reservation = book(house, ticket, later)
    reply = house.stock.peer.call("tickets.check_in", {"ticket_code": ticket.code, "operator": 7})
    assert (reply.status, reply.body["reserved_date"], reply.body["days_early"]) == ("WRONG_DAY", later.date, 2)
    refused = run("tickets", "check-in", ticket.code, "--operator", 7)
    assert refused.status == 1 and f"{later.date}, 2 days from now" in refused.error and "--any-day" in refused.error
    here = today(house, capacity=1)
    moved = house.control.json("reservations", "move", ticket.code, "--to", here.id, "--reason", "came early")
    assert (moved["slot_id"], moved["previous_slot_id"], moved["sequence"]) == (here.id, later.id, 1)
    assert house.stock.state(later)["booked_count"] == 0
    assert (house.stock.state(here)["booked_count"], house.stock.state(here)["status"]) == (1, "FULL")
    assert messages(house, reservation) == [("confirmation", "CANCELLED"), ("change", "QUEUED")]
    welcome = run("tickets", "check-in", ticket.code, "--operator", 7)
    assert welcome.status == 0 and "welcome" in welcome.output
    again = house.control.json("tickets", "check-in", ticket.code, "--operator", 7)
    assert again["repeated"] is True and again["verified_by"] == 7
    reply = house.stock.peer.call("tickets.check_in", {"ticket_code": ticket.code, "operator": 8})
    assert reply.status == "TICKET_ALREADY_USED" and reply.body["verified_by"] == 7
    assert reply.body["verified_at"] == again["verified_at"]
    refused = run("tickets", "check-in", ticket.code)
    assert refused.status == 1 and "let in by operator 7" in refused.error
    for verb in (["reservations", "cancel", reservation, "--yes"], ["tickets", "expire", ticket.code, "--yes"]):
        assert run(*verb).status == 1
    shown = house.control.json("reservations", "show", reservation)
    assert (shown["reservation"]["status"], shown["reservation"]["verified_by"]) == ("VERIFIED", 7)
    history = house.control.json("history", "--ticket", ticket.code)["history"]
    assert [(one["action"], one.get("operator")) for one in history] == [("TICKET_ACTIVATED", 3), ("MOVED", None), ("CHECKED_IN", 7)]
    assert {(one["role"], one["uid"]) for one in history} == {("admin", 0)} or all(one["role"] == "admin" for one in history)
    assert history[1]["reason"] == "came early" and history[1]["previous_slot_id"] == later.id
    assert house.control.json("history", "--slot", later.id)["history"][1:] == [history[1]]
    assert [one["action"] for one in shown["history"]] == ["MOVED", "CHECKED_IN"]


def test_a_cancelled_place_is_free_again(house: Portal):
    """Cancel, twice; the old answer stays the old answer; the ticket can be reserved again"""
    slot, key = today(house, capacity=1), uuid.uuid4().hex
    ticket, other = house.stock.tickets(2)
    peer = house.stock.peer
    created = peer.must("reservation.create", creation(ticket.id, slot.id, 1, key))
    assert peer.call("reservation.create", creation(other.id, slot.id, 1)).status == "SLOT_FULL"
    refused = house.control.run("reservations", "cancel", created["reservation_id"])
    assert refused.status == 64 and "--yes" in refused.error and house.stock.state(slot)["booked_count"] == 1
    first = house.control.json("reservations", "cancel", created["reservation_id"], "--yes", "--reason", "ill")
    assert (first["status"], first["sequence"]) == ("CANCELLED", 1)
    assert house.control.json("reservations", "cancel", created["reservation_id"], "--yes") == first
    assert peer.must("reservations.cancel", {"ticket_code": ticket.code})["reservation_id"] == created["reservation_id"]
    assert (house.stock.state(slot)["booked_count"], house.stock.state(slot)["status"]) == (0, "ACTIVE")
    assert messages(house, created["reservation_id"]) == [("confirmation", "CANCELLED"), ("cancellation", "QUEUED")]
    assert peer.must("ticket.validate", {"orq": 1, "ticket_code": ticket.code})["status"] == "ACTIVATED"
    replay = peer.call("reservation.create", creation(ticket.id, slot.id, 1, key))
    assert replay.replayed and replay.body == created
    assert house.stock.state(slot)["booked_count"] == 0
    again = book(house, ticket, slot)
    assert again != created["reservation_id"]
    assert peer.call("reservation.create", creation(other.id, slot.id, 1)).status == "SLOT_FULL"
    # A confirmation that was taken back for good.
    entry = next(
        one for one in peer.must("outbox.list", {"status": "CANCELLED"})["entries"] if one["reservation_id"] == created["reservation_id"])
    assert peer.call("outbox.requeue", {"outbox_id": entry["outbox_id"]}).status == "RESERVATION_NOT_FOUND"
    with house.peer("service") as mailer:
        sent = [
            one for one in mailer.must("outbox.lease", {"limit": 256, "lease_ms": 60_000, "wait_ms": 0})["deliveries"]
            if one["reservation_id"] == created["reservation_id"]]
        assert [(one["purpose"], one["sequence"]) for one in sent] in ([("cancellation", 1)], [])


def test_cancelled_and_let_in_at_once(house: Portal):
    """Bad days: cancel and check-in at once: one of the two, whole"""
    slot = today(house, capacity=60)
    tickets = house.stock.tickets(60)
    reservations = [book(house, ticket, slot) for ticket in tickets]
    with house.peer("service") as desk, house.peer("service") as gate:
        cancelled, entered = at_once([desk, gate], [
            [("reservations.cancel", {"reservation_id": reservation}) for reservation in reservations],
            [("tickets.check_in", {"ticket_code": ticket.code, "operator": 1}) for ticket in reversed(tickets)]])
    left = 0
    for ticket, one, other in zip(tickets, cancelled, reversed(entered), strict=True):
        assert (one.status, other.status) in (("OK", "NOT_RESERVED"), ("TICKET_ALREADY_USED", "OK"))
        left += other.ok
        assert house.stock.shown(ticket)["status"] == ("VERIFIED" if other.ok else "ACTIVATED")
    assert house.stock.state(slot)["booked_count"] == left


def test_moved_into_a_slot_that_fills_up(house: Portal):
    """Bad days: never oversold, nobody without a place, nobody with two"""
    wanted = today(house, capacity=10)
    # One place is free there whoever goes: an alternative for those who find the wanted one full.
    left = today(house, capacity=31, start="16:00:00", end="18:00:00")
    movers, others = house.stock.tickets(30), house.stock.tickets(30)
    reservations = [book(house, ticket, left) for ticket in movers]
    with house.peer("service") as desk, house.peer("gateway") as door:
        moved, created = at_once([desk, door], [
            [("reservations.move", {"reservation_id": reservation, "slot_id": wanted.id, "idempotency_key": uuid.uuid4().hex})
             for reservation in reservations],
            [("reservation.create", creation(ticket.id, wanted.id, 1)) for ticket in others]])
    assert {reply.status for reply in moved + created} <= {"OK", "SLOT_FULL"}
    went = sum(reply.ok for reply in moved)
    assert went + sum(reply.ok for reply in created) == 10
    assert (house.stock.state(wanted)["booked_count"], house.stock.state(wanted)["status"]) == (10, "FULL")
    assert house.stock.state(left)["booked_count"] == 30 - went
    for ticket, reply in zip(movers, moved, strict=True):
        assert house.stock.shown(ticket)["reservation"]["slot_id"] == (wanted.id if reply.ok else left.id)
    refused = next(reply for reply in moved + created if not reply.ok)
    assert left.id in [one["slot_id"] for one in refused.body["alternative_slots"]]


def test_a_move_is_made_once_under_its_key(house: Portal):
    """Asked for again it answers the same, whatever has been done since"""
    one, other = today(house), today(house, start="16:00:00", end="18:00:00")
    closed = today(house, start="18:00:00", end="19:00:00", closed=True)
    foreign = house.stock.slot(orq=house.stock.organization())
    ticket = house.stock.ticket()
    reservation = book(house, ticket, one)
    peer = house.stock.peer
    for slot, status in ((closed.id, "SLOT_CLOSED"), (foreign.id, "ORGANIZATION_MISMATCH"), (10**9, "SLOT_NOT_FOUND")):
        assert peer.call("reservations.move", {"reservation_id": reservation, "slot_id": slot}).status == status
    body = {"reservation_id": reservation, "slot_id": other.id, "idempotency_key": uuid.uuid4().hex}
    first = peer.call("reservations.move", body)
    assert first.ok and not first.replayed
    assert peer.must("reservations.move", {"reservation_id": reservation, "slot_id": one.id})["sequence"] == 2
    again = peer.call("reservations.move", body)
    assert again.replayed and again.body == first.body
    assert peer.call("reservations.move", body | {"slot_id": one.id}).status == "IDEMPOTENCY_KEY_REUSED"
    assert (house.stock.state(one)["booked_count"], house.stock.state(other)["booked_count"]) == (1, 0)
    stays = peer.must("reservations.move", {"reservation_id": reservation, "slot_id": one.id})
    assert (stays["sequence"], stays["previous_slot_id"]) == (2, one.id)


def test_a_move_of_a_ticket_is_made_once_under_its_key(house: Portal):
    """The ticket was reserved again meanwhile: the same request is answered as before, and nothing moves"""
    one, other = today(house), today(house, start="16:00:00", end="18:00:00")
    ticket = house.stock.ticket()
    former = book(house, ticket, one)
    peer = house.stock.peer
    body = {"ticket_id": ticket.id, "slot_id": other.id, "idempotency_key": uuid.uuid4().hex}
    first = peer.call("reservations.move", body)
    assert first.ok and first.body["reservation_id"] == former
    peer.must("reservations.cancel", {"reservation_id": former})
    latter = book(house, ticket, one)
    again = peer.call("reservations.move", body)
    assert again.replayed and again.body == first.body
    assert house.stock.shown(ticket)["reservation"]["reservation_id"] == latter
    assert (house.stock.state(one)["booked_count"], house.stock.state(other)["booked_count"]) == (1, 0)


def test_who_watches_hears_of_it(house: Portal):
    """Live counts follow a cancellation and a move"""
    one, other = today(house, capacity=1), today(house, capacity=1, start="16:00:00", end="18:00:00")
    reservation = book(house, house.stock.ticket(), one)
    with house.peer("gateway") as page:
        page.must("slots.watch")

        def told_of(slot: Slot, booked: int) -> None:
            while True:
                event = page.read()
                assert event is not None and event.kind == "EVENT"
                for shown in event.body["slots"]:
                    if shown["slot_id"] == slot.id and shown["booked_count"] == booked:
                        assert shown["status"] == ("FULL" if booked else "ACTIVE")
                        return

        house.stock.peer.must("reservations.move", {"reservation_id": reservation, "slot_id": other.id})
        told_of(other, 1)
        house.stock.peer.must("reservations.cancel", {"reservation_id": reservation})
        told_of(other, 0)


def test_what_was_answered_outlives_a_kill(make_portal: Callable[..., Portal]):
    """Cancelled, moved and let in are durable when they are answered, and so is their history"""
    portal = make_portal()
    portal.daemon.start()
    portal.stock.organization(ZONE, orq=1, allow_started=True)
    one, other = today(portal), today(portal, start="16:00:00", end="18:00:00")
    tickets = portal.stock.tickets(3)
    reservations = [book(portal, ticket, one) for ticket in tickets]
    answers = portal.stock.peer.call_all([
        ("reservations.cancel", {"reservation_id": reservations[0]}),
        ("reservations.move", {"reservation_id": reservations[1], "slot_id": other.id}),
        ("tickets.check_in", {"ticket_code": tickets[2].code, "operator": 1})])
    portal.daemon.signal(signal.SIGKILL)
    portal.daemon.wait()
    assert all(reply.ok for reply in answers)
    portal.restart_daemon()
    assert [portal.stock.shown(ticket)["status"] for ticket in tickets] == ["ACTIVATED", "RESERVED", "VERIFIED"]
    assert (portal.stock.state(one)["booked_count"], portal.stock.state(other)["booked_count"]) == (1, 1)
    history = portal.control.json("history")["history"]
    assert [one["action"] for one in history if one["action"] != "SLOT_CREATED"] == ["CANCELLED", "MOVED", "CHECKED_IN"]
    assert portal.control.run("doctor").status == 0


def test_a_code_that_several_organizations_have_issued(house: Portal):
    """Which of the tickets is meant must be said"""
    second = house.stock.organization(ZONE)
    code = house.stock.ticket().code
    house.stock.known_ticket(code, orq=second)
    reply = house.stock.peer.call("tickets.activate", {"ticket_code": code})
    assert reply.status == "INVALID_REQUEST" and reply.body["validation_errors"][0]["field"] == "orq"
    assert house.control.json("tickets", "expire", code, "--orq", second, "--yes")["tickets"][0]["status"] == "EXPIRED"
    assert house.control.json("tickets", "activate", code, "--orq", 1)["tickets"][0]["status"] == "ACTIVATED"
    spoken = house.control.run("tickets", "activate", code)
    assert spoken.status == 65 and "orq" in spoken.error


def test_the_history_is_read_in_pages(house: Portal):
    """What operators do to slots is in it, page by page, and what changes nothing is not"""
    slot = today(house)
    for command in (["set-capacity", slot.id, 20], ["close", slot.id], ["close", slot.id], ["open", slot.id], ["set-capacity", slot.id, 20]):
        assert house.control.run("slots", *command).status == 0
    house.stock.peer.must("organization.set", {"orq": 1, "contact_email": "visit@example.com"})
    assert [one["action"] for one in house.control.json("history", "--slot", slot.id)["history"]] == [
        "SLOT_CREATED", "SLOT_CAPACITY_SET", "SLOT_CLOSED", "SLOT_OPENED"]
    seen, after = [], 0
    while True:
        page = house.stock.peer.must("history.list", {"limit": 1, "after_history_id": after})
        seen += [one["action"] for one in page.get("history", [])]
        if not page["more"]:
            break
        after = page["after_history_id"]
    # Each of the crowd's slots, and this one.
    assert [action for action in seen if action != "SLOT_CREATED"] == ["SLOT_CAPACITY_SET", "SLOT_CLOSED", "SLOT_OPENED", "ORGANIZATION_SET"]
    table = house.control.run("history", "--orq", 1).output
    assert "from 10 to 20" in table and "contact_email" in table and "visit@" not in table
