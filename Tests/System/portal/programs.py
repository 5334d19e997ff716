"""The built programs as processes: started on free ports and in temporary directories, stopped by their pid."""

from __future__ import annotations

import itertools
import json
import os
import random
import re
import resource
import signal
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from .conditions import eventually
from .rsv import Peer, PeerError

REPOSITORY = Path(__file__).resolve().parents[3]


class ProgramEnded(AssertionError):
    """A program ended that should have run; what it said is in the message."""

    def __init__(self, program: Program):
        self.status = program.process.returncode if program.process else None
        self.said = program.log()
        super().__init__(f"{program.name} ended with status {self.status}: {self.said.strip()[-2000:]}")


def clean_environment(**more: str) -> dict[str, str]:
    """This process's environment without what would reach into the programs: their own variables, systemd's, proxies."""
    foreign = re.compile(r"RESERVATION_|LISTEN_|NOTIFY_SOCKET|WATCHDOG_|JOURNAL_STREAM|(?i:https?_proxy|no_proxy|all_proxy)")
    return {name: value for name, value in os.environ.items() if not foreign.match(name)} | more


# Below those that the kernel chooses from for who does not care (ip_local_port_range): nobody gets one between the asking and the use of
# it. Each of several test processes (pytest-xdist numbers them) has a range of its own.
PORTS = range(20_000 + 1_000 * int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")), 32_000)[:1_000]
_ports = itertools.cycle(random.sample(PORTS, len(PORTS)))


def free_port() -> int:
    """A loopback port nobody listens on just now."""
    for port in itertools.islice(_ports, len(PORTS)):
        with socket.socket() as listener, suppress(OSError):
            listener.bind(("127.0.0.1", port))
            return port
    raise RuntimeError(f"none of the ports from {PORTS.start} to {PORTS.stop - 1} is free")


class Program:
    """One process with its standard error in a file."""

    name = "program"

    def __init__(self, log_path: Path):
        self.log_path = log_path
        self.process: subprocess.Popen[bytes] | None = None

    def launch(self, command: Sequence[str | Path], environment: Mapping[str, str] | None = None, **options) -> None:
        assert not self.running, f"{self.name} runs already"
        with self.log_path.open("ab") as log:
            self.process = subprocess.Popen(
                [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                env=dict(environment) if environment is not None else clean_environment(), **options)

    @property
    def running(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def pid(self) -> int:
        assert self.process is not None
        return self.process.pid

    def log(self) -> str:
        return self.log_path.read_text(encoding="utf-8", errors="replace") if self.log_path.exists() else ""

    def log_lines(self, *words: str) -> list[str]:
        """The lines that hold every one of the words."""
        return [line for line in self.log().splitlines() if all(word in line for word in words)]

    def resident_bytes(self) -> int:
        return self._memory("VmRSS:")

    def peak_resident_bytes(self) -> int:
        """The most there was at any time since `forget_peak`."""
        return self._memory("VmHWM:")

    def forget_peak(self) -> None:
        """proc(5), clear_refs: 5 sets the peak to what is resident now."""
        Path(f"/proc/{self.pid}/clear_refs").write_text("5")

    def _memory(self, name: str) -> int:
        for line in Path(f"/proc/{self.pid}/status").read_text().splitlines():
            if line.startswith(name):
                return int(line.split()[1]) * 1024
        raise ProgramEnded(self)

    def processor_seconds(self) -> float:
        """What it has used of the processors so far (proc(5), stat)."""
        fields = Path(f"/proc/{self.pid}/stat").read_text().rpartition(")")[2].split()
        return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")

    def open_files(self) -> int:
        return len(os.listdir(f"/proc/{self.pid}/fd"))

    @contextmanager
    def short_of_descriptors(self, left: int) -> Iterator[None]:
        """Lowers the limit of the running program to what it has open, and so many more."""
        before = resource.prlimit(self.pid, resource.RLIMIT_NOFILE)
        # The limit is one of the descriptors' numbers, and a new file gets the lowest that is free.
        taken = {int(name) for name in os.listdir(f"/proc/{self.pid}/fd")}
        free = [number for number in range(len(taken) + left + 1) if number not in taken]
        resource.prlimit(self.pid, resource.RLIMIT_NOFILE, (free[left], before[1]))
        try:
            yield
        finally:
            resource.prlimit(self.pid, resource.RLIMIT_NOFILE, before)

    def signal(self, number: int) -> None:
        if self.running:
            os.kill(self.pid, number)

    def wait(self, within: float = 20.0) -> int:
        """The exit status; negative for the signal that ended it."""
        assert self.process is not None
        try:
            return self.process.wait(within)
        except subprocess.TimeoutExpired:
            tail = self.log()[-2000:]
            self.process.kill()
            self.process.wait()
            raise AssertionError(f"{self.name} did not end within {within:g} s. It said: {tail}") from None

    def stop(self) -> int:
        """SIGTERM, then the exit status."""
        self.signal(signal.SIGTERM)
        return self.wait()

    def kill(self) -> None:
        """SIGKILL: what a power cut looks like to everybody else."""
        self.signal(signal.SIGKILL)
        if self.process is not None:
            self.process.wait()


@dataclass(frozen=True)
class Programs:
    """Where the three programs are."""

    directory: Path

    @property
    def daemon(self) -> Path:
        return self.directory / "reservationd"

    @property
    def gateway(self) -> Path:
        return self.directory / "reservation-gateway"

    @property
    def mailer(self) -> Path:
        return self.directory / "reservation-mailer"

    @property
    def control(self) -> Path:
        return self.directory / "reservationctl"

    def missing(self) -> list[Path]:
        return [path for path in (self.daemon, self.gateway, self.mailer, self.control) if not os.access(path, os.X_OK)]


class Daemon(Program):
    name = "reservationd"

    def __init__(self, programs: Programs, directory: Path, database: Path | None = None):
        super().__init__(directory / "reservationd.log")
        self.programs = programs
        # Below the 107 bytes a socket's path may have.
        self.sockets = directory / "s"
        self.sockets.mkdir(exist_ok=True)
        self.database = database or directory / "reservations.sqlite"
        self.roles = ("gateway", "service", "admin")

    def socket(self, role: str) -> Path:
        return self.sockets / f"{role}.sock"

    def command(self, *arguments: str) -> list[str]:
        return [str(self.programs.daemon), "--database", str(self.database), "--socket-directory", str(self.sockets), *arguments]

    def start(self, *arguments: str, environment: Mapping[str, str] | None = None, prefix: Sequence[str] = (), **options) -> Daemon:
        """Returns when it answers on its sockets."""
        self.launch([*prefix, *self.command(*arguments)], environment, **options)
        self.wait_until_ready()
        return self

    def wait_until_ready(self, within: float = 20.0) -> None:
        eventually("reservationd answers", self._answers, within)

    def _answers(self) -> bool:
        if not self.running:
            raise ProgramEnded(self)
        # It begins to listen on one after the other.
        return all(self._answers_on(role) for role in self.roles)

    def _answers_on(self, role: str) -> bool:
        try:
            with Peer(self.socket(role), timeout=5) as peer:
                return peer.call("daemon.health").ok
        except (OSError, PeerError):
            return False

    def refuse(self, *arguments: str, prefix: Sequence[str] = ()) -> Refusal:
        """Runs it in the expectation that it ends by itself."""
        before = len(self.log())
        self.launch([*prefix, *self.command(*arguments)])
        status = self.wait(30)
        return Refusal(status, self.log()[before:])

    def peer(self, role: str, **options) -> Peer:
        return Peer(self.socket(role), **options)


@dataclass(frozen=True)
class Refusal:
    """How a program that would not start ended."""

    status: int
    said: str

    @property
    def lines(self) -> list[str]:
        return [line for line in self.said.splitlines() if line.strip()]


class Gateway(Program):
    name = "reservation-gateway"

    def __init__(self, programs: Programs, directory: Path, socket_path: Path):
        super().__init__(directory / "gateway.log")
        self.programs = programs
        self.socket_path = socket_path
        self.port = free_port()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self, *arguments: str, wait: bool = True, prefix: Sequence[str] = ()) -> Gateway:
        """Returns when it answers /healthz, which needs no daemon."""
        self.launch([
            *prefix, self.programs.gateway, "--socket", self.socket_path, "--listen", f"127.0.0.1:{self.port}", *arguments])
        if wait:
            self.wait_until_ready()
        return self

    def wait_until_ready(self) -> None:
        eventually("reservation-gateway answers", self._answers)

    def _answers(self) -> bool:
        if not self.running:
            raise ProgramEnded(self)
        try:
            with socket.create_connection(("127.0.0.1", self.port), 5) as connection:
                connection.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
                return b" 200 " in connection.makefile("rb").readline()
        except OSError:
            return False


@dataclass(frozen=True)
class Spoken:
    """What one run of reservationctl did."""

    status: int
    output: str
    error: str

    @property
    def json(self):
        return json.loads(self.output)


class Control:
    """reservationctl on one admin socket."""

    def __init__(self, programs: Programs, socket_path: Path):
        self.programs = programs
        self.socket_path = socket_path

    def run(self, *arguments: str | int, socket_path: Path | None = None, environment: Mapping[str, str] | None = None) -> Spoken:
        command = [str(self.programs.control), "--socket", str(socket_path or self.socket_path), *[str(word) for word in arguments]]
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=60,
            # A test is about what is answered; a disk that is busy with something else is no failure.
            env=dict(environment) if environment is not None else clean_environment(RESERVATION_TIMEOUT="30"))
        return Spoken(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))

    def begin(self, *arguments: str | int) -> subprocess.Popen[bytes]:
        """One that goes on; its output is to be read from its pipes."""
        return subprocess.Popen(
            [str(self.programs.control), "--socket", str(self.socket_path), *[str(word) for word in arguments]],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=clean_environment(RESERVATION_TIMEOUT="30"))

    def json(self, *arguments: str | int):
        """The reply of a run that must succeed."""
        spoken = self.run("--json", *arguments)
        assert spoken.status == 0, f"reservationctl {' '.join(map(str, arguments))}: {spoken.error}"
        return spoken.json


def short_directory() -> Path:
    """A fresh directory whose path leaves room for a socket's name."""
    return Path(tempfile.mkdtemp(prefix="rsv-"))
