"""What the figures were measured on."""

from __future__ import annotations

import datetime
import os
import platform
import shutil
import sqlite3
import subprocess
import time
from pathlib import Path

from .workshop import REPOSITORY, middle, processor_count


def describe(directory: Path) -> dict:
    return {
        "date": datetime.date.today().isoformat(),
        "processors": processor_count(),
        "processor": _processor(),
        "memory_gib": round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30),
        "system": f"{_system()}, Linux {platform.release()}",
        "file_system": _file_system(directory),
        "sync_ms": round(_sync_milliseconds(directory), 3),
        "sqlite": sqlite3.sqlite_version,
        "commit": _commit(),
        "load_average": os.getloadavg()[0],
    }


def line(machine: dict) -> str:
    return (
        f"Measured on {machine['date']} at {machine['commit']}: {machine['processors']} cores ({machine['processor']}), "
        f"{machine['memory_gib']} GiB, {machine['system']}, {machine['file_system']}, where a synced write of one page takes "
        f"{machine['sync_ms']:.2f} ms. Load average before: {machine['load_average']:.1f}.")


def _processor() -> str:
    for text in Path("/proc/cpuinfo").read_text().splitlines():
        if text.startswith("model name"):
            return text.split(":", 1)[1].strip()
    return platform.machine()


def _system() -> str:
    for text in Path("/etc/os-release").read_text().splitlines():
        if text.startswith("PRETTY_NAME="):
            return text.split("=", 1)[1].strip('"')
    return "Linux"


def _file_system(directory: Path) -> str:
    done = subprocess.run(["stat", "--file-system", "--format=%T", directory], stdout=subprocess.PIPE, text=True)
    return done.stdout.strip() or "unknown file system"


def _sync_milliseconds(directory: Path) -> float:
    """Half of the syncs of one page each, over written space as in a log, take no longer."""
    path = directory / "sync"
    page = os.urandom(4096)
    times = []
    with path.open("wb", buffering=0) as file:
        file.write(page * 64)
        os.fsync(file.fileno())
        for number in range(200):
            began = time.monotonic()
            os.pwrite(file.fileno(), page, number % 64 * 4096)
            os.fdatasync(file.fileno())
            times.append((time.monotonic() - began) * 1000)
    path.unlink()
    return middle(times)


def _commit() -> str:
    if shutil.which("git") is None:
        return "an unknown commit"
    done = subprocess.run(
        ["git", "-C", REPOSITORY, "describe", "--always", "--dirty"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    return done.stdout.strip() or "an unknown commit"
