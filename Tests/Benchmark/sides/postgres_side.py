"""The card's transaction in PostgreSQL: its own cluster on the measured disk, durable, over a Unix socket."""

from __future__ import annotations

import json
import os
import pwd
import re
import shutil
import signal
import subprocess
from pathlib import Path

from .workshop import HERE, Unavailable, Workshop, middle_run, processor_count, say

CONNECTIONS = 32
# Durable as installed. Memory and log size are what an administrator would set first; both help it.
SETTINGS = {
    "listen_addresses": "", "fsync": "on", "synchronous_commit": "on", "full_page_writes": "on", "shared_buffers": "1GB",
    "max_wal_size": "8GB", "checkpoint_timeout": "30min", "max_connections": "100",
}


def find_programs() -> Path:
    for directory in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if os.access(directory / "initdb", os.X_OK) and os.access(directory / "postgres", os.X_OK):
            return directory
    raise Unavailable("PostgreSQL is not installed: apt-get install postgresql-15 libpq-dev")


class PostgresSide:
    """Running while it is entered."""

    def __init__(self, workshop: Workshop):
        self.workshop = workshop
        self.programs = find_programs()
        if shutil.which("pg_config") is None:
            raise Unavailable("PostgreSQL's client library is not installed: apt-get install libpq-dev")
        self.directory = workshop.directory / "postgres"
        # It refuses to run as root.
        self.user = pwd.getpwnam("postgres") if os.getuid() == 0 else pwd.getpwuid(os.getuid())
        include = subprocess.run(["pg_config", "--includedir"], stdout=subprocess.PIPE, check=True, text=True).stdout.strip()
        self.client = workshop.compile("postgres_client.c", f"-I{include}", "-lpq")

    def __enter__(self) -> PostgresSide:
        self.directory.mkdir()
        os.chown(self.directory, self.user.pw_uid, self.user.pw_gid)
        data = self.directory / "data"
        self._own([self.programs / "initdb", "--pgdata", data, "--auth", "trust", "--encoding", "UTF8", "--locale", "C"])
        settings = [word for name, value in SETTINGS.items() for word in ("-c", f"{name}={value}")]
        self.server = self.workshop.start(
            [self.programs / "postgres", "-D", data, "-k", self.directory, *settings], "postgres.log",
            user=self.user.pw_uid, group=self.user.pw_gid, extra_groups=[], cwd=self.directory)
        ready = [self.programs / "pg_isready", "-q", "-h", self.directory]
        self.workshop.wait_for("postgres", lambda: subprocess.run(ready).returncode == 0, self.server)
        self._psql("-f", HERE / "postgres" / "schema.sql")
        return self

    def __exit__(self, *_) -> None:
        # SIGINT is its fast shutdown.
        self.workshop.stop(self.server, signal.SIGINT)
        shutil.rmtree(self.directory)

    @property
    def version(self) -> str:
        return self._query("SHOW server_version").split()[0]

    def create(self, style: str, slots: int, creates: int) -> dict:
        """The quicker of the C client and pgbench, both with 32 connections.

        style: statements or function.
        """
        runs = [self._with_client(style, slots, self.workshop.size(creates)) for _ in range(self.workshop.repeats)]
        runs.append(self._with_pgbench(style, slots, self.workshop.size(creates)))
        client, pgbench = middle_run(runs[:-1]), runs[-1]
        say(f"    PostgreSQL, {style}, {slots} slots: {client['per_second']:,}/s, with pgbench {pgbench['per_second']:,}/s")
        best = max(client, pgbench, key=lambda run: run["per_second"])
        return best | {"client_per_second": client["per_second"], "pgbench_per_second": pgbench["per_second"]}

    def _with_client(self, style: str, slots: int, creates: int) -> dict:
        self._fill(creates, slots)
        done = subprocess.run(
            [self.client, f"host={self.directory} user={self.user.pw_name} dbname=postgres", style, str(CONNECTIONS), str(creates),
             str(slots)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True, text=True)
        self._audit(creates)
        return json.loads(done.stdout)

    def _with_pgbench(self, style: str, slots: int, creates: int) -> dict:
        each = max(1, creates // CONNECTIONS)
        self._fill(each * CONNECTIONS, slots)
        done = subprocess.run(
            [self.programs / "pgbench", "-h", self.directory, "-U", self.user.pw_name, "-n", "-M", "prepared", "-c", str(CONNECTIONS),
             "-j", str(processor_count()), "-t", str(each), "-f", HERE / "postgres" / f"{style}.pgbench",
             "-D", f"clients={CONNECTIONS}", "-D", f"slots={slots}", "-D", "n=0", "postgres"],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=True, text=True, cwd=self.directory)
        self._audit(each * CONNECTIONS)
        found = re.search(r"tps = ([\d.]+)", done.stdout)
        assert found, done.stdout
        return {"creates": each * CONNECTIONS, "per_second": round(float(found[1]))}

    def _fill(self, tickets: int, slots: int) -> None:
        self._psql("-v", f"tickets={tickets}", "-v", f"slots={slots}", "-f", HERE / "postgres" / "fill.sql")

    def _audit(self, creates: int) -> None:
        stored = int(self._query("SELECT count(*) FROM ticket_reservations"))
        booked = int(self._query("SELECT sum(booked_count) FROM reservation_slots"))
        assert stored == booked == creates, f"PostgreSQL stored {stored} and counted {booked} of {creates} reservations"

    def _psql(self, *arguments: str | Path) -> str:
        command = [
            self.programs / "psql", "-h", self.directory, "-U", self.user.pw_name, "-X", "-q", "-A", "-t", "-v", "ON_ERROR_STOP=1",
            *arguments, "postgres"]
        return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, check=True, text=True).stdout

    def _query(self, sql: str) -> str:
        return self._psql("-c", sql).strip()

    def _own(self, command: list[str | Path]) -> None:
        subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True, user=self.user.pw_uid, group=self.user.pw_gid,
            extra_groups=[], cwd=self.directory)
