"""The portal behind nginx and behind Caddy, as deploy/proxies says: over HTTPS, for whoever really asks, without delay."""

from __future__ import annotations

import json
import shutil
import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest

from portal.api import EMAIL, PHONE
from portal.conditions import eventually
from portal.programs import Gateway, short_directory
from portal.proxies import CONFIGURATIONS, Caddy, Nginx, Proxy
from portal.system import Portal

GUESS = {"ticket_code": "TKT-2025-NOSUCH-TICKET"}
FAILURES, CREATIONS = 5, 3


@pytest.fixture(scope="module")
def behind(portal: Portal) -> Gateway:
    """A gateway that believes the proxies and nobody else. They connect from 127.0.0.1; visitors come from other addresses of loopback."""
    gateway, _ = portal.another_gateway(
        "--trusted-proxy", "127.0.0.1", "--failed-validations-per-minute", str(FAILURES), "--creations-per-minute", str(CREATIONS),
        "--rate-limit-exempt", "127.0.9.0/24")
    return gateway


@pytest.fixture(scope="module", params=[Nginx, Caddy], ids=["nginx", "caddy"])
def proxy(request: pytest.FixtureRequest, behind: Gateway) -> Iterator[Proxy]:
    kind: type[Proxy] = request.param
    with running(kind, behind) as made:
        yield made


@contextmanager
def running(kind: type[Proxy], gateway: Gateway) -> Iterator[Proxy]:
    if not kind.installed():
        pytest.skip(f"{kind.name} (Debian: {kind.package}) is not installed")
    directory = short_directory()
    proxy = kind(directory, gateway.port)
    try:
        proxy.start()
        yield proxy
        assert proxy.stop() == 0, proxy.log()[-1000:]
    finally:
        proxy.kill()
        shutil.rmtree(directory, ignore_errors=True)


# Each test's visitors have addresses that no other test uses, so that nobody has failed before.
_last_address = 0


def fresh_address(network: str = "127.0.1") -> str:
    global _last_address
    _last_address += 1
    return f"{network}.{_last_address}"


def test_the_proxy_takes_the_configuration(proxy: Proxy):
    """nginx -t without a warning, caddy validate; caddy fmt has nothing to change"""
    done = proxy.examine()
    assert done.returncode == 0, done.stderr
    assert "[warn]" not in done.stderr, done.stderr
    if isinstance(proxy, Caddy):
        subprocess.run(["caddy", "fmt", "--diff", CONFIGURATIONS / "Caddyfile"], check=True, stdin=subprocess.DEVNULL, timeout=60)


def test_a_booking_over_https(proxy: Proxy, portal: Portal):
    """the page, its parts, validate, verify, calendar, create: all of it, and security headers with it"""
    ticket, slot = portal.stock.ticket(), portal.stock.slot()
    with proxy.visitor(fresh_address()) as visitor:
        page = visitor.get("/reserve")
        assert page.status_code == 200 and page.headers["content-type"].startswith("text/html")
        assert page.headers["strict-transport-security"] == "max-age=31536000"
        assert "/" not in page.headers.get("server", "")
        assert page.headers["content-security-policy"] and page.headers["x-content-type-options"] == "nosniff"
        validated = visitor.post("/api/tickets/validate", json={"ticket_code": ticket.code})
        assert validated.json()["data"]["ticket_id"] == ticket.id
        contact = {"ticket_id": ticket.id, "email": EMAIL, "phone": PHONE}
        assert visitor.post("/api/tickets/verify-contact", json=contact).status_code == 200
        listed = visitor.get("/api/reservation-slots/available", params={"date": slot.date}).json()["data"]
        assert [entry["id"] for entry in listed] == [slot.id]
        wanted = {"ticket_id": ticket.id, "slot_id": slot.id, "customer_email": EMAIL, "customer_phone": PHONE}
        booked = visitor.post("/api/reservations/create", json=wanted, headers={"Idempotency-Key": f"behind-{proxy.name}"})
        assert booked.status_code == 200 and booked.json()["data"]["qr_code"].startswith("data:image/png;base64,")
        again = visitor.post("/api/reservations/create", json=wanted, headers={"Idempotency-Key": f"behind-{proxy.name}"})
        assert again.headers["idempotency-replayed"] == "true" and again.content == booked.content
        assert visitor.get("/nothing").json()["error"]["code"] == "NOT_FOUND"


