"""What the portal stands on, without the portal: SQLite's statements in a bare loop, and a web server that answers with nothing."""

from __future__ import annotations

import json
import re
import socket
import sqlite3
import subprocess
from pathlib import Path

from .portal_side import PortalSide
from .workshop import HERE, REPOSITORY, Workshop, middle_run, say

STORE = REPOSITORY / "Sources" / "ReservationStore"


def drifted_statements() -> list[str]:
    """Statements of the C program that the store no longer runs word for word: then its figure is no ceiling."""
    source = (HERE / "sqlite_ceiling.c").read_text()
    marked = source[source.index("// STATEMENTS"):source.index("// END OF STATEMENTS")]
    calls = re.findall(r'prepare\(\s*((?:"[^"]*"\s*)+)\)', marked)
    ours = [_plain("".join(re.findall(r'"([^"]*)"', call))) for call in calls]
    theirs = []
    for path in sorted((STORE / "Tables").glob("*.swift")):
        text = path.read_text()
        for name, value in re.findall(r'let (\w+) = "([^"\n]*)"', text):
            text = text.replace(f"\\({name})", value)
        theirs.append(_plain(text))
    return [statement for statement in ours if not any(statement in text for text in theirs)]


def _plain(sql: str) -> str:
    return re.sub(r"\s+", " ", sql).strip()


def cache_kibibytes() -> int:
    text = (STORE / "SQLiteReservationStore.swift").read_text()
    found = re.search(r"defaultCacheBytes = (\d+) << 20", text)
    return int(found[1]) * 1024 if found else 8192


def measure_sqlite(workshop: Workshop, creates: int, batch: int, slots: int, reply_bytes: int) -> dict:
    program = workshop.compile("sqlite_ceiling.c", "-lsqlite3")
    runs = []
    for _ in range(workshop.repeats):
        with PortalSide(workshop, "ceiling") as portal:
            portal.daemon.stop()
            done = subprocess.run(
                [program, portal.daemon.database, *map(str, (workshop.size(creates), batch, slots, reply_bytes, cache_kibibytes()))],
                stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True, text=True)
            runs.append(json.loads(done.stdout))
            _audit(portal.daemon.database, runs[-1]["creates"])
    result = middle_run(runs)
    say(f"    SQLite alone, {slots} slots, {batch} a commit: {result['per_second']:,}/s")
    return result


def _audit(database: Path, creates: int) -> None:
    connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)
    try:
        stored = connection.execute("SELECT count(*) FROM ticket_reservations").fetchone()[0]
        queued = connection.execute("SELECT count(*) FROM outbox").fetchone()[0]
        assert stored == queued == creates, f"the ceiling stored {stored} reservations and {queued} confirmations of {creates}"
    finally:
        connection.close()


def measure_empty_route(workshop: Workshop, connections: int, requests: int) -> dict:
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port = listener.getsockname()[1]
    server = workshop.start([workshop.programs / "reservation-bench-route", str(port)], "route.log")
    try:
        workshop.wait_for("reservation-bench-route", lambda: answers(port), server)
        runs = [
            workshop.load(
                "--subject", "empty", "--http", f"127.0.0.1:{port}", "--connections", connections, "--requests", workshop.size(requests))
            for _ in range(workshop.repeats)]
    finally:
        workshop.stop(server)
    result = middle_run(runs)
    say(f"    empty route, {connections} connections: {result['per_second']:,}/s")
    return result


def answers(port: int) -> bool:
    with socket.socket() as caller:
        return caller.connect_ex(("127.0.0.1", port)) == 0
