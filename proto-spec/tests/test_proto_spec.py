"""Holds specification, registry, vectors, Python client and dissector together.

    python3 -m pytest proto-spec/tests
"""

from __future__ import annotations

import json
import re
import shutil
import struct
import subprocess
import sys
from pathlib import Path

import pytest

from reference_session import Session
from rsv_client import HEADER, Codec, ProtocolError, Registry, check_header

ROOT = Path(__file__).resolve().parent.parent
REGISTRY = Registry()
CODEC = Codec(REGISTRY)


def load(name: str) -> list[dict]:
    return json.loads((ROOT / "vectors" / f"{name}.json").read_text(encoding="utf-8"))["vectors"]


def each(name: str):
    return pytest.mark.parametrize("vector", load(name), ids=lambda v: v["name"])


def decode(data: bytes):
    """Header and payload of the first frame that is not to be skipped."""
    header = check_header(REGISTRY, data[:24])
    end = 24 + int.from_bytes(data[:4], "big")
    if header is None:
        return decode(data[end:])
    assert len(data) == end
    return header, data[24:end]


def encode(vector: dict) -> bytes:
    """A frame from the decoded form of a vector."""
    frame = vector["frame"]
    if vector["message"]:
        payload = CODEC.encode(frame["encoding"], vector["message"], vector["payload"])
    else:
        payload = bytes.fromhex(vector.get("payload_hex", ""))
    return HEADER.pack(len(payload), REGISTRY.types[frame["type"]], frame["flags"], frame["opcode"], int(frame["request_id"]),
                       frame["deadline_ms"], frame["status"], REGISTRY.encodings[frame["encoding"]], 0) + payload


# -- files -----------------------------------------------------------------------------------------


def test_generated_files_are_up_to_date():
    run = subprocess.run([sys.executable, ROOT / "vectors" / "generate.py", "--check"], capture_output=True, text=True)
    assert run.returncode == 0, run.stderr


def test_check_notices_a_stale_file(tmp_path):
    copy = tmp_path / "proto-spec"
    shutil.copytree(ROOT, copy, ignore=shutil.ignore_patterns("__pycache__", ".pytest_cache"))
    stale = copy / "vectors" / "valid.json"
    stale.write_text(stale.read_text(encoding="utf-8").replace("HELLO", "HOLLE", 1), encoding="utf-8")
    command = [sys.executable, copy / "vectors" / "generate.py"]
    run = subprocess.run([*command, "--check"], capture_output=True, text=True)
    assert (run.returncode, run.stderr) == (1, "out of date: vectors/valid.json\n")
    assert subprocess.run(command, capture_output=True).returncode == 0
    assert stale.read_bytes() == (ROOT / "vectors" / "valid.json").read_bytes()


def test_every_section_that_vectors_name_is_a_heading():
    text = (ROOT / "spec.md").read_text(encoding="utf-8")
    headings = set(re.findall(r"^#{2,3} ([0-9.]+?)\.? ", text, re.MULTILINE))
    named = {v["section"] for name in ("valid", "accepted", "invalid", "events", "negotiation") for v in load(name)}
    assert named <= headings
    for name, operation in REGISTRY.operations.items():
        assert f"\n### 20.{operation['opcode']} {name}\n" in text
        assert text.count(f"<!-- begin generated {name} -->") == 1


def test_every_message_appears_in_both_encodings():
    seen = {(v["message"], v["frame"]["encoding"]) for v in load("valid") if v["message"]}
    top = {"hello", "hello_ack", "goaway", "error", "slots_changed", "events_happened"}
    top |= {f"{name}.{half}" for name in REGISTRY.operations for half in ("request", "response")}
    assert seen == {(message, encoding) for message in top for encoding in ("TLV", "JSON")}


# -- codec -----------------------------------------------------------------------------------------


