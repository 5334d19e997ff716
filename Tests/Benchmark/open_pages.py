"""Holds thousands of open pages on a gateway while bookings go on, and tells what that costs and how soon the pages know.

    open_pages.py --programs DIR [--pages 5000] [--rate 500] [--seconds 10] [--json FILE]

The pages are held by a process of its own. Bookings come over HTTP at a fixed rate, once without the pages and once with them, all in the month that
the pages listen to. Afterwards every page must have heard the last state of the slot that was changed last.
"""

from __future__ import annotations

import argparse
import datetime
import http.client
import json
import os
import resource
import selectors
import socket
import statistics
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "System"))

from portal.api import creation  # noqa: E402
from portal.conditions import eventually  # noqa: E402
from portal.programs import Programs  # noqa: E402
from portal.stock import Slot  # noqa: E402
from portal.system import Portal  # noqa: E402

CALLERS = 16


class Page:
    """A connection that listens, and what it has heard of the marked slot."""

    def __init__(self, port: int, month: str):
        self.connection = socket.create_connection(("127.0.0.1", port), 30)
        self.connection.sendall(f"GET /api/reservation-slots/events?month={month}&orq=1 HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
        self.connection.setblocking(False)
        self.rest = b""
        self.open = False
        self.bytes = 0
        self.events = 0

    def hear(self, marks: list[bytes]) -> list[int]:
        """Takes in what has come; which marks were in it."""
        data = self.connection.recv(1 << 18)
        if not data:
            raise ConnectionError("the gateway ended the stream")
        self.bytes += len(data)
        self.open = self.open or b"retry:" in data
        self.events += data.count(b"event: slots")
        text = self.rest + data
        self.rest = text[-64:]
        return [number for number, mark in enumerate(marks) if mark in text]


def hold(port: int, month: str, count: int) -> None:
    """The holder: on each line of standard input a mark to wait for, answered with how long the pages took; the line "end" ends it."""
    files = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (files[1], files[1]))
    readable = selectors.DefaultSelector()
    pages = []
    for _ in range(count):
        page = Page(port, month)
        pages.append(page)
        readable.register(page.connection, selectors.EVENT_READ, page)
    marks: list[bytes] = []
    told: dict[int, float] = {}
    lost = 0
    said_open = False
    readable.register(sys.stdin.fileno(), selectors.EVENT_READ, None)
    while True:
        for key, _ in readable.select(1):
            if key.data is None:
                line = os.read(0, 4096).decode().strip()
                if line == "end":
                    print(json.dumps({"lost": lost, "bytes": sum(p.bytes for p in pages), "events": sum(p.events for p in pages)}), flush=True)
                    return
                marks, told = [line.encode()], {}
                continue
            page = key.data
            try:
                if page.hear(marks) and id(page) not in told:
                    told[id(page)] = time.time()
            except OSError:
                lost += 1
                readable.unregister(page.connection)
        if not said_open and all(page.open for page in pages):
            said_open = True
            print(json.dumps({"open": len(pages)}), flush=True)
        if marks and len(told) == count - lost:
            print(json.dumps(sorted(told.values())), flush=True)
            marks = []


class Holder:
    def __init__(self, port: int, month: str, count: int):
        self.process = subprocess.Popen(
            [sys.executable, __file__, "--hold", str(port), month, str(count)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        assert self.said() == {"open": count}

    def said(self):
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())

    def ask(self, line: str):
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def end(self) -> dict:
        self.ask("end")
        said = self.said()
        self.process.wait(10)
        return said


def book(portal: Portal, slots: list[Slot], rate: int, seconds: int) -> dict:
    """Bookings over HTTP with their QR codes at fixed moments; the time of each counts from the moment it was due."""
    tickets = portal.stock.tickets(rate * seconds)
    latencies: list[float] = []
    begin = time.monotonic() + 0.2

    def caller(first: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", portal.gateway.port, timeout=30)
        for number in range(first, len(tickets), CALLERS):
            due = begin + number / rate
            time.sleep(max(0.0, due - time.monotonic()))
            body = creation(tickets[number].id, slots[number % len(slots)].id)
            connection.request("POST", "/api/reservations/create", json.dumps(body), {"Content-Type": "application/json"})
            reply = connection.getresponse()
            reply.read()
            assert reply.status == 200, reply.status
            latencies.append(time.monotonic() - due)
        connection.close()

    with ThreadPoolExecutor(CALLERS) as pool:
        for done in [pool.submit(caller, first) for first in range(CALLERS)]:
            done.result()
    return {"bookings": len(latencies), **{f"p{share:g} ms": 1e3 * percentile(latencies, share / 100) for share in (50, 95, 99, 99.9)}}


def month_after(day: int) -> str:
    """A day of the month to come."""
    first = (datetime.date.today().replace(day=28) + datetime.timedelta(days=7)).replace(day=day)
    return first.isoformat()


def percentile(values: list[float], share: float) -> float:
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def measure(programs: Programs, pages: int, rate: int, seconds: int) -> dict:
    portal = Portal(programs)
    try:
        portal.start()
        slot, *slots = [portal.stock.slot(100_000, date=month_after(1), start=f"{hour:02}:00:00", end="23:00:00") for hour in range(8, 22)]
        month = slot.date[:7]
        figures: dict = {"pages": pages, "rate": rate}
        figures["quiet"] = book(portal, slots, rate, seconds)
        before = portal.gateway.resident_bytes()
        holder = Holder(portal.gateway.port, month, pages)
        figures["bytes a page"] = (portal.gateway.resident_bytes() - before) / pages
        idle = portal.gateway.processor_seconds()
        time.sleep(2)
        figures["idle processor share"] = (portal.gateway.processor_seconds() - idle) / 2
        figures["delays"] = []
        for number in range(5):
            # Nobody else changes it, so each of these is told once.
            capacity = 90_000 + number
            holder.ask(f'"total_capacity":{capacity},')
            spent, asked = portal.gateway.processor_seconds(), time.time()
            portal.stock.peer.must("slots.set_capacity", {"slot_id": slot.id, "total_capacity": capacity})
            told = [moment - asked for moment in holder.said()]
            figures["delays"].append({"first": told[0], "p50": statistics.median(told), "last": told[-1]})
            figures["processor µs a told page"] = 1e6 * (portal.gateway.processor_seconds() - spent) / pages
        figures["with pages"] = book(portal, slots, rate, seconds)
        holder.ask('"total_capacity":80000,')
        portal.stock.peer.must("slots.set_capacity", {"slot_id": slot.id, "total_capacity": 80_000})
        holder.said()
        figures["gateway bytes"] = portal.gateway.peak_resident_bytes()
        figures["pages' end"] = holder.end()
        assert figures["pages' end"]["lost"] == 0, figures
        eventually("the seats are free", lambda: portal.gateway.open_files() < 200)
        return figures
    finally:
        portal.stop()
        portal.discard()


def main() -> None:
    if sys.argv[1:2] == ["--hold"]:
        hold(int(sys.argv[2]), sys.argv[3], int(sys.argv[4]))
        return
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=Path, required=True)
    parser.add_argument("--pages", type=int, default=5000)
    parser.add_argument("--rate", type=int, default=500)
    parser.add_argument("--seconds", type=int, default=10)
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    figures = measure(Programs(options.programs), options.pages, options.rate, options.seconds)
    if options.json:
        options.json.write_text(json.dumps(figures, indent=1), encoding="utf-8")
    print(json.dumps(figures, indent=1))


if __name__ == "__main__":
    main()