def test_http_2(proxy: Proxy):
    """browsers are offered HTTP/2"""
    done = subprocess.run(  # httpx by itself speaks only HTTP/1.1
        ["curl", "-sS", "--http2", "--cacert", proxy.certificate.certificate, "-o", proxy.directory / "body",
         "-w", "%{http_version} %{http_code}", f"{proxy.url}/healthz"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
    assert done.stdout == "2 200", done.stderr


def test_plain_http_is_sent_to_https(proxy: Proxy):
    """nothing is answered without TLS but where to find it"""
    path = "/reserve?ticket=TKT-2025-AAAAAA-BBBBBB"
    reply = httpx.get(f"http://localhost:{proxy.plain_port}{path}", trust_env=False)
    assert reply.status_code == 308
    assert reply.headers["location"].startswith("https://localhost")
    assert reply.headers["location"].endswith(path)


# ---------------------------------------------------------------------------------------------------
# Who asks


def guess(visitor: httpx.Client, headers: dict[str, str] | list[tuple[str, str]] | None = None) -> int:
    return visitor.post("/api/tickets/validate", json=GUESS, headers=headers).status_code


def test_a_forged_address_frees_nobody_and_blames_nobody(proxy: Proxy):
    """the rate limit holds for the real client, whatever it writes into X-Forwarded-For, and does not hit another"""
    real, named = fresh_address(), fresh_address()
    with proxy.visitor(real) as forger, proxy.visitor(named) as victim:
        forged = (named, f"{named}, 127.0.0.1", "127.0.0.1", "::1", "unknown", f"127.0.9.9,{named}", "[2001:db8::1]:80", ",", "x" * 500)
        answers = []
        while 429 not in answers:
            answers.append(guess(forger, {"X-Forwarded-For": forged[len(answers) % len(forged)], "Forwarded": f"for={named}"}))
            # A minute that ends between two failures may let one or two more pass.
            assert len(answers) <= 2 * FAILURES + 2, answers
        assert set(answers[:-1]) == {400} and len(answers) > FAILURES
        assert [guess(forger, {"X-Forwarded-For": header}) for header in forged].count(429) >= len(forged) - 2
        twice = [("X-Forwarded-For", named), ("X-Forwarded-For", "127.0.9.9"), ("X-Real-IP", named), ("Forwarded", "for=127.0.9.9")]
        assert 429 in [guess(forger, twice) for _ in range(3)]
        # The one whose address was written there has not failed once.
        assert [guess(victim) for _ in range(FAILURES - 1)] == [400] * (FAILURES - 1)


def test_bookings_are_limited_for_who_really_books(proxy: Proxy, portal: Portal):
    """--creations-per-minute counts real clients; an exempt network is not held, and cannot be claimed"""
    slot = portal.stock.slot(capacity=100)

    def book(visitor: httpx.Client, headers: dict[str, str] | None = None) -> httpx.Response:
        ticket = portal.stock.ticket()
        wanted = {"ticket_id": ticket.id, "slot_id": slot.id, "customer_email": EMAIL, "customer_phone": PHONE}
        return visitor.post("/api/reservations/create", json=wanted, headers=headers)

    exempt = fresh_address("127.0.9")
    with proxy.visitor(fresh_address()) as greedy, proxy.visitor(exempt) as office:
        answers = []
        while not answers or answers[-1].status_code != 429:
            answers.append(book(greedy, {"X-Forwarded-For": exempt}))
            assert len(answers) <= 2 * CREATIONS + 2, answers
        assert len(answers) > CREATIONS and {answer.status_code for answer in answers[:-1]} == {200}
        assert answers[-1].json()["error"]["code"] == "RATE_LIMITED" and int(answers[-1].headers["retry-after"]) >= 1
        assert {book(office).status_code for _ in range(3 * CREATIONS)} == {200}


def test_the_log_names_the_real_client(proxy: Proxy, behind: Gateway):
    """the gateway's lines carry the visitor's address, not the proxy's"""
    real = fresh_address()
    with proxy.visitor(real) as visitor:
        guess(visitor, {"X-Forwarded-For": "203.0.113.77"})
    eventually("the gateway has logged it", lambda: behind.log_lines("http.request", f"remote_address={real}"))
    assert not behind.log_lines("203.0.113.77")


def test_no_log_of_the_proxy_has_a_ticket_s_code(proxy: Proxy):
    """a ticket's link carries its code in the query: neither access nor failures are logged with it"""
    with proxy.visitor(fresh_address()) as visitor:
        visitor.get("/reserve?ticket=TKT-2025-SECRET-SECRET", headers={"Referer": "https://mail.example/TKT-2025-SECRET-SECRET"})
    httpx.get(f"http://localhost:{proxy.plain_port}/reserve?ticket=TKT-2025-SECRET-SECRET", trust_env=False)
    line = '"GET /reserve" 308' if isinstance(proxy, Nginx) else '"status": 308'
    eventually("both are in the access log", lambda: line in proxy.access_log())
    assert proxy.access_log().count("/reserve") >= 2
    no_secret(proxy)


def no_secret(proxy: Proxy) -> None:
    for file in proxy.directory.iterdir():
        if file.is_file():
            assert b"SECRET-SECRET" not in file.read_bytes(), file.name


# ---------------------------------------------------------------------------------------------------
# What a proxy could spoil


def test_the_live_stream_comes_as_it_happens(proxy: Proxy, portal: Portal):
    """neither gathers events, nor compresses them, nor waits for a second one"""
    slot = portal.stock.slot(capacity=10)
    with proxy.visitor(fresh_address()) as visitor:
        with visitor.stream(
            "GET", "/api/reservation-slots/events", params={"month": slot.date[:7]}, headers={"Accept-Encoding": "gzip, br"}, timeout=20,
        ) as stream:
            assert stream.status_code == 200 and stream.headers["content-type"].startswith("text/event-stream")
            assert "content-encoding" not in stream.headers
            lines = stream.iter_lines()
            next(line for line in lines if line.startswith("retry: "))
            # Each is waited for before the next is made: a proxy that gathers would keep the first until the read times out.
            for capacity in range(11, 16):
                portal.stock.peer.must("slots.set_capacity", {"slot_id": slot.id, "total_capacity": capacity})
                next(line for line in lines if f'"total_capacity":{capacity},' in line)


def test_a_body_that_is_too_large(proxy: Proxy):
    """413 in the contract's form, from the gateway above 16 KiB and from the proxy above 32"""
    with proxy.visitor(fresh_address()) as visitor:
        for size in (20_000, 40_000, 300_000):
            reply = visitor.post("/api/tickets/validate", json={"ticket_code": "x" * size})
            assert reply.status_code == 413, size
            assert reply.headers["content-type"] == "application/json"
            assert reply.json()["error"]["code"] == "PAYLOAD_TOO_LARGE"
            assert reply.json()["success"] is False
        assert guess(visitor) == 400


def test_a_body_without_an_announced_length_is_bounded_too(proxy: Proxy):
    """chunked, longer than the limit: refused, and the next visitor is served"""
    def parts() -> Iterator[bytes]:
        yield b'{"ticket_code":"'
        for _ in range(200):
            yield b"x" * 1000
        yield b'"}'

    with proxy.visitor(fresh_address()) as visitor:
        try:
            reply = visitor.post("/api/tickets/validate", content=parts(), headers={"Content-Type": "application/json"})
            assert reply.status_code == 413, reply.text
            assert reply.json()["error"]["code"] == "PAYLOAD_TOO_LARGE"
        except (httpx.WriteError, httpx.RemoteProtocolError):
            pass  # It may close on whoever goes on sending.
    with proxy.visitor(fresh_address()) as visitor:
        assert guess(visitor) == 400


@pytest.mark.parametrize("kind", [Nginx, Caddy], ids=["nginx", "caddy"])
def test_without_a_gateway(kind: type[Proxy], portal: Portal):
    """503 with Retry-After in the contract's form; when the gateway is back, so is the portal"""
    gateway, _ = portal.another_gateway()
    with running(kind, gateway) as proxy, proxy.visitor() as visitor:
        assert visitor.get("/healthz").status_code == 200
        gateway.stop()
        reply = visitor.post("/api/tickets/validate", json=GUESS)
        assert reply.status_code == 503
        assert reply.headers["content-type"] == "application/json" and reply.headers["retry-after"] == "5"
        assert reply.headers["cache-control"] == "no-store"
        assert json.loads(reply.text)["error"]["code"] == "UNAVAILABLE"
        # What proxies say of failures has the request in it.
        assert visitor.get("/reserve?ticket=TKT-2025-SECRET-SECRET").status_code == 503
        eventually("it is in the access log", lambda: "/reserve" in proxy.access_log())
        no_secret(proxy)
        gateway.start()
        eventually("it is served again", lambda: visitor.get("/healthz").status_code == 200)


def test_caddy_waits_for_a_gateway_that_restarts(portal: Portal):
    """who asks for something while nobody listens is answered when somebody does"""
    gateway, _ = portal.another_gateway()
    with running(Caddy, gateway) as proxy, proxy.visitor() as visitor:
        assert visitor.get("/healthz").status_code == 200
        gateway.stop()
        answers: list[int] = []
        asking = threading.Thread(target=lambda: answers.append(visitor.get("/api/reservation-slots/available").status_code))
        asking.start()
        gateway.start()
        asking.join(30)
        assert answers == [200]
