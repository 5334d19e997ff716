"""Any bytes on any socket: a clear error, no crash, no stall for others, bounded memory. (HTTP: test_bad_http.py)"""

from __future__ import annotations

import json
import random
import signal
import socket
import threading
import time
from collections.abc import Callable
from contextlib import ExitStack, suppress

import pytest

from portal.api import accepted
from portal.conditions import eventually
from portal.programs import REPOSITORY
from portal.rsv import Peer, PeerError, Reply, frame, hello, request
from portal.stock import Stock
from portal.system import Portal
from portal.witness import witness

ROLES = ("gateway", "service", "admin")
MIB = 1 << 20

INVALID = json.loads((REPOSITORY / "proto-spec" / "vectors" / "invalid.json").read_text(encoding="utf-8"))["vectors"]


@pytest.mark.parametrize("vector", INVALID, ids=[vector["name"] for vector in INVALID])
def test_every_invalid_vector(portal: Portal, vector: dict):
    """proto-spec/vectors/invalid.json, against the running daemon"""
    expected = vector["expect"]
    with Peer(portal.daemon.socket("admin"), greet=vector["state"] == "open") as peer:
        peer.write(bytes.fromhex(vector["hex"]))
        if expected["action"] == "request_error":
            reply = peer.read()
            assert reply is not None, "closed instead"
            # Ids beyond JSON's exact integers are strings in the vectors.
            assert (reply.kind, reply.request_id, reply.status) == ("ERROR", int(expected["request_id"]), expected["status"])
            peer.write(frame("PING", b"still there", request_id=9))
            pong = peer.read()
            assert pong is not None and (pong.kind, pong.payload) == ("PONG", b"still there")
            return
        if expected["action"] == "connection_error":
            reply = peer.read()
            assert reply is not None, "closed without a word"
            assert (reply.kind, reply.request_id, reply.status) == ("ERROR", 0, expected["status"])
        assert peer.read() is None


def garbage(chance: random.Random) -> bytes:
    """Bytes that are sometimes nothing at all and sometimes almost a conversation."""
    kind = chance.randrange(6)
    noise = chance.randbytes(chance.randrange(1, 4000))
    if kind == 0:
        return noise
    if kind == 1:
        return b"\0" + noise
    if kind == 2:
        return hello() + noise
    if kind == 3:
        return hello() + b"\0\0" + noise
    whole = hello() + b"".join(request("daemon.health", number) for number in range(1, 6)) + request(
        "ticket.validate", 6, {"orq": 1, "ticket_code": "TKT-2025-ABC123-DEF456"})
    if kind == 4:
        return whole[:chance.randrange(len(whole))]
    broken = bytearray(whole)
    for _ in range(chance.randrange(1, 8)):
        broken[chance.randrange(len(broken))] = chance.randrange(256)
    return bytes(broken)


def test_random_bytes(portal: Portal, chance: random.Random):
    """Any bytes on any socket: no crash, no stall for others"""
    files = portal.daemon.open_files()
    with witness(portal):
        for number in range(600):
            with Peer(portal.daemon.socket(ROLES[number % 3]), greet=False) as peer:
                try:
                    peer.write(garbage(chance))
                    if chance.random() < 0.5:
                        peer.socket.shutdown(socket.SHUT_WR)
                        while peer.socket.recv(1 << 16):
                            pass
                except OSError:
                    pass  # cut while it spoke, as it should be
    assert portal.daemon.running
    eventually("the daemon has closed what those peers left", lambda: portal.daemon.open_files() <= files + 3)


def test_random_payloads(portal: Portal, chance: random.Random):
    """Any payload of any operation on any socket: an answer for that id, and the connection goes on"""
    opcodes = [1, 2, 3, 4, 5, 257, 258, 259, 513, 514, 529, 530, 531, 532, 533, 752, 753, 0, 6, 999, 65535]
    with witness(portal):
        for role in ROLES:
            with portal.peer(role) as peer:
                for _ in range(400):
                    number = peer.next_id()
                    body = chance.choice([b"", b"{}", b"[]", b"{" + chance.randbytes(20) + b"}", chance.randbytes(chance.randrange(300))])
                    peer.write(frame(
                        "REQUEST", body, opcode=chance.choice(opcodes), request_id=number, encoding=chance.choice(["TLV", "JSON"]),
                        deadline_ms=chance.choice([0, 1, 10_000, 2**32 - 1])))
                    reply = peer.read()
                    assert reply is not None and reply.request_id == number, reply


def test_http_on_the_socket(portal: Portal):
    """A first byte that is not 0 (somebody speaking HTTP) closes at once"""
    for role in ROLES:
        with Peer(portal.daemon.socket(role), greet=False, timeout=1.5) as peer:
            peer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert peer.read() is None


