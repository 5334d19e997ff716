"""Measures what somebody else notices of an attack: short windows, quiet and attacked by turns.

A machine with two processors that builds or tests something else at the same time is noisy, and its noise comes in bursts. So

- quiet and attacked windows alternate, each some tenths of a second: whatever the machine does meets both alike;
- of each window the P99 of its calls is taken, and of each kind of window the median of these P99s: a burst spoils a window, or two, and
  not the result;
- the attackers are processes of their own with the least priority (`nice`): their work is not that of the programs under attack. Where the
  tests run as root, the programs (`PRIORITY`) and who measures them have a high one, and their session a high one among the sessions, so
  that what else the machine does hardly counts;
- an attacked P99 below `FLOOR` is never a finding: below it the difference between two windows is the scheduler's. An answer takes turns of
  four threads or more (who asks, an event loop, the ledger, the event loop again; over HTTP also the gateway's). When attackers keep both
  processors busy, each of these may wait for a whole time slice before it runs: `perf sched latency` showed up to 12 ms a turn in floods,
  while neither smaller reads, nor smaller groups, nor shorter turns in the daemon's queue changed anything. Attacks took 8 to 25 ms on a
  quiet machine and 31 on CI's. What this found at first took 50 ms to 3 s: single long pieces of work, which add up per connection.
"""

from __future__ import annotations

import gc
import json
import os
import socket
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from dataclasses import dataclass, field
from pathlib import Path

from . import attacker
from .bursts import percentile
from .conditions import eventually
from .rsv import Peer, compact, request
from .system import Portal

FLOOR = 0.06
# Before a program's command; nice(1) runs the command also where it may not raise the priority.
PRIORITY = ("nice", "-n", "-15")
WAYS = ("socket", "HTTP")


class Bystander:
    """Asks for one thing again and again over connections of its own, by the socket and by HTTP."""

    def __init__(self, portal: Portal, role: str):
        self.code = portal.stock.ticket().code
        self.peer = portal.peer(role)
        self.body = compact({"orq": 1, "ticket_code": self.code})
        self.connection = socket.create_connection(("127.0.0.1", portal.gateway.port), 20)
        self.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        content = compact({"ticket_code": self.code})
        self.post = (
            b"POST /api/tickets/validate HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n%s"
            % (len(content), content))
        self.over_the_socket()
        self.over_http()

    def close(self) -> None:
        self.peer.close()
        self.connection.close()

    def over_the_socket(self) -> float:
        data = request("ticket.validate", self.peer.next_id(), self.body)
        start = time.monotonic()
        self.peer.write(data)
        reply = self.peer.read()
        seconds = time.monotonic() - start
        assert reply is not None and reply.ok, reply
        return seconds

    def over_http(self) -> float:
        start = time.monotonic()
        self.connection.sendall(self.post)
        reply = self.connection.recv(65_536)
        seconds = time.monotonic() - start
        assert reply.startswith(b"HTTP/1.1 200 "), reply[:300]
        return seconds

    def window(self, seconds: float) -> dict[str, float]:
        """The P99 of the calls of that time, by way."""
        waits: dict[str, list[float]] = {way: [] for way in WAYS}
        # Collecting garbage would look like an answer that comes late.
        gc.disable()
        try:
            until = time.monotonic() + seconds
            # However slow they are, so many.
            while time.monotonic() < until or len(waits["HTTP"]) < 40:
                waits["socket"].append(self.over_the_socket())
                waits["HTTP"].append(self.over_http())
                time.sleep(0.001)
        finally:
            gc.enable()
        return {way: percentile(found, 0.99) for way, found in waits.items()}


