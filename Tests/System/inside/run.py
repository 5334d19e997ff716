"""Runs the steps inside the machine and writes the report: run.py PACKAGE NEWER_PACKAGE KILLS REPORT"""

from __future__ import annotations

import json
import sys
import time
import traceback
from pathlib import Path

from machine import run
from steps import Machine

STEPS = (
    "install", "roles", "activation", "booking", "mailer", "journal", "backup", "sandbox", "restarts",
    "kills_of_the_daemon", "gateway_restarts", "upgrade", "hang", "crash_loops", "audit", "purge")


def main(package: str, newer: str, kills: str, path: str) -> None:
    machine = Machine(package, newer, int(kills))
    report: dict[str, dict] = {}
    for name in STEPS:
        began = time.monotonic()
        try:
            facts = getattr(machine, name)()
        except Exception:  # noqa: BLE001 - the other steps may still tell something
            facts = {"error": traceback.format_exc(), "journal": run("journalctl", "--no-pager", "--lines=60", check=False)}
        report[name] = facts | {"took_s": round(time.monotonic() - began, 1)}
        print(name, report[name]["took_s"], flush=True)
        Path(path).write_text(json.dumps(report))


main(*sys.argv[1:])
