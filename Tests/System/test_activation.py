"""Sockets inherited or self-made, readiness and signs of life, and the second client: proto-spec/client/rsv_client.py."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal import launcher
from portal.manager import Manager
from portal.programs import REPOSITORY, Daemon, Programs, clean_environment
from portal.rsv import Peer
from portal.stock import Slot, Stock, Ticket
from portal.system import Portal

sys.path.insert(0, str(REPOSITORY / "proto-spec" / "client"))

import rsv_client  # noqa: E402

ROLES = ("gateway", "service", "admin")


def activated(daemon: Daemon, roles: tuple[str, ...] = ROLES, **environment: str) -> Daemon:
    """Started with sockets that somebody else made."""
    daemon.launch(
        [sys.executable, launcher.__file__, *[f"{role}={daemon.socket(role)}" for role in roles], "--",
         daemon.programs.daemon, "--database", daemon.database],
        clean_environment(**environment))
    return daemon


@pytest.fixture(params=["inherited", "self-made"])
def listening(request: pytest.FixtureRequest, make_portal: Callable[..., Portal]) -> Iterator[Portal]:
    """A daemon on sockets of either kind, with organisation 1."""
    portal = make_portal()
    if request.param == "inherited":
        activated(portal.daemon)
        portal.daemon.wait_until_ready()
    else:
        portal.daemon.start()
    portal.stock.organization(orq=1)
    yield portal


@pytest.mark.parametrize("encoding", ["tlv", "json"])
@pytest.mark.parametrize("role", ROLES)
def test_the_python_client_books_a_place(listening: Portal, encoding: str, role: str):
    """The Python client from proto-spec/ books a place against the running daemon in both encodings, over inherited sockets and over
    self-made ones"""
    ticket, slot = listening.stock.ticket(), listening.stock.slot(capacity=2)
    with rsv_client.Client(str(listening.daemon.socket(role)), encoding) as client:
        assert client.server["role"] == role
        status, found, _ = client.call("ticket.validate", {"orq": 1, "ticket_code": ticket.code})
        assert (status, found["ticket_id"]) == ("OK", ticket.id)
        contact = {"customer_email": "john@example.com", "customer_phone": "+12025551234"}
        status, verified, _ = client.call("contact.verify", {"orq": 1, "ticket_id": ticket.id} | contact)
        assert (status, verified) == ("OK", contact)
        status, free, _ = client.call("slots.available", {"orq": 1, "date": slot.date})
        assert status == "OK" and [one["slot_id"] for one in free["slots"]] == [slot.id]
        wish = {"orq": 1, "ticket_id": ticket.id, "slot_id": slot.id, "idempotency_key": uuid.uuid4().hex} | contact
        status, booked, flags = client.call("reservation.create", wish)
        assert (status, flags) == ("OK", 0), booked
        assert (booked["ticket_id"], booked["ticket_code"], booked["slot_id"]) == (ticket.id, ticket.code, slot.id)
        assert booked["slot"]["date"] == slot.date and booked["confirmation_queued"] is True
        status, again, flags = client.call("reservation.create", wish)
        assert (status, again, flags) == ("OK", booked, client.registry.flags["REPLAYED"])
        status, refusal, _ = client.call("reservation.create", {**wish, "idempotency_key": uuid.uuid4().hex})
        assert (status, refusal["reserved_date"]) == ("TICKET_ALREADY_RESERVED", slot.date)
        assert client.ping(b"hello") < 5
    assert listening.stock.state(slot)["booked_count"] == 1


def test_the_python_client_as_a_program(listening: Portal):
    """The Python client from proto-spec/ books a place: from the command line too"""
    ticket, slot = listening.stock.ticket(), listening.stock.slot()
    body = {"orq": 1, "ticket_id": ticket.id, "slot_id": slot.id, "customer_email": "john@example.com", "customer_phone": "+12025551234"}
    done = subprocess.run(
        [sys.executable, REPOSITORY / "proto-spec" / "client" / "rsv_client.py", "--socket", listening.daemon.socket("gateway"),
         "reservation.create", json.dumps(body)], capture_output=True, timeout=30)
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout)["ticket_code"] == ticket.code


def test_the_python_client_pipelines(portal: Portal, stock: Stock):
    """answers may come in any order: a thousand requests in flight over one connection, each with its own answer"""
    slot: Slot = stock.slot(capacity=1000)
    tickets: list[Ticket] = stock.tickets(1000)
    with rsv_client.Client(str(portal.daemon.socket("service")), "tlv") as client:
        sent = {
            client.send("reservation.create", {
                "orq": 1, "ticket_id": ticket.id, "slot_id": slot.id, "customer_email": "john@example.com",
                "customer_phone": "+12025551234"}): ticket
            for ticket in tickets}
        for _ in tickets:
            answer = client.receive(timeout=60)
            assert answer.status == "OK", answer
            assert answer.reply["ticket_id"] == sent.pop(answer.request_id).id
    assert stock.state(slot)["status"] == "FULL"


def test_inherited_sockets_outlive_the_daemon(programs: Programs, directory: Path):
    """Under systemd they arrive by LISTEN_FDS/LISTEN_FDNAMES: the daemon neither removes nor replaces what is not its own"""
    daemon = activated(Daemon(programs, directory))
    daemon.wait_until_ready()
    assert not list(daemon.sockets.glob("*.tmp"))
    assert daemon.stop() == 0
    assert sorted(path.name for path in daemon.sockets.iterdir()) == ["admin.sock", "gateway.sock", "service.sock"]


def test_some_sockets_only(programs: Programs, directory: Path):
    """a daemon that inherits the gateway's socket alone serves that alone, whatever its order"""
    daemon = Daemon(programs, directory)
    daemon.roles = ("admin", "gateway")
    activated(daemon, daemon.roles)
    daemon.wait_until_ready()
    with daemon.peer("admin") as peer:
        assert peer.acknowledgement["role"] == "admin"
    with daemon.peer("gateway") as peer:
        assert peer.acknowledgement["role"] == "gateway"
    assert not daemon.socket("service").exists()
    assert daemon.stop() == 0


