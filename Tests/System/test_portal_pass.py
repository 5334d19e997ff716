"""The last step: what a customer takes along. The QR code, the appointment, the printed ticket."""

from __future__ import annotations

import datetime
import io
import re
import shutil
import subprocess
from pathlib import Path
from zoneinfo import ZoneInfo

import icalendar
import pytest
from PIL import Image, ImageEnhance
from playwright.sync_api import expect

from portal.browser import DESKTOP, PHONE, Device
from portal.stock import Stock, Ticket
from portal.venue import Venue
from portal.visitor import Visitor

needs_zbarimg = pytest.mark.skipif(shutil.which("zbarimg") is None, reason="zbarimg (Debian: zbar-tools) is not installed")


def decoded(image: Image.Image, path: Path) -> str:
    image.convert("L").save(path)
    done = subprocess.run(["zbarimg", "--quiet", "--raw", "--nodbus", str(path)], capture_output=True, timeout=30)
    assert done.returncode == 0, f"no code in {path}: {done.stderr.decode()}"
    return done.stdout.decode().removesuffix("\n")


def booked(guest: Visitor, venue: Venue, *slot: str, email: str = "jane@example.com") -> Ticket:
    """A visit, at noon of a day unless told otherwise."""
    ticket = venue.ticket()
    made = venue.slot(*slot) if slot else venue.slot(10)
    start = datetime.time.fromisoformat(made.start_time).strftime("%I:%M %p").lstrip("0")
    guest.to_done(venue.path, ticket.code, made.date, start, email)
    return ticket


def downloaded(guest: Visitor, key: str) -> tuple[str, bytes]:
    with guest.page.expect_download() as download:
        guest.press(guest.page.get_by_role("link", name=guest.words(key), exact=True))
    return download.value.suggested_filename, Path(download.value.path()).read_bytes()


@needs_zbarimg
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("device", [DESKTOP, PHONE], ids=lambda device: device.name)
def test_the_code_on_the_screen_is_read_by_a_scanner(visitor, venue: Venue, tmp_path: Path, device: Device, scheme: str):
    """QR large and crisp (also on a dimmed phone): decoded from a screenshot of the whole screen"""
    guest = visitor(device, scheme=scheme)
    ticket = booked(guest, venue)
    guest.page.get_by_role("img", name=guest.words("qr", code=ticket.code)).scroll_into_view_if_needed()
    screen = Image.open(io.BytesIO(guest.page.screenshot()))
    assert decoded(screen, tmp_path / "screen.png") == ticket.code
    assert decoded(ImageEnhance.Brightness(screen).enhance(0.25), tmp_path / "dimmed.png") == ticket.code
    box = guest.page.get_by_role("img", name=guest.words("qr", code=ticket.code)).bounding_box()
    assert box is not None and box["width"] >= 240, box


@needs_zbarimg
def test_the_downloaded_code_is_the_same(visitor, venue: Venue, tmp_path: Path):
    """download QR as PNG"""
    guest = visitor()
    ticket = booked(guest, venue)
    name, data = downloaded(guest, "save_qr")
    assert name.endswith(".png")
    image = Image.open(io.BytesIO(data))
    assert image.format == "PNG"
    assert decoded(image, tmp_path / "downloaded.png") == ticket.code


def test_the_code_is_copied(visitor, venue: Venue):
    """copy code"""
    guest = visitor()
    ticket = booked(guest, venue)
    guest.press(guest.button("copy"))
    expect(guest.button("copied")).to_be_visible()
    assert guest.page.evaluate("navigator.clipboard.readText()") == ticket.code


def test_the_code_is_copied_where_there_is_no_clipboard_for_the_page(visitor, venue: Venue):
    """… also by a page that came by plain HTTP, where browsers offer no clipboard"""
    guest = visitor()
    guest.page.add_init_script("Object.defineProperty(navigator, 'clipboard', {value: undefined})")
    ticket = booked(guest, venue)
    guest.press(guest.button("copy"))
    expect(guest.button("copied")).to_be_visible()
    guest.open("about:blank").open(f"{venue.path}")
    reader = guest.page.context.new_page()
    reader.goto("/healthz")
    assert reader.evaluate("navigator.clipboard.readText()") == ticket.code


def test_it_prints_as_one_clean_page(visitor, venue: Venue, tmp_path: Path):
    """print as a clean one-page ticket: the venue, the date, the code, and nothing to press"""
    guest = visitor(scheme="dark")
    ticket = booked(guest, venue)
    guest.page.emulate_media(media="print")
    for kind in ("button", "link", "navigation"):
        expect(guest.page.get_by_role(kind)).to_have_count(0)  # type: ignore[arg-type]
    for fact in (ticket.code, venue.name):
        expect(guest.page.get_by_text(fact, exact=True).filter(visible=True)).to_be_visible()
    data = guest.page.pdf(format="A4", path=tmp_path / "ticket.pdf")
    assert len(re.findall(rb"/Type\s*/Page\b", data)) == 1
    asked = guest.page.evaluate("() => { window.printed = 0; window.print = () => window.printed++; }")
    assert asked is None
    guest.page.emulate_media(media="screen")
    guest.press(guest.button("print"))
    assert guest.page.evaluate("window.printed") == 1


