#!/usr/bin/env python3
"""A file of variables that names every setting of a program, with its meaning and its default.

    configuration.py HELP.json TEMPLATE >FILE

The template begins with comments, which are copied. Then come lines of two sorts: `VARIABLE=VALUE # why` sets what an installed
machine has unlike the program by itself, and `omit OPTION` leaves out what is no setting of an installed machine. Lines for options that
the program does not have are an error, unless `if known: ` stands before them.
"""

from __future__ import annotations

import re
import sys
import textwrap
from dataclasses import dataclass, field
from pathlib import Path

from program import UNIVERSAL, Command, Option, read


@dataclass
class Template:
    head: list[str] = field(default_factory=list)
    values: dict[str, tuple[str, str]] = field(default_factory=dict)
    if_known: set[str] = field(default_factory=set)
    omitted: set[str] = field(default_factory=set)


def parse(path: Path) -> Template:
    template = Template()
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        if line.startswith("#") or (not line and not template.values and not template.omitted):
            template.head.append(line)
        elif found := re.fullmatch(r"(if known: )?omit ([a-z-]+)", line):
            template.omitted.add(found[2])
            if found[1]:
                template.if_known.add(found[2])
        elif found := re.fullmatch(r"(if known: )?(RESERVATION_[A-Z_]+)=(\S+)(?: # (.+))?", line):
            template.values[found[2]] = (found[3], found[4] or "")
            if found[1]:
                template.if_known.add(found[2])
        elif line:
            raise SystemExit(f"{path}:{number}: not understood: {line}")
    return template


def settings(program: Command) -> dict[str, tuple[Option, str]]:
    """Option and variable by the option's name. A program with commands is configured for its default one."""
    command = program
    if program.default_command:
        command = next(one for one in program.commands if one.path[-1] == program.default_command)
    found = {}
    for option in command.options:
        variable = command.variable(option)
        if variable and option.name not in UNIVERSAL:
            found[option.name] = (option, variable)
    return found


def block(option: Option, variable: str, value: str | None, why: str) -> str:
    words = " ".join(option.help.split())
    default = option.default
    if option.kind == "flag":
        words += " 1 switches it on."
        default = "0"
    elif option.repeating:
        words = words.replace("; may be repeated", "; several, separated by commas")
    # The default is the value; what cannot stand there, like “the machine's”, is told.
    plain = default if default is not None and re.fullmatch(r"[A-Za-z0-9:./_-]+", default) else ""
    if default and (not plain or value is not None):
        words += f" (default: {default})"
    if why:
        words += f" {why}"
    lines = textwrap.wrap(words, 100, initial_indent="# ", subsequent_indent="# ", break_long_words=False, break_on_hyphens=False)
    if value is not None:
        lines.append(f"{variable}={value}")
    else:
        lines.append(f"#{variable}={plain}")
    return "\n".join(lines)


def main(help_file: str, template_file: str) -> None:
    program, template = read(Path(help_file)), parse(Path(template_file))
    known = settings(program)
    unknown = (template.omitted | set(template.values)) - template.if_known - set(known) - {variable for _, variable in known.values()}
    if unknown:
        raise SystemExit(f"{template_file}: {program.name} has no {', '.join(sorted(unknown))}")
    blocks = ["\n".join(template.head).rstrip()]
    for name, (option, variable) in known.items():
        if name not in template.omitted:
            value, why = template.values.get(variable, (None, ""))
            blocks.append(block(option, variable, value, why))
    print("\n\n".join(blocks))


if __name__ == "__main__":
    main(*sys.argv[1:])