def test_an_unknown_name_is_refused(programs: Programs, directory: Path):
    """LISTEN_FDNAMES with a name that is no role: told so, not guessed"""
    daemon = activated(Daemon(programs, directory), ("gateway", "reservations"))
    assert daemon.wait() > 0
    assert len([line for line in daemon.log().splitlines() if "reservations" in line and "FileDescriptorName" in line]) == 1, daemon.log()


def test_self_made_sockets(programs: Programs, directory: Path):
    """what a caller may do is decided by which socket it could open (file permissions)"""
    daemon = Daemon(programs, directory).start()
    modes = {role: stat.S_IMODE(daemon.socket(role).stat().st_mode) for role in ROLES}
    assert modes == {"gateway": 0o660, "service": 0o660, "admin": 0o600}
    assert stat.S_IMODE(daemon.database.stat().st_mode) == 0o600
    assert daemon.stop() == 0
    assert list(daemon.sockets.iterdir()) == []


def test_sockets_left_by_a_kill_are_replaced(programs: Programs, directory: Path):
    """restartable: socket files of a daemon that was killed are in nobody's way"""
    daemon = Daemon(programs, directory).start()
    daemon.kill()
    assert daemon.socket("gateway").exists()
    daemon.start()
    assert daemon.stop() == 0


def test_readiness(programs: Programs, directory: Path, manager: Manager):
    """sd_notify readiness: READY=1 when it answers, not before; STOPPING=1 when it begins to stop"""
    daemon = Daemon(programs, directory)
    daemon.launch(daemon.command(), clean_environment(NOTIFY_SOCKET=manager.address))
    assert manager.until("READY")["READY"] == "1"
    with Peer(daemon.socket("gateway"), timeout=2) as peer:
        assert peer.call("daemon.health").ok
    daemon.signal(signal.SIGTERM)
    assert manager.until("STOPPING")["STOPPING"] == "1"
    assert daemon.wait() == 0


def test_no_readiness_of_a_daemon_that_does_not_start(programs: Programs, directory: Path, manager: Manager):
    """sd_notify readiness: never READY=1 for a start that failed"""
    daemon = Daemon(programs, directory)
    daemon.database.write_bytes(b"not a database" * 1000)
    daemon.launch(daemon.command(), clean_environment(NOTIFY_SOCKET=manager.address))
    assert daemon.wait() > 0
    manager.socket.settimeout(0.2)
    with pytest.raises(TimeoutError):
        manager.until("READY")


def test_watchdog(programs: Programs, directory: Path, manager: Manager):
    """a watchdog that passes through the ledger: WATCHDOG=1 well within WATCHDOG_USEC"""
    daemon = Daemon(programs, directory)
    daemon.launch(daemon.command(), clean_environment(NOTIFY_SOCKET=manager.address, WATCHDOG_USEC="1000000"))
    manager.until("READY")
    manager.until("WATCHDOG")
    start = time.monotonic()
    for _ in range(6):
        before = time.monotonic()
        manager.until("WATCHDOG")
        assert time.monotonic() - before < 1.0
    assert time.monotonic() - start > 0.5, "more often than serves anybody"
    assert daemon.stop() == 0


def test_no_watchdog_unless_asked(programs: Programs, directory: Path, manager: Manager):
    """WATCHDOG=1 only when WATCHDOG_USEC is set, and for this process"""
    daemon = Daemon(programs, directory)
    daemon.launch(
        daemon.command(), clean_environment(NOTIFY_SOCKET=manager.address, WATCHDOG_USEC="100000", WATCHDOG_PID=str(os.getpid())))
    manager.until("READY")
    manager.socket.settimeout(0.5)
    with pytest.raises(TimeoutError):
        manager.until("WATCHDOG")
    assert daemon.stop() == 0
