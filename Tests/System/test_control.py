"""reservationctl, the operator's command line (DESIGN section 5): every list has --json, every failure a non-zero exit and one clear line
on stderr."""

from __future__ import annotations

import datetime
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.api import accepted, refused
from portal.programs import Control, Spoken, clean_environment
from portal.system import Portal


@pytest.fixture(scope="module")
def control(portal: Portal) -> Control:
    return portal.control


def failed(spoken: Spoken, *words: str) -> str:
    """A failure as operators and scripts want it."""
    assert spoken.status != 0, spoken.output
    lines = spoken.error.splitlines()
    assert len(lines) == 1 and lines[0].strip(), f"not one line: {spoken.error!r}"
    for word in words:
        assert word in lines[0], f"no word of {word}: {lines[0]}"
    return lines[0]


def succeeded(spoken: Spoken) -> str:
    assert spoken.status == 0, spoken.error
    assert spoken.error == ""
    return spoken.output


def test_organization(portal: Portal, control: Control):
    """organization add ORQ --name … --time-zone …, organization list"""
    succeeded(control.run("organization", "add", 7001, "--name", "Kunsthalle", "--time-zone", "Europe/Vienna"))
    listed = control.json("organization", "list")["organizations"]
    added = next(one for one in listed if one["orq"] == 7001)
    assert (added["name"], added["time_zone"]) == ("Kunsthalle", "Europe/Vienna")
    text = succeeded(control.run("organization", "list"))
    assert "Kunsthalle" in text and "Europe/Vienna" in text
    failed(control.run("organization", "add", 7001, "--name", "Again", "--time-zone", "Europe/Vienna"), "7001")
    failed(control.run("organization", "add", 7002, "--name", "Nowhere", "--time-zone", "Europe/Atlantis"))


def picture(filling: int = 0) -> bytes:
    """A PNG of one pixel, with so many bytes behind it."""
    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 2, 0, 0, 0)) +
        chunk(b"IDAT", zlib.compress(b"\0\x1a\x73\xe8")) + chunk(b"IEND", b"") + b"\0" * filling)


def test_organization_set_and_show(portal: Portal, control: Control, tmp_path: Path):
    """organization set ORQ [--accent-color …] [--logo FILE] …, organization show ORQ"""
    orq = portal.stock.organization()
    bare = control.json("organization", "show", orq)
    assert bare["orq"] == orq and "logo" not in bare and "accent_color" not in bare
    logo = tmp_path / "logo.png"
    logo.write_bytes(picture())
    given = control.json(
        "organization", "set", orq, "--name", "Kunsthalle", "--accent-color", "#1A73E8", "--logo", str(logo), "--contact-email",
        "Visit@Example.com", "--contact-phone", "+886223456789", "--website", "https://Museum.example.com/visit", "--allow-started")
    assert given == bare | {
        "name": "Kunsthalle", "accent_color": "#1a73e8", "logo": {"type": "image/png", "size": len(picture())}, "allow_started": True,
        "contact_email": "Visit@example.com", "contact_phone": "+886223456789", "website": "https://museum.example.com/visit",
        "updated_at": given["updated_at"]}
    with portal.peer("gateway") as peer:
        assert bytes.fromhex(peer.must("organization.get", {"orq": orq})["logo"]) == picture()
    text = succeeded(control.run("organization", "show", orq))
    assert "#1a73e8" in text and f"PNG, {len(picture())} bytes" in text and "https://museum.example.com/visit" in text
    assert control.json("organization", "show", orq) == given
    taken = control.json("organization", "set", orq, "--clear", "logo", "--clear", "website", "--no-allow-started")
    assert "logo" not in taken and "website" not in taken and taken["accent_color"] == "#1a73e8" and taken["allow_started"] is False
    failed(control.run("organization", "show", 987654), "organization list")
    failed(control.run("organization", "set", 987654, "--name", "Nobody"), "organization list")


