"""Any bytes on any socket, any HTTP request: a clear error in the contract's form, no crash, no stall for others, bounded memory."""

from __future__ import annotations

import json
import random
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress

import httpx
import pytest

from portal.api import accepted, refused
from portal.bursts import percentile
from portal.conditions import eventually
from portal.programs import REPOSITORY
from portal.rsv import Peer, Reply, frame, hello, request
from portal.stock import Stock
from portal.system import Portal

ROLES = ("gateway", "service", "admin")
MIB = 1 << 20


@contextmanager
def witness(portal: Portal) -> Iterator[None]:
    """Somebody else, on the socket and over HTTP, who must be answered at once all the while."""
    ticket = portal.stock.ticket()
    slot = portal.stock.slot(capacity=100_000)
    done, waits, failures = threading.Event(), [], []

    def over_the_socket() -> None:
        with portal.peer("service") as peer:
            while not done.is_set():
                start = time.monotonic()
                reply = peer.call("ticket.validate", {"orq": 1, "ticket_code": ticket.code})
                waits.append(time.monotonic() - start)
                if not reply.ok:
                    failures.append(reply)
                done.wait(0.01)

    def over_http() -> None:
        with httpx.Client(base_url=portal.gateway.url, timeout=30, trust_env=False) as client:
            while not done.is_set():
                start = time.monotonic()
                response = client.get("/api/reservation-slots/available", params={"date": slot.date})
                waits.append(time.monotonic() - start)
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
        yield
    finally:
        done.set()
        for thread in threads:
            thread.join(60)
    assert not failures, failures[:3]
    assert waits
    assert percentile(waits, 0.95) < 1.0, f"others waited: P95 {percentile(waits, 0.95):.3f} s, worst {max(waits):.3f} s"


# -- sockets ---------------------------------------------------------------------------------------

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


def test_a_peer_that_does_not_read_costs_little(own: Portal):
    """A peer that does not read … costs nobody else anything; bounded memory"""
    orq = own.stock.organization()
    own.stock.slots(200, orq=orq)
    month = own.stock.slots(1, orq=orq)[0].date[:7]
    ask = b"".join(request("slots.available", number, {"orq": orq, "month": month}) for number in range(1, 20_001))
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

    def served() -> bool:
        try:
            with own.peer("service") as peer:
                return peer.call("daemon.health").ok
        except Exception:  # noqa: BLE001 - refused still
            return False

    eventually("the daemon takes connections again", served)


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
    with portal.peer("service") as peer:
        assert peer.call("daemon.health").ok
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


# -- HTTP ------------------------------------------------------------------------------------------

def raw(portal: Portal, data: bytes, timeout: float = 20.0) -> bytes:
    """All that comes back for these bytes until the gateway closes or falls silent."""
    with socket.create_connection(("127.0.0.1", portal.gateway.port), timeout) as connection:
        connection.settimeout(timeout)
        reply = b""
        try:
            connection.sendall(data)
            connection.shutdown(socket.SHUT_WR)
            while more := connection.recv(1 << 16):
                reply += more
        except (ConnectionResetError, BrokenPipeError):
            pass
        return reply


def test_random_http(portal: Portal, chance: random.Random):
    """any HTTP request: no crash, no stall for others"""
    body = b'{"ticket_code":"TKT-2025-ABC123-DEF456"}'
    whole = b"POST /api/tickets/validate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s" % (
        len(body), body)
    with witness(portal):
        for _ in range(300):
            data = bytearray(whole)
            for _ in range(chance.randrange(1, 6)):
                data[chance.randrange(len(data))] = chance.randrange(256)
            if chance.random() < 0.2:
                data = bytearray(chance.randbytes(chance.randrange(1, 2000)))
            reply = raw(portal, bytes(data))
            assert reply == b"" or reply.startswith(b"HTTP/1.1 "), reply[:100]
            assert not reply.startswith(b"HTTP/1.1 5"), (bytes(data), reply[:300])
    assert portal.gateway.running


HEAD = b"POST /api/tickets/validate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"


@pytest.mark.parametrize("data", [
    b"GET / HTTP/9.9\r\n\r\n", b"\r\n\r\n\r\n", b"GET\r\n\r\n", b"GET / HTTP/1.1\r\nHost\r\n\r\n", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03",
    HEAD + b"Content-Length: -1\r\n\r\n", HEAD + b"Content-Length: 99999999999999999999\r\n\r\n", HEAD + b"Content-Length: 2\r\nContent-Length: 3\r\n\r\n{} ",
    HEAD + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n", HEAD + b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n{}\r\n0\r\n\r\n",
    HEAD + b"Transfer-Encoding: chunked\r\n\r\nffffffffffffffffff\r\n{}", HEAD + b"X-Big: " + b"a" * 300_000 + b"\r\n\r\n",
    HEAD + b"".join(b"X-%d: a\r\n" % n for n in range(20_000)) + b"\r\n", b"GET /" + b"a" * 300_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"GET /api/reservation-slots/available?month=%ff%fe HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    b"GET /api/reservation-slots/available?month=2025-11%00 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    b"GET /%00 HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", b"GET /api/tickets/validate\0 HTTP/1.1\r\nHost: localhost\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", b"CONNECT example.com:443 HTTP/1.1\r\nHost: example.com\r\n\r\n",
    b"TRACE / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", b"GET http://example.com/ HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
    HEAD + b"Content-Encoding: gzip\r\nContent-Length: 4\r\nConnection: close\r\n\r\n\x1f\x8b\x08\x00",
], ids=range(23))
def test_odd_http(portal: Portal, data: bytes):
    """any HTTP request: a refusal or an end, never a 5xx, and the gateway goes on"""
    reply = raw(portal, data)
    assert reply == b"" or reply.startswith((b"HTTP/1.1 4", b"HTTP/1.0 4")), reply[:300]
    accepted(portal.api.available(month="2199-01"))


