"""Measures everything the project promises about speed, side by side in one run, and prints it as tables. deploy/benchmark.sh calls it.

Everything a run starts listens on loopback or on Unix sockets, lives in one directory, and is gone afterwards.
"""

from __future__ import annotations

import argparse
import json
import shutil
import signal
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path

from sides import ceilings, machine, profiler
from sides.figures import Promise, promises_table, rate, runs_table
from sides.node_side import NodeSide
from sides.portal_side import PortalSide
from sides.postgres_side import PostgresSide
from sides.workshop import REPOSITORY, Unavailable, Workshop, middle, middle_run, say

SPREAD, HOT = 100, 1
IN_FLIGHT = (1, 8, 64, 512)
# Connections over HTTP wherever two servers are compared.
HTTP_CONNECTIONS = 64
PARTS = ("socket", "http", "half", "sqlite", "route", "size", "postgres", "node", "profile")
# Sampling slows down what is sampled: for itself, where it is asked for.
USUAL_PARTS = tuple(part for part in PARTS if part != "profile")


def requests_for(in_flight: int, base: int) -> int:
    """Few callers wait for the disk most of the time; so that each run takes a few seconds."""
    return {1: base // 40, 8: base // 8, 64: base // 2}.get(in_flight, base)


class Benchmark:
    def __init__(self, workshop: Workshop):
        self.workshop = workshop
        self.runs: dict[str, dict] = {}
        self.values: dict[str, float | str] = {}
        self.promises: list[Promise] = []
        self.absent: list[str] = []
        self.profiles: list[str] = []
        self.notes: list[str] = []

    def note(self, name: str, run: dict) -> dict:
        self.runs[name] = run
        return run

    # What the portal does

    def on_fresh(self, name: str, run: Callable[[PortalSide], dict], gateway: bool = False) -> dict:
        """Each time on a database of its own, as what it is compared with has one: with the tickets that are booked and no others."""
        runs = []
        for number in range(self.workshop.repeats):
            with PortalSide(self.workshop, f"{name}-{number}", gateway) as portal:
                runs.append(run(portal))
        return middle_run(runs)

    def socket(self) -> None:
        for slots, where in ((SPREAD, "spread"), (HOT, "one slot")):
            self.note(f"create, socket, TLV, {where}, 512 in flight", self.on_fresh(
                "socket-512", lambda portal, slots=slots: portal.over_socket("create", 512, 60_000, "--slots", slots)))
            self.note(f"create, socket, TLV, {where}, 32 waiting callers", self.on_fresh(
                "socket-32", lambda portal, slots=slots: portal.waiting_callers(32, 30_000, "--slots", slots)))
        with PortalSide(self.workshop, "socket") as portal:
            portal.over_socket("create", 512, 20_000)
            for encoding in ("tlv", "json"):
                for slots, where in ((SPREAD, "spread"), (HOT, "one slot")):
                    for in_flight in IN_FLIGHT:
                        name = f"create, socket, {encoding.upper()}, {where}, {in_flight} in flight"
                        if name not in self.runs:
                            self.note(name, portal.over_socket(
                                "create", in_flight, requests_for(in_flight, 60_000), "--encoding", encoding, "--slots", slots))
            for encoding in ("tlv", "json"):
                for in_flight in IN_FLIGHT:
                    self.note(f"validate, socket, {encoding.upper()}, {in_flight} in flight", portal.over_socket(
                        "validate", in_flight, requests_for(in_flight, 200_000), "--encoding", encoding))
                for slots in (120, 3000):
                    self.note(f"month of {slots} slots, socket, {encoding.upper()}, 8 in flight", portal.over_socket(
                        "available", 8, 600_000 // slots, "--slots", slots, "--encoding", encoding))
            self.notes.append(f"Peak memory of the daemon after the runs over the socket: {portal.daemon_memory('VmHWM'):.0f} MiB.")
            # Last, because it starts the daemon anew.
            self.values["reply_bytes"] = portal.reply_bytes()

    def http(self) -> None:
        for slots, where in ((SPREAD, "spread"), (HOT, "one slot")):
            self.note(f"create, HTTP with QR, {where}, {HTTP_CONNECTIONS} callers", self.on_fresh(
                "http", lambda portal, slots=slots: portal.over_http("create", HTTP_CONNECTIONS, 20_000, "--slots", slots), gateway=True))
        with PortalSide(self.workshop, "http", gateway=True) as portal:
            portal.over_http("create", HTTP_CONNECTIONS, 10_000)
            for slots, where in ((SPREAD, "spread"), (HOT, "one slot")):
                for connections in IN_FLIGHT:
                    name = f"create, HTTP with QR, {where}, {connections} callers"
                    if name not in self.runs:
                        self.note(name, portal.over_http(
                            "create", connections, requests_for(connections, 20_000), "--slots", slots))
            for connections in IN_FLIGHT:
                measure = portal.middle_of if connections == HTTP_CONNECTIONS else portal.once
                self.note(f"validate, HTTP, {connections} callers", measure(
                    portal.over_http, "validate", connections, requests_for(connections, 60_000)))
            for slots, requests in ((120, 20_000), (3000, 1_000)):
                self.note(f"month of {slots} slots, HTTP, {HTTP_CONNECTIONS} callers", portal.middle_of(
                    portal.over_http, "available", HTTP_CONNECTIONS, requests, "--slots", slots))
            self.notes.append(
                f"Peak memory after the runs over HTTP: gateway {portal.gateway_memory('VmHWM'):.0f} MiB, "
                f"daemon {portal.daemon_memory('VmHWM'):.0f} MiB.")

    def half(self) -> None:
        """Latency at a fixed rate, half of what the same requests reached when they came as fast as they were answered."""
        with PortalSide(self.workshop, "half", gateway=True) as portal:
            portal.over_http("create", HTTP_CONNECTIONS, 10_000)
            for subject, bound in (("validate", 5.0), ("create", 15.0)):
                full = {
                    # So many that what waits in buffers at the end is little of it.
                    "socket": portal.over_socket(subject, 512, 1_000_000 if subject == "validate" else 60_000),
                    "HTTP": portal.over_http(subject, HTTP_CONNECTIONS, 40_000 if subject == "validate" else 15_000)}
                for way, run in (("socket", portal.over_socket), ("HTTP", portal.over_http)):
                    per_second = max(100, full[way]["per_second"] // 2)
                    callers = 512 if way == "socket" else 128
                    # Five seconds, so that one in a hundred is many; --quick makes it one.
                    requests = per_second * (10 if self.workshop.quick else 5)
                    runs = [run(subject, callers, requests, "--rate", per_second) for _ in range(self.workshop.repeats)]
                    half = middle_run(runs, by=lambda run: run["latency_ns"]["p99"])
                    self.note(f"{subject}, {way}, at {per_second:,}/s (half of full load)", half)
                    p99 = half["latency_ns"]["p99"] / 1e6
                    self.promises.append(Promise(
                        f"P99 of {subject} at half of full load, {way}", f"at {per_second:,}/s", f"full load {rate(full[way])}", p99, bound,
                        at_least=False, unit="ms"))

    def size(self) -> None:
        """What more tickets cost: 10,000 creates each time, by callers of tickets that lie all over the table."""
        costs: dict[int, tuple[float, float]] = {}
        for tickets in (10_000, 100_000, 1_000_000):
            with PortalSide(self.workshop, f"size-{tickets}") as portal:
                portal.stock(tickets, slots=10_000 if tickets == 1_000_000 else 1)
                if tickets == 1_000_000:
                    self.memory_and_start(portal)
                portal.over_socket("create", 512, 10_000)
                runs = [portal.over_socket("create", 512, 10_000) for _ in range(self.workshop.repeats)]
                costs[tickets] = (
                    middle([run["elapsed_ns"] / run["answered"] / 1000 for run in runs]),
                    middle([run["peer_cpu_ns"] / run["answered"] / 1000 for run in runs]))
                self.note(f"create, socket, TLV, spread, 512 in flight, {tickets:,} tickets", runs[0])
                if tickets == 1_000_000:
                    self.values["peak_mib_million"] = portal.daemon_memory("VmHWM")
                    self.promises.append(Promise(
                        "the daemon's peak memory with 1,000,000 tickets and 10,000 slots, under load", "",
                        f"{self.values['resident_mib_million']:.0f} MiB after the start", portal.daemon_memory("VmHWM"), 64, at_least=False,
                        unit="MiB"))
        few, many = costs[10_000], costs[1_000_000]
        self.values |= {f"create_us_{tickets}": round(cost[0], 2) for tickets, cost in costs.items()}
        self.values |= {f"create_cpu_us_{tickets}": round(cost[1], 2) for tickets, cost in costs.items()}
        self.promises.append(Promise(
            "cost of a create at 1,000,000 tickets against 10,000", f"{many[0]:.1f} µs", f"{few[0]:.1f} µs", many[0] / few[0], 1.5,
            at_least=False))
        self.promises.append(Promise(
            "the same in the daemon's processor time", f"{many[1]:.1f} µs", f"{few[1]:.1f} µs", many[1] / few[1], 1.5, at_least=False))

    def memory_and_start(self, portal: PortalSide) -> None:
        start = portal.first_answers(3 if self.workshop.quick else 7)
        self.values |= {f"first_answer_{name}": value for name, value in start.items()}
        self.values["resident_mib_million"] = portal.daemon_memory("VmRSS")
        self.promises.append(Promise(
            "first answer after socket activation with 1,000,000 tickets and 10,000 slots", "file in the cache, as after a restart", "",
            start["warm_ms"], 250, at_least=False, unit="ms"))
        self.promises.append(Promise(
            "the same with nothing of the file in the cache", "as after booting", "", start["cold_ms"], 250, at_least=False, unit="ms"))

    # What it is compared with

    def sqlite(self) -> None:
        drifted = ceilings.drifted_statements()
        if drifted:
            raise SystemExit("sqlite_ceiling.c no longer runs the store's statements; bring it up to date: " + "; ".join(drifted))
        for slots, where in ((SPREAD, "spread"), (HOT, "one slot")):
            ours = self.runs[f"create, socket, TLV, {where}, 512 in flight"]
            batch = max(1, round(ours["accepted"] / ours["commits"]))
            raw = ceilings.measure_sqlite(self.workshop, 60_000, batch, slots, int(self.values["reply_bytes"]))
            self.values[f"sqlite_{where}"] = raw["per_second"]
            self.notes.append(
                f"SQLite alone, {where}, {batch} creates a commit: {raw['per_second']:,}/s, {raw['commit_ms']:.2f} ms a commit.")
            self.promises.append(Promise(
                f"create over the socket, {where}, of what SQLite alone reaches with {batch} a commit", rate(ours), rate(raw),
                100 * ours["per_second"] / raw["per_second"], 60, unit="%"))

    def route(self) -> None:
        empty = self.note(f"empty route, HTTP, {HTTP_CONNECTIONS} callers", ceilings.measure_empty_route(
            self.workshop, HTTP_CONNECTIONS, 60_000))
        ours = self.runs[f"validate, HTTP, {HTTP_CONNECTIONS} callers"]
        self.promises.append(Promise(
            "HTTP validate, of what an empty Hummingbird route reaches", rate(ours), rate(empty),
            100 * ours["per_second"] / empty["per_second"], 50, unit="%"))

    def postgres(self) -> None:
        with PostgresSide(self.workshop) as postgres:
            name = f"PostgreSQL {postgres.version}"
            for style, words, bounds in (
                ("statements", "statement by statement", {SPREAD: (6, 3), HOT: (25, 10)}),
                ("function", "as one function call", {SPREAD: (3, None), HOT: (15, None)}),
            ):
                for slots, where in ((SPREAD, "spread"), (HOT, "one slot")):
                    theirs = postgres.create(style, slots, 30_000 if slots == SPREAD else 8_000)
                    self.values |= {
                        f"postgres_client_{style}_{where}": theirs["client_per_second"],
                        f"pgbench_{style}_{where}": theirs["pgbench_per_second"]}
                    self.notes.append(
                        f"{name} {words}, {where}, 32 connections: {theirs['client_per_second']:,}/s with the C client, "
                        f"{theirs['pgbench_per_second']:,}/s with pgbench; the quicker one counts.")
                    for ours, bound in zip(("512 in flight", "32 waiting callers"), bounds[slots], strict=True):
                        run = self.runs[f"create, socket, TLV, {where}, {ours}"]
                        if bound is not None:
                            self.promises.append(Promise(
                                f"create over the socket, {where}, {ours}, against {name} {words}, 32 connections", rate(run), rate(theirs),
                                run["per_second"] / theirs["per_second"], bound))

    def node(self) -> None:
        with NodeSide(self.workshop) as node:
            for slots, where in ((SPREAD, "spread"), (HOT, "one slot")):
                theirs = self.note(f"create, Node, {where}, {HTTP_CONNECTIONS} callers", node.create(
                    slots, HTTP_CONNECTIONS, 10_000 if slots == SPREAD else 4_000))
                self._against_node(f"create, HTTP with QR, {where}, {HTTP_CONNECTIONS} callers", theirs, node.version)
            theirs = self.note(f"month of 120 slots, Node, {HTTP_CONNECTIONS} callers", node.available(120, HTTP_CONNECTIONS, 6_000))
            self._against_node(f"month of 120 slots, HTTP, {HTTP_CONNECTIONS} callers", theirs, node.version)
            self.note(f"validate, Node, {HTTP_CONNECTIONS} callers", node.validate(HTTP_CONNECTIONS, 20_000))

    def _against_node(self, name: str, theirs: dict, version: str) -> None:
        ours = self.runs[name]
        self.promises.append(Promise(
            f"{name}, against {version}", rate(ours), rate(theirs), ours["per_second"] / theirs["per_second"], 10))

    def profile(self) -> None:
        """Where the time goes in the runs that are compared; tells what of it is whose, not how fast it is."""
        def look(name: str, work: Callable[[PortalSide], dict], gateway: bool = False) -> None:
            with PortalSide(self.workshop, "profile", gateway) as portal:
                process = portal.gateway or portal.daemon
                before = portal.processor_ns(process.pid)
                run, profile = profiler.profiled(process.pid, self.workshop.directory, lambda: work(portal))
                spent = portal.processor_ns(process.pid) - before if portal.gateway else run["peer_cpu_ns"]
            self.profiles.append(profile.row(name, f"{spent / 1000 / run['answered']:.1f}"))

        for slots, where in ((SPREAD, "spread"), (HOT, "one slot")):
            look(f"daemon: create, {where}, 512 in flight",
                 lambda portal, slots=slots: portal.over_socket("create", 512, 60_000, "--slots", slots))
        look("daemon: create, one slot, 32 waiting callers", lambda portal: portal.waiting_callers(32, 30_000, "--slots", HOT))
        look("daemon: validate, 512 in flight", lambda portal: portal.over_socket("validate", 512, 400_000))
        look("gateway: create with QR, spread, 64 callers",
             lambda portal: portal.over_http("create", HTTP_CONNECTIONS, 20_000, "--slots", SPREAD), gateway=True)
        look("gateway: validate, 64 callers", lambda portal: portal.over_http("validate", HTTP_CONNECTIONS, 60_000), gateway=True)

    def run(self, parts: list[str]) -> None:
        needs = {"sqlite": "socket", "postgres": "socket", "route": "http", "node": "http"}
        wanted = set(parts) | {needs[part] for part in parts if part in needs}
        for part in PARTS:
            if part not in wanted:
                continue
            say(f"==> {part}")
            try:
                getattr(self, part)()
            except Unavailable as reason:
                say(f"    not measured: {reason}")
                self.absent.append(str(reason))


def parse(words: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--programs", type=Path, required=True, help="directory of the built programs")
    parser.add_argument("--data", type=Path, default=Path("/var/tmp"), help="directory on the disk to measure")
    parser.add_argument("--json", type=Path, help="write everything measured to this file")
    parser.add_argument("--quick", action="store_true", help="a tenth of the requests, each run once")
    parser.add_argument("--only", default=",".join(USUAL_PARTS), help=f"some of {','.join(PARTS)}, with what they are compared with")
    options = parser.parse_args(words)
    unknown = set(options.only.split(",")) - set(PARTS)
    if unknown:
        parser.error(f"--only does not know {', '.join(sorted(unknown))}")
    return options


def main() -> None:
    options = parse(sys.argv[1:])
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    directory = Path(tempfile.mkdtemp(prefix="reservation-benchmark.", dir=options.data))
    # PostgreSQL runs as a user of its own and must reach its part.
    directory.chmod(0o755)
    workshop = Workshop(directory, options.programs.resolve(), options.quick)
    benchmark = Benchmark(workshop)
    here = machine.describe(directory)
    finished = False
    try:
        benchmark.run(options.only.split(","))
        finished = True
    finally:
        workshop.stop_all()
        if finished:
            shutil.rmtree(directory, ignore_errors=True)
        else:
            say(f"The logs are in {directory}.")
    if options.json:
        options.json.write_text(json.dumps({
            "machine": here, "quick": options.quick, "promises": [promise.json() for promise in benchmark.promises],
            "runs": benchmark.runs, "values": benchmark.values, "profiles": benchmark.profiles, "notes": benchmark.notes,
            "absent": benchmark.absent}, indent=1) + "\n")
    print(machine.line(here) + (" With --quick: each figure measured once and briefly." if options.quick else "") + "\n")
    if benchmark.promises:
        print(promises_table(benchmark.promises) + "\n")
    if benchmark.runs:
        print(runs_table(list(benchmark.runs.items())) + "\n")
    if benchmark.profiles:
        print(profiler.table(benchmark.profiles) + "\n")
    for note in [*benchmark.notes, *[f"Not measured: {reason}." for reason in benchmark.absent]]:
        print(f"- {note}")


if __name__ == "__main__":
    main()