@pytest.mark.parametrize("arguments, word", [
    (["--accent-color", "red"], "#1a73e8"), (["--contact-email", "nobody"], "info@example.com"), (["--contact-phone", "030 1234"], "+1202555"),
    (["--contact-phone", "+12"], "contact_phone"), (["--website", "javascript:alert(1)"], "https://"), (["--name", ""], "name"),
    (["--time-zone", "Europe/Atlantis"], "IANA"), (["--logo", "/nonexistent/logo.png"], "/nonexistent/logo.png"), ([], "nothing to set"),
    (["--clear", "name"], "accent-color"), (["--website", "https://example.com", "--clear", "website"], "contradict"),
])
def test_organization_set_refuses(portal: Portal, control: Control, arguments: list[str], word: str):
    """every failure a non-zero exit and one clear line on stderr: what an organization cannot have"""
    before = control.json("organization", "show", 1)
    failed(control.run("organization", "set", 1, *arguments), word)
    assert control.json("organization", "show", 1) == before


@pytest.mark.parametrize("name, content", [
    ("logo.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>"), ("logo.png", b"GIF89a" + b"\0" * 50),
    ("empty.png", b""), ("large.png", picture(65_536)),
])
def test_a_logo_that_is_none(control: Control, tmp_path: Path, name: str, content: bytes):
    """a logo is a PNG, JPEG or WebP file of at most 65,536 bytes, whatever it is called"""
    file = tmp_path / name
    file.write_bytes(content)
    spoken = control.run("organization", "set", 1, "--logo", str(file))
    failed(spoken, name, "PNG, JPEG or WebP", "65536")
    assert spoken.status == 65
    assert "logo" not in control.json("organization", "show", 1)


def test_the_time_zone_stays_once_there_are_slots(portal: Portal, control: Control):
    """a slot is at a time of its organization's clock"""
    orq = portal.stock.organization()
    assert control.json("organization", "set", orq, "--time-zone", "Asia/Tokyo")["time_zone"] == "Asia/Tokyo"
    slot = portal.stock.slot(orq=orq)
    spoken = control.run("organization", "set", orq, "--time-zone", "UTC", "--name", "Other")
    failed(spoken, "time_zone", "Asia/Tokyo", "slots")
    shown = control.json("organization", "set", orq, "--time-zone", "Asia/Tokyo", "--contact-email", "info@example.com")
    assert shown["name"] != "Other" and shown["time_zone"] == "Asia/Tokyo" and slot.id


def test_tickets_issue(portal: Portal, control: Control):
    """tickets issue --orq N --product N --order N --count N [--status ACTIVATED] [--id N] [--code CODE]"""
    issued = control.json("tickets", "issue", "--orq", 1, "--product", 5, "--order", 456, "--count", 3)["tickets"]
    assert len(issued) == 3 and {ticket["status"] for ticket in issued} == {"ACTIVATED"}
    accepted(portal.api.validate(issued[0]["ticket_code"]))
    one = control.json(
        "tickets", "issue", "--orq", 1, "--product", 5, "--order", 456, "--count", 1, "--status", "PENDING_PAYMENT", "--id", 4242,
        "--code", "TKT-2025-CTL001-ABCDEF")["tickets"][0]
    assert (one["ticket_id"], one["ticket_code"], one["status"]) == (4242, "TKT-2025-CTL001-ABCDEF", "PENDING_PAYMENT")
    refused(portal.api.validate("TKT-2025-CTL001-ABCDEF"), 400, "TICKET_NOT_ACTIVATED")
    text = succeeded(control.run("tickets", "issue", "--orq", 1, "--product", 5, "--order", 456, "--count", 1))
    assert "TKT-" in text
    failed(control.run("tickets", "issue", "--orq", 1, "--product", 5, "--order", 456, "--count", 1, "--id", 4242))
    failed(control.run("tickets", "issue", "--orq", 987654, "--product", 5, "--order", 456, "--count", 1), "rganization")


def test_tickets_issue_more_than_one_request_holds(control: Control):
    """--count N, whatever N"""
    issued = control.json("tickets", "issue", "--orq", 1, "--product", 5, "--order", 456, "--count", 2500)["tickets"]
    assert len({ticket["ticket_code"] for ticket in issued}) == 2500


