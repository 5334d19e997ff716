#!/usr/bin/env python3
"""Writes everything in proto-spec that follows from registry.json and the examples.

    generate.py            writes the golden vectors, the dissector's tables and the tables of spec.md
    generate.py --check    writes nothing; exits 1 and names each file that is out of date

The output depends on nothing but its sources, so that a second run changes no byte.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path.insert(0, str(HERE))
sys.dont_write_bytecode = True

import spec_tables  # noqa: E402
from cases_events import Events  # noqa: E402
from cases_invalid import Invalid  # noqa: E402
from cases_negotiation import Negotiation  # noqa: E402
from cases_valid import Accepted, Valid  # noqa: E402
from encoder import Encoder, Registry  # noqa: E402
from examples import OPERATIONS  # noqa: E402

DESCRIPTIONS = {
    "valid": "Canonical frames: decoding hex gives frame and payload, encoding them gives hex again.",
    "accepted": "Legal frames in a form that no sender should choose: decoding hex gives frame and payload; "
    "encoding those gives canonical_hex where it is present.",
    "invalid": "Bytes from a client that a server must refuse, and how far the refusal goes. "
    "State open: they follow a completed HELLO on the admin socket.",
    "events": "A server's bytes, and whether a client takes what they tell or closes. State: what was said before.",
    "negotiation": "Conversations with a server: its answers, in order, to what the client, the application and the operator do.",
}


def vectors_text(description: str, vectors: list[dict]) -> str:
    """One vector a line, so that a change shows as one changed line."""
    names = [v["name"] for v in vectors]
    doubles = {n for n in names if names.count(n) > 1}
    if doubles:
        raise ValueError(f"vector names given out twice: {sorted(doubles)}")
    lines = ",\n".join("  " + json.dumps(v, ensure_ascii=False) for v in vectors)
    return '{"description": %s,\n "vectors": [\n%s\n]}\n' % (json.dumps(description), lines)


def between(text: str, begin: str, end: str, body: str, path: Path) -> str:
    """Replaces what lies between two marker lines, which must be there exactly once."""
    if text.count(begin) != 1 or text.count(end) != 1:
        raise ValueError(f"{path.name}: wants exactly one each of {begin!r} and {end!r}")
    head, rest = text.split(begin)
    _, tail = rest.split(end)
    return f"{head}{begin}\n{body.strip()}\n{end}{tail}"


def outputs() -> dict[Path, str]:
    registry = Registry(ROOT / "registry.json")
    missing = set(registry.operations) ^ set(OPERATIONS)
    if missing:
        raise ValueError(f"examples.py and registry.json differ in {sorted(missing)}")
    encoder = Encoder(registry)
    cases = {"valid": Valid, "accepted": Accepted, "invalid": Invalid, "events": Events, "negotiation": Negotiation}
    files = {
        HERE / f"{name}.json": vectors_text(DESCRIPTIONS[name], case(encoder).build()) for name, case in cases.items()
    }
    lua = ROOT / "wireshark" / "rsv.lua"
    files[lua] = between(
        lua.read_text(encoding="utf-8"), "-- begin generated", "-- end generated", spec_tables.lua(registry), lua)
    spec = ROOT / "spec.md"
    text = spec.read_text(encoding="utf-8")
    for name, body in spec_tables.markdown(registry, encoder).items():
        text = between(text, f"<!-- begin generated {name} -->", f"<!-- end generated {name} -->", body, spec)
    files[spec] = text
    return files


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="write nothing, exit 1 if a file is out of date")
    check = parser.parse_args().check
    stale = []
    for path, text in outputs().items():
        current = path.read_bytes() if path.exists() else None
        if current == text.encode("utf-8"):
            continue
        stale.append(str(path.relative_to(ROOT)))
        if not check:
            path.write_bytes(text.encode("utf-8"))
    for name in stale:
        print(f"{'out of date' if check else 'written'}: {name}", file=sys.stderr)
    return 1 if check and stale else 0


if __name__ == "__main__":
    sys.exit(main())
