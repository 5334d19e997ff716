#!/usr/bin/env python3
"""A client for RSV/1 in one file, standard library only, written from spec.md and registry.json alone.

    with Client("/run/reservation/gateway.sock") as client:
        status, reply, flags = client.call("daemon.health", {})

    rsv_client.py --socket PATH OPERATION '{"orq": 1}'

It exists so that the protocol has two independent implementations; section numbers are those of spec.md.
A Client belongs to one thread.
"""

from __future__ import annotations

import argparse
import datetime
import errno
import json
import random
import re
import socket
import struct
import sys
import time
from collections import namedtuple
from pathlib import Path

HEADER = struct.Struct(">IBBHQIHBB")
REGISTRY_PATH = Path(__file__).resolve().parent.parent / "registry.json"

Header = namedtuple("Header", "length type flags opcode request_id deadline_ms status encoding reserved")
Field = namedtuple("Field", "tag name type critical")
Member = namedtuple("Member", "name optional repeated message")
Answer = namedtuple("Answer", "request_id status reply flags")


class ProtocolError(Exception):
    """Bytes that RSV/1 forbids; `status` is the registry's name for what is wrong with them."""

    def __init__(self, status: str, text: str):
        super().__init__(f"{status}: {text}")
        self.status = status


class NotRSV(ProtocolError):
    """The first byte is not 0: the peer speaks something else and deserves no answer."""

    def __init__(self):
        super().__init__("MALFORMED_FRAME", "the first byte is not 0")


class TransportError(Exception):
    """No answer will come over this connection. The request may or may not have been carried out."""


class NotExecuted(TransportError):
    """The server drained before it accepted the request, which is therefore safe to send again."""


class ConnectionLost(TransportError):
    """The connection ended under the client's hands."""


class ConnectionRefused(TransportError):
    """The server ended the connection with an ERROR for request id 0."""

    def __init__(self, status: str, reply: dict):
        super().__init__(f"{status}: {reply.get('message', '')}")
        self.status, self.reply = status, reply


class Registry:
    """The numbers of the protocol, by name and by number."""

    def __init__(self, path: Path = REGISTRY_PATH):
        raw = json.loads(Path(path).read_text(encoding="utf-8"))
        self.magic, self.version, self.limits = raw["magic"], raw["version"], raw["limits"]
        self.types, self.encodings, self.flags = raw["frame_types"], raw["encodings"], raw["flags"]
        self.type_names = {number: name for name, number in self.types.items()}
        self.encoding_names = {number: name for name, number in self.encodings.items()}
        self.statuses = {s["name"]: s["status"] for s in raw["statuses"]}
        self.status_names = {s["status"]: s["name"] for s in raw["statuses"]}
        self.operations = {op["name"]: op for op in raw["operations"]}
        self.operations_by_opcode = {op["opcode"]: op for op in raw["operations"]}
        self.fields = {
            f["name"]: Field(f["tag"], f["name"], f["type"], f.get("critical", False)) for f in raw["fields"]}
        self.messages = {name: [self._member(x) for x in lines] for name, lines in raw["messages"].items()}
        for name, op in self.operations.items():
            for half in ("request", "response"):
                self.messages[f"{name}.{half}"] = [self._member(x) for x in op[half]]

    @staticmethod
    def _member(line: str) -> Member:
        name, suffix, message = re.fullmatch(r"(\w+)([?*]?)(?::(\w+))?", line).groups()
        return Member(name, suffix == "?", suffix == "*", message)

    def status_name(self, number: int) -> str:
        return self.status_names.get(number, f"STATUS_{number}")


