"""A Debian 12 with systemd and nothing of ours, made once by debootstrap and copied for each test that changes it."""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SUITE = "bookworm"

# What the package depends on and Debian's smallest system has not; so that it is installed without a network. And Python, which works through
# the tests of a booted machine from inside.
PACKAGES = (
    "ca-certificates", "dbus", "libcurl4", "libqrencode4", "libsqlite3-0", "libstdc++6", "libsystemd0", "libxml2", "python3", "systemd", "tzdata")


def why_not() -> str | None:
    """Why no tree can be made on this machine."""
    if os.geteuid() != 0:
        return "a Debian in a directory needs root"
    if shutil.which("debootstrap") is None:
        return "debootstrap is not installed"
    if mirror() is None:
        return "apt's sources name no mirror"
    return None


def mirror() -> str | None:
    """The one that this machine's apt uses."""
    files = [Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt/sources.list.d").glob("*"))]
    for file in files:
        if not file.is_file():
            continue
        for line in file.read_text(encoding="utf-8").splitlines():
            if found := re.match(r"(?:deb(?: +\[[^]]*\])? +|URIs: *)(\S+)", line):
                return found[1].rstrip("/")
    return None


def base_tree(packages: Sequence[str] = PACKAGES) -> Path:
    """The tree that is copied; made when it is missing, which takes a minute. It is kept for the next run, and nobody may change it."""
    name = hashlib.sha256(" ".join((SUITE, *sorted(packages))).encode()).hexdigest()[:12]
    tree = Path(tempfile.gettempdir()) / f"reservation-portal-{SUITE}-{name}"
    with tree.with_suffix(".lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (tree / ".complete").exists():
            shutil.rmtree(tree, ignore_errors=True)
            command = ["debootstrap", "--variant=minbase", f"--include={','.join(packages)}", SUITE, str(tree), str(mirror())]
            done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=600)
            if done.returncode:
                raise AssertionError(f"{' '.join(command)}: {(done.stdout + done.stderr)[-2000:]}")
            # The packages themselves are not needed again.
            for archive in (tree / "var/cache/apt/archives").glob("*.deb"):
                archive.unlink()
            (tree / ".complete").touch()
    return tree


@dataclass(frozen=True)
class Spoken:
    status: int
    output: str  # standard output and error, as a terminal shows them


@dataclass(frozen=True)
class BareDebian:
    """A copy that a test may do with as it likes."""

    path: Path

    def run(self, *command: str | Path, environment: Mapping[str, str] | None = None, timeout: float = 120) -> Spoken:
        """In a chroot, with /proc and without systemd. What is mounted goes with the command."""
        variables = {"PATH": "/usr/sbin:/usr/bin:/sbin:/bin", "LC_ALL": "C.UTF-8", "DEBIAN_FRONTEND": "noninteractive"}
        done = subprocess.run(
            ["unshare", "--mount", "sh", "-c", 'mount -t proc proc "$0/proc" && exec chroot "$0" "$@"', str(self.path), *map(str, command)],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
            timeout=timeout, env=variables | dict(environment or {}))
        return Spoken(done.returncode, done.stdout)

    def do(self, *command: str | Path, **options) -> str:
        """What a command said that must succeed."""
        spoken = self.run(*command, **options)
        assert spoken.status == 0, f"{' '.join(map(str, command))}: {spoken.output[-3000:]}"
        return spoken.output

    def files(self, *besides: str) -> dict[str, tuple]:
        """Every file but those below `besides`: its kind, mode, owner, and what is in it."""
        found: dict[str, tuple] = {}
        for directory, directories, names in os.walk(self.path):
            relative = "/" + str(Path(directory).relative_to(self.path)).removeprefix(".")
            directories[:] = [name for name in directories if os.path.join(relative, name) not in besides]
            for name in directories + names:
                path, shown = Path(directory, name), os.path.join(relative, name)
                status = path.lstat()
                content: object = None
                if path.is_symlink():
                    content = os.readlink(path)
                elif path.is_file():
                    content = hashlib.sha256(path.read_bytes()).hexdigest()
                if shown not in besides:
                    found[shown] = (oct(status.st_mode), status.st_uid, status.st_gid, content)
        return found


@contextmanager
def bare_debian(packages: Sequence[str] = PACKAGES) -> Iterator[BareDebian]:
    """A fresh copy, removed afterwards."""
    base = base_tree(packages)
    copy = Path(tempfile.mkdtemp(prefix="reservation-portal-debian-"))
    try:
        subprocess.run(["cp", "--archive", "--reflink=auto", f"{base}/.", str(copy)], check=True, timeout=300)
        yield BareDebian(copy)
    finally:
        shutil.rmtree(copy, ignore_errors=True)