class Attacker:
    """attacker.py at work on one target."""

    def __init__(self, attack: str, target: str | Path | int, count: int, data: str = ""):
        self.process = subprocess.Popen(
            [sys.executable, attacker.__file__, attack, str(target), str(count), data], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
            text=True)
        self.met: Counter[str] = Counter()

    def order(self, word: str) -> str:
        assert self.process.stdin is not None and self.process.stdout is not None
        self.process.stdin.write(f"{word}\n")
        self.process.stdin.flush()
        said = self.process.stdout.readline()
        assert said, f"the attacker ended with status {self.process.wait(10)}"
        return said

    @contextmanager
    def attacking(self) -> Iterator[None]:
        assert self.order("on") == "in place\n"
        try:
            yield
        finally:
            self.met.update(json.loads(self.order("off")))

    def close(self) -> None:
        """It lets go of everything when nobody speaks to it any more."""
        self.process.communicate(timeout=20)


@dataclass
class Findings:
    """What came of one siege."""

    quiet: dict[str, list[float]] = field(default_factory=lambda: {way: [] for way in WAYS})
    attacked: dict[str, list[float]] = field(default_factory=lambda: {way: [] for way in WAYS})
    met: Counter[str] = field(default_factory=Counter)
    daemon_growth: int = 0
    gateway_growth: int = 0

    def __str__(self) -> str:
        def told(found: dict[str, list[float]]) -> str:
            return ", ".join(f"{way} {1e3 * statistics.median(found[way]):.2f} ms" for way in WAYS)
        return (
            f"P99 quiet {told(self.quiet)}; attacked {told(self.attacked)}; grown by {self.daemon_growth / (1 << 20):.1f} and "
            f"{self.gateway_growth / (1 << 20):.1f} MiB; attackers met {dict(self.met)}")

    def check(self) -> None:
        """Others' P99 stays below twice its quiet value."""
        for way in WAYS:
            quiet, attacked = statistics.median(self.quiet[way]), statistics.median(self.attacked[way])
            assert attacked < max(2 * quiet, FLOOR), f"over {way}: {self}"


def besiege(
    portal: Portal, attackers: list[Attacker], rounds: int = 5, seconds: float = 0.25,
    adversity: Callable[[], AbstractContextManager[None]] = nullcontext,
) -> Findings:
    """Quiet and attacked windows by turns. After each attack the programs have as many descriptors as before.

    `adversity` is what makes things worse during the attacks.
    """
    findings = Findings()
    bystander = Bystander(portal, "gateway")
    programs = (portal.daemon, portal.gateway)
    files = [program.open_files() for program in programs]
    memory = [program.resident_bytes() for program in programs]
    for program in programs:
        program.forget_peak()

    def closed() -> bool:
        return all(program.open_files() <= before for program, before in zip(programs, files, strict=True))

    try:
        bystander.window(seconds)  # the first calls of all are not the usual ones
        with precedence():
            for _ in range(rounds):
                for way, p99 in bystander.window(seconds).items():
                    findings.quiet[way].append(p99)
                with adversity(), at_once(attackers):
                    for way, p99 in bystander.window(seconds).items():
                        findings.attacked[way].append(p99)
                eventually(f"the descriptors are back: {files} before", closed, 20)
        findings.daemon_growth, findings.gateway_growth = (
            program.peak_resident_bytes() - before for program, before in zip(programs, memory, strict=True))
    finally:
        bystander.close()
        for one in attackers:
            one.close()
    for one in attackers:
        findings.met += one.met
    return findings


@contextmanager
def precedence() -> Iterator[None]:
    """This process before others, and its session before other sessions; the kernel compares `nice` only within one (sched(7), autogroup)."""
    usual = os.getpriority(os.PRIO_PROCESS, 0)

    def set_to(nice: int) -> None:
        with suppress(OSError):  # not root, or a kernel without autogroups
            os.setpriority(os.PRIO_PROCESS, 0, nice)
            Path("/proc/self/autogroup").write_text(str(nice))

    set_to(-15)
    try:
        yield
    finally:
        set_to(usual)


@contextmanager
def at_once(attackers: list[Attacker]) -> Iterator[None]:
    if not attackers:
        yield
        return
    with attackers[0].attacking(), at_once(attackers[1:]):
        yield
