"""deploy/package.sh, and what is in the package that it makes."""

from __future__ import annotations

import gzip
import os
import re
import subprocess
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from .programs import REPOSITORY, Programs, clean_environment

PROGRAMS = {
    "reservationctl": "usr/bin/reservationctl",
    "reservationd": "usr/libexec/reservation-portal/reservationd",
    "reservation-gateway": "usr/libexec/reservation-portal/reservation-gateway",
    "reservation-mailer": "usr/libexec/reservation-portal/reservation-mailer",
}


def needs_runtime(program: Path) -> bool:
    """Whether it is linked against Swift's shared libraries."""
    done = subprocess.run(["ldd", str(program)], capture_output=True, text=True, timeout=30)
    return "libswiftCore.so" in done.stdout


def build_package(programs: Programs, output: Path, *arguments: str) -> Package:
    """Of programs that are built already. What links to Swift's libraries brings them along, which takes seconds where a static build takes
    minutes."""
    command = [str(REPOSITORY / "deploy" / "package.sh"), "--programs", str(programs.directory), "--output", str(output), *arguments]
    if needs_runtime(programs.daemon):
        command.append("--bundle-runtime")
    environment = clean_environment()
    # The place of a checkout is no part of a package.
    environment |= {"DEBFULLNAME": "A Tester", "DEBEMAIL": "tester@example.org"}
    done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=300, env=environment)
    assert done.returncode == 0, f"{' '.join(command)}: {(done.stdout + done.stderr)[-3000:]}"
    return Package(Path(done.stdout.strip().splitlines()[-1]))


@dataclass(frozen=True)
class Entry:
    """A file of the package as the archive has it."""

    mode: str  # like -rw-r--r--
    owner: str
    target: str  # of a symbolic link


@dataclass(frozen=True)
class Package:
    path: Path

    def _deb(self, *arguments: str) -> str:
        done = subprocess.run(
            ["dpkg-deb", arguments[0], str(self.path), *arguments[1:]], check=True, capture_output=True, text=True, timeout=120)
        return done.stdout

    @cached_property
    def fields(self) -> dict[str, str]:
        """The control file; a field's further lines follow its first."""
        found: dict[str, str] = {}
        name = ""
        for line in self._deb("--field").splitlines():
            if line.startswith(" "):
                found[name] += "\n" + line.strip()
            else:
                name, _, value = line.partition(":")
                found[name] = value.strip()
        return found

    @cached_property
    def contents(self) -> dict[str, Entry]:
        """By path, without the first slash; directories without their last."""
        found = {}
        for line in self._deb("--contents").splitlines():
            mode, owner, _, _, _, path = line.split(maxsplit=5)
            path, _, target = path.partition(" -> ")
            found[path.removeprefix("./").rstrip("/")] = Entry(mode, owner, target)
        return found

    @cached_property
    def version(self) -> str:
        return self.fields["Version"]


@dataclass(frozen=True)
class Unpacked:
    """The package's files in a directory, not installed."""

    root: Path

    @classmethod
    def from_package(cls, package: Package, root: Path) -> Unpacked:
        subprocess.run(["dpkg-deb", "--raw-extract", str(package.path), str(root)], check=True, timeout=120)
        return cls(root)

    def text(self, path: str) -> str:
        return (self.root / path).read_text(encoding="utf-8")

    def program(self, name: str) -> Path:
        return self.root / PROGRAMS[name]

    def say(self, name: str, *arguments: str) -> str:
        """What a program prints."""
        done = subprocess.run(
            [str(self.program(name)), *arguments], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30,
            env=clean_environment(COLUMNS="200"))
        assert done.returncode == 0, done.stderr
        return done.stdout

    def page(self, name: str, section: int) -> str:
        """A man page as a reader sees it, each paragraph in one line of a wide terminal."""
        source = gzip.decompress((self.root / f"usr/share/man/man{section}/{name}.{section}.gz").read_bytes())
        done = subprocess.run(
            ["man", "--warnings", "--local-file", "-"], input=source, capture_output=True, timeout=60,
            env=clean_environment(MANWIDTH="500", MAN_KEEP_FORMATTING="", LC_ALL="C.UTF-8", MANROFFOPT="", PAGER="cat", MANPAGER="cat"))
        assert done.returncode == 0 and not done.stderr, done.stderr.decode()
        return re.sub(r".\x08|\x1b\[[0-9;]*m", "", done.stdout.decode())


def lintian(package: Package) -> list[str]:
    """What lintian has to say, errors and warnings."""
    done = subprocess.run(
        ["lintian", "--no-cfg", "--color", "never", "--tag-display-limit", "0", str(package.path)], capture_output=True, text=True,
        timeout=300, env=clean_environment(LC_ALL="C.UTF-8"), stdin=subprocess.DEVNULL)
    assert done.returncode in (0, 2), done.stderr
    return [line for line in done.stdout.splitlines() if line[:2] in ("E:", "W:")]


def is_root() -> bool:
    return os.geteuid() == 0
