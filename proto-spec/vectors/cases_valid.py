"""Vectors that every codec decodes: canonical ones (valid) and sloppy but legal ones (accepted)."""

from __future__ import annotations

import json

from encoder import EXACT, Encoder, element, exact
from examples import BOOKED_EVENT, CONNECTION_ERRORS, ERRORS, FULL_SLOT, INSTANCE, MOVED_EVENT, OPERATIONS, SLOT, SLOT_EVENT


class Valid:
    def __init__(self, encoder: Encoder):
        self.encoder = encoder
        self.vectors: list[dict] = []

    def add(self, name, section, sender, type, message=None, payload=None, encoding="NONE", raw=b"", **header):
        """Adds one vector; `raw` is the payload of a frame that has no message (PING, PONG)."""
        body = self.encoder.payload(encoding, message, payload) if message else raw
        frame = {"type": type, "flags": 0, "opcode": 0, "request_id": 0, "deadline_ms": 0, "status": 0, **header}
        data = self.encoder.frame(payload=body, encoding=encoding, **frame)
        number = self.encoder.registry.statuses[header["status"]]["status"] if "status" in header else 0
        vector = {
            "name": name, "section": section, "from": sender, "hex": data.hex(),
            "frame": {
                **frame, "status": number, "encoding": encoding,
                "request_id": exact(frame["request_id"])},
            "message": message, "payload": payload,
        }
        if type in ("PING", "PONG"):
            vector["payload_hex"] = raw.hex()
        self.vectors.append(vector)

    def both(self, name, section, sender, type, message, payload, **header):
        for encoding in ("TLV", "JSON"):
            self.add(f"{name}-{encoding.lower()}", section, sender, type, message, payload, encoding, **header)

    def build(self) -> list[dict]:
        self.session_frames()
        self.operations()
        self.errors()
        self.extremes()
        return self.vectors

    def session_frames(self):
        hello = {"magic": "RSV", "version_min": 1, "version_max": 1}
        self.both("hello", "5", "client", "HELLO", "hello", {**hello, "client_name": "reservation-gateway"})
        self.both("hello-nameless", "5", "client", "HELLO", "hello", hello)
        self.both("hello-range", "5", "client", "HELLO", "hello", {**hello, "version_min": 0, "version_max": 300})
        for role in ("gateway", "service", "admin"):
            self.both(f"hello-ack-{role}", "5", "server", "HELLO_ACK", "hello_ack", {
                "version": 1, "max_payload": 1048576, "max_in_flight": 1024, "instance_id": INSTANCE,
                "server_name": "reservationd", "role": role, "default_deadline_ms": 10000})
        for sender in ("client", "server"):
            self.both(f"goaway-{sender}", "13", sender, "GOAWAY", "goaway", {"last_request_id": 0})
        self.both("goaway-message", "13", "server", "GOAWAY", "goaway", {"last_request_id": 70000, "message": "restarting"})
        for name, raw in (("empty", b""), ("some", b"\x00\xffRSV"), ("longest", bytes(range(64)))):
            self.add(f"ping-{name}", "8.3", "client", "PING", raw=raw, request_id=7)
            self.add(f"pong-{name}", "8.3", "server", "PONG", raw=raw, request_id=7)
        self.add("ping-id-zero", "8.3", "client", "PING", raw=b"x")
        self.add("cancel", "11", "client", "CANCEL", request_id=3)

    def operations(self):
        for name, examples in OPERATIONS.items():
            opcode = self.encoder.opcode(name)
            for half, sender, type in (("request", "client", "REQUEST"), ("response", "server", "RESPONSE")):
                for variant, payload in examples[half + "s"].items():
                    title = f"{name}.{half}" + (f"-{variant}" if variant else "")
                    self.both(title, f"20.{opcode}", sender, type, f"{name}.{half}", payload, opcode=opcode, request_id=1)
        create = OPERATIONS["reservation.create"]
        opcode = self.encoder.opcode("reservation.create")
        self.both("response-replayed", "12", "server", "RESPONSE", "reservation.create.response",
                  create["responses"][""], opcode=opcode, request_id=2, flags=self.encoder.registry.flags["REPLAYED"])
        self.both("event", "20.8", "server", "EVENT", "slots_changed", {"slots": [SLOT, FULL_SLOT]},
                  opcode=self.encoder.opcode("slots.watch"), request_id=1)
        self.both("events", "20.294", "server", "EVENT", "events_happened", {"events": [BOOKED_EVENT, MOVED_EVENT, SLOT_EVENT]},
                  opcode=self.encoder.opcode("events.subscribe"), request_id=1)
        self.both("request-deadline", "11", "client", "REQUEST", "reservation.create.request",
                  create["requests"][""], opcode=opcode, request_id=9, deadline_ms=2500)

    def errors(self):
        for name, (operation, status, payload) in ERRORS.items():
            self.both(f"error-{name}", "9", "server", "ERROR", "error", payload,
                      opcode=self.encoder.opcode(operation), request_id=1, status=status)
        for name, (status, payload) in CONNECTION_ERRORS.items():
            self.both(f"connection-error-{name}", "9.2", "server", "ERROR", "error", payload, status=status)
        for status, row in self.encoder.registry.statuses.items():
            if row["status"]:
                scope = {} if row.get("scope") == "connection" else {"opcode": 1, "request_id": 1}
                self.add(f"error-status-{status}", "9.3", "server", "ERROR", "error", {"message": "why"}, "TLV",
                         status=status, **scope)

    def extremes(self):
        """The edges of each value type, carried by whichever message has such a field."""
        opcode = self.encoder.opcode("slots.set_capacity")
        for number in (0, 1, 255, 256, 65535, 65536, 2**32 - 1, 2**32, EXACT):
            self.both(f"uint-{number}", "7.4", "client", "REQUEST", "slots.set_capacity.request",
                      {"slot_id": number, "total_capacity": 1}, opcode=opcode, request_id=1)
        opcode = self.encoder.opcode("slots.available")
        for date in ("2000-01-01", "2000-02-29", "2024-02-29", "2199-12-31"):
            self.both(f"date-{date}", "7.4", "client", "REQUEST", "slots.available.request",
                      {"orq": 1, "date": date}, opcode=opcode, request_id=1)
        opcode = self.encoder.opcode("slots.generate")
        self.both("times-first-and-last", "7.4", "client", "REQUEST", "slots.generate.request", {
            "orq": 1, "total_capacity": 0, "date_from": "2026-12-01", "date_to": "2026-12-01", "weekdays": ["tue"],
            "times": [{"start_time": "00:00:00", "end_time": "23:59:59"}]}, opcode=opcode, request_id=1)
        self.both("string-empty", "7.4", "server", "ERROR", "error", {"message": ""}, opcode=1, request_id=1, status="INTERNAL")
        self.both("string-edges-of-utf8", "7.4", "server", "ERROR", "error",
                  {"message": "\u0000\u007f\u0080\u07ff\u0800\ud7ff\ue000\uffff\U00010000\U0010ffff"},
                  opcode=1, request_id=1, status="INTERNAL")
        for identifier in (EXACT, 2**53, 2**64 - 1):
            self.both(f"request-id-{identifier}", "2.1", "client", "REQUEST", "daemon.health.request", {},
                      opcode=self.encoder.opcode("daemon.health"), request_id=identifier)
        self.add("deadline-largest", "11", "client", "REQUEST", "daemon.health.request", {}, "TLV",
                 opcode=self.encoder.opcode("daemon.health"), request_id=1, deadline_ms=2**32 - 1)


