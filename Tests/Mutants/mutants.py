#!/usr/bin/env python3
"""Breaks a promise of the daemon on purpose, one at a time, and shows which proofs notice: a proof that cannot fail proves nothing.

    Tests/Mutants/mutants.py [NAME...]

Each mutant is the committed code with one change, built in a clone of its own (.build-mutants) and put before the model test, the simulation
and the faults. The exit status is 0 when at least one of them notices each. Takes some three minutes a mutant.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parents[2]
CLONE = REPOSITORY / ".build-mutants"
BUILD = ["swift", "build", "--configuration", "release", "-Xswiftc", "-enable-testing", "--build-tests"]
TEST = ["swift", "test", "--configuration", "release", "-Xswiftc", "-enable-testing", "--skip-build", "--filter"]

PROOFS = {
    "model": r"ReservationDaemonTests\.Model",
    "simulation": r"ReservationSimulationTests",
    "faults": r"(LedgerFault|EveryFault|PowerCut)Tests",
}
"""What may notice, by the names of suites."""


@dataclass(frozen=True)
class Change:
    path: str
    old: str
    new: str


MUTANTS: dict[str, tuple[str, list[Change]]] = {
    "no-capacity-check": (
        "A full slot is booked on: neither the rule, nor the precondition behind it, nor the table's CHECK stands in the way.",
        [
            Change(
                "Sources/ReservationCore/Rules/BookingRules.swift",
                "        guard slot.status == .active, slot.bookedCount < slot.totalCapacity else { return .slotFull }\n", ""),
            Change(
                "Sources/ReservationCore/Rules/BookingRules.swift",
                '        precondition(slot.bookedCount < slot.totalCapacity, "a full slot must never be booked")\n', ""),
            Change(
                "Sources/ReservationStore/Schema/0020_reservation_slots.swift",
                "CHECK (booked_count BETWEEN 0 AND total_capacity)", "CHECK (booked_count >= 0)"),
            Change(
                "Sources/ReservationStore/Schema/0020_reservation_slots.swift",
                "CHECK (status = 'CLOSED' OR (status = 'FULL') = (booked_count = total_capacity))",
                "CHECK (status <> '')"),
        ]),
    "answer-before-commit": (
        "Callers hear the outcome of a group before it is committed.",
        [
            Change(
                "Sources/ReservationDaemon/Ledger/Ledger.swift",
                "        let start = settings.uptime()\n        do throws(StorageFailure) {\n            try store.commit()\n",
                "        let start = settings.uptime()\n        do throws(StorageFailure) {\n"
                "            if settings.groupLimit < 0 { try store.commit() }\n"),
            Change(
                "Sources/ReservationDaemon/Ledger/Ledger.swift",
                "            for (group, answered) in zip(groups, answers) { group.sink.deliver(answered) }\n",
                "            for (group, answered) in zip(groups, answers) { group.sink.deliver(answered) }\n"
                "            do throws(StorageFailure) {\n                try store.commit()\n            } catch {\n"
                "                note(GroupFailure(failure: error, duringCommit: true))\n            }\n"),
        ]),
    "commit-without-sync": (
        "A commit does not wait for the disk.",
        [
            Change(
                "Sources/ReservationStore/Opening/ConnectionSettings.swift",
                'Setting(name: "synchronous", value: "FULL", expected: "2")', 'Setting(name: "synchronous", value: "NORMAL", expected: "1")'),
        ]),
    "idempotency-outside": (
        "The record of an idempotency key is written in a transaction of its own, after the booking's.",
        [
            Change(
                "Sources/ReservationDaemon/Ledger/Ledger+Booking.swift",
                "            try store.insert(IdempotencyRecord(fingerprint: fingerprint, reply: payload), under: key, now: now)\n",
                "            lateRecords.append((IdempotencyRecord(fingerprint: fingerprint, reply: payload), key))\n"),
            Change(
                "Sources/ReservationDaemon/Ledger/Ledger.swift",
                "    var touchedSlots: Set<SlotID> = []\n",
                "    var touchedSlots: Set<SlotID> = []\n    var lateRecords: [(IdempotencyRecord, IdempotencyKey)] = []\n"),
            Change(
                "Sources/ReservationDaemon/Ledger/Ledger.swift",
                "        let start = settings.uptime()\n        do throws(StorageFailure) {\n            try store.commit()\n",
                "        let start = settings.uptime()\n        do throws(StorageFailure) {\n            try store.commit()\n"
                "            let late = lateRecords\n            lateRecords = []\n            try store.begin()\n"
                "            for (record, key) in late { try store.insert(record, under: key, now: settings.clock()) }\n"
                "            try store.commit()\n"),
        ]),
    "counter-not-restored": (
        "After a failed commit the counters in memory stay as the failed group left them.",
        [
            Change(
                "Sources/ReservationDaemon/Ledger/Ledger.swift", "                    slots.replace(stored)\n",
                "                    _ = stored\n"),
        ]),
}


def run(command: list[str], log: Path) -> int:
    with log.open("wb") as output:
        return subprocess.run(command, cwd=CLONE / "checkout", stdin=subprocess.DEVNULL, stdout=output, stderr=output).returncode


def prepare() -> None:
    """The committed code, in a clone whose build is kept from one run to the next."""
    checkout = CLONE / "checkout"
    if not checkout.exists():
        subprocess.run(["git", "clone", "--quiet", str(REPOSITORY), str(checkout)], check=True)
    head = subprocess.run(["git", "-C", str(REPOSITORY), "rev-parse", "HEAD"], check=True, capture_output=True, text=True).stdout.strip()
    subprocess.run(["git", "-C", str(checkout), "fetch", "--quiet", str(REPOSITORY), head], check=True)
    subprocess.run(["git", "-C", str(checkout), "checkout", "--quiet", "--force", "--detach", head], check=True)


def apply(changes: list[Change]) -> None:
    for change in changes:
        path = CLONE / "checkout" / change.path
        text = path.read_text()
        if text.count(change.old) != 1:
            raise SystemExit(f"{change.path} has changed: bring the mutant up to date ({change.old.strip()[:60]}…)")
        path.write_text(text.replace(change.old, change.new))


def findings(log: Path) -> str:
    """The first thing that a failed proof said."""
    for line in log.read_text(errors="replace").splitlines():
        if re.search(r"recorded an issue|Fatal error|Precondition failed|signal code", line):
            return line.strip()[:200]
    return log.read_text(errors="replace")[-200:]


def judge(name: str) -> bool:
    """Whether any proof notices the mutant."""
    meaning, changes = MUTANTS[name]
    print(f"{name}: {meaning}", flush=True)
    prepare()
    apply(changes)
    if run(BUILD, CLONE / f"{name}.build.log") != 0:
        raise SystemExit(f"  does not build: see {CLONE / f'{name}.build.log'}")
    noticed = False
    for proof, suites in PROOFS.items():
        log, began = CLONE / f"{name}.{proof}.log", time.monotonic()
        failed = run([*TEST, suites], log) != 0
        noticed = noticed or failed
        said = f"noticed it: {findings(log)}" if failed else "did not notice"
        print(f"  {proof} {said} ({time.monotonic() - began:.0f} s)", flush=True)
    return noticed


def main() -> None:
    names = sys.argv[1:] or list(MUTANTS)
    unknown = [name for name in names if name not in MUTANTS]
    if unknown:
        raise SystemExit(f"no such mutant: {', '.join(unknown)}; there are {', '.join(MUTANTS)}")
    os.makedirs(CLONE, exist_ok=True)
    missed = [name for name in names if not judge(name)]
    print(f"{len(names) - len(missed)} of {len(names)} mutants were noticed" + (f"; not: {', '.join(missed)}" if missed else ""))
    raise SystemExit(1 if missed else 0)


if __name__ == "__main__":
    main()
