"""What fuzzing begins with besides the corpus: the protocol's golden vectors, and a few inputs by hand."""

from __future__ import annotations

import json
import struct
from collections.abc import Iterator
from functools import cache
from pathlib import Path

SPECIFICATION = Path(__file__).parents[2] / "proto-spec"
ZONES = Path("/usr/share/zoneinfo")
HEADER_BYTES = 24
ENCODINGS = {"TLV": 0, "JSON": 1}
MESSAGES = {"hello": 0, "hello_ack": 1, "goaway": 2, "error": 3, "request": 4, "response": 6, "slots_changed": 7, "events_happened": 8}
ADMINISTRATOR = 2


def of(target: str) -> Iterator[bytes]:
    """Inputs in the form that Targets/ reads them in."""
    match target:
        case "frames":
            yield from frames()
        case "payloads":
            for opcode, message, encoding, payload in payloads():
                yield struct.pack(">HBB", opcode, message, encoding) + payload
        case "commands":
            for opcode, message, encoding, payload in payloads():
                if message == MESSAGES["request"]:
                    yield struct.pack(">HBB", opcode, ADMINISTRATOR, encoding) + payload
        case "json":
            yield from (payload for _, _, encoding, payload in payloads() if encoding == ENCODINGS["JSON"])
        case "values":
            yield from (bytes([kind]) + text.encode() for kind, text in VALUES)
        case "time-zone":
            for name in ("UTC", "Europe/Berlin", "America/St_Johns", "Africa/Casablanca"):
                if (ZONES / name).exists():
                    yield (ZONES / name).read_bytes()
        case "csv":
            yield from (b"\x07" + text.encode() for text in FILES)
        case "gateway":
            yield from (settings + request.encode() for settings in SETTINGS for request in REQUESTS)
        case "http":
            yield from (b"\x05" + settings + wire(request) for settings in SETTINGS for request in REQUESTS)


# -- the golden vectors ----------------------------------------------------------------------------


@cache
def vectors(name: str) -> list[dict]:
    return json.loads((SPECIFICATION / "vectors" / f"{name}.json").read_text())["vectors"]


@cache
def opcodes() -> dict[str, int]:
    registry = json.loads((SPECIFICATION / "registry.json").read_text())
    return {operation["name"]: operation["opcode"] for operation in registry["operations"]}


def frames() -> Iterator[bytes]:
    hello = next(bytes.fromhex(vector["hex"]) for vector in vectors("valid") if vector["message"] == "hello")
    for vector in vectors("valid") + vectors("accepted"):
        data = bytes.fromhex(vector["hex"])
        if vector["from"] == "server":
            yield b"\x01" + data
        else:
            yield b"\x00" + (data if vector["frame"]["type"] == "HELLO" else hello + data)
    for vector in vectors("invalid"):
        yield b"\x00" + (hello if vector["state"] == "open" else b"") + bytes.fromhex(vector["hex"])[:512]
    for vector in vectors("events"):
        yield b"\x01" + bytes.fromhex(vector["hex"])
    for vector in vectors("negotiation"):
        for side in ("client", "server"):
            yield bytes([side == "server"]) + b"".join(bytes.fromhex(step[side]) for step in vector["steps"] if side in step)


def payloads() -> Iterator[tuple[int, int, int, bytes]]:
    """Opcode, kind of message, encoding, payload."""
    for vector in vectors("valid") + vectors("accepted"):
        if vector.get("message") and len(vector["hex"]) < 1200:
            operation, _, kind = vector["message"].rpartition(".")
            encoding = ENCODINGS[vector["frame"]["encoding"]]
            yield opcodes().get(operation, 0), MESSAGES[kind], encoding, bytes.fromhex(vector["hex"])[HEADER_BYTES:]
    for vector in vectors("invalid"):
        data = bytes.fromhex(vector["hex"])
        if vector["state"] == "open" and HEADER_BYTES < len(data) < 600 and data[22] in (1, 2):
            yield struct.unpack(">H", data[6:8])[0], MESSAGES["request"], data[22] - 1, data[HEADER_BYTES:]


