"""Any HTTP request: a clear error in the contract's form, no crash, no stall for others, bounded memory. (Sockets: test_bad_input.py)"""

from __future__ import annotations

import random
import socket
import threading
import time

import pytest

from portal.api import accepted, refused
from portal.conditions import eventually
from portal.stock import Stock
from portal.system import Portal
from portal.witness import witness

MIB = 1 << 20


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
    b"TRACE / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n", b"GET http://example.com/nothing HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n",
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
