"""What a program says about its options, read from swift-argument-parser's `--experimental-dump-help`."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

# Every program has them, and nobody sets them in a file.
UNIVERSAL = {"help", "version"}

# reservationctl's options that mean the same with every noun; the others carry it (Sources/ReservationControl/Input/OptionReader.swift).
CONTROL_COMMON = {"socket", "json", "timeout", "orq"}


@dataclass(frozen=True)
class Option:
    """One option, flag or word of the command line."""

    kind: str  # option, flag or positional
    names: tuple[str, ...]  # as they are typed: --socket, -h
    value: str  # what the value is called; empty for a flag
    help: str  # without the default
    default: str | None
    optional: bool
    repeating: bool
    section: str

    @property
    def name(self) -> str:
        """The long name without its dashes; of a positional, its value's name."""
        long = [name for name in self.names if name.startswith("--")]
        return (long or list(self.names) or [self.value])[0].lstrip("-")


@dataclass(frozen=True)
class Command:
    """A program or one of its subcommands."""

    path: tuple[str, ...]  # reservationctl, slots, create
    abstract: str
    discussion: str
    options: tuple[Option, ...]
    commands: tuple[Command, ...] = field(default=())
    default_command: str = ""

    @property
    def name(self) -> str:
        return self.path[0]

    def leaves(self) -> Iterator[Command]:
        """The commands that do something, this one too if it has no others."""
        if not self.commands:
            yield self
        for command in self.commands:
            yield from command.leaves()

    def variable(self, option: Option) -> str | None:
        """The environment variable that stands in for the option, if one does."""
        if option.kind == "positional" or option.name in UNIVERSAL:
            return None
        name = option.name.replace("-", "_").upper()
        if self.name == "reservationd":
            return None if option.name in ("repair-counters", "restore") else f"RESERVATION_{name}"
        if self.name == "reservation-gateway":
            return f"RESERVATION_GATEWAY_{name}"
        if self.name == "reservation-mailer":
            # A trial says on the command line whom it writes to and in whose name.
            own = len(self.path) == 1 or self.path[1:] == ("run",)
            return f"RESERVATION_MAILER_{name}" if own else None
        if option.name in CONTROL_COMMON:
            return f"RESERVATION_{name}"
        if len(self.path) == 1 or self.path[1:] == ("organization", "set"):
            return None
        return f"RESERVATION_{self.path[1].upper()}_{name}"


def read(path: Path) -> Command:
    """- Raises: ValueError when the file is none of `--experimental-dump-help`."""
    document = json.loads(path.read_text(encoding="utf-8"))
    if document.get("serializationVersion") != 0:
        raise ValueError(f"{path}: serializationVersion is {document.get('serializationVersion')}, not 0")
    return _command(document["command"], ())


def _command(source: dict, above: tuple[str, ...]) -> Command:
    path = (*above, source["commandName"])
    return Command(
        path=path,
        abstract=source.get("abstract", ""),
        discussion=source.get("discussion", ""),
        options=tuple(_option(argument) for argument in source.get("arguments", ()) if argument.get("shouldDisplay", True)),
        # The library's own `help` is not worth a section.
        commands=tuple(
            _command(one, path) for one in source.get("subcommands", ())
            if one.get("shouldDisplay", True) and one["commandName"] != "help"),
        default_command=source.get("defaultSubcommand") or "",
    )


def _option(source: dict) -> Option:
    kind = source["kind"]
    text, default = _split_default(source.get("abstract", ""))
    names = tuple(("-" if name["kind"] == "short" else "--") + name["name"] for name in source.get("names", ()))
    value = source.get("valueName", "value")
    return Option(
        kind=kind,
        names=names,
        # Unless it was given a name, it has the option's, which says nothing.
        value="" if kind == "flag" else "value" if f"--{value}" in names else value,
        help=text,
        default=default if default is not None else source.get("defaultValue"),
        optional=source.get("isOptional", False),
        repeating=source.get("isRepeating", False),
        section=source.get("sectionTitle", ""),
    )


def _split_default(text: str) -> tuple[str, str | None]:
    """`Connections at once. (default: 16384)` in two."""
    found = re.fullmatch(r"(.*?)\s*\(default: (.*?)\)(\.?)", text, re.DOTALL)
    return (found[1] + found[3], found[2]) if found else (text, None)