@each("valid")
def test_valid_vector_decodes_and_encodes_to_itself(vector):
    data = bytes.fromhex(vector["hex"])
    header, payload = decode(data)
    frame = vector["frame"]
    assert REGISTRY.type_names[header.type] == frame["type"]
    assert (header.flags, header.opcode, header.request_id) == (frame["flags"], frame["opcode"], int(frame["request_id"]))
    assert (header.deadline_ms, header.status) == (frame["deadline_ms"], frame["status"])
    assert REGISTRY.encoding_names[header.encoding] == frame["encoding"]
    if vector["message"]:
        assert CODEC.decode(frame["encoding"], vector["message"], payload) == vector["payload"]
    assert encode(vector) == data


@each("accepted")
def test_accepted_vector_decodes_but_is_not_canonical(vector):
    data = bytes.fromhex(vector["hex"])
    header, payload = decode(data)
    assert CODEC.decode(vector["frame"]["encoding"], vector["message"], payload) == vector["payload"]
    assert header.flags == vector["frame"]["flags"]
    if "canonical_hex" in vector:
        assert encode(vector).hex() == vector["canonical_hex"] != vector["hex"]


# A HELLO may decode and still say what section 5 forbids.
HELLO_RULES = ("hello-wrong-magic", "hello-magic-lower-case", "hello-range-upside-down", "hello-name-")
MALFORMED = [
    v for v in load("invalid") if v["expect"].get("status") == "MALFORMED_PAYLOAD" and not v["name"].startswith(HELLO_RULES)]


@pytest.mark.parametrize("vector", MALFORMED, ids=lambda v: v["name"])
def test_invalid_payload_is_refused_by_the_codec(vector):
    header, payload = decode(bytes.fromhex(vector["hex"]))
    operation = REGISTRY.operations_by_opcode.get(header.opcode)
    message = "hello" if operation is None else f"{operation['name']}.request"
    with pytest.raises(ProtocolError) as refusal:
        CODEC.decode(REGISTRY.encoding_names[header.encoding], message, payload)
    assert refusal.value.status == "MALFORMED_PAYLOAD"


@pytest.mark.parametrize("field, value", [
    ("orq", -1), ("orq", 2**53), ("orq", True), ("orq", 1.0), ("orq", "1"), ("date", "2025-02-30"), ("date", 20251205), ("month", "\ud800"),
    ("months", "2026-12"),
])
def test_encoder_refuses_what_no_decoder_would_take(field, value):
    for encoding in ("TLV", "JSON"):
        with pytest.raises(ProtocolError):
            CODEC.encode(encoding, "slots.available.request", {"orq": 1, field: value})


# -- the vectors against a reading of the specification --------------------------------------------


def summary(frame: bytes) -> tuple[str, str, int]:
    header = check_header(REGISTRY, frame[:24])
    message = frame[24:]
    kind = REGISTRY.type_names[header.type]
    if kind == "ERROR":
        assert CODEC.decode(REGISTRY.encoding_names[header.encoding], "error", message)["message"]
    return kind, REGISTRY.status_name(header.status), header.request_id


@each("invalid")
def test_invalid_vector_meets_the_expected_refusal(vector):
    session = Session(REGISTRY, "00" * 16, "reference", "admin", 8)
    if vector["state"] == "open":
        session.receive(bytes.fromhex(next(v for v in load("valid") if v["name"] == "hello-tlv")["hex"]))
        session.output.clear()
    session.receive(bytes.fromhex(vector["hex"]))
    expect = vector["expect"]
    if expect["action"] == "close":
        assert (session.output, session.closed) == ([], True)
        return
    identifier = 0 if expect["action"] == "connection_error" else int(expect["request_id"])
    assert [summary(f) for f in session.output] == [("ERROR", expect["status"], identifier)]
    assert session.closed == (expect["action"] == "connection_error")


