"""Many HTTP requests at one moment: every connection has sent all but its last byte before the first last byte goes out."""

from __future__ import annotations

import json
import math
import selectors
import socket
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from .api import creation


@dataclass
class Shot:
    """One request and, afterwards, its reply."""

    request: bytes
    seconds: float = 0.0
    raw: bytearray = field(default_factory=bytearray)

    @property
    def status(self) -> int:
        assert self.raw.startswith(b"HTTP/1.1 "), bytes(self.raw[:200])
        return int(self.raw[9:12])

    @property
    def head(self) -> str:
        return bytes(self.raw).split(b"\r\n\r\n", 1)[0].decode("latin-1")

    @property
    def body(self) -> bytes:
        return bytes(self.raw).split(b"\r\n\r\n", 1)[1]

    @property
    def json(self) -> dict:
        return json.loads(self.body)

    @property
    def code(self) -> str | None:
        """The error's code; None for success."""
        return None if self.json["success"] else self.json["error"]["code"]


def post(path: str, body: object, headers: Mapping[str, str] | None = None) -> Shot:
    content = json.dumps(body).encode()
    lines = [f"POST {path} HTTP/1.1", "Host: localhost", "Content-Type: application/json", f"Content-Length: {len(content)}",
             "Connection: close", *[f"{name}: {value}" for name, value in (headers or {}).items()]]
    return Shot("\r\n".join(lines).encode() + b"\r\n\r\n" + content)


def create(ticket_id: int, slot_id: int, key: str | None = None) -> Shot:
    return post("/api/reservations/create", creation(ticket_id, slot_id), {"Idempotency-Key": key} if key else None)


def simultaneously(port: int, shots: Sequence[Shot], within: float = 60.0) -> list[Shot]:
    """Fires all shots, each on its own connection, and reads every reply to its end."""
    connections: list[socket.socket] = []
    selector = selectors.DefaultSelector()
    try:
        for shot in shots:
            connection = socket.create_connection(("127.0.0.1", port), 20)
            connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            connection.sendall(shot.request[:-1])
            connections.append(connection)
        start = time.monotonic()
        for connection, shot in zip(connections, shots, strict=True):
            connection.sendall(shot.request[-1:])
        for connection, shot in zip(connections, shots, strict=True):
            connection.setblocking(False)
            selector.register(connection, selectors.EVENT_READ, shot)
        while selector.get_map():
            left = start + within - time.monotonic()
            assert left > 0, f"{len(selector.get_map())} of {len(shots)} replies are missing after {within:g} s"
            for key, _ in selector.select(left):
                read(selector, key, start)
        return list(shots)
    finally:
        selector.close()
        for connection in connections:
            connection.close()


def read(selector: selectors.BaseSelector, key: selectors.SelectorKey, start: float) -> None:
    connection, shot = key.fileobj, key.data
    assert isinstance(connection, socket.socket)
    data = connection.recv(1 << 18)
    if data:
        shot.raw += data
    else:
        shot.seconds = time.monotonic() - start
        selector.unregister(connection)


def percentile(values: Sequence[float], share: float) -> float:
    """The least value that at least `share` of them do not exceed."""
    ordered = sorted(values)
    return ordered[max(0, math.ceil(len(ordered) * share) - 1)]
