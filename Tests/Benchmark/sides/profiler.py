"""Where a program's processor time goes while it works: samples by perf(1), each counted for one part."""

from __future__ import annotations

import itertools
import re
import shutil
import signal
import subprocess
import time
from collections import Counter
from collections.abc import Callable
from pathlib import Path

from .workshop import Unavailable

PARTS = (
    "SQLite", "syncing files", "reading and writing files", "other kernel", "QR codes", "zlib", "reference counting", "Swift code", "libc")

# A sample in the kernel belongs to the call that led there (the names are Linux's for both kinds of ABI wrappers).
_SYNC = re.compile(r"_sys_(fdatasync|fsync|sync_file_range)$")
_FILES = re.compile(r"^(ext4|xfs|btrfs|generic_file|filemap|shmem)_|_sys_(pread64|pwrite64|preadv2?|pwritev2?|ftruncate)$")
_COUNTING = re.compile(r"^_?swift_(retain|release|bridgeObject|isUnique|allocObject|dealloc|weak|unowned|beginAccess|endAccess)")
# Rate in Hz: not a divisor of what the kernel does each millisecond.
FREQUENCY = 997


class Profile:
    """What share of the samples fell on each part, and how many samples there were."""

    def __init__(self, samples: Counter[str]):
        self.count = samples.total()
        self.shares = {part: samples[part] / max(1, self.count) for part in PARTS}

    def row(self, name: str, per_request: str) -> str:
        return " | ".join([f"| {name}", per_request, *[f"{100 * self.shares[part]:.0f} %" for part in PARTS]]) + " |"


def table(rows: list[str]) -> str:
    head = ["what", "µs a request", *PARTS]
    return "\n".join(["| " + " | ".join(head) + " |", "| --- |" + " ---: |" * (len(head) - 1), *rows])


def profiled(pid: int, directory: Path, work: Callable[[], dict]) -> tuple[dict, Profile]:
    """Does the work while the process is sampled. What counts is its end, as long as the run that it tells of: before that it makes tickets.

    Raises Unavailable where perf is missing or may not look.
    """
    perf = shutil.which("perf")
    if perf is None:
        raise Unavailable("a profile needs perf (Debian's linux-perf)")
    file = directory / f"perf-{pid}.data"
    log = directory / "perf.log"
    with log.open("wb") as output:
        recorder = subprocess.Popen(
            [perf, "record", "--quiet", "--call-graph", "fp", "--freq", str(FREQUENCY), "--pid", str(pid), "--output", str(file)],
            stdin=subprocess.DEVNULL, stdout=output, stderr=output)
    # It creates the file when it has begun to sample, and ends at once where it may not.
    until = time.monotonic() + 10
    while not file.exists() and recorder.poll() is None and time.monotonic() < until:
        time.sleep(0.02)
    try:
        result = work()
    finally:
        if recorder.poll() is None:
            recorder.send_signal(signal.SIGINT)
        recorder.wait(60)
    samples = _count(perf, file, result["elapsed_ns"] / 1e9) if file.exists() else Counter()
    file.unlink(missing_ok=True)
    if not samples:
        words = " ".join(log.read_text(errors="replace").split())
        raise Unavailable(f"perf saw nothing: {words[:200] or 'it gave no reason'}")
    return result, Profile(samples)


def _count(perf: str, file: Path, seconds: float) -> Counter[str]:
    """Of the last seconds."""
    script = subprocess.Popen(
        [perf, "script", "--input", str(file), "--fields", "time,ip,sym,dso"], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True, errors="replace")
    assert script.stdout
    samples: list[tuple[float, str]] = []
    at, chain = 0.0, []
    for line in itertools.chain(script.stdout, [""]):
        if found := _FRAME.match(line):
            chain.append((found["symbol"], found["object"]))
            continue
        if chain:
            samples.append((at, part_of(chain)))
            chain = []
        if found := _TIME.match(line):
            at = float(found["seconds"])
    script.wait()
    end = max((moment for moment, _ in samples), default=0.0)
    return Counter(part for moment, part in samples if moment >= end - seconds)


_TIME = re.compile(r"^\s*(?P<seconds>\d+\.\d+):")
_FRAME = re.compile(r"^\s+[0-9a-f]+ (?P<symbol>.*) \((?P<object>[^()]*(?:\([^()]*\))?[^()]*)\)$")


def part_of(chain: list[tuple[str, str]]) -> str:
    """Which part a sample counts for; its frames, as (symbol, object), from the innermost outwards."""
    symbol, where = chain[0]
    if where.startswith("[kernel") or where.startswith("[guest.kernel"):
        inside = [name for name, place in chain if place.startswith("[")]
        if any(_SYNC.search(name) for name in inside):
            return "syncing files"
        return "reading and writing files" if any(_FILES.search(name) for name in inside) else "other kernel"
    name = Path(where).name
    for start, part in (("libsqlite3", "SQLite"), ("libqrencode", "QR codes"), ("libz.", "zlib"), ("libc.", "libc"), ("[vdso]", "libc")):
        if name.startswith(start):
            return part
    return "reference counting" if _COUNTING.match(symbol) else "Swift code"