@each("negotiation")
@pytest.mark.parametrize("dripping", [False, True], ids=["whole", "byte by byte"])
def test_negotiation_vector_is_what_the_specification_says(vector, dripping):
    session = Session(REGISTRY, **vector["server"])
    for position, step in enumerate(vector["steps"]):
        (action, value), = step.items()
        if action in ("client", "complete", "drain"):
            assert not session.output, f"step {position}: an answer that the vector does not list"
            assert not session.closed
        if action == "client":
            data = bytes.fromhex(value)
            for piece in ([data[i:i + 1] for i in range(len(data))] if dripping else [data]):
                session.receive(piece)
        elif action == "complete":
            session.complete(int(value["request_id"]), bytes.fromhex(value["hex"]))
        elif action == "drain":
            session.drain()
        elif action == "server":
            assert session.output.pop(0).hex() == value
        elif action == "server_error":
            assert summary(session.output.pop(0)) == ("ERROR", value["status"], int(value["request_id"]))
        else:
            assert action == "close" and session.closed and not session.output
            assert position == len(vector["steps"]) - 1
    assert not session.output
    assert session.closed == ("close" in vector["steps"][-1])


# -- dissector -------------------------------------------------------------------------------------


def pcap(path: Path, link_type: int, packets: list[bytes]) -> None:
    out = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 1 << 18, link_type)
    for number, packet in enumerate(packets):
        out += struct.pack("<IIII", number, 0, len(packet), len(packet)) + packet
    path.write_bytes(out)


def tcp_segments(stream: bytes, port: int, size: int) -> list[bytes]:
    """The stream as IPv4/TCP packets from a client, cut without regard for frames."""
    packets = []
    for start in range(0, len(stream), size):
        body = stream[start:start + size]
        tcp = struct.pack(">HHIIBBHHH", 50000, port, 1 + start, 1, 0x50, 0x18, 65535, 0, 0) + body
        packets.append(struct.pack(">BBHHHBBH4s4s", 0x45, 0, 20 + len(tcp), 1, 0, 64, 6, 0, bytes([127, 0, 0, 1]), bytes([127, 0, 0, 1])) + tcp)
    return packets


def tshark(capture: Path, *arguments: str) -> str:
    if shutil.which("tshark") is None:
        pytest.skip("tshark is not installed, so the dissector cannot be run")
    command = ["tshark", "-X", f"lua_script:{ROOT / 'wireshark' / 'rsv.lua'}", "-r", str(capture), *arguments]
    run = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert run.returncode == 0, run.stderr
    assert "Lua" not in run.stderr and "Lua Error" not in run.stdout, run.stderr + run.stdout
    return run.stdout


def packets_of(text: str) -> list[str]:
    return re.split(r"^Frame \d+: ", text, flags=re.MULTILINE)[1:]


def shown(text: str) -> str:
    """Printable ASCII of a string field as tshark shows it; the rest of it depends on the locale."""
    return max(re.findall(r'[A-Za-z0-9@:+ .,_/-]+', text) or [""], key=len).strip()


def leaves(message: str, value: dict):
    """(name, value) of every field, nested ones included."""
    for member in REGISTRY.messages[message]:
        if member.name not in value:
            continue
        items = value[member.name] if member.repeated else [value[member.name]]
        for item in items:
            yield (member.name, None) if member.message else (member.name, item)
            if member.message:
                yield from leaves(member.message, item)


