#!/usr/bin/env python3
"""First honest figures: creates per second over the socket (TLV, pipelined) and over HTTP (wrk, with the QR code in each reply).

    load.py [--programs DIR] [--data DIR] [--creates N] [--connections N] [--window N] [--seconds S]

Each run starts a daemon and a gateway of its own and ends with an audit of the database: a figure whose reservations are not all there counts
for nothing. The socket's callers are processes of their own; on two cores they take a good part of the machine from the daemon, so the
figures are lower bounds. The time per commit that the daemon reports says how much of it is the disk's.
"""

from __future__ import annotations

import argparse
import itertools
import json
import multiprocessing
import os
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

from portal.programs import REPOSITORY, Programs  # noqa: E402
from portal.rsv import HEADER, OPCODES, REGISTRY, TYPES, hello  # noqa: E402
from portal.system import Portal  # noqa: E402

TAGS = {field["name"]: field["tag"] | (0x8000 if field.get("critical") else 0) for field in REGISTRY["fields"]}
ELEMENT = struct.Struct(">HI")


def number(name: str, value: int) -> bytes:
    body = value.to_bytes(max(1, (value.bit_length() + 7) // 8), "big")
    return ELEMENT.pack(TAGS[name], len(body)) + body


def text(name: str, value: bytes) -> bytes:
    return ELEMENT.pack(TAGS[name], len(value)) + value


def create_frame(request_id: int, ticket: int, slot: int, key: bytes) -> bytes:
    payload = (
        number("orq", 1) + number("ticket_id", ticket) + number("slot_id", slot) + text("idempotency_key", key)
        + text("customer_email", b"john@example.com") + text("customer_phone", b"+12025551234"))
    return HEADER.pack(len(payload), TYPES["REQUEST"], 0, OPCODES["reservation.create"], request_id, 0, 0, 1, 0) + payload


@dataclass
class Share:
    """What one caller measured."""

    count: int
    refused: int
    started: float
    ended: float
    latencies: list[float]


def call(path: str, wishes: list[tuple[int, int]], window: int, start: multiprocessing.Barrier, results: multiprocessing.Queue) -> None:
    """Keeps `window` creates in flight until all wishes are answered. Frames are made before the clock starts."""
    connection = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    connection.connect(path)
    connection.sendall(hello("load.py"))
    stream = connection.makefile("rb", buffering=1 << 18)
    stream.read(struct.unpack(">I", stream.read(HEADER.size)[:4])[0])
    frames = [create_frame(n, ticket, slot, os.urandom(16)) for n, (ticket, slot) in enumerate(wishes, 1)]
    sent_at = [0.0] * (len(frames) + 1)
    latencies: list[float] = []
    next_frame = answered = refused = 0
    buffer = bytearray()
    start.wait()
    began = time.monotonic()
    while answered < len(frames):
        room = min(window - (next_frame - answered), len(frames) - next_frame)
        if room > 0:
            now = time.monotonic()
            sent_at[next_frame + 1:next_frame + 1 + room] = [now] * room
            connection.sendall(b"".join(frames[next_frame:next_frame + room]))
            next_frame += room
        more = connection.recv(1 << 18)
        if not more:
            raise SystemExit("the daemon closed the connection")
        buffer += more
        now, offset = time.monotonic(), 0
        while len(buffer) - offset >= HEADER.size:
            length, kind, _, _, request_id, _, _, _, _ = HEADER.unpack_from(buffer, offset)
            if len(buffer) - offset < HEADER.size + length:
                break
            offset += HEADER.size + length
            answered += 1
            refused += kind != TYPES["RESPONSE"]
            latencies.append(now - sent_at[request_id])
        del buffer[:offset]
    results.put(Share(answered, refused, began, time.monotonic(), latencies))


def quantile(ordered: list[float], share: float) -> float:
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def milliseconds(latencies: list[float]) -> str:
    ordered = sorted(latencies)
    return " ".join(f"P{share * 100:g} {quantile(ordered, share) * 1000:.2f} ms" for share in (0.5, 0.95, 0.99))


def commits(portal: Portal, run) -> tuple[object, str]:
    """Runs it, and what the daemon says it did meanwhile."""
    before = portal.stock.status()
    result = run()
    after = portal.stock.status()
    count = after["commit_count"] - before["commit_count"]
    spent = after["commit_time_us"] - before["commit_time_us"]
    made = after["reservation_count"] - before["reservation_count"]
    return result, f"{made / max(1, count):.0f} creates a commit, {spent / max(1, count) / 1000:.2f} ms a commit, {spent / 1e6:.2f} s in commits"


def over_the_socket(portal: Portal, name: str, wishes: list[tuple[int, int]], connections: int, window: int) -> None:
    start = multiprocessing.Barrier(connections + 1)
    results: multiprocessing.Queue = multiprocessing.Queue()
    callers = [
        multiprocessing.Process(
            target=call, args=(str(portal.daemon.socket("service")), wishes[n::connections], window, start, results), daemon=True)
        for n in range(connections)]
    for caller in callers:
        caller.start()

    def run() -> list[Share]:
        start.wait()
        return [results.get(timeout=300) for _ in callers]

    shares, said = commits(portal, run)
    for caller in callers:
        caller.join()
    count = sum(share.count for share in shares)
    seconds = max(share.ended for share in shares) - min(share.started for share in shares)
    latencies = [one for share in shares for one in share.latencies]
    print(
        f"socket, {name}, {connections} connections, {connections * window} in flight: {count / seconds:,.0f} creates/s "
        f"({count} in {seconds:.2f} s, {sum(share.refused for share in shares)} refused); {milliseconds(latencies)}; {said}", flush=True)


WRK = """
local wishes, index = {}, 0
for line in io.lines("%s") do wishes[#wishes + 1] = line end
local thread_count = 0
function setup(thread) thread:set("offset", thread_count); thread_count = thread_count + 1 end
function request()
  index = index + 1
  local wish = wishes[(index - 1) * %d + offset + 1]
  if wish == nil then return wrk.format("GET", "/healthz") end
  return wrk.format("POST", "%s", {["Content-Type"] = "application/json"}, wish)
end
function done(summary, latency)
  io.write(string.format("RESULT %%d %%d %%d %%f %%f %%f\\n", summary.requests, summary.errors.status, summary.duration,
    latency:percentile(50) / 1000, latency:percentile(95) / 1000, latency:percentile(99) / 1000))
end
"""


def over_http(portal: Portal, name: str, path: str, bodies: list[str], connections: int, seconds: float, books: bool) -> None:
    """wrk with 2 threads; a thread that runs out of bodies asks /healthz, so there must be enough of them."""
    wishes = portal.directory / "wishes"
    wishes.write_text("\n".join(bodies) + "\n")
    script = portal.directory / "load.lua"
    script.write_text(WRK % (wishes, 2, path))
    command = ["wrk", "-t2", f"-c{connections}", f"-d{seconds:g}s", "-s", str(script), portal.gateway.url]
    done, said = commits(portal, lambda: subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    line = next(line for line in done.splitlines() if line.startswith("RESULT ")).split()[1:]
    count, failed, micros, p50, p95, p99 = int(line[0]), int(line[1]), float(line[2]), *map(float, line[3:])
    note = " TOO FEW WISHES" if count > len(bodies) else ""
    print(
        f"HTTP, {name}, {connections} connections: {count / micros * 1e6:,.0f} requests/s ({count} in {micros / 1e6:.2f} s, {failed} not 200{note}); "
        f"P50 {p50:.2f} ms P95 {p95:.2f} ms P99 {p99:.2f} ms" + (f"; {said}" if books else ""), flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--programs", type=Path, default=Path(os.environ.get("RESERVATION_PROGRAMS") or REPOSITORY / ".build" / "release"))
    parser.add_argument("--data", type=Path, default=None, help="directory on the disk to measure (default: a temporary one)")
    parser.add_argument("--creates", type=int, default=200_000, help="creates of each run over the socket")
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--window", type=int, default=64, help="creates in flight on each connection")
    parser.add_argument("--seconds", type=float, default=10, help="length of each run over HTTP")
    options = parser.parse_args()

    directory = Path(tempfile.mkdtemp(prefix="rsv-", dir=options.data))
    portal = Portal(Programs(options.programs.resolve()), directory)
    try:
        portal.daemon.start("--log-level", "warning")
        portal.stock.organization(orq=1)
        portal.gateway.start("--log-level", "warning", "--failed-validations-per-minute", "1000000")
        stock, count = portal.stock, options.creates
        spread, hot = stock.slots(100, capacity=1_000_000), stock.slot(capacity=1_000_000)

        tickets = stock.tickets(count)
        wishes = [(ticket.id, slot.id) for ticket, slot in zip(tickets, itertools.cycle(spread), strict=False)]
        over_the_socket(portal, "slots spread", wishes, options.connections, options.window)
        over_the_socket(
            portal, "one slot", [(ticket.id, hot.id) for ticket in stock.tickets(count)], options.connections, options.window)
        over_the_socket(
            portal, "each waits for its answer",
            [(ticket.id, slot.id) for ticket, slot in zip(stock.tickets(count // 10), itertools.cycle(spread), strict=False)], 32, 1)
        print(f"daemon's memory: {portal.daemon.resident_bytes() >> 20} MiB with {stock.status()['ticket_count']} tickets", flush=True)

        if shutil.which("wrk") is None:
            print("HTTP not measured: wrk is not installed (apt install wrk)")
        else:
            for name, slots in (("create, slots spread", spread), ("create, one slot", [hot])):
                enough = stock.tickets(int(options.seconds * 20_000))
                bodies = [
                    json.dumps({"ticket_id": ticket.id, "slot_id": slot.id, "customer_email": "john@example.com", "customer_phone": "+12025551234"})
                    for ticket, slot in zip(enough, itertools.cycle(slots), strict=False)]
                over_http(portal, name, "/api/reservations/create", bodies, 32, options.seconds, books=True)
            codes = [json.dumps({"ticket_code": ticket.code}) for ticket in stock.tickets(1000)] * int(options.seconds * 60)
            over_http(portal, "validate", "/api/tickets/validate", codes, 32, options.seconds, books=False)
            print(f"gateway's memory: {portal.gateway.resident_bytes() >> 20} MiB", flush=True)
        with portal.stopped_audit() as audit:
            audit.check()
            print(f"audit: {len(audit.reservations())} reservations, all counted, each with its outbox row")
    finally:
        portal.discard()


if __name__ == "__main__":
    main()