def test_tickets_import(portal: Portal, control: Control, tmp_path: Path):
    """tickets import FILE.csv: all or nothing, and again without doubling"""
    file = tmp_path / "tickets.csv"
    file.write_text(
        "ticket_code,orq,product_id,order_id,status,ticket_id\n"
        "TKT-2025-IMP001-AAAAAA,1,5,456,ACTIVATED,555000111\n"
        "TKT-2025-IMP002-AAAAAA,1,5,456,EXPIRED,\n", encoding="utf-8")
    assert control.json("tickets", "import", str(file)) == {"created_count": 2, "existing_count": 0, "problems": []}
    assert control.json("tickets", "import", str(file)) == {"created_count": 0, "existing_count": 2, "problems": []}
    assert accepted(portal.api.validate("TKT-2025-IMP001-AAAAAA"))["ticket_id"] == 555000111
    refused(portal.api.validate("TKT-2025-IMP002-AAAAAA"), 400, "TICKET_EXPIRED")

    file.write_text(
        "ticket_code,orq,product_id,order_id\nTKT-2025-IMP003-AAAAAA,1,5,456\nTKT-2025-IMP0,1,5,456\n", encoding="utf-8")
    spoken = control.run("tickets", "import", str(file))
    failed(spoken, "nothing was sent")
    assert "3" in spoken.output
    refused(portal.api.validate("TKT-2025-IMP003-AAAAAA"), 400, "TICKET_NOT_FOUND")
    failed(control.run("tickets", "import", str(tmp_path / "missing.csv")), "missing.csv")


def test_tickets_import_tried(portal: Portal, control: Control, tmp_path: Path):
    """--dry-run also asks the daemon what would happen: created, existing, conflicts by line"""
    file = tmp_path / "tickets.csv"
    header = "ticket_code,orq,product_id,order_id,ticket_id\n"
    file.write_text(header + "TKT-2025-TRY001-AAAAAA,1,5,456,555000221\n", encoding="utf-8")
    control.json("tickets", "import", str(file))
    file.write_text(
        header + "TKT-2025-TRY001-AAAAAA,1,5,456,555000221\nTKT-2025-TRY002-AAAAAA,1,5,456,\n", encoding="utf-8")
    assert control.json("tickets", "import", "--dry-run", str(file)) == {"created_count": 1, "existing_count": 1, "problems": []}
    text = succeeded(control.run("tickets", "import", "--dry-run", str(file)))
    assert "to be created: 1" in text and "Nothing was changed" in text
    refused(portal.api.validate("TKT-2025-TRY002-AAAAAA"), 400, "TICKET_NOT_FOUND")
    rows = "".join(f"TKT-2025-TRY{number:03}-BBBBBB,1,5,456,\n" for number in range(250))
    file.write_text(
        header + "TKT-2025-TRY001-AAAAAA,1,6,456,\n" + rows + "TKT-2025-TRY003-AAAAAA,1,5,456,555000221\n"
        + "TKT-2025-TRY004-AAAAAA,987654,5,456,\n", encoding="utf-8")
    spoken = control.run("tickets", "import", "--dry-run", str(file))
    failed(spoken, "3 of the rows", "250 would be created", "nothing was changed")
    assert [line.split(":")[0] for line in spoken.output.splitlines()] == ["line 2", "line 253", "line 254"]
    refused(portal.api.validate("TKT-2025-TRY001-BBBBBB"), 400, "TICKET_NOT_FOUND")


def test_a_file_in_latin_1(control: Control, tmp_path: Path):
    """a Latin-1 file: a clear message with the line"""
    file = tmp_path / "tickets.csv"
    file.write_bytes("ticket_code,orq,product_id,order_id\nTKT-2025-LAT001-AAAAAA,1,5,456\nMüller,1,5,456\n".encode("latin-1"))
    for arguments in ([], ["--dry-run"]):
        spoken = control.run("tickets", "import", *arguments, str(file))
        failed(spoken, "nothing was sent")
        assert spoken.status == 65 and "line 3: not UTF-8" in spoken.output and "UTF-8" in spoken.output


def test_tickets_show(portal: Portal, control: Control):
    """tickets show CODE|ID"""
    ticket, slot = portal.stock.ticket(), portal.stock.slot()
    accepted(portal.api.create(ticket.id, slot.id))
    for reference in (ticket.code, ticket.code.lower(), ticket.id):
        shown = control.json("tickets", "show", reference)["tickets"]
        assert [one["ticket_id"] for one in shown] == [ticket.id]
        assert shown[0]["status"] == "RESERVED" and shown[0]["reservation"]["slot_id"] == slot.id
    text = succeeded(control.run("tickets", "show", ticket.code))
    assert slot.date in text and "john@example.com" not in text
    failed(control.run("tickets", "show", "TKT-2025-NOSUCH-TICKET"))
    failed(control.run("tickets", "show", "nonsense"), "nonsense")


