"""Daemon and gateway, freshly made for each group of runs."""

from __future__ import annotations

import os
import shutil
import socket
import sqlite3
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

from .workshop import REPOSITORY, Workshop, middle_run, say

sys.path.insert(0, str(REPOSITORY / "Tests" / "System"))

from portal import rsv  # noqa: E402
from portal.programs import Daemon, Gateway, Programs, clean_environment  # noqa: E402

ROLES = ("gateway", "service", "admin")


class PortalSide:
    """Running while it is entered; its database goes with it."""

    def __init__(self, workshop: Workshop, name: str, gateway: bool = False):
        self.workshop = workshop
        self.directory = workshop.directory / name
        self.directory.mkdir()
        programs = Programs(workshop.programs)
        self.daemon = Daemon(programs, self.directory)
        self.gateway = Gateway(programs, self.directory, self.daemon.socket("gateway")) if gateway else None

    def __enter__(self) -> PortalSide:
        self.daemon.start("--log-level", "warning")
        if self.gateway:
            self.gateway.start("--log-level", "warning", "--failed-validations-per-minute", "1000000")
        return self

    def __exit__(self, *_) -> None:
        if self.gateway:
            self.gateway.stop()
        self.daemon.stop()
        shutil.rmtree(self.directory)

    @property
    def _admin(self) -> tuple[str, Path]:
        return "--admin", self.daemon.socket("admin")

    def over_socket(self, subject: str, in_flight: int, requests: int, *more: str | int | float) -> dict:
        """Up to 8 connections; `more` may say otherwise."""
        return self._run(
            "--subject", subject, "--socket", self.daemon.socket("service"), "--in-flight", in_flight,
            "--connections", min(in_flight, 8), "--requests", self.workshop.size(requests), *more)

    def waiting_callers(self, callers: int, requests: int, *more: str | int | float) -> dict:
        """Each with its own connection and one request at a time."""
        return self._run(
            "--subject", "create", "--socket", self.daemon.socket("service"), "--in-flight", callers, "--connections", callers,
            "--requests", self.workshop.size(requests), *more)

    def over_http(self, subject: str, connections: int, requests: int, *more: str | int | float) -> dict:
        assert self.gateway
        return self._run(
            "--subject", subject, "--http", f"127.0.0.1:{self.gateway.port}", "--connections", connections,
            "--requests", self.workshop.size(requests), *more)

    def _run(self, *arguments: str | int | float | Path) -> dict:
        result = self.workshop.load(*self._admin, *arguments)
        say(f"    {result['name']}: {result['per_second']:,}/s")
        return result

    @staticmethod
    def once(run: Callable[..., dict], *arguments: str | int | float) -> dict:
        return run(*arguments)

    def middle_of(self, run: Callable[..., dict], *arguments: str | int | float) -> dict:
        return middle_run([run(*arguments) for _ in range(self.workshop.repeats)])

    def stock(self, tickets: int, slots: int = 1) -> None:
        subprocess.run(
            [self.workshop.programs / "reservation-bench", "stock", *self._admin, "--tickets", str(tickets), "--slots", str(slots)],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)

    # Memory, in mebibytes: VmRSS is what is resident, VmHWM the most that ever was (proc(5))

    def daemon_memory(self, field: str) -> float:
        return self._memory(self.daemon.pid, field)

    def gateway_memory(self, field: str) -> float:
        assert self.gateway
        return self._memory(self.gateway.pid, field)

    @staticmethod
    def _memory(pid: int, field: str) -> float:
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith(f"{field}:"):
                return int(line.split()[1]) / 1024
        raise AssertionError(f"no {field}")

    @staticmethod
    def processor_ns(pid: int) -> int:
        """Nanoseconds that all of its threads have computed (proc(5), `task/*/schedstat`)."""
        return sum(int(file.read_text().split()[0]) for file in Path(f"/proc/{pid}/task").glob("*/schedstat"))

    def reply_bytes(self) -> int:
        """How long the stored answers are."""
        self.daemon.stop()
        connection = sqlite3.connect(f"file:{self.daemon.database}?mode=ro", uri=True)
        try:
            return round(connection.execute("SELECT avg(length(reply)) FROM idempotency_records").fetchone()[0])
        finally:
            connection.close()
            self.daemon.start("--log-level", "warning")

    # Start-up

    def first_answers(self, repeats: int) -> dict:
        """Milliseconds from the moment systemd would start the daemon, with a caller already connected, to that caller's answer: with the
        database in the file system's cache, as after a restart, and with none of it there."""
        self.daemon.stop()
        code = self._some_code()
        warm = [self._first_answer(code) for _ in range(repeats)]
        cold = []
        for _ in range(repeats):
            for path in self.directory.glob(f"{self.daemon.database.name}*"):
                with path.open("rb") as file:
                    # Only what is on the disk can be let go.
                    os.fsync(file.fileno())
                    os.posix_fadvise(file.fileno(), 0, 0, os.POSIX_FADV_DONTNEED)
            cold.append(self._first_answer(code))
        self.daemon.start("--log-level", "warning")
        return {"warm_ms": statistics.median(warm), "cold_ms": statistics.median(cold)}

    def _some_code(self) -> tuple[int, str]:
        connection = sqlite3.connect(f"file:{self.daemon.database}?mode=ro", uri=True)
        try:
            return connection.execute("SELECT orq, ticket_code FROM tickets WHERE status = 'ACTIVATED' LIMIT 1").fetchone()
        finally:
            connection.close()

    def _first_answer(self, ticket: tuple[int, str]) -> float:
        listeners = []
        for role in ROLES:
            self.daemon.socket(role).unlink(missing_ok=True)
            listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            listener.bind(str(self.daemon.socket(role)))
            listener.listen(128)
            listeners.append(listener)
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as caller:
            caller.settimeout(60)
            caller.connect(str(self.daemon.socket("gateway")))
            caller.sendall(rsv.hello() + rsv.request("ticket.validate", 1, {"orq": ticket[0], "ticket_code": ticket[1]}))
            began = time.monotonic()
            pid = self._activate(listeners)
            received = b""
            while b"ACTIVATED" not in received:
                more = caller.recv(65536)
                assert more, f"the daemon answered {received!r} and closed"
                received += more
            took = time.monotonic() - began
        os.kill(pid, 15)
        os.waitpid(pid, 0)
        for listener in listeners:
            listener.close()
        return took * 1000

    def _activate(self, listeners: list[socket.socket]) -> int:
        """As systemd does, sd_listen_fds(3): the sockets from descriptor 3 on."""
        command = [str(self.daemon.programs.daemon), "--database", str(self.daemon.database), "--log-level", "warning"]
        environment = clean_environment(LISTEN_FDS=str(len(listeners)), LISTEN_FDNAMES=":".join(ROLES))
        pid = os.fork()
        if pid:
            return pid
        try:
            spare = [os.dup2(listener.fileno(), 100 + number) for number, listener in enumerate(listeners)]
            for number, descriptor in enumerate(spare):
                os.dup2(descriptor, 3 + number, inheritable=True)
            os.closerange(3 + len(listeners), 256)
            os.execve(command[0], command, environment | {"LISTEN_PID": str(os.getpid())})
        finally:
            os._exit(127)