def events(data: bytes) -> list[icalendar.Event]:
    return [part for part in icalendar.Calendar.from_ical(data).walk("VEVENT") if isinstance(part, icalendar.Event)]


def next_sunday_of_change(month: int, zone: str) -> datetime.date:
    """The last Sunday of a month to come, on which the clocks of Europe are changed."""
    today = datetime.datetime.now(ZoneInfo(zone)).date()
    for year in (today.year, today.year + 1):
        last = datetime.date(year, month, 31)
        sunday = last - datetime.timedelta((last.weekday() + 1) % 7)
        if sunday > today:
            return sunday
    raise AssertionError


@pytest.mark.parametrize(("zone", "day", "start", "end"), [
    ("Europe/Berlin", "january", "12:00", "14:00"),
    ("Europe/Berlin", "july", "12:00", "14:00"),
    ("America/New_York", "july", "19:30", "23:00"),
    ("Asia/Kolkata", "january", "09:00", "10:30"),
    # Over the hour that the clocks skip, in which no slot can begin, and from the one they show twice on (RFC 5545, section 3.3.5).
    ("Europe/Berlin", "spring", "01:30", "04:00"),
    ("Europe/Berlin", "autumn", "02:30", "04:00"),
])
def test_the_appointment_is_at_the_slots_instants(visitor, stock: Stock, zone: str, day: str, start: str, end: str):
    """add to calendar (an RFC 5545 .ics with UID, DTSTAMP, TZID/VTIMEZONE or UTC done right), by a visitor somewhere else"""
    year = datetime.date.today().year + 1
    date = {
        "january": datetime.date(year, 1, 15), "july": datetime.date(year, 7, 15), "spring": next_sunday_of_change(3, zone),
        "autumn": next_sunday_of_change(10, zone)}[day]
    venue = Venue(stock, stock.organization(zone), zone)
    guest = visitor(time_zone="Australia/Lord_Howe")
    ticket = booked(guest, venue, date.isoformat(), start, end)
    _, data = downloaded(guest, "add_to_calendar")
    [event] = events(data)
    for name, time in (("DTSTART", start), ("DTEND", end)):
        local = datetime.datetime.combine(date, datetime.time.fromisoformat(time), ZoneInfo(zone))
        assert event.decoded(name).astimezone(datetime.UTC) == local.astimezone(datetime.UTC), name
        assert event.decoded(name).tzinfo is not None
    assert ticket.code in event["DESCRIPTION"]


def test_the_appointment_is_well_formed(visitor, stock: Stock):
    """RFC 5545: CRLF, lines of at most 75 bytes folded between characters, escaped text, UID and DTSTAMP"""
    orq = stock.organization()
    name = "Müseum, “Haus; der\\Künste” – mit einem sehr langen Namen, der in keine einzelne Zeile der Datei passt 日本"
    stock.peer.must("organization.set", {"orq": orq, "name": name, "contact_email": "info@example.com", "contact_phone": "+4930123456"})
    venue = Venue(stock, orq)
    guest = visitor(PHONE)
    before = datetime.datetime.now(datetime.UTC).replace(microsecond=0)
    booked(guest, venue)
    filename, data = downloaded(guest, "add_to_calendar")
    assert filename.endswith(".ics")
    assert b"\n" not in data.replace(b"\r\n", b"") and data.endswith(b"\r\n")
    lines = data.removesuffix(b"\r\n").split(b"\r\n")
    assert max(map(len, lines)) <= 75
    for line in lines:
        line.decode("utf-8")
    assert any(line.startswith(b" ") for line in lines)
    [event] = events(data)
    assert name in str(event["SUMMARY"])
    assert "@" in event["UID"] and len(event["UID"]) > 10
    assert before <= event.decoded("DTSTAMP") <= datetime.datetime.now(datetime.UTC) + datetime.timedelta(seconds=2)


def test_the_same_visit_is_the_same_appointment(visitor, venue: Venue):
    """UID: added twice it is in the calendar once, and two visits are two"""
    guest = visitor()
    booked(guest, venue)
    first = events(downloaded(guest, "add_to_calendar")[1])[0]["UID"]
    guest.page.reload()
    assert events(downloaded(guest.at("done"), "add_to_calendar")[1])[0]["UID"] == first
    other = visitor()
    booked(other, venue, venue.day(11))
    assert events(downloaded(other, "add_to_calendar")[1])[0]["UID"] != first
