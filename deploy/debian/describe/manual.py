#!/usr/bin/env python3
"""A man page in mdoc(7) from what a program says about itself and a template with the rest.

    manual.py HELP.json TEMPLATE >PAGE

Lines of the template that say nothing but `@synopsis@`, `@abstract@`, `@options@`, `@commands@` or `@variables@` are replaced; `@date@`
anywhere is the day of SOURCE_DATE_EPOCH.
"""

from __future__ import annotations

import datetime
import os
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from program import UNIVERSAL, Command, Option, read

# Options of this title are explained once, for all commands.
COMMON = "Common options"


def text(words: str) -> str:
    """Plain words as a line of mdoc; each sentence is to begin one."""
    words = re.sub(r"(?<=[a-z)]\.) (?=[A-Z])", "\n", words)
    line = words.replace("\\", "\\e").replace("--", "\\-\\-")
    line = re.sub(r"(?<=\\-\\-)[a-z-]+", lambda name: name[0].replace("-", "\\-"), line)
    return "\\&" + line if line[:1] in (".", "'") else line


def paragraphs(words: str) -> Iterator[str]:
    for number, part in enumerate(words.strip().split("\n\n")):
        if number:
            yield ".Pp"
        if part.strip():
            yield text(" ".join(part.split()))


def flag(name: str) -> str:
    """`--socket` for .Fl, which writes the first dash."""
    return name[1:].replace("-", "\\-")


def argument(words: str) -> str:
    """Quoted where it is more than one word, and never mistaken for a macro or punctuation."""
    safe = words.replace("\\", "\\e").replace('"', '""')
    return f'"{safe}"' if " " in safe or not safe else f"\\&{safe}" if re.fullmatch(r"[A-Z][a-z]|\W+", safe) else safe


def usage(options: list[Option]) -> Iterator[str]:
    for option in options:
        if option.kind == "positional":
            line = f"{'Op ' if option.optional else ''}Ar {argument(option.value)}{' ...' if option.repeating else ''}"
        else:
            value = f" Ar {argument(option.value)}" if option.value else ""
            line = f"Op Fl {flag(option.names[-1])}{value}{' ...' if option.repeating else ''}"
        yield f".{line}"


def shown(command: Command, *, common: bool) -> list[Option]:
    """What is said of this command; the universal ones only in the program's own list."""
    return [
        option for option in command.options
        if (option.name not in UNIVERSAL or len(command.path) == 1) and (option.section == COMMON) == common]


def item(option: Option) -> Iterator[str]:
    if option.kind == "positional":
        yield f".It Ar {argument(option.value)}{' ...' if option.repeating else ''}"
    else:
        value = f" Ar {argument(option.value)}" if option.value else ""
        yield ".It " + " , ".join(f"Fl {flag(name)}" for name in option.names) + value
    words = " ".join(option.help.split())
    yield text(words if words.endswith((".", "!", "?")) else f"{words}.")
    if option.default is not None:
        yield f"The default is {text(option.default)}."
    if option.repeating and option.kind == "option" and not re.search("repeated|several times", option.help):
        yield "It may be repeated."


def options_list(options: list[Option]) -> Iterator[str]:
    if not options:
        return
    yield ".Bl -tag -width Ds"
    for option in options:
        yield from item(option)
    yield ".El"


def synopsis(program: Command) -> Iterator[str]:
    yield ".Nm"
    if program.commands:
        yield from usage(shown(program, common=True))
        yield f".{'Op ' if program.default_command else ''}Ar command"
        yield ".Op Ar argument ..."
    else:
        yield from usage([option for option in shown(program, common=False) if option.name not in UNIVERSAL])
    yield ".Nm"
    yield f".Fl {flag('--help')} | Fl {flag('--version')}"


def commands(program: Command) -> Iterator[str]:
    for command in program.leaves():
        own = shown(command, common=False)
        yield f".Ss {' '.join(command.path[1:])}"
        yield f".Nm {program.name}"
        yield f".Cm {' '.join(command.path[1:])}"
        yield from usage(own)
        yield ".Pp"
        yield from paragraphs(command.abstract)
        if command.discussion:
            yield ".Pp"
            yield from paragraphs(command.discussion)
        yield from options_list(own)


def variables(program: Command) -> Iterator[str]:
    """Each variable once, with the options that it stands in for."""
    places: dict[str, set[str]] = {}
    for command in [program, *program.leaves()]:
        for option in command.options:
            if variable := command.variable(option):
                places.setdefault(variable, set()).add(option.names[-1])
    yield ".Bl -tag -width Ds"
    for variable, names in places.items():
        yield f".It Ev {variable}"
        yield "Stands in for"
        for number, name in enumerate(sorted(names), 1):
            yield f".Fl {flag(name)} {'.' if number == len(names) else ','}"
    yield ".El"


def main(help_file: str, template: str) -> None:
    program = read(Path(help_file))
    parts = {
        "synopsis": synopsis(program),
        "abstract": paragraphs(program.abstract),
        "options": options_list(shown(program, common=True) + shown(program, common=False)),
        "commands": commands(program),
        "variables": variables(program),
    }
    day = datetime.datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), datetime.timezone.utc)
    for line in Path(template).read_text(encoding="utf-8").splitlines():
        found = re.fullmatch(r"@(\w+)@", line)
        for out in parts[found[1]] if found else [line.replace("@date@", f"{day:%B} {day.day}, {day.year}")]:
            print(out)


if __name__ == "__main__":
    main(*sys.argv[1:])