def test_slots_create_and_list(portal: Portal, control: Control):
    """slots create --orq N --date D --start T --end T --capacity N, slots list"""
    date = portal.stock.fresh_date()
    command = ("slots", "create", "--orq", 1, "--date", date, "--start", "10:00", "--end", "12:00", "--capacity", 20)
    made = control.json(*command)["slots"][0]
    assert (made["date"], made["start_time"], made["end_time"], made["total_capacity"]) == (date, "10:00:00", "12:00:00", 20)
    listed = control.json("slots", "list", "--orq", 1, "--from", date, "--to", date)["slots"]
    assert [slot["slot_id"] for slot in listed] == [made["slot_id"]]
    assert date in succeeded(control.run("slots", "list", "--orq", 1, "--from", date, "--to", date))
    failed(control.run(*command), date)
    failed(control.run("slots", "create", "--orq", 1, "--date", "2025-02-30", "--start", "10:00", "--end", "12:00", "--capacity", 20), "date")
    failed(control.run("slots", "create", "--orq", 1, "--date", date, "--start", "13:00", "--end", "12:00", "--capacity", 20))
    failed(control.run("slots", "create", "--orq", 1, "--date", date, "--start", "14:00", "--end", "15:00", "--capacity", 0), "capacity")


def test_slots_generate(portal: Portal, control: Control):
    """slots generate --orq N --from D --to D --weekdays mon,tue --times 10:00-12:00,12:00-14:00 --capacity N"""
    orq = portal.stock.organization()
    first = datetime.date.today() + datetime.timedelta(days=400)
    first += datetime.timedelta(days=-first.weekday() % 7)  # a Monday
    command = (
        "slots", "generate", "--orq", orq, "--from", first.isoformat(), "--to", (first + datetime.timedelta(days=13)).isoformat(),
        "--weekdays", "mon,tue", "--times", "10:00-12:00,12:00-14:00", "--capacity", 30)
    assert control.json(*command) == {"created_count": 8, "existing_count": 0}
    assert control.json(*command) == {"created_count": 0, "existing_count": 8}
    listed = control.json("slots", "list", "--orq", orq)["slots"]
    assert sorted({datetime.date.fromisoformat(slot["date"]).weekday() for slot in listed}) == [0, 1]
    assert {(slot["start_time"], slot["end_time"], slot["total_capacity"]) for slot in listed} == {
        ("10:00:00", "12:00:00", 30), ("12:00:00", "14:00:00", 30)}


def test_slots_list_is_whole(portal: Portal, control: Control):
    """slots list: more than one page holds"""
    orq = portal.stock.organization()
    first = datetime.date.today() + datetime.timedelta(days=30)
    times = ",".join(f"{hour:02}:{minute:02}-{hour:02}:{minute + 9:02}" for hour in range(6, 24) for minute in (0, 10, 20, 30, 40, 50))
    made = control.json(
        "slots", "generate", "--orq", orq, "--from", first.isoformat(), "--to", (first + datetime.timedelta(days=24)).isoformat(),
        "--weekdays", "mon,tue,wed,thu,fri,sat,sun", "--times", times, "--capacity", 1)["created_count"]
    assert made == 25 * 18 * 6
    listed = control.json("slots", "list", "--orq", orq)["slots"]
    assert len({slot["slot_id"] for slot in listed}) == len(listed) == made


def test_slots_close_and_open(portal: Portal, control: Control):
    """slots close|open ID"""
    slot, ticket = portal.stock.slot(), portal.stock.ticket()
    assert control.json("slots", "close", slot.id)["slots"][0]["status"] == "CLOSED"
    refused(portal.api.create(ticket.id, slot.id), 409, "SLOT_CLOSED")
    assert control.json("slots", "open", slot.id)["slots"][0]["status"] == "ACTIVE"
    accepted(portal.api.create(ticket.id, slot.id))
    failed(control.run("slots", "close", 2**53 - 1))


