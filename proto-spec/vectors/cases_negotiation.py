"""Conversations: what goes in, and what a server must answer to it, in order."""

from __future__ import annotations

from encoder import Encoder, exact
from examples import INSTANCE, OPERATIONS

CREATE = OPERATIONS["reservation.create"]


class Negotiation:
    def __init__(self, encoder: Encoder):
        self.encoder = encoder
        self.vectors: list[dict] = []

    def build(self) -> list[dict]:
        self.opening()
        self.refused_opening()
        self.skipped_types_and_pings()
        self.answers()
        self.request_ids()
        self.in_flight()
        self.cancel()
        self.request_errors()
        self.drain()
        self.client_goaway()
        return self.vectors

    # -- steps -------------------------------------------------------------------------------------

    def add(self, name, section, *steps, role="gateway", max_in_flight=1024):
        self.vectors.append({
            "name": name, "section": section,
            "server": {"instance_id": INSTANCE, "server_name": "reservationd", "role": role, "max_in_flight": max_in_flight},
            "steps": list(steps)})

    @staticmethod
    def client(*frames: bytes) -> dict:
        return {"client": b"".join(frames).hex()}

    @staticmethod
    def server(frame: bytes) -> dict:
        return {"server": frame.hex()}

    @staticmethod
    def error(status: str, request_id: int = 0) -> dict:
        return {"server_error": {"status": status, "request_id": exact(request_id)}}

    @staticmethod
    def complete(request_id: int, frame: bytes) -> dict:
        return {"complete": {"request_id": exact(request_id), "hex": frame.hex()}}

    CLOSE = {"close": True}
    DRAIN = {"drain": True}

    def acknowledged(self, encoding="TLV", role="gateway", max_in_flight=1024) -> dict:
        limits = self.encoder.registry.limits
        value = {
            "version": 1, "max_payload": limits["max_payload_bytes"], "max_in_flight": max_in_flight, "instance_id": INSTANCE,
            "server_name": "reservationd", "role": role, "default_deadline_ms": limits["default_deadline_ms"]}
        return self.server(self.encoder.frame("HELLO_ACK", self.encoder.payload(encoding, "hello_ack", value), encoding=encoding))

    def opened(self, encoding="TLV", **server) -> tuple[dict, dict]:
        return self.client(self.encoder.hello(encoding)), self.acknowledged(encoding, **server)

    def health(self, request_id, encoding="TLV", **header) -> bytes:
        return self.encoder.request(request_id, "daemon.health", {}, encoding, **header)

    def healthy(self, request_id, encoding="TLV", **header) -> bytes:
        return self.encoder.response(request_id, "daemon.health", {"writable": True}, encoding, **header)

    def answered(self, request_id, encoding="TLV") -> tuple[dict, dict]:
        frame = self.healthy(request_id, encoding)
        return self.complete(request_id, frame), self.server(frame)

    def ping(self, request_id=77, payload=b"alive?") -> bytes:
        return self.encoder.frame("PING", payload, request_id=request_id)

    def pong(self, request_id=77, payload=b"alive?") -> dict:
        return self.server(self.encoder.frame("PONG", payload, request_id=request_id))

    def goaway(self, last, encoding="TLV") -> bytes:
        return self.encoder.frame("GOAWAY", self.encoder.payload(encoding, "goaway", {"last_request_id": last}), encoding=encoding)

    # -- conversations -----------------------------------------------------------------------------

    def opening(self):
        e = self.encoder
        for encoding in ("TLV", "JSON"):
            lower = encoding.lower()
            self.add(f"hello-{lower}", "5", *self.opened(encoding))
            self.add(f"hello-range-includes-1-{lower}", "5", self.client(e.hello(encoding, 0, 9)), self.acknowledged(encoding))
            self.add(f"hello-without-name-{lower}", "5", self.client(e.hello(encoding, name=None)), self.acknowledged(encoding))
        self.add("hello-name-64-bytes", "5", self.client(e.hello(name="n" * 62 + "é")), self.acknowledged())
        for role in ("service", "admin"):
            self.add(f"hello-on-{role}-socket", "5", *self.opened(role=role), role=role)
        hello = e.hello()
        self.add("hello-in-pieces", "2", self.client(hello[:1]), self.client(hello[1:23]), self.client(hello[23:30]),
                 self.client(hello[30:]), self.acknowledged())
        self.add("hello-and-request-in-one-write", "5", self.client(hello, self.health(1)), self.acknowledged(), *self.answered(1))
        self.add("json-request-after-tlv-hello", "7", *self.opened(), self.client(self.health(1, "JSON")), *self.answered(1, "JSON"))
        self.add("tlv-request-after-json-hello", "7", *self.opened("JSON"), self.client(self.health(1)), *self.answered(1))

    def refused_opening(self):
        e = self.encoder
        for encoding in ("TLV", "JSON"):
            self.add(f"no-common-version-{encoding.lower()}", "5", self.client(e.hello(encoding, 2, 3)),
                     self.error("UNSUPPORTED_VERSION"), self.CLOSE)
        self.add("request-first", "4", self.client(self.health(1)), self.error("HELLO_EXPECTED"), self.CLOSE)
        self.add("hello-twice", "4", *self.opened(), self.client(e.hello()), self.error("UNEXPECTED_FRAME"), self.CLOSE)
        self.add("nothing-is-read-after-a-connection-error", "9.2", *self.opened(),
                 self.client(e.header(0x7F, 0), self.ping(), self.health(1)), self.error("UNKNOWN_FRAME_TYPE"), self.CLOSE)
        self.add("http-is-closed-without-a-word", "3", self.client(b"POST /api/tickets/validate HTTP/1.1\r\n\r\n"), self.CLOSE)

    def skipped_types_and_pings(self):
        e = self.encoder
        skipped = e.frame(0x80, b"later", flags=0x0F, opcode=1, request_id=9, encoding=200, reserved=1)
        self.add("skipped-type-before-hello", "3", self.client(skipped, e.hello()), self.acknowledged())
        self.add("skipped-type-in-pieces", "3", *self.opened(), self.client(skipped[:26]), self.client(skipped[26:] + self.ping()), self.pong())
        self.add("skipped-type-uses-no-id", "3", *self.opened(), self.client(skipped, self.health(1)), *self.answered(1))
        self.add("ping", "8.3", *self.opened(), self.client(self.ping()), self.pong())
        self.add("ping-empty", "8.3", *self.opened(), self.client(self.ping(1, b"")), self.pong(1, b""))
        self.add("ping-64-bytes", "8.3", *self.opened(), self.client(self.ping(2**64 - 1, bytes(64))), self.pong(2**64 - 1, bytes(64)))
        self.add("ping-id-zero-and-repeated", "8.3", *self.opened(), self.client(self.ping(0), self.ping(0)), self.pong(0), self.pong(0))
        self.add("ping-ids-are-not-request-ids", "8.3", *self.opened(), self.client(self.ping(50)), self.pong(50),
                 self.client(self.health(1)), *self.answered(1))
        high = self.encoder.frame("PING", b"x", request_id=3, flags=0x80)
        self.add("flags-high-nibble-ignored", "3", *self.opened(), self.client(high), self.pong(3, b"x"))

    def answers(self):
        e = self.encoder
        create = [e.request(i, "reservation.create", CREATE["requests"][""]) for i in (1, 2)]
        first = e.response(1, "reservation.create", CREATE["responses"][""])
        again = e.response(2, "reservation.create", CREATE["responses"][""], flags=e.registry.flags["REPLAYED"])
        self.add("answers-in-another-order", "8.2", *self.opened(), self.client(self.health(1), self.health(2), self.health(3)),
                 *self.answered(3), *self.answered(1), *self.answered(2))
        self.add("replayed", "12", *self.opened(), self.client(create[0]), self.complete(1, first), self.server(first),
                 self.client(create[1]), self.complete(2, again), self.server(again))
        self.add("ping-overtakes-a-request", "8.3", *self.opened(), self.client(self.health(1), self.ping()), self.pong(), *self.answered(1))

    def request_ids(self):
        self.add("ids-may-have-gaps", "8.1", *self.opened(),
                 self.client(self.health(1), self.health(5), self.health(2**53), self.health(2**64 - 1)),
                 *self.answered(5), *self.answered(2**53), *self.answered(2**64 - 1), *self.answered(1))
        self.add("id-repeated-in-flight", "8.1", *self.opened(), self.client(self.health(4)), self.client(self.health(4)),
                 self.error("REQUEST_ID_NOT_ASCENDING"), self.CLOSE)
        self.add("id-repeated-after-its-answer", "8.1", *self.opened(), self.client(self.health(4)), *self.answered(4),
                 self.client(self.health(4)), self.error("REQUEST_ID_NOT_ASCENDING"), self.CLOSE)
        self.add("id-descending", "8.1", *self.opened(), self.client(self.health(4)), *self.answered(4),
                 self.client(self.health(3)), self.error("REQUEST_ID_NOT_ASCENDING"), self.CLOSE)
        self.add("id-zero", "8.1", *self.opened(), self.client(self.health(0)), self.error("REQUEST_ID_NOT_ASCENDING"), self.CLOSE)

    def in_flight(self):
        opened = self.opened(max_in_flight=2)
        three = self.client(self.health(1), self.health(2), self.health(3))
        self.add("one-too-many-in-flight", "6", *opened, three, self.error("OVERLOADED", 3), *self.answered(1),
                 *self.answered(2), max_in_flight=2)
        self.add("room-again-after-an-answer", "6", *opened, three, self.error("OVERLOADED", 3), *self.answered(2),
                 self.client(self.health(4)), *self.answered(4), *self.answered(1), max_in_flight=2)
        self.add("refused-id-is-used-up", "6", *opened, three, self.error("OVERLOADED", 3), self.client(self.health(3)),
                 self.error("REQUEST_ID_NOT_ASCENDING"), self.CLOSE, max_in_flight=2)
        self.add("ping-is-not-in-flight", "6", *opened, self.client(self.health(1), self.health(2), self.ping()), self.pong(),
                 *self.answered(1), *self.answered(2), max_in_flight=2)

    def cancel(self):
        cancel = lambda i: self.encoder.frame("CANCEL", request_id=i)
        self.add("cancel-too-late", "11", *self.opened(), self.client(self.health(1), cancel(1)), *self.answered(1))
        self.add("cancel-of-an-answered-request", "11", *self.opened(), self.client(self.health(1)), *self.answered(1),
                 self.client(cancel(1), self.ping()), self.pong())
        self.add("cancel-of-an-unknown-request", "11", *self.opened(), self.client(cancel(99), self.ping()), self.pong(),
                 self.client(self.health(1)), *self.answered(1))

    def request_errors(self):
        e = self.encoder
        bad = e.frame("REQUEST", b"\x00", opcode=e.opcode("daemon.health"), request_id=1, encoding="TLV")
        bad_json = e.frame("REQUEST", b"{", opcode=e.opcode("daemon.health"), request_id=2, encoding="JSON")
        self.add("bad-payload-costs-one-request", "8.1", *self.opened(), self.client(bad), self.error("MALFORMED_PAYLOAD", 1),
                 self.client(bad_json), self.error("MALFORMED_PAYLOAD", 2), self.client(self.health(3)), *self.answered(3))
        unknown = e.frame("REQUEST", b"", opcode=0xFFFF, request_id=1, encoding="TLV")
        self.add("unknown-operation", "8.1", *self.opened(role="admin"), self.client(unknown), self.error("UNKNOWN_OPERATION", 1),
                 self.client(self.health(2)), *self.answered(2), role="admin")
        for socket, operation in (("gateway", "tickets.show"), ("gateway", "organization.list"), ("service", "organization.list")):
            request = e.request(1, operation, OPERATIONS[operation]["requests"][""])
            self.add(f"{operation}-on-{socket}-socket", "10", *self.opened(role=socket), self.client(request),
                     self.error("OPERATION_NOT_PERMITTED", 1), self.client(self.health(2)), *self.answered(2), role=socket)
        nonsense = e.frame("REQUEST", b"\x00", opcode=e.opcode("organization.list"), request_id=1, encoding="TLV")
        self.add("role-before-payload", "8.1", *self.opened(), self.client(nonsense), self.error("OPERATION_NOT_PERMITTED", 1))
        for socket, operation in (("service", "tickets.show"), ("admin", "tickets.show"), ("admin", "organization.list")):
            request = e.request(1, operation, OPERATIONS[operation]["requests"][""])
            response = e.response(1, operation, OPERATIONS[operation]["responses"][""])
            self.add(f"{operation}-on-{socket}-socket", "10", *self.opened(role=socket), self.client(request),
                     self.complete(1, response), self.server(response), role=socket)

    def drain(self):
        server_goaway = lambda last, encoding="TLV": self.server(self.goaway(last, encoding))
        self.add("drain-unused", "13", *self.opened(), self.DRAIN, server_goaway(0), self.CLOSE)
        self.add("drain-unused-json", "13", *self.opened("JSON"), self.DRAIN, server_goaway(0, "JSON"), self.CLOSE)
        self.add("drain-idle", "13", *self.opened(), self.client(self.health(8)), *self.answered(8), self.DRAIN,
                 server_goaway(8), self.CLOSE)
        self.add("drain-with-requests-in-flight", "13", *self.opened(), self.client(self.health(1), self.health(2)), self.DRAIN,
                 server_goaway(2), *self.answered(2), *self.answered(1), self.CLOSE)
        self.add("request-after-drain-is-dropped", "13", *self.opened(), self.client(self.health(1)), self.DRAIN, server_goaway(1),
                 self.client(self.health(2), self.health(3), self.ping()), self.pong(), *self.answered(1), self.CLOSE)
        self.add("drain-after-a-refused-request", "13", *self.opened(max_in_flight=1), self.client(self.health(1), self.health(2)),
                 self.error("OVERLOADED", 2), self.DRAIN, server_goaway(1), *self.answered(1), self.CLOSE, max_in_flight=1)
        self.add("drain-after-an-id-that-no-goaway-can-name", "13", *self.opened(), self.client(self.health(2**53)), self.DRAIN,
                 *self.answered(2**53), self.CLOSE)
        self.add("drain-after-client-goaway", "13", *self.opened(), self.client(self.health(1), self.goaway(0)), self.DRAIN,
                 *self.answered(1), self.CLOSE)
        self.add("client-goaway-during-drain", "13", *self.opened(), self.client(self.health(1)), self.DRAIN, server_goaway(1),
                 self.client(self.goaway(0)), *self.answered(1), self.CLOSE)

    def client_goaway(self):
        for encoding in ("TLV", "JSON"):
            self.add(f"client-goaway-idle-{encoding.lower()}", "13", *self.opened(encoding), self.client(self.goaway(0, encoding)), self.CLOSE)
        self.add("client-goaway-with-requests-in-flight", "13", *self.opened(), self.client(self.health(1), self.health(2), self.goaway(0)),
                 *self.answered(2), *self.answered(1), self.CLOSE)
        self.add("request-after-client-goaway", "13", *self.opened(), self.client(self.health(1), self.goaway(0), self.health(2)),
                 self.error("UNEXPECTED_FRAME"), self.CLOSE)
        self.add("ping-after-client-goaway", "13", *self.opened(), self.client(self.health(1), self.goaway(0), self.ping()), self.pong(),
                 *self.answered(1), self.CLOSE)