def test_operations_of_another_role(portal: Portal, stock: Stock):
    """what a caller may do is decided by which socket it could open"""
    body = {"orq": 1, "product_id": 1, "order_id": 1, "count": 1}
    with portal.peer("gateway") as peer:
        assert peer.call("tickets.issue", body).status == "OPERATION_NOT_PERMITTED"
        assert peer.call("daemon.status").status == "OPERATION_NOT_PERMITTED"
        assert peer.call("daemon.health").ok
    with portal.peer("service") as peer:
        assert peer.call("organization.list").status == "OPERATION_NOT_PERMITTED"
        assert peer.call("slots.set_capacity", {"slot_id": 1, "total_capacity": 1}).status == "OPERATION_NOT_PERMITTED"
        assert peer.call("tickets.issue", body).ok


def test_more_in_flight_than_permitted(own: Portal):
    """Over the in-flight limit: OVERLOADED for that id only; every request gets exactly one answer"""
    count = 20_000
    ticket = own.stock.ticket()
    body = {"orq": 1, "ticket_code": ticket.code}
    with own.peer("gateway", timeout=60) as peer:
        answers: dict[int, Reply] = {}
        writer = threading.Thread(
            target=peer.write, args=(b"".join(request("ticket.validate", number, body) for number in range(1, count + 1)),))
        writer.start()
        while len(answers) < count:
            reply = peer.read()
            assert reply is not None, f"closed after {len(answers)} answers"
            assert reply.request_id not in answers, f"{reply.request_id} was answered twice"
            answers[reply.request_id] = reply
        writer.join(30)
        assert {reply.status for reply in answers.values()} <= {"OK", "OVERLOADED"}
        assert all(reply.body["retry_after_ms"] > 0 for reply in answers.values() if not reply.ok)
        assert peer.call_after(count, "ticket.validate", body).ok


@pytest.mark.parametrize("operation", ["slots.available", "organization.get"])
def test_a_peer_that_does_not_read_costs_little(own: Portal, operation: str):
    """A peer that does not read … costs nobody else anything; bounded memory"""
    orq = own.stock.organization()
    own.stock.slots(200, orq=orq)
    body = {"orq": orq}
    if operation == "slots.available":
        body["month"] = own.stock.slots(1, orq=orq)[0].date[:7]
    own.stock.peer.must("organization.set", {"orq": orq, "logo": "ffd8ff" + "00" * 65_533})
    ask = b"".join(request(operation, number, body) for number in range(1, 20_001))
    baseline = own.daemon.resident_bytes()
    peers = [own.peer("gateway") for _ in range(8)]
    with witness(own):
        for peer in peers:
            peer.socket.setblocking(False)
            sent = 0
            try:
                while sent < len(ask):
                    sent += peer.socket.send(ask[sent:])
            except OSError:
                pass  # its reading is held, or it was cut
        peak = 0
        until = time.monotonic() + 3
        while time.monotonic() < until:
            peak = max(peak, own.daemon.resident_bytes())
            time.sleep(0.05)
    for peer in peers:
        peer.close()
    # Eight peers may leave 8 MiB each; twice that leaves room for the allocator.
    assert peak - baseline < 2 * 8 * 8 * MIB, f"grew from {baseline // MIB} to {peak // MIB} MiB"


def test_large_frames_do_not_add_up(own: Portal):
    """frames … are bounded: a hundred peers that announce a megabyte and send almost all of it"""
    baseline = own.daemon.resident_bytes()
    with witness(own):
        peers = [own.peer("service") for _ in range(100)]
        for peer in peers:
            peer.socket.settimeout(10)
            peer.write(frame("REQUEST", b" " * (MIB - 100), opcode=1, request_id=1, encoding="JSON", length=MIB))
        grown = own.daemon.resident_bytes() - baseline
        for peer in peers:
            peer.close()
    assert grown < 300 * MIB, f"{grown // MIB} MiB for 100 MiB that were sent"
    for _ in range(3):
        with own.peer("service") as peer:
            reply = peer.call("ticket.validate", b" " * (MIB - 100))
            assert reply.status == "MALFORMED_PAYLOAD"


def serves(portal: Portal) -> bool:
    """Whether the daemon takes a connection now; one that it must refuse is told so politely."""
    try:
        with portal.peer("service") as peer:
            return peer.call("daemon.health").ok
    except (PeerError, OSError):
        return False


def test_more_connections_than_permitted(own: Portal):
    """connections … are bounded; over the bound the answer is … at once"""
    peers: list[Peer] = []
    try:
        refusal = None
        while len(peers) < 6000 and refusal is None:
            peer = Peer(own.daemon.socket("service"), greet=False)
            peers.append(peer)
            # Refused before any HELLO: by then the daemon may have closed, and its words wait to be read.
            with suppress(BrokenPipeError):
                peer.write(hello())
            refusal = next((reply for reply in [peer.read()] if reply is None or reply.kind != "HELLO_ACK"), None)
        assert refusal is not None, "6000 connections and no bound"
        assert (refusal.kind, refusal.request_id, refusal.status) == ("ERROR", 0, "TOO_MANY_CONNECTIONS")
        assert refusal.payload
        # The other roles have bounds of their own.
        with own.peer("gateway") as peer:
            assert peer.call("daemon.health").ok
        assert own.control.run("status").status == 0
    finally:
        for peer in peers:
            peer.close()

    eventually("the daemon takes connections again", lambda: serves(own))


