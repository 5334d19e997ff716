"""What a server must refuse, and how far the refusal goes: the request, the connection, or without a word."""

from __future__ import annotations

import json
import struct

from encoder import CRITICAL, Encoder, element, exact, minimal
from examples import KEY, LOGO, OPERATIONS

CREATE = OPERATIONS["reservation.create"]["requests"][""]


class Invalid:
    def __init__(self, encoder: Encoder):
        self.encoder = encoder
        self.fields = encoder.registry.fields
        self.vectors: list[dict] = []

    def build(self) -> list[dict]:
        self.first_byte()
        self.header()
        self.order_of_header_checks()
        self.session()
        self.hello()
        self.tlv_structure()
        self.tlv_values()
        self.json_text()
        self.json_values()
        self.requests()
        return self.vectors

    def add(self, name, section, state, data: bytes, action, status=None, request_id=None):
        expect = {"action": action}
        if status is not None:
            expect["status"] = status
        if request_id is not None:
            expect["request_id"] = request_id
        self.vectors.append({"name": name, "section": section, "state": state, "hex": data.hex(), "expect": expect})

    # -- the frame ---------------------------------------------------------------------------------

    def first_byte(self):
        self.add("http-request", "3", "new", b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n", "close")
        self.add("tls-client-hello", "3", "new", bytes.fromhex("1603010200010001fc0303") + bytes(32), "close")
        self.add("one-byte-not-zero", "3", "new", b"G", "close")
        self.add("first-byte-not-zero-later", "3", "open", b"\x01" + bytes(23), "close")
        self.add("skipped-type-first-byte-not-zero", "3", "open", self.encoder.header(0x80, 0x01000000), "close")

    def bad_header(self, name, expected, type="REQUEST", length=0, state="open", section="3", **header):
        base = {"opcode": 5, "request_id": 1, "encoding": 1} if type == "REQUEST" else {}
        data = self.encoder.header(type, length, **{**base, **header})
        self.add(name, section, state, data, "connection_error", expected)

    def header(self):
        bad = self.bad_header
        limit = self.encoder.registry.limits["max_payload_bytes"]
        bad("length-one-over", "FRAME_TOO_LARGE", length=limit + 1)
        bad("length-largest", "FRAME_TOO_LARGE", length=0x00FFFFFF)
        bad("length-one-over-in-hello", "FRAME_TOO_LARGE", type="HELLO", length=limit + 1, encoding=1, state="new")
        bad("length-one-over-in-skipped-type", "FRAME_TOO_LARGE", type=0x80, length=limit + 1)
        bad("type-zero", "UNKNOWN_FRAME_TYPE", type=0)
        bad("type-eleven", "UNKNOWN_FRAME_TYPE", type=11)
        bad("type-7f", "UNKNOWN_FRAME_TYPE", type=0x7F)
        bad("type-unknown-before-hello", "UNKNOWN_FRAME_TYPE", type=0x40, state="new")
        for bit in range(4):
            bad(f"flag-bit-{bit}", "UNKNOWN_FLAG", flags=1 << bit)
        bad("flag-low-and-high", "UNKNOWN_FLAG", flags=0x81)
        bad("reserved-one", "MALFORMED_FRAME", reserved=1)
        bad("reserved-255-in-hello", "MALFORMED_FRAME", type="HELLO", length=10, encoding=1, reserved=255, state="new")
        bad("request-with-status", "MALFORMED_FRAME", status="INTERNAL")
        for type, encoding, state in (("HELLO", 1, "new"), ("CANCEL", 0, "open"), ("PING", 0, "open"), ("GOAWAY", 1, "open")):
            name = type.lower()
            correct = {"encoding": encoding, "request_id": 1 if type == "CANCEL" else 0, "state": state}
            bad(f"{name}-with-opcode", "MALFORMED_FRAME", type=type, **correct, opcode=1)
            bad(f"{name}-with-deadline", "MALFORMED_FRAME", type=type, **correct, deadline_ms=1)
            bad(f"{name}-with-status", "MALFORMED_FRAME", type=type, **correct, status=1793)
        bad("hello-with-request-id", "MALFORMED_FRAME", type="HELLO", encoding=1, request_id=1, state="new")
        bad("goaway-with-request-id", "MALFORMED_FRAME", type="GOAWAY", encoding=1, request_id=1)
        bad("ping-longer-than-64", "MALFORMED_FRAME", type="PING", length=65, request_id=1)
        bad("cancel-with-payload", "MALFORMED_FRAME", type="CANCEL", length=1, request_id=1)
        bad("cancel-id-zero", "MALFORMED_FRAME", type="CANCEL")
        bad("request-encoding-none", "UNKNOWN_ENCODING", encoding=0)
        bad("request-encoding-three", "UNKNOWN_ENCODING", encoding=3)
        bad("request-encoding-255", "UNKNOWN_ENCODING", encoding=255)
        bad("hello-encoding-none", "UNKNOWN_ENCODING", type="HELLO", state="new")
        bad("hello-encoding-three", "UNKNOWN_ENCODING", type="HELLO", encoding=3, state="new")
        bad("goaway-encoding-none", "UNKNOWN_ENCODING", type="GOAWAY")
        bad("ping-encoding-tlv", "UNKNOWN_ENCODING", type="PING", encoding=1, request_id=1)
        bad("cancel-encoding-json", "UNKNOWN_ENCODING", type="CANCEL", encoding=2, request_id=1)

    def order_of_header_checks(self):
        """Two faults in one header: the earlier check of section 3 names the status."""
        bad = self.bad_header
        bad("order-length-before-type", "FRAME_TOO_LARGE", type=0x40, length=0x00FFFFFF)
        bad("order-type-before-flag", "UNKNOWN_FRAME_TYPE", type=0x40, flags=1)
        bad("order-flag-before-reserved", "UNKNOWN_FLAG", flags=1, reserved=1)
        bad("order-reserved-before-encoding", "MALFORMED_FRAME", reserved=1, encoding=9)
        bad("order-encoding-before-hello-expected", "UNKNOWN_ENCODING", encoding=9, state="new")
        bad("order-encoding-before-request-id", "UNKNOWN_ENCODING", encoding=9, request_id=0)

    def session(self):
        bad = self.bad_header
        health = self.encoder.opcode("daemon.health")
        bad("request-before-hello", "HELLO_EXPECTED", state="new", section="4", opcode=health)
        bad("ping-before-hello", "HELLO_EXPECTED", type="PING", state="new", section="4", request_id=1)
        bad("cancel-before-hello", "HELLO_EXPECTED", type="CANCEL", state="new", section="4", request_id=1)
        bad("goaway-before-hello", "HELLO_EXPECTED", type="GOAWAY", state="new", section="4", encoding=1, length=7)
        bad("hello-ack-before-hello", "HELLO_EXPECTED", type="HELLO_ACK", state="new", section="4", encoding=1)
        self.add("hello-after-hello", "4", "open", self.encoder.hello(), "connection_error", "UNEXPECTED_FRAME")
        bad("hello-ack-from-client", "UNEXPECTED_FRAME", type="HELLO_ACK", section="4", encoding=1)
        bad("response-from-client", "UNEXPECTED_FRAME", type="RESPONSE", section="4", encoding=1, opcode=health, request_id=1)
        bad("error-from-client", "UNEXPECTED_FRAME", type="ERROR", section="4", encoding=1, opcode=health, request_id=1, status=1793)
        bad("pong-from-client", "UNEXPECTED_FRAME", type="PONG", section="4", request_id=1)
        bad("event-from-client", "UNEXPECTED_FRAME", type="EVENT", section="4", encoding=1, opcode=8, request_id=1)
        bad("request-id-zero", "REQUEST_ID_NOT_ASCENDING", section="8.1", opcode=health, request_id=0)

    def hello(self):
        def bad(name, payload, encoding="TLV", status="MALFORMED_PAYLOAD"):
            data = self.encoder.frame("HELLO", payload, encoding=encoding)
            self.add(f"hello-{name}-{encoding.lower()}", "5", "new", data, "connection_error", status)

        good = {"magic": "RSV", "version_min": 1, "version_max": 1}
        changed = {
            "wrong-magic": ({**good, "magic": "HTTP"}, "MALFORMED_PAYLOAD"),
            "magic-lower-case": ({**good, "magic": "rsv"}, "MALFORMED_PAYLOAD"),
            "range-upside-down": ({**good, "version_min": 2}, "MALFORMED_PAYLOAD"),
            "range-too-new": ({**good, "version_min": 2, "version_max": 3}, "UNSUPPORTED_VERSION"),
            "range-too-old": ({**good, "version_min": 0, "version_max": 0}, "UNSUPPORTED_VERSION"),
            "name-65-bytes": ({**good, "client_name": "n" * 65}, "MALFORMED_PAYLOAD"),
            "name-with-line-feed": ({**good, "client_name": "a\nb"}, "MALFORMED_PAYLOAD"),
        }
        for encoding in ("TLV", "JSON"):
            for name, (value, status) in changed.items():
                bad(name, self.encoder.payload(encoding, "hello", value), encoding, status)
        parts = self.encoder.elements("hello", good)
        for index, (missing, _) in enumerate(parts):
            bad(f"without-{missing}", b"".join(p for i, (_, p) in enumerate(parts) if i != index))
            bad(f"without-{missing}", json.dumps({k: v for k, v in good.items() if k != missing}).encode(), "JSON")
        bad("empty", b"")
        bad("empty", b"", "JSON")

    # -- the payload -------------------------------------------------------------------------------

    def payload(self, name, section, operation, raw: bytes, encoding, status="MALFORMED_PAYLOAD"):
        frame = self.encoder.frame("REQUEST", raw, opcode=self.encoder.opcode(operation), request_id=1, encoding=encoding)
        self.add(name, section, "open", frame, "request_error", status, 1)

    def tlv_structure(self):
        e, tag = self.encoder, lambda n: self.fields[n].tag
        parts = dict(e.elements("reservation.create.request", CREATE))
        whole = b"".join(parts.values())

        def bad(name, raw, operation="reservation.create"):
            self.payload(f"tlv-{name}", "7.2", operation, raw, "TLV")

        def replaced(**changes):
            return b"".join(changes.get(n, p) for n, p in parts.items())

        bad("empty", b"")
        bad("trailing-byte", whole + b"\x00")
        bad("element-header-cut", whole + b"\x00\x2a\x00\x00\x00")
        bad("value-cut", whole[:-1])
        bad("length-past-the-end", whole + struct.pack(">HI", 0x7000, 1))
        bad("length-largest", whole + struct.pack(">HI", 0x7000, 0xFFFFFFFF))
        swapped = list(parts.values())
        swapped[0], swapped[1] = swapped[1], swapped[0]
        bad("out-of-order", b"".join(swapped))
        bad("unknown-tag-out-of-order", element(60, b"") + whole)
        bad("critical-bit-does-not-sort", replaced(
            ticket_code=element(tag("slot_id"), b"\x0a"), slot_id=element(tag("ticket_code"), b"TKT-2026-ABC123-DEF456", True)))
        bad("singleton-twice", replaced(slot_id=parts["slot_id"] * 2))
        bad("singleton-twice-with-and-without-critical", replaced(
            ticket_code=parts["ticket_code"] + element(tag("ticket_code"), b"TKT-2026-ABC123-DEF456")))
        bad("unknown-critical", whole + element(0x7000, b"", critical=True))
        bad("unknown-critical-tag-zero", element(0, b"", critical=True) + whole)
        bad("known-field-of-other-messages-critical", element(tag("magic"), b"RSV", critical=True) + whole)
        bad("unknown-critical-in-empty-message", element(0x7000, b"", critical=True), "daemon.health")
        for missing in ("orq", "ticket_id", "slot_id", "customer_email", "customer_phone"):
            bad(f"without-{missing}", b"".join(p for n, p in parts.items() if n != missing))

        row = OPERATIONS["tickets.import"]["requests"][""]["tickets"][1]
        good = e.tlv("import_row", row)
        rows = lambda body: element(tag("tickets"), element_good) + element(tag("tickets"), body)
        element_good = good
        bad("nested-value-cut", rows(good[:-1]), "tickets.import")
        bad("nested-trailing-byte", rows(good + b"\x00"), "tickets.import")
        bad("nested-unknown-critical", rows(good + element(0x7000, b"", critical=True)), "tickets.import")
        bad("nested-without-order_id", rows(b"".join(
            p for n, p in e.elements("import_row", row) if n != "order_id")), "tickets.import")
        bad("nested-singleton-twice", rows(e.elements("import_row", row)[0][1] + good), "tickets.import")
        bad("repeated-not-consecutive", element(tag("tickets"), good) + element(0x7000, b"") + element(tag("tickets"), good), "tickets.import")

    def tlv_values(self):
        def bad(name, operation, message_value, field, raw, section="7.4"):
            parts = self.encoder.elements(f"{operation}.request", message_value)
            one = element(self.fields[field].tag, raw, self.fields[field].critical)
            body = b"".join(one if n == field else p for n, p in parts)
            self.payload(f"tlv-{name}", section, operation, body, "TLV")

        def integer(name, raw):
            bad(f"uint-{name}", "slots.set_capacity", {"slot_id": 10, "total_capacity": 5}, "slot_id", raw)

        integer("no-bytes", b"")
        integer("leading-zero", b"\x00\x0a")
        integer("two-zero-bytes", b"\x00\x00")
        integer("nine-bytes", b"\x01" + bytes(8))
        integer("nine-bytes-leading-zero", bytes(8) + b"\x01")
        integer("2-to-53", minimal(2**53))
        integer("2-to-64-minus-1", b"\xff" * 8)

        add = {"orq": 1, "time_zone": "Asia/Taipei", "name": "Museum", "allow_started": True}
        for name, raw in (("no-bytes", b""), ("two", b"\x02"), ("255", b"\xff"), ("two-bytes", b"\x00\x01")):
            bad(f"bool-{name}", "organization.add", add, "allow_started", raw)
        for name, raw in (
            ("continuation-first", b"\x80"), ("cut-short", b"caf\xc3"), ("overlong-slash", b"\xc0\xaf"), ("overlong-nul", b"\xc0\x80"),
            ("surrogate", b"\xed\xa0\x80"), ("past-10ffff", b"\xf4\x90\x80\x80"), ("ff", b"\xff"), ("latin-1", b"caf\xe9!"),
            ("five-byte-form", b"\xf8\x88\x80\x80\x80"), ("overlong-three", b"\xe0\x80\xaf"),
        ):
            bad(f"utf8-{name}", "organization.add", add, "name", raw)

        by_date = {"orq": 1, "date": "2026-12-05"}
        for name, raw in self.bad_dates():
            bad(f"date-{name}", "slots.available", by_date, "date", raw.encode("utf-8"))
        create = OPERATIONS["slots.create"]["requests"][""]
        for name, raw in self.bad_times():
            bad(f"time-{name}", "slots.create", create, "start_time", raw.encode("utf-8"))
        for size in (0, 1, 15, 17):
            bad(f"key-{size}-bytes", "reservation.create", CREATE, "idempotency_key", bytes(size))

    @staticmethod
    def bad_dates():
        return (
            ("february-30", "2025-02-30"), ("february-29-common-year", "2025-02-29"), ("february-29-2100", "2100-02-29"),
            ("april-31", "2026-04-31"), ("month-0", "2026-00-10"), ("month-13", "2026-13-01"), ("day-0", "2026-12-00"),
            ("year-1999", "1999-12-31"), ("year-2200", "2200-01-01"), ("slashes", "2026/12/05"), ("short", "2026-12-5"),
            ("compact", "20261205"), ("with-time", "2026-12-05T00:00:00"), ("empty", ""), ("space", "2026-12-05 "),
            ("sign", "+026-12-05"), ("other-digits", "2026-12-0\u0665"))

    @staticmethod
    def bad_times():
        return (
            ("24-hours", "24:00:00"), ("60-minutes", "12:60:00"), ("leap-second", "23:59:60"), ("no-seconds", "12:00"),
            ("short", "9:00:00"), ("with-zone", "12:00:00Z"), ("fraction", "12:00:00.0"), ("dots", "12.00.00"), ("empty", ""))

    def json_text(self):
        def bad(name, text: str | bytes, operation="slots.available"):
            raw = text if isinstance(text, bytes) else text.encode("utf-8")
            self.payload(f"json-{name}", "7.3", operation, raw, "JSON")

        bad("empty", "")
        bad("only-white-space", " \n")
        for name, text in (("array", '[{"orq":1}]'), ("number", "1"), ("string", '"orq"'), ("null", "null"), ("true", "true")):
            bad(f"top-level-{name}", text)
        bad("top-level-null-for-empty-message", "null", "daemon.health")
        bad("no-bytes-for-empty-message", "", "daemon.health")
        bad("byte-order-mark", b"\xef\xbb\xbf" + b'{"orq":1}')
        bad("trailing-garbage", '{"orq":1}x')
        bad("second-object", '{"orq":1}{"orq":1}')
        bad("trailing-nul", '{"orq":1}\x00')
        bad("cut-short", '{"orq":1')
        bad("trailing-comma", '{"orq":1,}')
        bad("missing-comma", '{"orq":1 "month":"2026-12"}')
        bad("missing-colon", '{"orq" 1}')
        bad("single-quotes", "{'orq':1}")
        bad("key-without-quotes", "{orq:1}")
        bad("comment", '{"orq":1/* one */}')
        bad("form-feed-is-not-space", '{"orq":\x0c1}')
        bad("nbsp-is-not-space", '{"orq":\u00a01}')
        bad("duplicate-key", '{"orq":1,"orq":1}')
        bad("duplicate-key-by-escape", '{"orq":1,"\\u006frq":1}')
        bad("duplicate-unknown-key", '{"orq":1,"x":1,"x":1}')
        bad("duplicate-key-inside-ignored-value", '{"orq":1,"x":{"y":[{"z":1,"z":2}]}}')
        bad("duplicate-key-null-first", '{"orq":1,"month":null,"month":"2026-12"}')
        bad("depth-9-objects", '{"orq":1,"x":' + '{"x":' * 7 + "{}" + "}" * 8)
        bad("depth-9-arrays", '{"orq":1,"x":' + "[" * 8 + "]" * 8 + "}")
        bad("depth-very-deep", '{"orq":1,"x":' + "[" * 5000 + "]" * 5000 + "}")
        bad("depth-unclosed", '{"x":' + "[" * 5000)
        for name, text in (
            ("lone-high-surrogate", "\\ud83c"), ("lone-low-surrogate", "\\udf9f"), ("surrogates-swapped", "\\udf9f\\ud83c"),
            ("high-surrogate-then-letter", "\\ud83cx"), ("high-surrogate-then-escape", "\\ud83c\\n"), ("two-high-surrogates", "\\ud83c\\ud83c"),
            ("unknown-escape", "\\x41"), ("short-unicode-escape", "\\u12"), ("unicode-escape-not-hex", "\\u12g4"),
            ("raw-line-feed", "\n"), ("raw-tab", "\t"), ("raw-nul", "\x00"), ("escape-at-end", "\\"),
        ):
            bad(f"string-{name}", '{"orq":1,"month":"' + text + '"}')
        bad("lone-surrogate-in-ignored-value", '{"orq":1,"x":["\\ud800"]}')
        bad("lone-surrogate-in-ignored-key", '{"orq":1,"\\udc00":1}')
        bad("string-not-closed", '{"orq":1,"month":"2026-12}')
        for name, raw in (("continuation", b"\x80"), ("overlong", b"\xc0\xaf"), ("surrogate", b"\xed\xa0\x80"),
                          ("past-10ffff", b"\xf4\x90\x80\x80"), ("cut-short", b"\xe6\xb9")):
            bad(f"utf8-{name}", b'{"orq":1,"month":"' + raw + b'"}')
        bad("utf8-bad-in-ignored-value", b'{"orq":1,"x":"\xff"}')
        bad("utf-16", '{"orq":1}'.encode("utf-16-le"))
        for name, text in (("nan", "NaN"), ("infinity", "Infinity"), ("minus-infinity", "-Infinity"), ("capital-true", "True"),
                           ("leading-zero", "01"), ("plus", "+1"), ("bare-minus", "-"), ("no-fraction-digits", "1."),
                           ("no-integer-digits", ".5"), ("no-exponent-digits", "1e"), ("hexadecimal", "0x1f")):
            bad(f"not-json-{name}-in-ignored-value", '{"orq":1,"x":' + text + "}")

    def json_values(self):
        def bad(name, operation, text):
            self.payload(f"json-{name}", "7.4", operation, text.encode("utf-8"), "JSON")

        for name, text in (
            ("fraction", "1.0"), ("fraction-half", "1.5"), ("exponent", "1e3"), ("capital-exponent", "1E0"), ("negative", "-1"),
            ("minus-zero", "-0"), ("leading-zero", "01"), ("2-to-53", "9007199254740992"), ("2-to-64", "18446744073709551616"),
            ("forty-digits", "9" * 40), ("string", '"1"'), ("bool", "true"), ("null", "null"), ("array", "[1]"), ("object", "{}"),
        ):
            bad(f"uint-{name}", "slots.available", '{"orq":' + text + "}")
        for name, text in (("number", "1"), ("zero", "0"), ("string", '"true"'), ("array", "[]")):
            bad(f"bool-{name}", "organization.add",
                '{"orq":1,"time_zone":"Asia/Taipei","name":"Museum","allow_started":' + text + "}")
        for name, text in (("number", "202612"), ("bool", "false"), ("array", '["2026-12"]'), ("object", "{}")):
            bad(f"string-{name}", "slots.available", '{"orq":1,"month":' + text + "}")
        for name, text in self.bad_dates():
            bad(f"date-{name}", "slots.available", '{"orq":1,"date":' + json.dumps(text) + "}")
        bad("date-number", "slots.available", '{"orq":1,"date":20261205}')
        for name, text in self.bad_times():
            bad(f"time-{name}", "slots.create", json.dumps({**OPERATIONS["slots.create"]["requests"][""], "start_time": text}))
        for name, text in (
            ("upper-case", KEY.upper()), ("odd-length", KEY[:-1]), ("15-bytes", KEY[:-2]), ("17-bytes", KEY + "00"), ("empty", ""),
            ("not-hex", "g" + KEY[1:]), ("prefix", "0x" + KEY[2:]), ("base64", "ABEiM0RVZneImaq7zN3u/w=="), ("space", " " + KEY[1:]),
        ):
            bad(f"bytes-{name}", "reservation.create", json.dumps({**CREATE, "idempotency_key": text}))
        bad("bytes-number", "reservation.create", json.dumps({**CREATE, "idempotency_key": 5}))
        for name, value in (("upper-case", LOGO.upper()), ("odd-length", LOGO[:-1]), ("not-hex", "zz"), ("number", 5), ("list", [137, 80])):
            bad(f"any-bytes-{name}", "organization.set", json.dumps({"orq": 1, "logo": value}))
        for missing in ("orq", "ticket_id", "slot_id", "customer_email", "customer_phone"):
            bad(f"without-{missing}", "reservation.create", json.dumps({k: v for k, v in CREATE.items() if k != missing}))
        bad("key-case-matters", "slots.available", '{"ORQ":1}')
        row = OPERATIONS["tickets.import"]["requests"][""]["tickets"][1]
        bad("repeated-not-a-list", "tickets.import", json.dumps({"tickets": row}))
        bad("repeated-null-element", "tickets.import", json.dumps({"tickets": [row, None]}))
        bad("repeated-wrong-element", "tickets.import", json.dumps({"tickets": [row, 1]}))
        bad("nested-without-order_id", "tickets.import", json.dumps(
            {"tickets": [row, {k: v for k, v in row.items() if k != "order_id"}]}))
        bad("nested-required-null", "tickets.import", json.dumps({"tickets": [{**row, "order_id": None}]}))
        generate = OPERATIONS["slots.generate"]["requests"][""]
        bad("repeated-string-wrong-element", "slots.generate", json.dumps({**generate, "weekdays": ["sat", 7]}))

    def requests(self):
        raw = self.encoder.payload("TLV", "daemon.health.request", {})
        for name, opcode in (("zero", 0), ("largest", 0xFFFF)):
            frame = self.encoder.frame("REQUEST", raw, opcode=opcode, request_id=1, encoding="TLV")
            self.add(f"unknown-operation-{name}", "8.1", "open", frame, "request_error", "UNKNOWN_OPERATION", 1)
        # The payload of an operation that nobody knows cannot be judged, so the opcode is looked at first.
        frame = self.encoder.frame("REQUEST", b"\xff", opcode=0xFFFF, request_id=1, encoding="JSON")
        self.add("unknown-operation-before-payload", "8.1", "open", frame, "request_error", "UNKNOWN_OPERATION", 1)
        large = struct.pack(">HI", 0x7000 | CRITICAL, 0)
        frame = self.encoder.frame("REQUEST", large, opcode=self.encoder.opcode("daemon.health"), request_id=2**64 - 1, encoding="TLV")
        self.add("error-echoes-the-largest-id", "8.1", "open", frame, "request_error", "MALFORMED_PAYLOAD", exact(2**64 - 1))
