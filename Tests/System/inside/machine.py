"""The machine on which this runs: a Debian with systemd, seen by its administrator. Python's standard library is all there is."""

from __future__ import annotations

import json
import os
import subprocess
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import TypeVar

Found = TypeVar("Found")

CONFIGURATION = Path("/etc/reservation-portal")
DATABASE = Path("/var/lib/reservationd/reservations.sqlite")
SOCKETS = Path("/run/reservation")
DAEMON, GATEWAY, MAILER = "reservationd.service", "reservation-gateway.service", "reservation-mailer.service"
DAEMON_SOCKETS = ("reservationd-gateway.socket", "reservationd-service.socket", "reservationd-admin.socket")
# How long something may take that the test is not about; for slow machines.
PATIENCE = 60.0


def run(*command: str, check: bool = True, timeout: float = 300, **options) -> str:
    """What a command says on its standard output."""
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=timeout, **options)
    if check and done.returncode:
        raise AssertionError(f"{' '.join(command)} ended with {done.returncode}: {(done.stdout + done.stderr)[-2000:]}")
    return done.stdout


def systemctl(*words: str, check: bool = True) -> str:
    return run("systemctl", "--no-pager", *words, check=check)


def shown(unit: str, *properties: str) -> dict[str, str]:
    """Properties of a unit, as `systemctl show` has them."""
    lines = systemctl("show", unit, *[f"--property={name}" for name in properties]).splitlines()
    return dict(line.split("=", 1) for line in lines if "=" in line)


def state(unit: str) -> str:
    return shown(unit, "ActiveState")["ActiveState"]


def strike(unit: str, number: int) -> int:
    """Sends a signal to the unit's main process, and tells which that was."""
    pid = process(unit)
    assert pid, f"{unit} does not run"
    os.kill(pid, number)
    return pid


def process(unit: str) -> int:
    """The unit's main process; 0 when there is none."""
    return int(shown(unit, "MainPID")["MainPID"])


def failed() -> list[str]:
    """Units that have."""
    return systemctl("--failed", "--plain", "--no-legend").splitlines()


def eventually(what: str, check: Callable[[], Found], within: float = PATIENCE) -> Found:
    until, pause = time.monotonic() + within, 0.002
    while not (found := check()):
        if time.monotonic() >= until:
            raise AssertionError(f"not within {within:g} s: {what}")
        time.sleep(pause)
        pause = min(pause * 1.5, 0.05)
    return found


def settings(program: str, **values: str) -> None:
    """Sets RESERVATION_… variables as an administrator does."""
    path = CONFIGURATION / f"{program}.conf"
    path.parent.mkdir(exist_ok=True)
    with path.open("a", encoding="utf-8") as file:
        file.writelines(f"{name}={value}\n" for name, value in values.items())


def override(unit: str, text: str) -> None:
    """A drop-in that lives until `plain`."""
    directory = Path(f"/run/systemd/system/{unit}.d")
    directory.mkdir(parents=True, exist_ok=True)
    (directory / "test.conf").write_text(text)
    systemctl("daemon-reload")


def plain(unit: str) -> None:
    (Path(f"/run/systemd/system/{unit}.d") / "test.conf").unlink()
    with suppress(OSError):  # Another's drop-in is in it.
        Path(f"/run/systemd/system/{unit}.d").rmdir()
    systemctl("daemon-reload")


def control(*words: str | int):
    """What reservationctl says, as root, who may open every socket."""
    return json.loads(run("reservationctl", "--json", "--timeout", "60", *map(str, words)))


def journal(*units: str, since: str | None = None) -> list[dict]:
    """The entries of units; those that a program wrote before are there."""
    run("journalctl", "--sync")
    words = [f"--unit={unit}" for unit in units] + ([f"--since={since}"] if since else [])
    return [json.loads(line) for line in run("journalctl", "--output=json", "--all", "--no-pager", *words).splitlines()]


def memory(pid: int) -> dict[str, int]:
    """Of a process, in bytes: all that is resident, and the part of it that is the process's own and not a file's."""
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    fields = {line.split(":")[0]: line.split()[1] for line in lines if line.startswith(("VmRSS", "RssAnon"))}
    return {"resident": int(fields["VmRSS"]) * 1024, "own": int(fields["RssAnon"]) * 1024}


def interfaces(pid: int) -> list[str]:
    """Network interfaces that a process has."""
    lines = Path(f"/proc/{pid}/net/dev").read_text().splitlines()[2:]
    return [line.split(":")[0].strip() for line in lines]


def owner(pid: int) -> tuple[str, list[str]]:
    """The user, and the capabilities that it could ever have."""
    import pwd

    fields = dict(line.split(":\t", 1) for line in Path(f"/proc/{pid}/status").read_text().splitlines() if ":\t" in line)
    names = [name for name in ("CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb") if int(fields[name], 16)]
    return pwd.getpwuid(int(fields["Uid"].split()[1])).pw_name, names


def commands() -> list[str]:
    """Of all processes."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(path.read_bytes().replace(b"\0", b" ").decode(errors="replace"))
        except OSError:
            pass
    return found


def may_connect(user: str, groups: list[str], role: str) -> bool:
    """Whether a process of that user, in these groups, can open a role's socket."""
    import grp
    import pwd
    import socket

    child = os.fork()
    if child == 0:
        status = 1
        try:
            os.setgroups([grp.getgrnam(name).gr_gid for name in groups])
            os.setgid(pwd.getpwnam(user).pw_gid)
            os.setuid(pwd.getpwnam(user).pw_uid)
            socket.socket(socket.AF_UNIX).connect(str(SOCKETS / f"{role}.sock"))
            status = 0
        except PermissionError:
            pass
        finally:
            os._exit(status)
    return os.waitpid(child, 0)[1] == 0