# -- by hand ---------------------------------------------------------------------------------------

VALUES = [
    (0, "john.o'neil+tickets@mail.example.co.uk"),
    (0, "käthe@bücher.example"),
    (0, "x@xn--bcher-kva.example"),
    (1, "+12025551234"),
    (2, "  tkt-2026-abc123-DEF456\n"),
    (3, "2024-02-29"),
    (3, "2199-12"),
    (4, "23:59:59"),
    (4, "10:00"),
    (5, "münchen"),
    (5, "他们为什么不说中文"),
    (6, "#1a73E8"),
    (6, "#17e"),
    (7, "HTTPS://www.Example.com:8443/visit?lang=de#top"),
    (7, "http://münchen.example"),
]

FILES = [
    "ticket_code,orq,product_id,order_id,status,ticket_id\nTKT-2026-ABC123-DEF456,1,2,3,ACTIVATED,4\r\n",
    '\ufeff"ticket_code","orq","product_id","order_id"\n"TKT-2026-ABC123-DEF456","1","0","0"\n\n',
    "ticket_code,orq,product_id,order_id\nTKT-2026,1,0," + "a\u0301\u0301" * 40 + "\n",
    'a,"b ""quoted"" c",\n"two\nlines",d,e',
]

BOOKING = (
    '{"ticket_id":4,"slot_id":5,"customer_email":"john@example.com","customer_phone":"+12025551234",'
    '"ticket_code":"TKT-2026-ABC123-DEF456"}'
)
CONTACT = '{"ticket_id":4,"email":"john@example.com","phone":"+12025551234"}'
KEY = "idempotency-key: 6c84fb90-12c4-11e1-840d-7b25c5ee775a\n"
JSON = "content-type: application/json; charset=utf-8\n"

# Head as `METHOD target` and `name: value`, an empty line, the body.
REQUESTS = [
    f'POST /api/tickets/validate\nhost: portal\n{JSON}\n{{"ticket_code":"tkt-2026-abc123-def456"}}',
    f"POST /api/tickets/verify-contact?orq=3\nhost: portal:80\n{JSON}x-forwarded-for: 192.0.2.1, 10.0.0.9\n\n{CONTACT}",
    f"POST /api/reservations/create\nhost: other\n{JSON}{KEY}x-request-id: one\n\n{BOOKING}",
    f"POST /api/reservations/create\nhost: other\n{JSON}idempotency-key: order-17\nx-orq: 12\n\n{BOOKING}",
    "GET /api/reservation-slots/available?month=2026-11&orq=2\nhost: portal\n\n",
    "GET http://portal/api/reservation-slots/available?date=2026%2D11-25#x\nhost: portal\nx-forwarded-for: [2001:db8::7]:4711\n\n",
    "HEAD /readyz\nhost: portal\nconnection: close\n\n",
    "GET /openapi.yaml\nhost: portal\nexpect: 100-continue\n\n",
]


def response(operation: str) -> bytes:
    """What the scripted daemon answers: a response's TLV with its length, from a golden vector."""
    for vector in vectors("valid"):
        data = bytes.fromhex(vector["hex"])[HEADER_BYTES:]
        if vector["message"] == f"{operation}.response" and vector["frame"]["encoding"] == "TLV" and len(data) < 256:
            return bytes([len(data)]) + data
    return b"\x00"


# Options of the gateway, then the daemon's answer: see GatewayBench and ScriptedLedger.
SETTINGS = [
    b"\x06\x02" + response(operation) + b"\x01"
    for operation in ("ticket.validate", "contact.verify", "reservation.create", "slots.available", "daemon.health")
] + [bytes([0, 0, 26]), bytes([3, 1, 2, 1])]


def wire(request: str) -> bytes:
    """The same request as HTTP/1.1, and the beginning of another behind it."""
    head, _, body = request.partition("\n\n")
    lines = head.split("\n")
    lines[0] += " HTTP/1.1"
    if body:
        lines.append(f"content-length: {len(body)}")
    return ("\r\n".join(lines) + "\r\n\r\n" + body + "GET /healthz HTTP/1.1\r\nhost: x\r\n").encode()
