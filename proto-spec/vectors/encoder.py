"""An encoder for RSV/1 frames that exists only to write golden vectors.

It is deliberately not shared with the Python client or the Swift code: an encoder and a decoder that
share code agree on their common mistakes. It can also write what a correct peer never would, which the
invalid vectors need.
"""

from __future__ import annotations

import json
import struct
from dataclasses import dataclass
from pathlib import Path

CRITICAL = 0x8000
EXACT = 2**53 - 1


@dataclass(frozen=True)
class Field:
    tag: int
    name: str
    type: str
    critical: bool
    repeated: bool


@dataclass(frozen=True)
class Member:
    """One field as a message lists it: `name`, `name?`, `name*`, with `:message` where it nests."""

    name: str
    optional: bool
    repeated: bool
    message: str | None


class Registry:
    """registry.json, checked while it is read: a registry that contradicts itself yields no vectors."""

    def __init__(self, path: Path):
        self.raw = json.loads(path.read_text(encoding="utf-8"))
        self.limits = self.raw["limits"]
        self.types = self.raw["frame_types"]
        self.encodings = self.raw["encodings"]
        self.flags = self.raw["flags"]
        self.operations = {op["name"]: op for op in self.raw["operations"]}
        self.statuses = {s["name"]: s for s in self.raw["statuses"]}
        self.fields = {
            f["name"]: Field(f["tag"], f["name"], f["type"], f.get("critical", False), f.get("repeated", False))
            for f in self.raw["fields"]
        }
        self.messages = {name: self._members(name, lines) for name, lines in self.raw["messages"].items()}
        for op in self.raw["operations"]:
            for half in ("request", "response"):
                name = f"{op['name']}.{half}"
                self.messages[name] = self._members(name, op[half])
        self._check()

    def _members(self, message: str, lines: list[str]) -> list[Member]:
        members = []
        for line in lines:
            head, _, nested = line.partition(":")
            name = head.rstrip("?*")
            if name not in self.fields:
                raise ValueError(f"{message}: unknown field {name}")
            members.append(Member(name, head.endswith("?"), head.endswith("*"), nested or None))
        return members

    def _check(self) -> None:
        for key, rows in (("tag", self.raw["fields"]), ("opcode", self.raw["operations"]), ("status", self.raw["statuses"])):
            for column in (key, "name"):
                values = [row[column] for row in rows]
                if len(values) != len(set(values)):
                    raise ValueError(f"registry: a {column} is given out twice")
        for name, members in self.messages.items():
            tags = [self.fields[m.name].tag for m in members]
            if tags != sorted(set(tags)):
                raise ValueError(f"{name}: fields are not in ascending tag order")
            for m in members:
                field = self.fields[m.name]
                if (field.type == "message") != (m.message is not None) or field.repeated != m.repeated:
                    raise ValueError(f"{name}.{m.name}: the message's line disagrees with the field")
                if m.message is not None and m.message not in self.messages:
                    raise ValueError(f"{name}.{m.name}: unknown message {m.message}")


def exact(identifier: int) -> int | str:
    """A request id as vectors write it: a string where a JSON number would lose digits in some readers."""
    return identifier if identifier <= EXACT else str(identifier)


def element(tag: int, value: bytes, critical: bool = False) -> bytes:
    """One TLV element with any tag and value whatever, right or wrong."""
    return struct.pack(">HI", tag | (CRITICAL if critical else 0), len(value)) + value


def minimal(number: int) -> bytes:
    return number.to_bytes(max(1, (number.bit_length() + 7) // 8), "big")


class Encoder:
    def __init__(self, registry: Registry):
        self.registry = registry

    def payload(self, encoding: str, message: str, value: dict) -> bytes:
        self._complete(message, value)
        return self.tlv(message, value) if encoding == "TLV" else self.json(message, value)

    def _complete(self, message: str, value: dict) -> None:
        """Examples are written by hand, so a name that the registry lacks must not slip through."""
        names = {m.name for m in self.registry.messages[message]}
        if set(value) - names:
            raise ValueError(f"{message} has no {sorted(set(value) - names)}")
        for m in self.registry.messages[message]:
            if not m.optional and not m.repeated and m.name not in value:
                raise ValueError(f"{message} lacks {m.name}")
            for nested in (value.get(m.name, []) if m.repeated else [value[m.name]] if m.name in value else []):
                if m.message:
                    self._complete(m.message, nested)

    def elements(self, message: str, value: dict) -> list[tuple[str, bytes]]:
        """The elements of one message in order, each with its field's name."""
        out = []
        for m in self.registry.messages[message]:
            if m.name not in value:
                continue
            field = self.registry.fields[m.name]
            for item in value[m.name] if m.repeated else [value[m.name]]:
                body = self.tlv(m.message, item) if m.message else self.scalar(field.type, item)
                out.append((m.name, element(field.tag, body, field.critical)))
        return out

    def tlv(self, message: str, value: dict) -> bytes:
        return b"".join(encoded for _, encoded in self.elements(message, value))

    @staticmethod
    def scalar(kind: str, value) -> bytes:
        if kind in ("uint", "timestamp"):
            return minimal(value)
        if kind == "bool":
            return b"\x01" if value else b"\x00"
        if kind == "bytes":
            return bytes.fromhex(value)
        return value.encode("utf-8")

    def json(self, message: str, value: dict) -> bytes:
        return json.dumps(self._ordered(message, value), separators=(",", ":"), ensure_ascii=False).encode("utf-8")

    def _ordered(self, message: str, value: dict) -> dict:
        out = {}
        for m in self.registry.messages[message]:
            if m.name not in value:
                continue
            item = value[m.name]
            if m.message:
                item = [self._ordered(m.message, x) for x in item] if m.repeated else self._ordered(m.message, item)
            out[m.name] = item
        return out

    def header(self, type, length, *, flags=0, opcode=0, request_id=0, deadline_ms=0, status=0, encoding=0, reserved=0) -> bytes:
        kind = self.registry.types[type] if isinstance(type, str) else type
        code = self.registry.encodings[encoding] if isinstance(encoding, str) else encoding
        number = self.registry.statuses[status]["status"] if isinstance(status, str) else status
        return struct.pack(">IBBHQIHBB", length, kind, flags, opcode, request_id, deadline_ms, number, code, reserved)

    def frame(self, type, payload: bytes = b"", **header) -> bytes:
        return self.header(type, len(payload), **header) + payload

    def opcode(self, operation: str) -> int:
        return self.registry.operations[operation]["opcode"]

    def request(self, request_id: int, operation: str, value: dict, encoding: str = "TLV", **header) -> bytes:
        payload = self.payload(encoding, f"{operation}.request", value)
        return self.frame("REQUEST", payload, opcode=self.opcode(operation), request_id=request_id, encoding=encoding, **header)

    def response(self, request_id: int, operation: str, value: dict, encoding: str = "TLV", **header) -> bytes:
        payload = self.payload(encoding, f"{operation}.response", value)
        return self.frame("RESPONSE", payload, opcode=self.opcode(operation), request_id=request_id, encoding=encoding, **header)

    def hello(self, encoding: str = "TLV", low: int = 1, high: int = 1, name: str | None = "vectors") -> bytes:
        value = {"magic": "RSV", "version_min": low, "version_max": high}
        if name is not None:
            value["client_name"] = name
        return self.frame("HELLO", self.payload(encoding, "hello", value), encoding=encoding)
