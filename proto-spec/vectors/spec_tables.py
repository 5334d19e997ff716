"""The parts of spec.md and of the Wireshark dissector that are copied out of registry.json and the examples."""

from __future__ import annotations

import json

from encoder import CRITICAL, Encoder, Registry
from examples import OPERATIONS


def lua(registry: Registry) -> str:
    def table(name: str, rows: list[tuple[int, str]]) -> str:
        return "\n".join([f"local {name} = {{", *(f"  [{key}] = {value}," for key, value in rows), "}"])

    quoted = lambda rows: [(key, f'"{value}"') for key, value in rows]
    return "\n".join([
        f"local HEADER_BYTES = {registry.limits['header_bytes']}",
        f"local MAX_PAYLOAD_BYTES = {registry.limits['max_payload_bytes']}",
        f"local MAX_DEPTH = {registry.limits['max_depth']}",
        table("FRAME_TYPES", quoted((number, name) for name, number in registry.types.items())),
        table("ENCODINGS", quoted((number, name) for name, number in registry.encodings.items())),
        table("FLAGS", quoted((number, name) for name, number in registry.flags.items())),
        table("OPERATIONS", quoted((op["opcode"], op["name"]) for op in registry.raw["operations"])),
        table("STATUSES", quoted((s["status"], s["name"]) for s in registry.raw["statuses"])),
        table("FIELDS", [(f.tag, f'{{ name = "{f.name}", type = "{f.type}" }}') for f in registry.fields.values()]),
    ])


def markdown(registry: Registry, encoder: Encoder) -> dict[str, str]:
    tables = {
        "limits": limits(registry),
        "statuses": statuses(registry),
        "messages": "\n\n".join(
            f"**{name}**\n\n{members(registry, name)}" for name in registry.raw["messages"]),
        "tlv example": tlv_example(encoder),
    }
    for name in registry.operations:
        tables[name] = operation(registry, encoder, name)
    return tables


def limits(registry: Registry) -> str:
    return "\n".join(["| limit | value |", "| --- | --- |", *(f"| `{k}` | {v} |" for k, v in registry.limits.items())])


def statuses(registry: Registry) -> str:
    rows = ["| status | name | class | ends | HTTP | public code |", "| --- | --- | --- | --- | --- | --- |"]
    for s in registry.raw["statuses"]:
        kind = registry.raw["status_classes"][str(s["status"] >> 8)]
        ends = "" if s["status"] == 0 else "connection" if s.get("scope") == "connection" else "request"
        http = str(s["http"]) + "".join(f", {h} for `{op}`" for op, h in s.get("http_by_operation", {}).items())
        public = "" if s["status"] == 0 else f"`{s.get('public', s['name'])}`"
        rows.append(f"| {s['status']} (0x{s['status']:04x}) | `{s['name']}` | {kind} | {ends} | {http} | {public} |")
    return "\n".join(rows)


def members(registry: Registry, message: str) -> str:
    if not registry.messages[message]:
        return "No fields."
    rows = ["| field | tag | type | |", "| --- | --- | --- | --- |"]
    for m in registry.messages[message]:
        field = registry.fields[m.name]
        kind = f"message {m.message}" if m.message else field.type
        notes = ["repeated" if m.repeated else "optional" if m.optional else "required"]
        if field.critical:
            notes.append("critical")
        rows.append(f"| `{m.name}` | {field.tag} | {kind} | {', '.join(notes)} |")
    return "\n".join(rows)


def pretty(value: dict) -> str:
    """One line per top-level field: short, and still easy on the eye."""
    if not value:
        return "{}"
    lines = [f"  {json.dumps(k)}: {json.dumps(v, ensure_ascii=False)}" for k, v in value.items()]
    return "{\n" + ",\n".join(lines) + "\n}"


def operation(registry: Registry, encoder: Encoder, name: str) -> str:
    op = registry.operations[name]
    parts = [f"Opcode {op['opcode']} (0x{op['opcode']:04x}), role {op['role']}."]
    for half in ("request", "response"):
        example = OPERATIONS[name][half + "s"][""]
        ordered = json.loads(encoder.json(f"{name}.{half}", example))
        parts += [f"{half.capitalize()}:", members(registry, f"{name}.{half}"), f"```json\n{pretty(ordered)}\n```"]
    return "\n\n".join(parts)


def tlv_example(encoder: Encoder) -> str:
    """The worked reservation.create request as annotated hex."""
    name = "reservation.create"
    value = OPERATIONS[name]["requests"][""]
    frame = encoder.request(1, name, value, deadline_ms=2500)
    lines = []

    def line(raw: bytes, note: str):
        lines.append(f"{raw.hex():<24}  {note}")

    line(frame[0:4], f"length {len(frame) - 24}")
    line(frame[4:5], "type REQUEST")
    line(frame[5:6], "flags none")
    line(frame[6:8], f"opcode {name}")
    line(frame[8:16], "request id 1")
    line(frame[16:20], "deadline 2500 ms")
    line(frame[20:22], "status OK, as in every request")
    line(frame[22:23], "encoding TLV")
    line(frame[23:24], "reserved")
    for field, raw in encoder.elements(f"{name}.request", value):
        tag = int.from_bytes(raw[:2], "big")
        critical = ", critical" if tag & CRITICAL else ""
        line(raw[:6], f"tag {tag & ~CRITICAL} {field}{critical}, {len(raw) - 6} bytes")
        for start in range(6, len(raw), 12):
            line(raw[start:start + 12], f"  {value[field]}" if start == 6 else "")
    return "```\n" + "\n".join(text.rstrip() for text in lines) + "\n```"
