"""RSV/1 from the tester's side: able to say what a correct client never would.

Deliberately not proto-spec/client: that one refuses to send nonsense, and is itself under test in test_activation.py.
Payloads are JSON here; test_activation.py speaks TLV.
"""

from __future__ import annotations

import json
import socket
import struct
from dataclasses import dataclass
from pathlib import Path

REGISTRY = json.loads((Path(__file__).resolve().parents[3] / "proto-spec" / "registry.json").read_text(encoding="utf-8"))
HEADER = struct.Struct(">IBBHQIHBB")
TYPES = REGISTRY["frame_types"]
TYPE_NAMES = {number: name for name, number in TYPES.items()}
ENCODINGS = REGISTRY["encodings"]
OPCODES = {operation["name"]: operation["opcode"] for operation in REGISTRY["operations"]}
STATUS_NAMES = {status["status"]: status["name"] for status in REGISTRY["statuses"]}
REPLAYED = REGISTRY["flags"]["REPLAYED"]


class PeerError(Exception):
    """The connection ended or said no where an answer was expected."""


def frame(
    kind: str | int, payload: bytes = b"", *, flags: int = 0, opcode: int = 0, request_id: int = 0, deadline_ms: int = 0,
    status: int = 0, encoding: str | int = "NONE", reserved: int = 0, length: int | None = None,
) -> bytes:
    """Any frame at all; `length` may lie."""
    return HEADER.pack(
        len(payload) if length is None else length, TYPES[kind] if isinstance(kind, str) else kind, flags, opcode, request_id,
        deadline_ms, status, ENCODINGS[encoding] if isinstance(encoding, str) else encoding, reserved) + payload


def compact(value: object) -> bytes:
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False).encode()


def hello(name: str = "system tests") -> bytes:
    return frame(
        "HELLO", compact({"magic": "RSV", "version_min": 1, "version_max": 1, "client_name": name}), encoding="JSON")


def request(operation: str | int, request_id: int, body: dict | bytes | None = None, deadline_ms: int = 0) -> bytes:
    payload = body if isinstance(body, bytes) else compact(body or {})
    opcode = operation if isinstance(operation, int) else OPCODES[operation]
    return frame("REQUEST", payload, opcode=opcode, request_id=request_id, deadline_ms=deadline_ms, encoding="JSON")


@dataclass(frozen=True)
class Reply:
    """One frame from the server."""

    kind: str
    request_id: int
    status: str
    flags: int
    payload: bytes

    @property
    def ok(self) -> bool:
        return self.kind == "RESPONSE"

    @property
    def body(self) -> dict:
        return json.loads(self.payload) if self.payload else {}

    @property
    def replayed(self) -> bool:
        return bool(self.flags & REPLAYED)


class Peer:
    """A connection whose bytes the test decides. With `greet` it says HELLO and waits for the acknowledgement."""

    def __init__(self, path: Path, timeout: float = 20.0, greet: bool = True):
        self.socket = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.socket.settimeout(timeout)
        self._buffer = bytearray()
        self._last_id = 0
        self.acknowledgement: dict = {}
        try:
            self.socket.connect(str(path))
            if greet:
                self.write(hello())
                reply = self.read()
                if reply is None or reply.kind != "HELLO_ACK":
                    raise PeerError(f"HELLO was answered by {reply}")
                self.acknowledgement = reply.body
        except BaseException:
            self.socket.close()
            raise

    def __enter__(self) -> Peer:
        return self

    def __exit__(self, *_) -> None:
        self.close()

    def close(self) -> None:
        self.socket.close()

    def write(self, data: bytes) -> None:
        self.socket.sendall(data)

    def read(self) -> Reply | None:
        """The next frame; None when the server closed between two frames."""
        while True:
            if len(self._buffer) >= HEADER.size:
                length, kind, flags, _, request_id, _, status, _, _ = HEADER.unpack_from(self._buffer)
                if len(self._buffer) >= HEADER.size + length:
                    payload = bytes(self._buffer[HEADER.size:HEADER.size + length])
                    del self._buffer[:HEADER.size + length]
                    return Reply(TYPE_NAMES[kind], request_id, STATUS_NAMES[status], flags, payload)
            try:
                more = self.socket.recv(1 << 18)
            except ConnectionResetError:
                more = b""
            if not more:
                if self._buffer:
                    raise PeerError(f"the server closed inside a frame, after {bytes(self._buffer[:64])!r}")
                return None
            self._buffer += more

    def frames_until_closed(self) -> list[Reply]:
        frames = []
        while (reply := self.read()) is not None:
            frames.append(reply)
        return frames

    def next_id(self) -> int:
        self._last_id += 1
        return self._last_id

    def call(self, operation: str | int, body: dict | bytes | None = None, deadline_ms: int = 0) -> Reply:
        """One request, and the next frame that answers it."""
        wanted = self.next_id()
        self.write(request(operation, wanted, body, deadline_ms))
        while True:
            reply = self.read()
            if reply is None:
                raise PeerError(f"closed without an answer to {operation}")
            if reply.request_id == wanted and reply.kind in ("RESPONSE", "ERROR"):
                return reply
            if reply.request_id == 0 and reply.kind == "ERROR":
                raise PeerError(f"{reply.status}: {reply.body}")

    def call_after(self, last_id: int, operation: str, body: dict | None = None) -> Reply:
        """A call on a connection whose requests up to `last_id` the test wrote itself."""
        self._last_id = max(self._last_id, last_id)
        return self.call(operation, body)

    def must(self, operation: str, body: dict | None = None) -> dict:
        """The response; a refusal is a mistake of the test or of the program."""
        reply = self.call(operation, body)
        assert reply.ok, f"{operation} {body}: {reply.status} {reply.body}"
        return reply.body

    def call_all(self, requests: list[tuple[str, dict]]) -> list[Reply]:
        """All of them in flight together, written in one piece; the answers in the order of the requests."""
        ids = [self.next_id() for _ in requests]
        self.write(b"".join(request(operation, number, body) for number, (operation, body) in zip(ids, requests, strict=True)))
        answers: dict[int, Reply] = {}
        while len(answers) < len(ids):
            reply = self.read()
            if reply is None:
                raise PeerError(f"closed with {len(ids) - len(answers)} answers missing")
            if reply.request_id:
                assert reply.request_id not in answers, f"request {reply.request_id} was answered twice"
                answers[reply.request_id] = reply
            elif reply.kind == "ERROR":
                raise PeerError(f"{reply.status}: {reply.body}")
        return [answers[number] for number in ids]
