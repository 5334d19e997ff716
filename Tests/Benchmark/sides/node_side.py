"""The card's service with Node, Express and MariaDB, over HTTP with QR codes, durable, one worker a core."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
from pathlib import Path

from .ceilings import answers
from .workshop import HERE, Unavailable, Workshop, middle_run, processor_count, say

PACKAGES = ("nodejs", "node-express", "node-mysql", "node-qrcode-generator", "mariadb-server-core", "mariadb-client-core")
MODULES = Path("/usr/share/nodejs")
# Durable, and with more memory and log than the defaults, which helps it.
SETTINGS = (
    "--skip-networking", "--innodb-flush-log-at-trx-commit=1", "--innodb-doublewrite=1", "--innodb-buffer-pool-size=1G",
    "--innodb-log-file-size=2G", "--skip-log-bin", "--max-connections=200",
)


class NodeSide:
    """Running while it is entered."""

    def __init__(self, workshop: Workshop):
        missing = [name for name in ("node", "mariadbd", "mariadb", "mariadb-install-db") if shutil.which(name) is None]
        missing += [name for name in ("express", "mysql", "qrcode-generator") if not (MODULES / name).exists()]
        if missing:
            raise Unavailable(f"{', '.join(missing)} not installed: apt-get install --no-install-recommends {' '.join(PACKAGES)}")
        self.workshop = workshop
        self.directory = workshop.directory / "node"
        self.socket = self.directory / "mariadb.sock"
        self.account = ["--user=root"] if os.getuid() == 0 else []

    def __enter__(self) -> NodeSide:
        self.directory.mkdir()
        data = self.directory / "data"
        subprocess.run(
            ["mariadb-install-db", "--no-defaults", f"--datadir={data}", "--auth-root-authentication-method=normal", "--skip-test-db",
             *self.account],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, check=True)
        self.database = self.workshop.start(
            ["mariadbd", "--no-defaults", f"--datadir={data}", f"--socket={self.socket}", f"--pid-file={self.directory / 'pid'}",
             *SETTINGS, *self.account], "mariadb.log")
        self.workshop.wait_for("mariadbd", self._database_answers, self.database)
        self._sql((HERE / "node" / "schema.sql").read_text(), database=None)
        with socket.socket() as listener:
            listener.bind(("127.0.0.1", 0))
            self.port = listener.getsockname()[1]
        environment = os.environ | {
            "NODE_ENV": "production", "NODE_PATH": str(MODULES), "PORT": str(self.port), "DATABASE_SOCKET": str(self.socket),
            "WORKERS": str(processor_count()), "CONNECTIONS": "32"}
        self.service = self.workshop.start(["node", HERE / "node" / "server.js"], "node.log", env=environment)
        self.workshop.wait_for("node", lambda: answers(self.port), self.service)
        return self

    def __exit__(self, *_) -> None:
        self.workshop.stop(self.service)
        self.workshop.stop(self.database)
        shutil.rmtree(self.directory)

    @property
    def version(self) -> str:
        node = subprocess.run(["node", "--version"], stdout=subprocess.PIPE, check=True, text=True).stdout.strip().removeprefix("v")
        return f"Node {node}, MariaDB {self._sql('SELECT version()').strip().split('-')[0]}"

    def create(self, slots: int, connections: int, creates: int) -> dict:
        creates = self.workshop.size(creates)
        runs = []
        for _ in range(self.workshop.repeats):
            self._fill(creates, slots)
            runs.append(self._load("create", slots, connections, creates))
            stored = int(self._sql("SELECT count(*) FROM ticket_reservations"))
            booked = int(self._sql("SELECT sum(booked_count) FROM reservation_slots"))
            # Of thousands a few end in a deadlock, which InnoDB breaks up and the card's code does not try again.
            assert runs[-1]["accepted"] == stored == booked >= 0.99 * creates, f"Node stored {stored} and counted {booked} of {runs[-1]}"
        return self._said(middle_run(runs), f"create, {slots} slots")

    def validate(self, connections: int, requests: int) -> dict:
        requests = self.workshop.size(requests)
        self._fill(min(requests, 20_000), 1)
        runs = [self._load("validate", 1, connections, requests) for _ in range(self.workshop.repeats)]
        return self._said(middle_run(runs), "validate")

    def available(self, slots: int, connections: int, requests: int) -> dict:
        requests = self.workshop.size(requests)
        self._fill(1, slots)
        runs = [self._load("available", slots, connections, requests) for _ in range(self.workshop.repeats)]
        assert all(run["accepted"] == run["answered"] for run in runs), runs
        return self._said(middle_run(runs), f"available, {slots} slots")

    def _load(self, subject: str, slots: int, connections: int, requests: int) -> dict:
        return self.workshop.load(
            "--subject", subject, "--http", f"127.0.0.1:{self.port}", "--connections", connections, "--slots", slots,
            "--requests", requests, "--month", "2027-01")

    @staticmethod
    def _said(run: dict, name: str) -> dict:
        say(f"    Node, {name}: {run['per_second']:,}/s")
        return run

    def _fill(self, tickets: int, slots: int) -> None:
        self._sql(f"SET @tickets = {tickets}, @slots = {slots};\n" + (HERE / "node" / "fill.sql").read_text())

    def _database_answers(self) -> bool:
        return self._client("SELECT 1", None).returncode == 0

    def _sql(self, sql: str, database: str | None = "portal") -> str:
        done = self._client(sql, database)
        assert done.returncode == 0, done.stderr
        return done.stdout

    def _client(self, sql: str, database: str | None) -> subprocess.CompletedProcess[str]:
        command = ["mariadb", "--no-defaults", f"--socket={self.socket}", "--user=root", "--batch", "--skip-column-names"]
        return subprocess.run([*command, *([database] if database else [])], input=sql, capture_output=True, text=True)