def check_header(registry: Registry, raw: bytes) -> Header | None:
    """Section 3, checks 1 to 6. None for a frame that is to be skipped; its length is still in the first 4 bytes."""
    if raw[0] != 0:
        raise NotRSV()
    header = Header(*HEADER.unpack(raw))
    if header.length > registry.limits["max_payload_bytes"]:
        raise ProtocolError("FRAME_TOO_LARGE", f"{header.length} bytes of payload")
    if header.type >= 0x80:
        return None
    kind = registry.type_names.get(header.type)
    if kind is None:
        raise ProtocolError("UNKNOWN_FRAME_TYPE", f"type {header.type}")
    if header.flags & 0x0F:
        raise ProtocolError("UNKNOWN_FLAG", f"flags 0x{header.flags:02x}")
    if (
        header.reserved
        or (header.status and kind != "ERROR")
        or (header.deadline_ms and kind != "REQUEST")
        or (header.opcode and kind not in ("REQUEST", "RESPONSE", "ERROR", "EVENT"))
        or (header.request_id and kind in ("HELLO", "HELLO_ACK", "GOAWAY"))
        or (kind == "CANCEL" and (header.request_id == 0 or header.length))
        or (kind in ("PING", "PONG") and header.length > 64)
    ):
        raise ProtocolError("MALFORMED_FRAME", f"{kind} with a field that must be 0 or short")
    encoding = registry.encoding_names.get(header.encoding)
    allowed = {"CANCEL": ("NONE",), "PING": ("NONE",), "PONG": ("NONE",)}
    if encoding not in allowed.get(kind, ("TLV", "JSON")):
        raise ProtocolError("UNKNOWN_ENCODING", f"{kind} with encoding {header.encoding}")
    return header


def malformed(text: str) -> ProtocolError:
    return ProtocolError("MALFORMED_PAYLOAD", text)


