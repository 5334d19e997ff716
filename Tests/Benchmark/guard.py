"""Counts the instructions of the daemon's hot paths under callgrind and compares them with thresholds.json.

Instructions, unlike time, do not depend on what else the machine does: two runs differ by less than one in a thousand. Each piece of work
is run with two counts; the difference of instructions divided by the difference of counts is what one costs, and the start cancels out.
The figures belong to the build of deploy/test.sh and to one version of Swift and of SQLite: renew them with those.
"""

from __future__ import annotations

import argparse
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
THRESHOLDS = Path(__file__).with_name("thresholds.json")
# How far a cost may rise above what was measured when the thresholds were made.
TOLERANCE = 1.10


@dataclass(frozen=True)
class Work:
    """As reservation-bench-cost names it, and the two counts."""

    name: str
    few: int
    many: int


WORKS = (
    Work("create", 512, 2048), Work("validate", 512, 2560), Work("frame", 10_000, 60_000), Work("tlv", 5_000, 25_000),
    Work("json", 2_000, 10_000), Work("line", 2_000, 10_000))


def count_instructions(program: Path, work: str, count: int) -> int:
    # Hash seeds differ from run to run, and with them the way of every set and dictionary.
    environment = {"PATH": os.environ["PATH"], "SWIFT_DETERMINISTIC_HASHING": "1"}
    if "LD_LIBRARY_PATH" in os.environ:
        environment["LD_LIBRARY_PATH"] = os.environ["LD_LIBRARY_PATH"]
    with tempfile.TemporaryDirectory(prefix="rsv-cost-") as directory:
        done = subprocess.run(
            ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null", program, work, str(count), directory],
            stdin=subprocess.DEVNULL, capture_output=True, text=True, env=environment)
    found = re.search(r"Collected : (\d+)", done.stderr)
    if done.returncode != 0 or not found or f"{count} done" not in done.stdout:
        raise SystemExit(f"guard.py: {work} {count} did not run under valgrind:\n{done.stdout}{done.stderr}")
    return int(found[1])


def measure(program: Path) -> dict[str, float]:
    """Instructions of one piece of each work."""
    runs = [(work.name, count) for work in WORKS for count in (work.few, work.many)]
    with ThreadPoolExecutor(len(os.sched_getaffinity(0))) as pool:
        counts = dict(zip(runs, pool.map(lambda run: count_instructions(program, *run), runs), strict=True))
    return {
        work.name: (counts[work.name, work.many] - counts[work.name, work.few]) / (work.many - work.few) for work in WORKS}


def stripped(program: Path, directory: str) -> Path:
    """Debian 12's valgrind cannot read Swift's debug information and ends at it."""
    copy = Path(directory) / program.name
    subprocess.run(["strip", "--strip-debug", "-o", copy, program], check=True)
    return copy


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument(
        "--programs", type=Path, default=REPOSITORY / ".build" / "release", help="directory of the built programs, those of deploy/test.sh")
    parser.add_argument("--renew", action="store_true", help="write what is measured now into thresholds.json instead of comparing")
    options = parser.parse_args()
    for tool, package in (("valgrind", "valgrind"), ("strip", "binutils")):
        if shutil.which(tool) is None:
            raise SystemExit(f"guard.py: {tool} is not installed: apt-get install {package}")
    with tempfile.TemporaryDirectory(prefix="rsv-guard-") as directory:
        measured = measure(stripped(options.programs.resolve() / "reservation-bench-cost", directory))
    if options.renew:
        THRESHOLDS.write_text(json.dumps({
            name: {"measured": round(cost), "limit": round(cost * TOLERANCE)} for name, cost in measured.items()}, indent=2) + "\n")
        print(f"{THRESHOLDS.name} now holds: {', '.join(f'{name} {cost:,.0f}' for name, cost in measured.items())}")
        return
    thresholds = json.loads(THRESHOLDS.read_text())
    exceeded = []
    for name, cost in measured.items():
        limit, before = thresholds[name]["limit"], thresholds[name]["measured"]
        over = cost > limit
        print(f"{name:9} {cost:10,.0f} instructions each, at most {limit:,} ({cost / before - 1:+.1%} since the limit was set)"
              + (" EXCEEDED" if over else ""))
        if over:
            exceeded.append(name)
    if exceeded:
        raise SystemExit(
            f"guard.py: {', '.join(exceeded)} became dearer. Find out why (callgrind_annotate tells which function). When it is worth it, "
            "renew the thresholds in the same commit: python3 Tests/Benchmark/guard.py --renew")


if __name__ == "__main__":
    sys.exit(main())