def test_slots_set_capacity(portal: Portal, control: Control):
    """slots set-capacity ID N"""
    slot = portal.stock.slot(capacity=3, booked=2)
    assert control.json("slots", "set-capacity", slot.id, 2)["slots"][0]["status"] == "FULL"
    refused(portal.api.create(portal.stock.ticket().id, slot.id), 409, "SLOT_FULL")
    assert control.json("slots", "set-capacity", slot.id, 3)["slots"][0]["status"] == "ACTIVE"
    failed(control.run("slots", "set-capacity", slot.id, 1), "2")


def test_status(portal: Portal, control: Control):
    """status"""
    before = control.json("status")
    assert before["writable"] is True and before["uptime_s"] >= 0 and len(before["instance_id"]) == 32
    accepted(portal.api.create(portal.stock.ticket().id, portal.stock.slot().id))
    after = control.json("status")
    assert after["instance_id"] == before["instance_id"]
    for name in ("reservation_count", "outbox_pending_count", "ticket_count", "slot_count"):
        assert after[name] == before[name] + 1, name
    assert after["commit_count"] > before["commit_count"] and after["database_bytes"] > 0
    assert "reservations" in succeeded(control.run("status"))


def test_doctor(portal: Portal, control: Control):
    """doctor"""
    findings = control.json("doctor")["findings"]
    assert len(findings) > 3 and all(finding["ok"] for finding in findings), findings
    text = succeeded(control.run("doctor"))
    assert all(finding["check"] in text for finding in findings)


def test_no_daemon(control: Control, tmp_path: Path):
    """every failure a non-zero exit and one clear line on stderr: nobody at the socket"""
    spoken = control.run("--timeout", "1", "status", socket_path=tmp_path / "nowhere.sock")
    failed(spoken, str(tmp_path / "nowhere.sock"))
    assert spoken.output == ""


def test_the_wrong_socket(portal: Portal, control: Control):
    """every failure …: another role's socket"""
    failed(control.run("organization", "list", socket_path=portal.daemon.socket("gateway")), "admin.sock")


@pytest.mark.parametrize("arguments", [
    ["nonsense"], ["slots"], ["slots", "nonsense"], ["slots", "create"], ["slots", "close"], ["slots", "close", "seven"], ["slots", "close", "-1"],
    ["slots", "set-capacity", "1"], ["tickets", "issue", "--orq", "1"], ["tickets", "issue", "--orq", "one", "--product", "1", "--order", "1", "--count", "1"],
    ["organization", "add"], ["organization", "set"], ["organization", "show"], ["status", "--nonsense"], ["slots", "create", "--orq", "1", "--date", "soon", "--start", "10:00", "--end", "11:00", "--capacity", "1"],
])
def test_what_cannot_be_understood(control: Control, arguments: list[str]):
    """every failure a non-zero exit and one clear line on stderr: the command line"""
    spoken = control.run(*arguments)
    failed(spoken)
    assert spoken.output == ""


def test_options_from_the_environment(portal: Portal, control: Control):
    """Every option also has an environment variable (RESERVATION_…)"""
    environment = clean_environment(RESERVATION_SOCKET=str(portal.daemon.socket("admin")), RESERVATION_JSON="1")
    import json
    import subprocess

    done = subprocess.run([control.programs.control, "organization", "list"], capture_output=True, env=environment, timeout=30)
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout)["organizations"]


def test_terminal_commands_in_names_are_not_obeyed(portal: Portal, control: Control):
    """what is printed cannot command the operator's terminal"""
    orq = 7100
    body = {"orq": orq, "time_zone": "UTC", "allow_started": False}
    assert portal.stock.peer.call("organization.add", body | {"name": "Bad\u001b[2Jname"}).status == "INVALID_REQUEST"
    portal.stock.peer.call("organization.add", body | {"name": "Bad\u202ename\u2028\u009b2J"})
    printed = succeeded(control.run("organization", "list"))
    assert not any(character in printed for character in "\u001b\u202e\u2028\u009b")


def test_works_while_the_daemon_restarts(make_portal: Callable[..., Portal]):
    """a command given while the daemon restarts waits for it"""
    import threading

    portal = make_portal().start()
    portal.daemon.stop()
    found: list[Spoken] = []
    waiting = threading.Thread(target=lambda: found.append(portal.control.run("--json", "organization", "list")))
    waiting.start()
    portal.restart_daemon()
    waiting.join(30)
    assert found[0].status == 0, found[0].error
