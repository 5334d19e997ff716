"""What a backup and a doctor of a large database take, and what bookings notice of them.

    backup.py --programs DIR [--tickets 1000000] [--booked 100000] [--callers 8] [--data DIR] [--json FILE]

A daemon gets so many tickets, of which some are booked. Then callers book all the time, each waiting for its answer, and in the midst of it
`reservationctl backup` and `reservationctl doctor` are run. Latencies with and without them are told, and the size of the daemon.
"""

from __future__ import annotations

import argparse
import json
import random
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from contextlib import closing
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "System"))

from portal.bookers import Bookers, booking  # noqa: E402
from portal.bursts import percentile  # noqa: E402
from portal.conditions import eventually  # noqa: E402
from portal.programs import Programs, clean_environment  # noqa: E402
from portal.stock import Ticket  # noqa: E402
from portal.system import Portal  # noqa: E402


def latency(bookers: Bookers, begin: float, end: float) -> dict:
    waits = bookers.waits(begin, end)
    assert waits, "no booking was answered"
    return {
        "seconds": round(end - begin, 2), "bookings_per_second": round(len(waits) / (end - begin)),
        **{name: round(1e3 * value, 3) for name, value in [
            ("p50_ms", percentile(waits, 0.5)), ("p99_ms", percentile(waits, 0.99)), ("p999_ms", percentile(waits, 0.999)), ("worst_ms", max(waits))]}}


def control(portal: Portal, *arguments: str) -> None:
    command = [str(portal.programs.control), "--socket", str(portal.daemon.socket("admin")), *arguments]
    done = subprocess.run(command, env=clean_environment(RESERVATION_TIMEOUT="600"), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr + done.stdout


def written(database: Path, count: int) -> list[Ticket]:
    """Tickets as the daemon would issue them, with ids at random, written while it rests: a million in some seconds."""
    chance, now = random.Random(1), int(time.time())
    ids = {chance.randrange(1, 1 << 53) for _ in range(count)}
    tickets = [
        Ticket(one, f"TKT-2026-{number // 1_000_000:06}-{number % 1_000_000:06}", 5, 456, 1) for number, one in enumerate(ids)]
    with closing(sqlite3.connect(database)) as connection, connection:
        connection.executemany(
            "INSERT INTO tickets (id, ticket_code, orq, product_id, order_id, created_at, updated_at, status) VALUES (?, ?, 1, 5, 456, ?, ?, 'ACTIVATED')",
            [(ticket.id, ticket.code, now, now) for ticket in tickets])
    return tickets


def measure(portal: Portal, options: argparse.Namespace) -> dict:
    stock = portal.stock
    slots = stock.slots(400, capacity=10_000)
    stock.close()
    assert portal.daemon.stop() == 0
    tickets = written(portal.daemon.database, options.tickets)
    portal.restart_daemon()
    booked = min(options.booked, options.tickets // 2)
    for number in range(0, booked, 4000):
        stock.book(slots[number // 4000 % len(slots)], tickets[number:min(booked, number + 4000)])
    backups = portal.directory / "backups"
    backups.mkdir()
    found: dict = {"tickets": options.tickets, "reservations": booked, "database_mib": stock.status()["database_bytes"] >> 20}
    with booking(portal, tickets[booked:], slots, callers=options.callers, pause=options.pause) as bookers:
        eventually("bookings have begun", lambda: len(bookers.booked) > 500, 60)

        def window(name: str, work) -> None:
            portal.daemon.forget_peak()
            begin = time.monotonic()
            work()
            found[name] = latency(bookers, begin, time.monotonic()) | {"peak_mib": portal.daemon.peak_resident_bytes() >> 20}

        window("quiet before", lambda: time.sleep(8))
        window("backup", lambda: control(portal, "backup", str(backups)))
        window("quiet between", lambda: time.sleep(8))
        window("doctor", lambda: control(portal, "doctor"))
        window("quiet after", lambda: time.sleep(8))
    begin = time.monotonic()
    control(portal, "backup", str(backups))
    found["backup with nobody booking"] = {"seconds": round(time.monotonic() - begin, 2)}
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=Path, required=True)
    parser.add_argument("--tickets", type=int, default=1_000_000)
    parser.add_argument("--booked", type=int, default=100_000)
    parser.add_argument("--callers", type=int, default=8)
    parser.add_argument("--pause", type=float, default=0.01, help="seconds that a caller rests after an answer")
    parser.add_argument("--data", type=Path, default=Path("/var/tmp"), help="where the database and the backups are")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    directory = Path(tempfile.mkdtemp(prefix="rsv-", dir=options.data))
    portal = Portal(Programs(options.programs.resolve()), directory)
    try:
        portal.daemon.start()
        portal.stock.organization("Europe/Berlin", orq=1)
        found = measure(portal, options)
        portal.stop()
    finally:
        portal.discard()
        shutil.rmtree(directory, ignore_errors=True)
    for name, value in found.items():
        print(f"{name}: {', '.join(f'{key} {one}' for key, one in value.items()) if isinstance(value, dict) else value}")
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
