"""What is done to the machine, in this order. Each step gives facts to the report; what they must be stands in test_systemd.py."""

from __future__ import annotations

import grp
import os
import re
import signal
import sqlite3
import stat
import time
from contextlib import closing
from pathlib import Path

from load import Load, Stock, Visitor, booking, text_of
from machine import (
    DAEMON, DAEMON_SOCKETS, DATABASE, GATEWAY, MAILER, SOCKETS, commands, control, eventually, failed, interfaces, journal, may_connect,
    memory, override, owner, plain, process, run, settings, shown, state, strike, systemctl)

SERVICES = (DAEMON, GATEWAY, MAILER)
ENABLED = (*DAEMON_SOCKETS, "reservation-gateway.socket", "reservation-gateway-metrics.socket")


class Machine:
    def __init__(self, package: str, newer: str, kills: int):
        self.package = package
        self.newer = newer
        self.kills = kills
        self.stock = Stock()
        self.acknowledged: list[tuple[int, int, int]] = []

    # --- the installation

    def install(self) -> dict:
        began = time.monotonic()
        said = run("dpkg", "--install", self.package)
        # All visitors here are one, by their address.
        settings("gateway", RESERVATION_GATEWAY_RATE_LIMIT_EXEMPT="127.0.0.0/8")
        return {
            "seconds": round(time.monotonic() - began, 3), "said": said,
            "sockets": {unit: state(unit) for unit in ENABLED},
            "enabled": {unit: systemctl("is-enabled", unit, check=False).strip() for unit in ENABLED},
            "services": {unit: state(unit) for unit in SERVICES},
            "failed": failed(),
        }

    def roles(self) -> dict:
        """Who may open which socket, without opening any."""
        sockets = {}
        for role in ("gateway", "service", "admin"):
            found = (SOCKETS / f"{role}.sock").stat()
            sockets[role] = [f"{stat.S_IMODE(found.st_mode):o}", grp.getgrgid(found.st_gid).gr_name]
        return {
            "sockets": sockets,
            "states": {unit: state(unit) for unit in (DAEMON, GATEWAY)},
        }

    def activation(self) -> dict:
        """The first caller of all; then, with a venue, the first visitor after a stop of everything."""
        states = {unit: state(unit) for unit in (DAEMON, GATEWAY)}
        began = time.monotonic()
        control("status")
        first = time.monotonic() - began
        self.stock.open_venue()
        self.stock.supply(20_000)
        systemctl("stop", GATEWAY, DAEMON)
        stopped = {unit: state(unit) for unit in (DAEMON, GATEWAY)}
        visitor = Visitor(keeps=False)
        began = time.monotonic()
        status, _ = visitor.ask("GET", "/api/reservation-slots/available")
        seconds = time.monotonic() - began
        return {
            "before": states, "first_caller_s": round(first, 3), "stopped": stopped, "status": status, "first_visitor_s": round(seconds, 3),
            "after": {unit: state(unit) for unit in (DAEMON, GATEWAY)},
            "texts": {unit: shown(unit, "StatusText")["StatusText"] for unit in (DAEMON, GATEWAY)},
        }

    def booking(self) -> dict:
        """One visitor's way, with something refused at each step."""
        ticket, slot = self.stock.ticket(), self.stock.slots[0]
        visitor = Visitor(keeps=True)
        number, contact = ticket["ticket_id"], {"email": "john@example.com", "phone": "+12025551234"}
        answers = {
            "validate": visitor.ask("POST", "/api/tickets/validate", {"ticket_code": ticket["ticket_code"]}),
            "validate refused": visitor.ask("POST", "/api/tickets/validate", {"ticket_code": "TKT-2025-NOSUCH-TICKET"}),
            "verify": visitor.ask("POST", "/api/tickets/verify-contact", {"ticket_id": number} | contact),
            "verify refused": visitor.ask("POST", "/api/tickets/verify-contact", {"ticket_id": number, "email": "nobody", "phone": "1"}),
            "create": visitor.ask("POST", "/api/reservations/create", booking(number, slot)),
            "create refused": visitor.ask("POST", "/api/reservations/create", booking(number, slot)),
        }
        visitor.close()
        if answers["create"][0] == 200:
            self.acknowledged.append((answers["create"][1]["data"]["reservation_id"], number, slot))
        return {"answers": {name: [status, reply] for name, (status, reply) in answers.items()}, "ticket": ticket, "slot": slot}

    def mailer(self) -> dict:
        """Nothing to send with; then configured, as an administrator does it."""
        skipped = shown(MAILER, "ActiveState", "Result")
        directory = Path("/var/lib/reservation-mailer/mail")
        settings("mailer", RESERVATION_MAILER_FROM="visit@museum.example", RESERVATION_MAILER_TRANSPORT=f"directory:{directory}")
        systemctl("restart", MAILER)
        eventually("the confirmation is sent", lambda: directory.exists() and any(directory.glob("*.eml")))
        return {
            "unconfigured": skipped, "configured": shown(MAILER, "ActiveState", "Result", "StatusText"),
            "mails": len(list(directory.glob("*.eml"))), "credentials": sorted(os.listdir(f"/run/credentials/{MAILER}")),
        }

    def journal(self) -> dict:
        """The entries by event, the last of each."""
        events: dict[str, dict] = {}
        for entry in journal(*SERVICES):
            if name := entry.get("RESERVATION_EVENT"):
                events[name] = {
                    key: value for key, value in entry.items() if not key.startswith("_") or key in ("_SYSTEMD_UNIT", "_PID", "_UID")}
        return {"events": events}

    def backup(self) -> dict:
        """As the timer starts it, out of the daemon's sandbox into the directory that it may write to."""
        timer = shown("reservation-backup.timer", "ActiveState", "NextElapseUSecRealtime")
        systemctl("start", "reservation-backup.service")
        made = list(Path("/var/backups/reservation-portal").iterdir())
        with closing(sqlite3.connect(f"file:{made[0]}?mode=ro", uri=True)) as database:
            reservations = database.execute("SELECT count(*) FROM ticket_reservations").fetchone()[0]
        return {"timer": timer, "made": [path.name for path in made], "reservations": reservations, "told": len(self.acknowledged)}

    # --- the sandbox

    def sandbox(self) -> dict:
        facts = {}
        for unit in SERVICES:
            pid = process(unit)
            user, capabilities = owner(pid)
            text = run("systemd-analyze", "security", "--no-pager", unit, check=False)
            exposure = re.search(r"Overall exposure level for \S+: ([0-9.]+)", text)
            facts[unit] = {
                "user": user, "capabilities": capabilities, "interfaces": interfaces(pid), "exposure": exposure and float(exposure[1]),
                "watchdog": shown(unit, "WatchdogUSec")["WatchdogUSec"], "memory": memory(pid),
            }
        status, metrics = text_of("/metrics", port=9180)
        nobody = {role: may_connect("nobody", [], role) for role in ("gateway", "service", "admin")}
        mailer = {role: may_connect("reservation-mailer", ["reservation-service"], role) for role in ("gateway", "service", "admin")}
        gateway = {role: may_connect("reservation-gateway", ["reservation-gateway"], role) for role in ("gateway", "service", "admin")}
        return {
            "services": facts, "may connect": {"nobody": nobody, "reservation-mailer": mailer, "reservation-gateway": gateway},
            "metrics": [status, [line for line in metrics.splitlines() if line.startswith("gateway_daemon_up")]]}

    # --- restarts under load

    def _under_load(self, blow, count: int) -> dict:
        began = time.monotonic()
        with Load(self.stock) as load:
            load.goes_on()
            for _ in range(count):
                blow()
                load.goes_on()
                if load.failures:
                    break
        self.acknowledged += load.acknowledged
        return load.report() | {"times": count, "seconds": round(time.monotonic() - began, 3)}

    def restarts(self) -> dict:
        before = process(DAEMON)
        facts = self._under_load(lambda: systemctl("restart", DAEMON), self.kills)
        return facts | {"replaced": process(DAEMON) != before}

    def kills_of_the_daemon(self) -> dict:
        def kill() -> None:
            pid = strike(DAEMON, signal.SIGKILL)
            eventually("another daemon runs", lambda: process(DAEMON) not in (0, pid))

        return self._under_load(kill, self.kills)

    def gateway_restarts(self) -> dict:
        return self._under_load(lambda: systemctl("restart", GATEWAY), max(5, self.kills * 2 // 5))

    def upgrade(self) -> dict:
        """To a rebuilt package."""
        before = {unit: process(unit) for unit in SERVICES}
        facts = self._under_load(lambda: run("dpkg", "--install", self.newer), 1)
        after = {unit: process(unit) for unit in SERVICES}
        return facts | {
            "replaced": [unit for unit in SERVICES if after[unit] not in (0, before[unit])],
            "version": run("dpkg-query", "--show", "--showformat=${Version} ${db:Status-Status}", "reservation-portal")}

    def hang(self) -> dict:
        """The whole daemon stands still, its ledger with it."""
        # As it is shipped but for the time, which is a visitor's patience here.
        override(DAEMON, "[Service]\nWatchdogSec=3\n")
        systemctl("restart", DAEMON)
        pid, began = strike(DAEMON, signal.SIGSTOP), time.monotonic()
        status, _ = Visitor(keeps=False).ask("GET", "/api/reservation-slots/available")
        seconds = time.monotonic() - began
        other = eventually("another daemon runs", lambda: process(DAEMON) not in (0, pid) and process(DAEMON))
        later = eventually("visitors are served", self._served)
        lines = [entry["MESSAGE"] for entry in journal(DAEMON) if "atchdog" in entry.get("MESSAGE", "")]
        plain(DAEMON)
        systemctl("restart", DAEMON)
        return {"status": status, "seconds": round(seconds, 3), "replaced": other != pid, "later": later, "said": lines[-3:]}

    def crash_loops(self) -> dict:
        return {
            "cannot start": self._crash_loop("[Service]\nEnvironment=RESERVATION_DATABASE=/nowhere/at.all\n", 6),
            "ends at once": self._crash_loop("[Service]\nExecStart=\nExecStart=/bin/false\n", 3),
        }

    def _crash_loop(self, fault: str, seconds: float) -> dict:
        """Callers who come again and again while no daemon can start; then it is mended."""
        import socket

        before = self._ends()
        override(DAEMON, fault)
        systemctl("restart", DAEMON, check=False)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            with socket.socket(socket.AF_UNIX) as caller:
                caller.settimeout(0.2)
                try:
                    caller.connect(str(SOCKETS / "gateway.sock"))
                    caller.recv(1)
                except OSError:
                    pass
        sockets = {unit: state(unit) for unit in DAEMON_SOCKETS}
        starts = self._ends() - before
        plain(DAEMON)
        began = time.monotonic()
        served = eventually("visitors are served", self._served)
        return {"sockets": sockets, "starts": starts, "served": served, "seconds": round(time.monotonic() - began, 3)}

    @staticmethod
    def _served() -> bool:
        return Visitor(keeps=False).ask("GET", "/api/reservation-slots/available")[0] == 200

    @staticmethod
    def _ends() -> int:
        """How often the daemon has ended."""
        return sum("Main process exited" in str(entry.get("MESSAGE")) for entry in journal(DAEMON))

    # --- the end

    def audit(self) -> dict:
        """What is in the database, beside what visitors were told."""
        stopped = [*DAEMON_SOCKETS, "reservation-gateway.socket", GATEWAY, MAILER, DAEMON]
        systemctl("stop", *stopped)
        # Closed, or the daemon would find its database in use.
        with closing(sqlite3.connect(f"file:{DATABASE}?mode=ro", uri=True)) as database:
            reserved = database.execute("SELECT id, ticket_id, slot_id FROM ticket_reservations WHERE status = 'RESERVED'")
            there = {tuple(row) for row in reserved}
            twice = database.execute("SELECT ticket_id FROM ticket_reservations GROUP BY ticket_id HAVING count(*) > 1").fetchall()
            counted = database.execute("SELECT sum(booked_count) FROM reservation_slots").fetchone()[0]
            integrity = database.execute("PRAGMA integrity_check").fetchone()[0]
        told = set(self.acknowledged)
        return {
            "acknowledged": len(self.acknowledged), "distinct": len(told), "reservations": len(there), "counted": counted,
            "lost": sorted(told - there)[:10], "untold": sorted(there - told)[:10], "twice": twice[:10], "integrity": integrity,
        }

    def purge(self) -> dict:
        systemctl("start", *DAEMON_SOCKETS, "reservation-gateway.socket")
        control("status")
        units = failed()
        said = run("dpkg", "--purge", "reservation-portal")
        names = ("reservation", "reservationd")
        roots = ("/etc", "/run", "/usr", "/var")
        pruned = [word for path in ("/var/lib/dpkg", "/var/log", "/run/log") for word in ("-path", path, "-prune", "-o")]
        left = run("find", *roots, *pruned, "-name", "*reservation*", "-print")
        return {
            "failed": units, "said": said, "left": left.splitlines(),
            "units": systemctl("list-units", "--all", "--plain", "--no-legend", "reservation*").splitlines(),
            "users": [line for line in run("getent", "passwd").splitlines() if line.startswith(names)],
            "groups": [line for line in run("getent", "group").splitlines() if line.startswith(names)],
            "processes": [command for command in commands() if "libexec/reservation" in command],
        }
