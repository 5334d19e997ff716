"""Rate limits by client address: creates when the operator says so, and who is held to no limit. (Failed validations: test_contract.py)"""

from __future__ import annotations

import subprocess
from collections.abc import Callable

import httpx
import pytest

from portal.api import Api, accepted, refused
from portal.programs import Gateway, clean_environment
from portal.stock import Slot
from portal.system import Portal

LIMIT = 4
PROXY = ("--trusted-proxy", "127.0.0.1")


@pytest.fixture(scope="module")
def slot(portal: Portal) -> Slot:
    return portal.stock.slot(capacity=1000)


def until_limited(ask: Callable[[], httpx.Response]) -> list[httpx.Response]:
    """What was answered before. A minute that ends meanwhile lets a few more pass."""
    answers = []
    while (response := ask()).status_code != 429:
        answers.append(response)
        assert len(answers) <= 2 * LIMIT + 2
    error = refused(response, 429, "RATE_LIMITED")
    assert error["message"].startswith("Too many bookings")
    assert 1 <= int(response.headers["retry-after"]) <= 120
    return answers


def test_creates_are_not_limited_unless_the_operator_says_so(portal: Portal, slot: Slot):
    """--creations-per-minute is off by itself"""
    for ticket in portal.stock.tickets(50):
        accepted(portal.api.create(ticket.id, slot.id))


def test_creates_are_limited_by_address(portal: Portal, slot: Slot):
    """as many as may are booked, then 429 with Retry-After for this address alone; other calls go on"""
    gateway, api = portal.another_gateway("--creations-per-minute", str(LIMIT), *PROXY)

    def book(address: str) -> httpx.Response:
        return api.create(portal.stock.ticket().id, slot.id, headers={"X-Forwarded-For": address})

    booked = until_limited(lambda: book("198.51.100.7"))
    assert len(booked) >= LIMIT and {response.status_code for response in booked} == {200}
    accepted(book("198.51.100.8"))
    accepted(api.validate(portal.stock.ticket().code, headers={"X-Forwarded-For": "198.51.100.7"}))
    # A /64 of version 6 is one.
    assert len(until_limited(lambda: book("2001:db8::1"))) >= LIMIT
    assert 429 in [book("2001:db8::ffff:2").status_code for _ in range(3)]
    accepted(book("2001:db8:0:1::1"))
    # However many are turned away, one line says so, and no other names them.
    assert [book("198.51.100.7").status_code for _ in range(20)].count(429) >= 20 - LIMIT
    assert len(gateway.log_lines("address.limited", "remote_address=198.51.100.7", "operation=reservation.create")) <= 2
    assert not gateway.log_lines("http.request", "RATE_LIMITED")


def test_what_costs_nothing(portal: Portal, slot: Slot):
    """forms with mistakes do not count, nor does the replay of a key"""
    _, api = portal.another_gateway("--creations-per-minute", str(LIMIT))
    ticket = portal.stock.ticket()
    for _ in range(3 * LIMIT):
        refused(api.create(ticket.id, slot.id, email="nobody"), 400, "INVALID_CONTACT")
    first = api.create(ticket.id, slot.id, key="one-intention")
    for _ in range(3 * LIMIT):
        again = api.create(ticket.id, slot.id, key="one-intention")
        assert again.headers["idempotency-replayed"] == "true" and again.content == first.content
    # And refusals do.
    refusals = until_limited(lambda: api.create(ticket.id, slot.id))
    assert len(refusals) >= LIMIT - 1 and {response.status_code for response in refusals} == {409}


def test_a_daemon_that_is_away_costs_nothing(own: Portal):
    """whoever asks again because we could not answer has lost nothing of the budget"""
    _, api = own.another_gateway("--creations-per-minute", "2", "--deadline-seconds", "1")
    ticket, slot = own.stock.ticket(), own.stock.slot()
    own.daemon.kill()
    for _ in range(3):
        refused(api.create(ticket.id, slot.id, key="patience"), 503, "UNAVAILABLE")
    own.restart_daemon()
    accepted(api.create(ticket.id, slot.id, key="patience"))


def exempt_by_option(portal: Portal) -> Api:
    return portal.another_gateway(
        "--creations-per-minute", "1", "--failed-validations-per-minute", "1", *PROXY,
        "--rate-limit-exempt", "198.51.100.0/24", "--rate-limit-exempt", "2001:db8::/32")[1]


def exempt_by_environment(portal: Portal) -> Api:
    directory = portal.directory / "gateway-by-environment"
    directory.mkdir()
    gateway = Gateway(portal.programs, directory, portal.daemon.socket("gateway"))
    portal.more_gateways.append(gateway)
    gateway.start(prefix=[
        "env", "RESERVATION_GATEWAY_CREATIONS_PER_MINUTE=1", "RESERVATION_GATEWAY_FAILED_VALIDATIONS_PER_MINUTE=1",
        "RESERVATION_GATEWAY_TRUSTED_PROXY=127.0.0.1", "RESERVATION_GATEWAY_RATE_LIMIT_EXEMPT=198.51.100.0/24, 2001:db8::/32"])
    return portal.api_of(gateway)


@pytest.mark.parametrize("start", [exempt_by_option, exempt_by_environment], ids=["option", "environment"])
def test_exempt_networks(portal: Portal, slot: Slot, start: Callable[[Portal], Api]):
    """--rate-limit-exempt, repeated or separated by commas, frees from both limits, and nobody else"""
    api = start(portal)
    for address in ("198.51.100.1", "198.51.100.1", "198.51.100.1", "2001:db8:5::1", "2001:db8:5::1"):
        header = {"X-Forwarded-For": address}
        accepted(api.create(portal.stock.ticket().id, slot.id, headers=header))
        refused(api.validate("TKT-2025-NOSUCH-TICKET", headers=header), 400, "TICKET_NOT_FOUND")
    stranger = {"X-Forwarded-For": "198.51.100.1, 203.0.113.1"}
    while api.validate("TKT-2025-NOSUCH-TICKET", headers=stranger).status_code != 429:
        pass
    while api.create(portal.stock.ticket().id, slot.id, headers=stranger).status_code != 429:
        pass


@pytest.mark.parametrize(("arguments", "said"), [
    (("--creations-per-minute", "-1"), "--creations-per-minute must be a whole number from 0"),
    (("--creations-per-minute", "many"), "--creations-per-minute must be a whole number from 0"),
    (("--rate-limit-exempt", "10.0.0.1/8"), "--rate-limit-exempt: 10.0.0.1/8 is no address or network like 10.0.0.0/8"),
    (("--rate-limit-exempt", "office"), "--rate-limit-exempt: office is no address"),
    (("--trusted-proxy", "proxy"), "--trusted-proxy: proxy is no address"),
])
def test_mistakes_in_options_are_said(portal: Portal, arguments: tuple[str, str], said: str):
    """the option's name, and what it should look like"""
    done = subprocess.run(
        [portal.programs.gateway, "--socket", "/nowhere", "--listen", "127.0.0.1:0", "=".join(arguments)],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30, env=clean_environment())
    assert done.returncode != 0 and said in done.stderr
