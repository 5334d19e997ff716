"""The server's half of sections 3 to 13 as a plain state machine, without sockets or clocks.

The vectors are run against it, so that a vector that contradicts the specification is found here and not by the
authors of a real server. It uses the Python client's codec; the vectors come from an encoder of their own.
"""

from __future__ import annotations

from rsv_client import HEADER, Codec, NotRSV, ProtocolError, Registry, check_header


class Session:
    """Feed it bytes; it appends frames to `output`, and sets `closed`."""

    SOCKETS = {"gateway": {"gateway"}, "service": {"gateway", "service"}, "admin": {"gateway", "service", "admin"}}

    def __init__(self, registry: Registry, instance_id: str, server_name: str, role: str, max_in_flight: int):
        self.registry, self.codec = registry, Codec(registry)
        self.properties = {"max_in_flight": max_in_flight, "instance_id": instance_id, "server_name": server_name, "role": role}
        self.buffer = b""
        self.encoding = "TLV"
        self.opened = self.draining = self.finishing = self.closed = False
        self.last_id = self.last_accepted = 0
        self.in_flight: dict[int, tuple[str, dict]] = {}
        self.output: list[bytes] = []

    def frame(self, kind, payload=b"", flags=0, opcode=0, request_id=0, status="OK", encoding="NONE") -> bytes:
        return HEADER.pack(len(payload), self.registry.types[kind], flags, opcode, request_id, 0,
                           self.registry.statuses[status], self.registry.encodings[encoding], 0) + payload

    def send(self, kind, message=None, value=None, encoding=None, **header):
        encoding = encoding or self.encoding
        payload = self.codec.encode(encoding, message, value)
        self.output.append(self.frame(kind, payload, encoding=encoding, **header))

    def receive(self, data: bytes) -> None:
        self.buffer += data
        try:
            while not self.closed and self._step():
                pass
        except NotRSV:
            self.closed = True
        except ProtocolError as error:
            value = {"message": str(error)}
            if error.status == "UNSUPPORTED_VERSION":
                value = {"version_min": 1, "version_max": 1, **value}
            self.send("ERROR", "error", value, status=error.status)
            self.closed = True

    def _step(self) -> bool:
        if self.buffer and self.buffer[0] != 0:
            raise NotRSV()
        if len(self.buffer) < HEADER.size:
            return False
        header = check_header(self.registry, self.buffer[:HEADER.size])
        if header is not None:
            self._judge_state(header)
        whole = HEADER.size + int.from_bytes(self.buffer[:4], "big")
        if len(self.buffer) < whole:
            return False
        payload, self.buffer = self.buffer[HEADER.size:whole], self.buffer[whole:]
        if header is not None:
            getattr(self, "on_" + self.registry.type_names[header.type].lower())(header, payload)
        return True

    def _judge_state(self, header) -> None:
        """Section 4's table, and checks 1 and 2 of section 8.1, all of which need the header alone."""
        kind = self.registry.type_names[header.type]
        if not self.opened:
            if kind != "HELLO":
                raise ProtocolError("HELLO_EXPECTED", kind)
        elif kind not in ("REQUEST", "CANCEL", "PING", "GOAWAY") or (self.finishing and kind in ("REQUEST", "GOAWAY")):
            raise ProtocolError("UNEXPECTED_FRAME", kind)
        elif kind == "REQUEST" and header.request_id <= self.last_id:
            raise ProtocolError("REQUEST_ID_NOT_ASCENDING", str(header.request_id))

    def on_hello(self, header, payload) -> None:
        encoding = self.registry.encoding_names[header.encoding]
        hello = self.codec.decode(encoding, "hello", payload)
        name = hello.get("client_name", "")
        printable = not any(ord(c) < 0x20 or 0x7F <= ord(c) <= 0x9F for c in name)
        if hello["magic"] != "RSV" or len(name.encode()) > 64 or not printable or hello["version_min"] > hello["version_max"]:
            raise ProtocolError("MALFORMED_PAYLOAD", "hello")
        if not hello["version_min"] <= 1 <= hello["version_max"]:
            raise ProtocolError("UNSUPPORTED_VERSION", "hello")
        self.opened, self.encoding = True, encoding
        limits = self.registry.limits
        self.send("HELLO_ACK", "hello_ack", {
            "version": 1, "max_payload": limits["max_payload_bytes"], "default_deadline_ms": limits["default_deadline_ms"],
            **self.properties})

    def on_request(self, header, payload) -> None:
        self.last_id = header.request_id
        if self.draining:
            return
        encoding = self.registry.encoding_names[header.encoding]
        operation = self.registry.operations_by_opcode.get(header.opcode)
        request, status = None, None
        if len(self.in_flight) >= self.properties["max_in_flight"]:
            status = "OVERLOADED"
        elif operation is None:
            status = "UNKNOWN_OPERATION"
        elif operation["role"] not in self.SOCKETS[self.properties["role"]]:
            status = "OPERATION_NOT_PERMITTED"
        else:
            try:
                request = self.codec.decode(encoding, f"{operation['name']}.request", payload)
            except ProtocolError as error:
                status = error.status
        if status is None:
            self.last_accepted = header.request_id
            self.in_flight[header.request_id] = (operation["name"], request)
        else:
            value = {"message": status, **({"retry_after_ms": 50} if status == "OVERLOADED" else {})}
            self.send("ERROR", "error", value, encoding=encoding, opcode=header.opcode, request_id=header.request_id, status=status)

    def on_cancel(self, header, payload) -> None:
        """Advice only; this server never takes it."""

    def on_ping(self, header, payload) -> None:
        self.output.append(self.frame("PONG", payload, request_id=header.request_id))

    def on_goaway(self, header, payload) -> None:
        self.codec.decode(self.registry.encoding_names[header.encoding], "goaway", payload)
        self.finishing = True
        self._close_when_done()

    def complete(self, request_id: int, frame: bytes) -> None:
        del self.in_flight[request_id]
        self.output.append(frame)
        self._close_when_done()

    def drain(self) -> None:
        if self.opened and not self.finishing and self.last_accepted <= self.registry.limits["max_integer"]:
            self.send("GOAWAY", "goaway", {"last_request_id": self.last_accepted})
        self.draining = True
        self._close_when_done()

    def _close_when_done(self) -> None:
        if (self.draining or self.finishing) and not self.in_flight:
            self.closed = True