class Accepted:
    """Frames that a receiver must take although no sender should write them so."""

    def __init__(self, encoder: Encoder):
        self.encoder = encoder
        self.vectors: list[dict] = []

    def add(self, name, section, operation, payload, raw: bytes, encoding, half="request", flags=0, prefix=b"", status=None):
        message = f"{operation}.{half}" if status is None else "error"
        type = "ERROR" if status else half.upper()
        fields = {"opcode": self.encoder.opcode(operation), "request_id": 1, "encoding": encoding}
        canonical = self.encoder.payload(encoding, message, payload)
        frame = prefix + self.encoder.frame(type, raw, flags=flags, status=status or 0, **fields)
        written = self.encoder.frame(type, canonical, flags=0, status=status or 0, **fields)
        number = self.encoder.registry.statuses[status]["status"] if status else 0
        vector = {
            "name": name, "section": section, "from": "client" if half == "request" else "server", "hex": frame.hex(),
            "frame": {"type": type, "flags": flags, "opcode": fields["opcode"], "request_id": 1, "deadline_ms": 0,
                      "status": number, "encoding": encoding},
            "message": message, "payload": payload,
        }
        if not flags:  # flags of a later version have no canonical form in this one
            vector["canonical_hex"] = written.hex()
        self.vectors.append(vector)

    def build(self) -> list[dict]:
        self.tlv()
        self.json()
        self.frames()
        return self.vectors

    def tlv(self):
        e, fields = self.encoder, self.encoder.registry.fields
        create = OPERATIONS["reservation.create"]["requests"][""]
        parts = e.elements("reservation.create.request", create)
        whole = b"".join(p for _, p in parts)

        def add(name, raw, payload=create, operation="reservation.create", **more):
            self.add(name, "7.2", operation, payload, raw, "TLV", **more)

        add("tlv-unknown-tag-last", whole + element(0x7FFF, b"later versions"))
        add("tlv-unknown-tag-first", element(0, b"") + whole)
        generate = OPERATIONS["slots.generate"]["requests"][""]
        add("tlv-field-of-other-messages-between", b"".join(
            p + (element(60, b"\xff") if n == "total_capacity" else b"") for n, p in e.elements("slots.generate.request", generate)),
            generate, "slots.generate")
        status = OPERATIONS["daemon.status"]["responses"][""]
        add("tlv-unknown-tag-between", b"".join(
            p + (element(24, b"\xff") if n == "instance_id" else b"") for n, p in e.elements("daemon.status.response", status)),
            status, "daemon.status", half="response")
        add("tlv-unknown-tag-repeated", whole + element(0x7000, b"1") + element(0x7000, b"2"))
        add("tlv-unknown-value-not-parsed", whole + element(0x7000, b"\x80\x01\xff\xff\xff\xff"))
        add("tlv-known-field-of-other-messages", element(fields["magic"].tag, b"\xff\xff") + whole)
        add("tlv-critical-bit-not-needed", b"".join(
            element(fields[n].tag, p[6:], critical=True) for n, p in parts))
        add("tlv-critical-bit-missing", b"".join(element(fields[n].tag, p[6:], critical=False) for n, p in parts))
        slot = e.tlv("slot", SLOT) + element(0x100, b"new")
        add("tlv-unknown-tag-nested", element(fields["month"].tag, b"2026-12") + element(fields["time_zone"].tag, b"Asia/Taipei")
            + element(fields["slots"].tag, slot), {"month": "2026-12", "time_zone": "Asia/Taipei", "slots": [SLOT]},
            "slots.available", half="response")
        add("tlv-unknown-tag-in-empty-message", element(32, b"\x01"), {}, "daemon.health")

    def json(self):
        def add(name, text, payload, operation="slots.available", **more):
            self.add(name, "7.3", operation, payload, text.encode("utf-8"), "JSON", **more)

        month = {"orq": 1, "month": "2026-12"}
        add("json-white-space", ' \t\r\n{ "orq" : 1 ,\r\n\t"month" : "2026-12" } \n', month)
        add("json-any-order", '{"month":"2026-12","orq":1}', month)
        add("json-unknown-key", '{"orq":1,"month":"2026-12","colour":"red"}', month)
        add("json-known-field-of-other-messages", '{"magic":17,"orq":1,"month":"2026-12"}', month)
        add("json-unknown-values-of-any-kind",
            '{"x":{"a":[-1,0.5,1e9,-2E-3,123456789012345678901234567890,null,true,false,"\\u00e9",{},[]]},"orq":1,"month":"2026-12"}', month)
        add("json-unknown-key-depth-8", '{"x":' + "[" * 7 + "]" * 7 + ',"orq":1}', {"orq": 1})
        add("json-same-key-at-different-levels", '{"orq":1,"x":{"orq":2,"y":{"orq":3}}}', {"orq": 1})
        add("json-null-is-absent", '{"orq":1,"date":null,"month":null}', {"orq": 1})
        add("json-empty-list", '{"month":"2026-12","time_zone":"Asia/Taipei","slots":[]}',
            {"month": "2026-12", "time_zone": "Asia/Taipei"}, half="response")
        add("json-escaped-key-and-value", '{"\\u006frq":1,"month":"2026\\u002D12"}', month)
        add("json-escapes", '{"message":"\\u0041\\/\\ud83c\\udf9f\\u00E9\\"\\\\\\b\\f\\n\\r\\t"}',
            {"message": "A/🎟é\"\\\b\f\n\r\t"}, "ticket.validate", half="response", status="INTERNAL")
        add("json-brackets-in-a-string", json.dumps({"orq": 1, "x": "[" * 20 + "{\\\""}), {"orq": 1})
        add("json-unknown-tag-in-empty-message", '{"verbose":true}', {}, "daemon.health")

    def frames(self):
        raw = self.encoder.payload("TLV", "daemon.health.request", {})
        self.add("flags-high-nibble-ignored", "3", "daemon.health", {}, raw, "TLV", flags=0xE0)
        # A skipped frame's header is not looked at beyond its length and type.
        skipped = self.encoder.frame(0x80, b"from the future", flags=0xFF, opcode=9, request_id=5, status=1, encoding=9, reserved=7)
        self.add("after-a-skipped-type", "3", "daemon.health", {}, raw, "TLV", prefix=skipped)
        self.add("after-two-skipped-types", "3", "daemon.health", {}, raw, "TLV",
                 prefix=self.encoder.frame(0xFF) + self.encoder.frame(0x9A, b"\x00" * 32))
