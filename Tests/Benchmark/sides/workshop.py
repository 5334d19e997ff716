"""The directory a run works in, on the disk that is measured, and the processes it starts there."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

HERE = Path(__file__).resolve().parents[1]
REPOSITORY = HERE.parents[1]


class Unavailable(Exception):
    """A comparison cannot be made on this machine; the message says what to install."""


def say(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


class Workshop:
    def __init__(self, directory: Path, programs: Path, quick: bool):
        self.directory = directory
        self.programs = programs
        self.quick = quick
        self._processes: list[subprocess.Popen[bytes]] = []

    def size(self, full: int) -> int:
        """How many requests a run makes; a tenth with --quick."""
        return max(200, full // 10) if self.quick else full

    @property
    def repeats(self) -> int:
        """How often a figure with a bound is measured; its median counts."""
        return 1 if self.quick else 3

    def compile(self, source: str, *flags: str) -> Path:
        program = self.directory / Path(source).stem
        subprocess.run(["gcc", "-O2", "-Wall", "-Wextra", "-o", program, HERE / source, *flags], check=True)
        return program

    def start(self, command: Sequence[str | Path], log: str, **options) -> subprocess.Popen[bytes]:
        with (self.directory / log).open("ab") as output:
            process = subprocess.Popen(
                [str(word) for word in command], stdin=subprocess.DEVNULL, stdout=output, stderr=output, **options)
        self._processes.append(process)
        return process

    def stop(self, process: subprocess.Popen[bytes], how: signal.Signals = signal.SIGTERM) -> None:
        if process.poll() is None:
            process.send_signal(how)
            try:
                process.wait(60)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        if process in self._processes:
            self._processes.remove(process)

    def stop_all(self) -> None:
        for process in reversed(list(self._processes)):
            self.stop(process)

    def wait_for(self, what: str, check: Callable[[], bool], process: subprocess.Popen[bytes], within: float = 60) -> None:
        until = time.monotonic() + within
        while not check():
            if process.poll() is not None:
                raise RuntimeError(f"{what} ended with status {process.returncode}; its log is in {self.directory}")
            if time.monotonic() > until:
                raise RuntimeError(f"{what} does not answer; its log is in {self.directory}")
            time.sleep(0.05)

    def load(self, *arguments: str | int | float | Path) -> dict:
        """One run of reservation-bench; it fails when a reservation is missing."""
        done = subprocess.run(
            [str(self.programs / "reservation-bench"), "load", "--json", *[str(word) for word in arguments]],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True, text=True)
        return json.loads(done.stdout)


def processor_count() -> int:
    return len(os.sched_getaffinity(0))


def middle(values: Sequence[float]) -> float:
    ordered = sorted(values)
    return ordered[len(ordered) // 2]


def middle_run(runs: Sequence[dict], by: Callable[[dict], float] = lambda run: run["per_second"]) -> dict:
    """The run in the middle, whole: its percentiles belong to its throughput."""
    return sorted(runs, key=by)[len(runs) // 2]