class Codec:
    """Payloads in both encodings, to and from dicts with JSON's names and values (section 7)."""

    # Fields of type bytes that have one size only (section 7.4).
    EXACT_BYTES = {"idempotency_key": 16, "instance_id": 16}

    def __init__(self, registry: Registry):
        self.registry = registry
        self.limit = registry.limits["max_integer"]
        self.max_depth = registry.limits["max_depth"]

    def decode(self, encoding: str, message: str, payload: bytes) -> dict:
        if encoding == "TLV":
            return self._decode_tlv(message, payload, 1)
        return self._take_object(message, self._parse_json(payload))

    def encode(self, encoding: str, message: str, value: dict) -> bytes:
        """The canonical form. What could not be decoded again is refused with ProtocolError."""
        checked = self._take_object(message, value)
        self._no_unknown(message, value)
        if encoding == "TLV":
            return self._encode_tlv(message, checked)
        return json.dumps(checked, separators=(",", ":"), ensure_ascii=False).encode("utf-8")

    def _no_unknown(self, message: str, value: dict) -> None:
        """A receiver ignores unknown fields; a sender that has one has misspelt it."""
        members = {m.name: m for m in self.registry.messages[message]}
        for name, item in value.items():
            if name not in members:
                raise malformed(f"{message} has no field {name}")
            member = members[name]
            if member.message and item is not None:
                for nested in item if member.repeated else [item]:
                    self._no_unknown(member.message, nested)

    # -- TLV ---------------------------------------------------------------------------------------

    def _encode_tlv(self, message: str, value: dict) -> bytes:
        out = bytearray()
        for m in self.registry.messages[message]:
            if m.name not in value:
                continue
            field = self.registry.fields[m.name]
            for item in value[m.name] if m.repeated else [value[m.name]]:
                if m.message:
                    body = self._encode_tlv(m.message, item)
                elif field.type in ("uint", "timestamp"):
                    body = item.to_bytes(max(1, (item.bit_length() + 7) // 8), "big")
                elif field.type == "bool":
                    body = bytes([item])
                elif field.type == "bytes":
                    body = bytes.fromhex(item)
                else:
                    body = item.encode("utf-8")
                out += struct.pack(">HI", field.tag | (0x8000 if field.critical else 0), len(body)) + body
        return bytes(out)

    def _decode_tlv(self, message: str, payload: bytes, depth: int) -> dict:
        if depth > self.max_depth:
            raise malformed("nested too deep")
        members = {self.registry.fields[m.name].tag: m for m in self.registry.messages[message]}
        found: dict = {}
        offset, previous = 0, -1
        while offset < len(payload):
            if len(payload) - offset < 6:
                raise malformed("an element ends inside its header")
            raw_tag, length = struct.unpack_from(">HI", payload, offset)
            offset += 6
            if length > len(payload) - offset:
                raise malformed("an element is longer than what holds it")
            body = payload[offset:offset + length]
            offset += length
            tag = raw_tag & 0x7FFF
            if tag < previous:
                raise malformed(f"tag {tag} after {previous}")
            member = members.get(tag)
            if member is None:
                if raw_tag & 0x8000:
                    raise malformed(f"unknown critical tag {tag} in {message}")
            elif member.repeated:
                found.setdefault(member.name, []).append(self._tlv_value(member, body, depth))
            elif tag == previous:
                raise malformed(f"{member.name} twice")
            else:
                found[member.name] = self._tlv_value(member, body, depth)
            previous = tag
        return self._in_order(message, found)

    def _tlv_value(self, member: Member, body: bytes, depth: int):
        if member.message:
            return self._decode_tlv(member.message, body, depth + 1)
        kind = self.registry.fields[member.name].type
        if kind in ("uint", "timestamp"):
            if not 1 <= len(body) <= 8 or (len(body) > 1 and body[0] == 0):
                raise malformed(f"{member.name}: not a minimal integer")
            value = int.from_bytes(body, "big")
        elif kind == "bool":
            if body not in (b"\x00", b"\x01"):
                raise malformed(f"{member.name}: not a bool")
            value = body == b"\x01"
        elif kind == "bytes":
            value = body.hex()
        else:
            try:
                value = body.decode("utf-8")
            except UnicodeDecodeError:
                raise malformed(f"{member.name}: not UTF-8") from None
        return self._take_scalar(member.name, kind, value)

    # -- JSON --------------------------------------------------------------------------------------

    _SCAN = re.compile(r'"(?:[^"\\]|\\.)*"?|[\[\]{}]', re.DOTALL)
    _SURROGATE = re.compile("[\ud800-\udfff]")

    def _parse_json(self, payload: bytes) -> object:
        try:
            text = payload.decode("utf-8")
        except UnicodeDecodeError:
            raise malformed("not UTF-8") from None
        # Depth is counted before the parser runs, since the parser would recurse as deep as it is told to.
        depth = 0
        for token in self._SCAN.finditer(text):
            if token[0] in "[{":
                depth += 1
                if depth > self.max_depth:
                    raise malformed("nested too deep")
            elif token[0] in "]}":
                depth -= 1
        try:
            value = json.loads(
                text, object_pairs_hook=self._object, parse_int=self._integer, parse_float=_Odd, parse_constant=self._constant)
        except json.JSONDecodeError as error:
            raise malformed(f"not JSON: {error}") from None
        self._no_surrogates(value)
        return value

    @staticmethod
    def _object(pairs: list) -> dict:
        value = dict(pairs)
        if len(value) != len(pairs):
            raise malformed("a key twice in one object")
        return value

    def _integer(self, literal: str):
        # Sixteen digits hold every permitted integer; longer ones are legal JSON but can only be ignored.
        return _Odd(literal) if literal[0] == "-" or len(literal) > 16 else int(literal)

    @staticmethod
    def _constant(literal: str):
        raise malformed(f"{literal} is not JSON")

    def _no_surrogates(self, value) -> None:
        if isinstance(value, str):
            if self._SURROGATE.search(value):
                raise malformed("half a surrogate pair")
        elif isinstance(value, list):
            for item in value:
                self._no_surrogates(item)
        elif isinstance(value, dict):
            for key, item in value.items():
                self._no_surrogates(key)
                self._no_surrogates(item)

    # -- values ------------------------------------------------------------------------------------

    def _take_object(self, message: str, value) -> dict:
        """The fields of `message` out of a JSON object, checked; others are left behind."""
        if not isinstance(value, dict):
            raise malformed(f"{message}: not an object")
        found = {}
        for m in self.registry.messages[message]:
            item = value.get(m.name)
            if item is None:
                continue  # null means absent; whether that is permitted, _in_order says
            if m.repeated:
                if not isinstance(item, list):
                    raise malformed(f"{m.name}: not an array")
                if item:
                    found[m.name] = [self._take(m, x) for x in item]
            else:
                found[m.name] = self._take(m, item)
        return self._in_order(message, found)

    def _take(self, member: Member, value):
        if member.message:
            return self._take_object(member.message, value)
        return self._take_scalar(member.name, self.registry.fields[member.name].type, value)

    def _take_scalar(self, name: str, kind: str, value):
        if kind in ("uint", "timestamp"):
            if type(value) is not int or not 0 <= value <= self.limit:
                raise malformed(f"{name}: not an integer from 0 to {self.limit}")
        elif kind == "bool":
            if type(value) is not bool:
                raise malformed(f"{name}: not a bool")
        elif not isinstance(value, str) or self._SURROGATE.search(value):
            raise malformed(f"{name}: not a string")
        elif kind == "bytes":
            size = self.EXACT_BYTES.get(name)
            if not re.fullmatch("(?:[0-9a-f]{2})*", value) or (size is not None and len(value) != 2 * size):
                raise malformed(f"{name}: not lower-case hexadecimal of the right length")
        elif kind == "date":
            self._take_date(name, value)
        elif kind == "time":
            if not re.fullmatch("(?:[01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]", value):
                raise malformed(f"{name}: not a time of day")
        return value

    @staticmethod
    def _take_date(name: str, value: str) -> None:
        if not re.fullmatch("2[01][0-9]{2}-[0-9]{2}-[0-9]{2}", value):
            raise malformed(f"{name}: not a date of the years 2000 to 2199")
        try:
            datetime.date.fromisoformat(value)
        except ValueError:
            raise malformed(f"{name}: no such date") from None

    def _in_order(self, message: str, found: dict) -> dict:
        ordered = {}
        for m in self.registry.messages[message]:
            if m.name in found:
                ordered[m.name] = found[m.name]
            elif not m.optional and not m.repeated:
                raise malformed(f"{message} without {m.name}")
        return ordered


class _Odd:
    """A JSON number that no field may hold but an ignored value may: negative, fractional, very large."""

    def __init__(self, literal: str):
        self.literal = literal


class Client:
    """One connection. Usable as a context manager."""

    def __init__(self, path: str, encoding: str = "tlv", name: str = "rsv_client.py",
                 connect_timeout: float = 10.0, registry: Registry | None = None):
        """Connects and says HELLO, trying again for `connect_timeout` seconds while the server is busy or restarting."""
        self.registry = registry or Registry()
        self.codec = Codec(self.registry)
        self.encoding = encoding.upper()
        if self.encoding not in ("TLV", "JSON"):
            raise ValueError(f"encoding {encoding!r} is neither tlv nor json")
        self._path, self._name = str(path), name
        self._last_id = 0
        self._sent: dict[int, int] = {}       # id -> opcode of requests without an answer yet
        self._answers: dict[int, Answer] = {}  # answers that came before anybody asked for them
        self._pongs: list[tuple[int, bytes]] = []
        # Id and encoding of the latest slots.watch and events.subscribe that were answered, by opcode.
        self._watches: dict[int, tuple[int, int]] = {}
        self._events: list[dict] = []
        self._happened: list[dict] = []
        self._buffer = bytearray()
        self.goaway: dict | None = None
        self.server: dict = {}
        until = time.monotonic() + connect_timeout
        while not self._open(until):
            pass

    def __enter__(self) -> "Client":
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def _connect(self, until: float) -> socket.socket:
        """Section 16: a full backlog and a restarting server both pass, so pause at random and try again."""
        pause = 0.005
        while True:
            sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
            sock.settimeout(max(0.001, until - time.monotonic()))
            try:
                sock.connect(self._path)
                return sock
            except OSError as error:
                sock.close()
                passing = error.errno in (errno.EAGAIN, errno.ECONNREFUSED, errno.ENOENT)
                if not passing or time.monotonic() + pause >= until:
                    raise TransportError(f"cannot connect to {self._path}: {error}") from error
            time.sleep(pause * random.uniform(1, 2))
            pause = min(pause * 2, 0.5)

    def _open(self, until: float) -> bool:
        """One attempt at a connection with its HELLO; false if another attempt may have more luck."""
        self._socket = self._connect(until)
        try:
            self._hello(until)
            return True
        except ConnectionLost:
            # A server that stops closes connections that have not said HELLO (section 13).
            pause = random.uniform(0.01, 0.05)
            if time.monotonic() + pause >= until:
                raise
        except ConnectionRefused as refusal:
            pause = refusal.reply.get("retry_after_ms", 100) / 1000 * random.uniform(1, 1.5)
            if refusal.status != "TOO_MANY_CONNECTIONS" or time.monotonic() + pause >= until:
                raise
        except BaseException:
            self._socket.close()
            raise
        self._buffer.clear()
        time.sleep(pause)
        return False

    def _hello(self, until: float) -> None:
        version = self.registry.version
        hello = {"magic": self.registry.magic, "version_min": version, "version_max": version, "client_name": self._name}
        frame = self._frame("HELLO", self.codec.encode(self.encoding, "hello", hello), encoding=self.encoding)
        try:
            self._socket.sendall(frame)
        except OSError:
            pass  # a server without room says so and closes unasked; what it said can still be read
        kind, header, payload = self._read_frame(until)
        if kind != "HELLO_ACK":
            self._connection_frame(kind, header, payload)
            raise self._broken(f"{kind} instead of HELLO_ACK")
        self.server = self._decode(header, "hello_ack", payload)
        if self.server["version"] != version:
            raise self._broken(f"the server chose version {self.server['version']}")

    # -- requests ----------------------------------------------------------------------------------

    def call(self, operation: str, request: dict, deadline_ms: int | None = None) -> tuple[str, dict, int]:
        """Sends one request and waits for its answer: the status's name, the response or error, the frame's flags."""
        budget = min(deadline_ms or self.server["default_deadline_ms"], self.registry.limits["max_deadline_ms"])
        # Past its deadline a request may still be carried to its end, so the answer can be late, but not by this much.
        # Section 20.272: what waits for something to happen says how long.
        budget += request.get("wait_ms", 0)
        answer = self.receive(self.send(operation, request, deadline_ms), timeout=budget / 1000 + 30)
        return answer.status, answer.reply, answer.flags

    def send(self, operation: str, request: dict, deadline_ms: int | None = None) -> int:
        """Sends one request without waiting. Returns its id."""
        op = self.registry.operations[operation]
        payload = self.codec.encode(self.encoding, f"{operation}.request", request)
        if len(payload) > self.server["max_payload"]:
            raise ValueError(f"the request has {len(payload)} bytes, the server takes {self.server['max_payload']}")
        if not 0 <= (deadline_ms or 0) < 2**32:
            raise ValueError(f"a deadline of {deadline_ms} ms")
        if self.goaway is not None:
            raise NotExecuted("the server is draining")
        self._last_id += 1
        self._write("REQUEST", payload, opcode=op["opcode"], request_id=self._last_id,
                    deadline_ms=deadline_ms or 0, encoding=self.encoding)
        self._sent[self._last_id] = op["opcode"]
        return self._last_id

    def receive(self, request_id: int | None = None, timeout: float | None = None) -> Answer:
        """The answer to `request_id`, or whichever comes next."""
        if request_id is not None and request_id not in self._sent and request_id not in self._answers:
            raise ValueError(f"request {request_id} is not waiting for an answer")
        until = None if timeout is None else time.monotonic() + timeout
        while True:
            if request_id is None and self._answers:
                return self._answers.pop(next(iter(self._answers)))
            if request_id in self._answers:
                return self._answers.pop(request_id)
            if not self._sent:
                raise ValueError("no request is waiting for an answer")
            if self.goaway is not None:
                waited = min(self._sent) if request_id is None else request_id
                if waited > self.goaway["last_request_id"]:
                    self._sent.pop(waited)
                    raise NotExecuted(f"request {waited} came after the server began to drain")
            self._dispatch(until)

    def event(self, timeout: float | None = None) -> dict:
        """The next `slots_changed`, after a `slots.watch` was answered (section 20.8)."""
        until = None if timeout is None else time.monotonic() + timeout
        while not self._events:
            self._dispatch(until)
        return self._events.pop(0)

    def happened(self, timeout: float | None = None) -> list[dict]:
        """The next events, after an `events.subscribe` was answered (section 20.294)."""
        until = None if timeout is None else time.monotonic() + timeout
        while not self._happened:
            self._dispatch(until)
        return self._happened.pop(0).get("events", [])

    def cancel(self, request_id: int) -> None:
        """Says that nobody waits for this answer any more. The answer comes all the same."""
        self._write("CANCEL", b"", request_id=request_id)

    def ping(self, payload: bytes = b"", timeout: float | None = 10.0) -> float:
        """Round trip in seconds. `payload` has at most 64 bytes."""
        if len(payload) > 64:
            raise ValueError("a PING holds at most 64 bytes")
        start = time.monotonic()
        self._write("PING", payload, request_id=1)
        while (1, payload) not in self._pongs:
            self._dispatch(None if timeout is None else start + timeout)
        self._pongs.remove((1, payload))
        return time.monotonic() - start

    def close(self) -> None:
        """Says GOAWAY and closes. Answers not yet received are lost."""
        try:
            payload = self.codec.encode(self.encoding, "goaway", {"last_request_id": 0})
            self._write("GOAWAY", payload, encoding=self.encoding, timeout=1)
        except (OSError, TransportError):
            pass  # the server closed first, which is what GOAWAY would have asked for
        self._socket.close()

    # -- frames ------------------------------------------------------------------------------------

    def _frame(self, kind: str, payload: bytes, *, opcode=0, request_id=0, deadline_ms=0, encoding="NONE") -> bytes:
        return HEADER.pack(len(payload), self.registry.types[kind], 0, opcode, request_id, deadline_ms, 0,
                           self.registry.encodings[encoding], 0) + payload

    def _write(self, kind: str, payload: bytes, *, timeout: float = 30.0, **header) -> None:
        try:
            self._socket.settimeout(timeout)
            self._socket.sendall(self._frame(kind, payload, **header))
        except OSError as error:
            raise self._lost(f"writing failed: {error}") from error

    def _read(self, size: int, until: float | None) -> bytes:
        """Exactly `size` bytes. A timeout loses none of those that have come already."""
        while len(self._buffer) < size:
            try:
                self._socket.settimeout(None if until is None else max(0.001, until - time.monotonic()))
                more = self._socket.recv(1 << 16)
            except TimeoutError:
                raise TransportError("no answer in time") from None
            except OSError as error:
                raise self._lost(f"reading failed: {error}") from error
            if not more:
                raise self._lost("the server closed the connection")
            self._buffer += more
        return bytes(self._buffer[:size])

    def _read_frame(self, until: float | None = None) -> tuple[str, Header, bytes]:
        while True:
            raw = self._read(HEADER.size, until)
            try:
                header = check_header(self.registry, raw)
            except ProtocolError as error:
                raise self._broken(str(error)) from error
            whole = self._read(HEADER.size + int.from_bytes(raw[:4], "big"), until)
            del self._buffer[:len(whole)]
            if header is not None:
                return self.registry.type_names[header.type], header, whole[HEADER.size:]

    def _dispatch(self, until: float | None) -> None:
        """Takes one frame and puts it where it is waited for."""
        kind, header, payload = self._read_frame(until)
        if kind == "PONG":
            self._pongs.append((header.request_id, payload))
        elif kind == "EVENT" and self.goaway is None and self._watches.get(header.opcode) == (header.request_id, header.encoding):
            message, waiting = self._unasked(header.opcode)
            waiting.append(self._decode(header, message, payload))
        elif kind in ("RESPONSE", "ERROR") and header.request_id:
            opcode = self._sent.pop(header.request_id, None)
            if opcode != header.opcode or self.registry.encoding_names[header.encoding] != self.encoding:
                raise self._broken(f"{kind} {header.request_id} answers nothing that was asked")
            operation = self.registry.operations_by_opcode[opcode]["name"]
            reply = self._decode(header, "error" if kind == "ERROR" else f"{operation}.response", payload)
            status = self.registry.status_name(header.status)
            if kind == "RESPONSE" and operation in ("slots.watch", "events.subscribe"):
                self._watches[header.opcode] = (header.request_id, header.encoding)
            self._answers[header.request_id] = Answer(header.request_id, status, reply, header.flags)
        else:
            self._connection_frame(kind, header, payload)

    def _unasked(self, opcode: int) -> tuple[str, list]:
        """What an EVENT of that opcode holds, and where it waits."""
        if opcode == self.registry.operations["slots.watch"]["opcode"]:
            return "slots_changed", self._events
        return "events_happened", self._happened

    def _connection_frame(self, kind: str, header: Header, payload: bytes) -> None:
        if kind == "GOAWAY":
            self.goaway = self._decode(header, "goaway", payload)
        elif kind == "ERROR" and header.request_id == 0:
            reply = self._decode(header, "error", payload)
            self._socket.close()
            raise ConnectionRefused(self.registry.status_name(header.status), reply)
        else:
            raise self._broken(f"unexpected {kind}")

    def _decode(self, header: Header, message: str, payload: bytes) -> dict:
        try:
            return self.codec.decode(self.registry.encoding_names[header.encoding], message, payload)
        except ProtocolError as error:
            raise self._broken(f"{message}: {error}") from error

    def _lost(self, text: str) -> ConnectionLost:
        self._socket.close()
        return ConnectionLost(text)

    def _broken(self, text: str) -> TransportError:
        self._socket.close()
        return TransportError(text)


def follow(path: str, position: int = 0, **options):
    """Each event behind `position`, for ever, over restarts of the server: none is missed, none comes twice.

    Ends with ConnectionRefused when the server does not keep that position any more, or never had it.
    """
    while True:
        try:
            with Client(path, **options) as client:
                status, reply, _ = client.call("events.subscribe", {"position": position})
                if status in ("EVENTS_TRIMMED", "EVENTS_AHEAD", "OPERATION_NOT_PERMITTED"):
                    raise ConnectionRefused(status, reply)
                while status == "OK":
                    for event in client.happened():
                        if event["position"] != position + 1:
                            raise TransportError(f"event {event['position']} came behind {position}")
                        position += 1
                        yield event
        except ConnectionRefused:
            raise
        except TransportError:
            pass
        time.sleep(random.uniform(0.02, 0.1))


def main(arguments: list[str] | None = None) -> int:
    parser = argparse.ArgumentParser(
        description="Sends one RSV/1 request and prints the reply as JSON. "
        "Exits 0 for status OK, 1 for a refusal (printed with its status), 2 when there is no answer.")
    parser.add_argument("--socket", required=True, help="path of the server's socket")
    parser.add_argument("--encoding", choices=("tlv", "json"), default="tlv")
    parser.add_argument("--deadline-ms", type=int, default=None, metavar="N", help="budget of the request; default: the server's")
    parser.add_argument("--connect-timeout", type=float, default=10.0, metavar="SECONDS")
    parser.add_argument("operation", help="for instance ticket.validate")
    parser.add_argument("request", nargs="?", default="{}", help="the request as a JSON object")
    options = parser.parse_args(arguments)
    registry = Registry()
    if options.operation not in registry.operations:
        parser.error(f"no operation {options.operation!r}; there are {', '.join(sorted(registry.operations))}")
    try:
        request = json.loads(options.request)
        Codec(registry).encode("JSON", f"{options.operation}.request", request)
    except (ValueError, TypeError, ProtocolError) as error:
        parser.error(f"the request: {error}")
    try:
        with Client(options.socket, options.encoding, connect_timeout=options.connect_timeout, registry=registry) as client:
            status, reply, flags = client.call(options.operation, request, options.deadline_ms)
    except (TransportError, ValueError) as error:
        print(f"rsv_client.py: {error}", file=sys.stderr)
        return 2
    if status != "OK":
        print(json.dumps({"status": status, "error": reply}, ensure_ascii=False))
        return 1
    if flags & registry.flags["REPLAYED"]:
        print("rsv_client.py: this is the stored reply to an earlier request with the same key", file=sys.stderr)
    print(json.dumps(reply, ensure_ascii=False))
    return 0


if __name__ == "__main__":
    sys.exit(main())