def test_dissector_shows_every_valid_vector(tmp_path):
    vectors = load("valid")
    capture = tmp_path / "valid.pcap"
    pcap(capture, 147, [bytes.fromhex(v["hex"]) for v in vectors])
    packets = packets_of(tshark(capture, "-V"))
    assert len(packets) == len(vectors)
    for vector, text in zip(vectors, packets):
        name, frame = vector["name"], vector["frame"]
        assert "Malformed" not in text, f"{name}: {text}"
        assert f"Type: {frame['type']}" in text, name
        assert f"Request id: {frame['request_id']}" in text, name
        assert f"Encoding: {frame['encoding']}" in text, name
        if frame["opcode"]:
            assert f"Opcode: {REGISTRY.operations_by_opcode[frame['opcode']]['name']}" in text, name
        if frame["status"]:
            assert f"Status: {REGISTRY.status_names[frame['status']]}" in text, name
        if frame["encoding"] == "JSON":
            payload = bytes.fromhex(vector["hex"])[24:].decode("utf-8")
            label, _, below = text.partition("    JSON")[2].partition("\n")
            if payload.isascii():  # tshark escapes other characters as its locale demands
                whole = "".join(line[8:] for line in below.splitlines()) if "[truncated]" in label else label.removeprefix(": ")
                assert whole == payload, name
            assert payload[:12] in label, name
        elif vector["message"]:
            for field, value in leaves(vector["message"], vector["payload"]):
                line = next((x for x in text.splitlines() if x.strip().startswith((f"{field}:", f"{field} ("))), None)
                assert line is not None, f"{name}: {field} is not shown"
                if isinstance(value, str):
                    # Of long bytes only the beginning fits into a line.
                    value = value[:32] if REGISTRY.fields[field].type == "bytes" else value
                    assert any(shown(value) in x for x in text.splitlines() if x.strip().startswith(f"{field}:")), f"{name}: {field}"
                elif isinstance(value, int):
                    want = str(value).capitalize() if isinstance(value, bool) else str(value)
                    assert re.search(rf"^ *{field}: {want}\b", text, re.MULTILINE), f"{name}: {field} {want}"


def test_dissector_filters_by_field(tmp_path):
    capture = tmp_path / "valid.pcap"
    pcap(capture, 147, [bytes.fromhex(v["hex"]) for v in load("valid")])
    expected = [
        str(i + 1) for i, v in enumerate(load("valid"))
        if v["frame"]["encoding"] == "TLV" and v["message"]
        and ("ticket_code", "TKT-2026-ABC123-DEF456") in list(leaves(v["message"], v["payload"]))]
    out = tshark(capture, "-Y", 'rsv.field.ticket_code == "TKT-2026-ABC123-DEF456"', "-T", "fields", "-e", "frame.number")
    assert out.split() == expected


@pytest.mark.parametrize("size", [7, 100, 1400])
def test_dissector_reassembles_a_tcp_stream(tmp_path, size):
    vectors = [v for v in load("valid") if v["from"] == "client"]
    capture = tmp_path / "tcp.pcap"
    pcap(capture, 101, tcp_segments(b"".join(bytes.fromhex(v["hex"]) for v in vectors), 7411, size))
    text = tshark(capture, "-V")
    assert re.findall(r"^        Type: (\w+)", text, re.MULTILINE) == [v["frame"]["type"] for v in vectors]
    assert "[Malformed" not in text


def test_dissector_listens_on_the_preferred_port(tmp_path):
    capture = tmp_path / "port.pcap"
    pcap(capture, 101, tcp_segments(bytes.fromhex(load("valid")[0]["hex"]), 9000, 1400))
    assert tshark(capture, "-T", "fields", "-e", "rsv.type").split() == []
    assert tshark(capture, "-o", "rsv.port:9000", "-T", "fields", "-e", "rsv.type").split() == ["1"]


def test_dissector_survives_invalid_and_accepted_bytes(tmp_path):
    vectors = load("invalid") + load("accepted") + load("events")
    capture = tmp_path / "odd.pcap"
    pcap(capture, 147, [bytes.fromhex(v["hex"]) for v in vectors])
    packets = packets_of(tshark(capture, "-V"))
    assert len(packets) == len(vectors)
    marked = dict(zip((v["name"] for v in vectors), packets))
    for name in ("tlv-value-cut", "tlv-out-of-order", "tlv-unknown-critical", "tlv-uint-nine-bytes", "flag-bit-0", "reserved-one"):
        assert "Malformed" in marked[name], name
    assert "Opcode: daemon.health" in marked["after-a-skipped-type"]