def test_a_smuggled_request_is_not_answered(portal: Portal):
    """any HTTP request: two lengths do not become two requests"""
    inner = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n"
    reply = raw(portal, HEAD + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" + inner)
    assert reply.count(b"HTTP/1.1 ") <= 1, reply


def test_hostile_values(portal: Portal, stock: Stock):
    """any HTTP request: a clear error in the contract's form"""
    api = portal.api
    ticket = stock.ticket()
    hostile = [
        "\u0000", "\r\nX-Injected: 1", "<script>alert(1)</script>", "'; DROP TABLE tickets; --", "\u202e", "\U0001f600" * 100, "%00", "../../etc/passwd",
        "${jndi:ldap://x}", "\x1b[2J",
    ]
    for value in hostile:
        refused(api.validate(value), 400, "INVALID_TICKET_CODE")
        refused(api.verify(ticket.id, email=value), 400, "INVALID_CONTACT")
        refused(api.verify(ticket.id, phone=value), 400, "INVALID_CONTACT")
        response = api.validate(ticket.code, headers={"X-Orq": value.encode("utf-8", "replace").replace(b"\0", b"").replace(b"\r\n", b"").replace(b"\x1b", b"") or b"x"})
        refused(response, 400, "INVALID_REQUEST")
        response = api.available(month=value)
        refused(response, 400, "INVALID_REQUEST")
        assert "x-injected" not in response.headers
        if len(value) > 3:
            assert value not in response.text, "an error must not give the caller's bytes back"
    accepted(api.validate(ticket.code))


@pytest.mark.timeout(180)
def test_slow_http(own: Portal):
    """slow peers: half a request line, half a body, one header a second: cut, and nobody else waits"""
    started = [
        b"GET /api/res", b"POST /api/tickets/validate HTTP/1.1\r\nHost: localhost\r\n",
        HEAD + b"Content-Length: 100\r\n\r\n{", b"",
    ]
    ended: dict[int, float] = {}

    def wait(number: int) -> None:
        start = time.monotonic()
        with socket.create_connection(("127.0.0.1", own.gateway.port), 20) as connection:
            connection.settimeout(150)
            connection.sendall(started[number])
            try:
                while connection.recv(1 << 16):
                    pass
            except ConnectionResetError:
                pass
        ended[number] = time.monotonic() - start

    threads = [threading.Thread(target=wait, args=(number,)) for number in range(len(started))]
    with witness(own):
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(160)
    assert set(ended) == set(range(len(started))), f"never cut: {[started[n] for n in set(range(len(started))) - set(ended)]}"
    assert max(ended.values()) < 90, ended


def test_http_memory_is_bounded(own: Portal):
    """bounded memory: bodies over the limit are not gathered"""
    body = b"x" * (4 * MIB)
    head = HEAD + b"Content-Length: %d\r\n\r\n" % len(body)
    accepted(own.api.available(month="2199-01"))
    baseline = own.gateway.resident_bytes()

    def push() -> None:
        with socket.create_connection(("127.0.0.1", own.gateway.port), 20) as connection:
            connection.settimeout(20)
            try:
                connection.sendall(head + body)
                connection.recv(1 << 16)
            except OSError:
                pass

    with witness(own):
        for _ in range(5):
            threads = [threading.Thread(target=push) for _ in range(40)]
            for thread in threads:
                thread.start()
            peak = own.gateway.resident_bytes()
            for thread in threads:
                thread.join(60)
            peak = max(peak, own.gateway.resident_bytes())
    assert peak - baseline < 128 * MIB, f"grew from {baseline // MIB} to {peak // MIB} MiB by 800 MiB of bodies"


def test_abandoned_requests(own: Portal):
    """callers that go away in the middle leave nothing behind"""
    accepted(own.api.available(month="2199-01"))
    files = own.gateway.open_files()
    with witness(own):
        for _ in range(200):
            with socket.create_connection(("127.0.0.1", own.gateway.port), 20) as connection:
                connection.sendall(HEAD + b"Content-Length: 40\r\n\r\n" + b'{"ticket_code":"TKT-2025-ABC123-DEF456"}')
    eventually("the gateway has closed what those callers left", lambda: own.gateway.open_files() <= files + 3, 30)
