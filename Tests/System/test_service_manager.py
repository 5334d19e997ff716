"""The gateway and the mailer as systemd sees them: inherited sockets, readiness, signs of life, an orderly end."""

from __future__ import annotations

import http.client
import signal
import socket
import sys
import time
from pathlib import Path

import pytest

from portal import launcher
from portal.conditions import eventually
from portal.manager import Manager
from portal.programs import Gateway, Program, Programs, clean_environment
from portal.system import Portal


def activated(gateway: Gateway, *names: str, place: str | None = None, **environment: str) -> Gateway:
    """Started with a socket that somebody else made."""
    gateway.launch(
        [sys.executable, launcher.__file__, *[f"{name}={place or f'127.0.0.1:{gateway.port}'}" for name in names or ("http",)], "--",
         gateway.programs.gateway, "--socket", gateway.socket_path, "--listen", "127.0.0.1:1"],
        clean_environment(**environment))
    return gateway


@pytest.fixture
def gateway(programs: Programs, directory: Path) -> Gateway:
    """One whose daemon is not there."""
    return Gateway(programs, directory, directory / "none.sock")


def test_the_gateway_serves_an_inherited_socket(own: Portal):
    """the listening TCP socket inherited: it is served in place of --listen, and bookings work"""
    own.gateway.stop()
    activated(own.gateway)
    own.gateway.wait_until_ready()
    ticket, slot = own.stock.ticket(), own.stock.slot()
    assert own.api.create(ticket.id, slot.id).status_code == 200
    assert own.gateway.log_lines("gateway.listening", f"127.0.0.1:{own.gateway.port}"), own.gateway.log()


def test_the_gateway_serves_a_unix_socket(gateway: Gateway, directory: Path):
    """a proxy on the same machine may come by a Unix socket"""
    path = str(directory / "http.sock")
    activated(gateway, place=path)
    eventually("it is there", lambda: Path(path).exists())
    with socket.socket(socket.AF_UNIX) as peer:
        peer.settimeout(20)
        peer.connect(path)
        peer.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        assert b" 200 " in peer.makefile("rb").readline()
    assert gateway.stop() == 0
    assert Path(path).exists(), "the socket is systemd's"


def test_an_unknown_name_is_refused(gateway: Gateway):
    """LISTEN_FDNAMES with a name that the gateway does not know: told so, not guessed"""
    activated(gateway, "https")
    assert gateway.wait() > 0
    assert gateway.log_lines("https", "FileDescriptorName"), gateway.log()


def test_the_gateway_tells_systemd_how_it_is(gateway: Gateway, manager: Manager):
    """Type=notify and WatchdogSec= of the gateway: READY=1 when it listens, WATCHDOG=1 in time, STOPPING=1 when it begins to stop"""
    activated(gateway, NOTIFY_SOCKET=manager.address, WATCHDOG_USEC="1000000")
    ready = manager.until("READY")
    assert ready["READY"] == "1" and str(gateway.port) in ready["STATUS"]
    asked(http.client.HTTPConnection("127.0.0.1", gateway.port, timeout=20))
    for _ in range(4):
        before = time.monotonic()
        manager.until("WATCHDOG")
        assert time.monotonic() - before < 1.0
    gateway.signal(signal.SIGTERM)
    assert manager.until("STOPPING")["STOPPING"] == "1"
    assert gateway.wait() == 0


def test_the_mailer_tells_systemd_how_it_is(programs: Programs, directory: Path, manager: Manager):
    """Type=notify and WatchdogSec= of the mailer: READY=1 when it tries, also without a daemon, and a STATUS that says so"""
    mailer = Program(directory / "mailer.log")
    mailer.launch(
        [str(programs.mailer), "--socket", str(directory / "none.sock"), "--from", "visit@museum.example", "--transport",
         f"directory:{directory}"], clean_environment(NOTIFY_SOCKET=manager.address, WATCHDOG_USEC="1000000"))
    assert manager.until("READY")["READY"] == "1"
    for _ in range(4):
        manager.until("WATCHDOG")
    mailer.signal(signal.SIGTERM)
    assert manager.until("STOPPING")["STOPPING"] == "1"
    assert mailer.wait() == 0


def asked(connection: http.client.HTTPConnection) -> http.client.HTTPResponse:
    connection.request("GET", "/healthz")
    response = connection.getresponse()
    response.read()
    assert response.status == 200
    return response