def test_fewer_descriptors_than_callers(make_portal: Callable[..., Portal]):
    """connections … are bounded: where the machine sets a bound below ours, callers wait, those inside are served, and it passes"""
    portal = make_portal()
    portal.daemon.start(prefix=["prlimit", "--nofile=128:128", "--"])
    portal.stock.organization(orq=1)
    portal.gateway.start(prefix=["prlimit", "--nofile=128:128", "--"])
    for _ in range(8):
        accepted(portal.api.available())  # over each of the gateway's connections
    with portal.peer("gateway") as inside, ExitStack() as stack:
        for _ in range(200):
            stack.enter_context(Peer(portal.daemon.socket("service"), greet=False))
            stack.enter_context(socket.create_connection(("127.0.0.1", portal.gateway.port), 20))
        start = time.monotonic()
        assert inside.call("daemon.health").ok
        accepted(portal.api.available())
        assert time.monotonic() - start < 2
    # Who comes before the daemon has seen them go is told to come again.
    eventually("the daemon takes connections again", lambda: serves(portal))
    accepted(portal.api.available())


def test_the_shells_limit_is_not_ours(make_portal: Callable[..., Portal]):
    """a shell's usual soft limit of descriptors (1024, here 64) does not undercut the bounds on connections: the hard limit counts"""
    portal = make_portal()
    portal.daemon.start(prefix=["prlimit", "--nofile=64:8192", "--"])
    portal.stock.organization(orq=1)
    portal.gateway.start(prefix=["prlimit", "--nofile=64:8192", "--"])
    with ExitStack() as stack:
        for _ in range(500):
            assert stack.enter_context(portal.peer("service", timeout=5)).acknowledgement
        for _ in range(500):
            stack.enter_context(socket.create_connection(("127.0.0.1", portal.gateway.port), 20))
        with portal.peer("service", timeout=1.5) as peer:
            assert peer.call("daemon.health").ok
        eventually("the gateway has taken them all", lambda: portal.gateway.open_files() > 500, 3)


def test_callers_that_come_together_are_queued(own: Portal):
    """connections … are bounded: five hundred that come within one moment wait their turn, none is turned away"""
    own.daemon.signal(signal.SIGSTOP)
    with ExitStack() as stack:
        try:
            peers = [stack.enter_context(own.peer("service", greet=False)) for _ in range(500)]
        finally:
            own.daemon.signal(signal.SIGCONT)
        for peer in peers:
            peer.write(hello())
        for peer in peers:
            reply = peer.read()
            assert reply is not None and reply.kind == "HELLO_ACK"


@pytest.mark.timeout(180)
def test_slow_peers(own: Portal):
    """A peer that does not read, sends a byte a second, never says HELLO … is answered where possible, then cut, and costs nobody
    else anything"""
    daemon = own.daemon.socket("gateway")
    found: dict[str, object] = {}

    def run(name: str, conversation: Callable[[], object]) -> threading.Thread:
        def guarded() -> None:
            start = time.monotonic()
            try:
                said = conversation()
            except Exception as error:  # noqa: BLE001 - shown by the assertions below
                said = error
            found[name] = (said, time.monotonic() - start)
        thread = threading.Thread(target=guarded)
        thread.start()
        return thread

    def silent() -> list[str]:
        with Peer(daemon, greet=False, timeout=60) as peer:
            return [reply.status for reply in peer.frames_until_closed()]

    def byte_by_byte() -> list[str]:
        with Peer(daemon, greet=False, timeout=60) as peer:
            try:
                for byte in hello():
                    peer.write(bytes([byte]))
                    time.sleep(0.25)  # the slowness is what is tested
            except OSError:
                pass
            return [reply.status for reply in peer.frames_until_closed()]

    def half_a_frame() -> list[str]:
        with Peer(daemon, timeout=60) as peer:
            peer.write(request("daemon.health", 1, {"x": "y" * 1000})[:500])
            return [reply.status for reply in peer.frames_until_closed()]

    def does_not_read() -> str:
        with Peer(daemon, timeout=90) as peer:
            ask = b"".join(request("ticket.validate", number, {"orq": 1, "ticket_code": "TKT-2025-ABC123-DEF456"}) for number in range(1, 200_001))
            try:
                peer.write(ask)
            except OSError as error:
                return type(error).__name__
            return "all was taken"

    with witness(own):
        threads = [run(one.__name__, one) for one in (silent, byte_by_byte, half_a_frame, does_not_read)]
        for thread in threads:
            thread.join(120)
    said, seconds = found["silent"]
    assert said == ["HELLO_TIMEOUT"] and 1.5 < seconds < 6, found["silent"]
    said, seconds = found["byte_by_byte"]
    assert said == ["HELLO_TIMEOUT"] and seconds < 30, found["byte_by_byte"]
    said, seconds = found["half_a_frame"]
    assert said == ["FRAME_TIMEOUT"] and 9 < seconds < 20, found["half_a_frame"]
    said, seconds = found["does_not_read"]
    assert said in ("BrokenPipeError", "ConnectionResetError") and seconds < 60, found["does_not_read"]
