"""The QR code of a reservation, read by another program's eyes (zbarimg)."""

from __future__ import annotations

import base64
import io
import shutil
import subprocess
from pathlib import Path

import pytest
from PIL import Image

from portal.api import Api, accepted
from portal.stock import Stock, Ticket

pytestmark = pytest.mark.skipif(shutil.which("zbarimg") is None, reason="zbarimg (Debian: zbar-tools) is not installed")


@pytest.fixture(scope="module")
def booked(api: Api, stock: Stock) -> tuple[Ticket, bytes]:
    """A ticket and the PNG that came with its reservation."""
    ticket = stock.ticket()
    url = accepted(api.create(ticket.id, stock.slot().id))["qr_code"]
    prefix = "data:image/png;base64,"
    assert url.startswith(prefix)
    return ticket, base64.b64decode(url.removeprefix(prefix), validate=True)


def decoded(image: Image.Image, tmp_path: Path) -> str:
    path = tmp_path / "code.png"
    image.save(path)
    done = subprocess.run(["zbarimg", "--quiet", "--raw", "--nodbus", str(path)], capture_output=True, timeout=30)
    assert done.returncode == 0, done.stderr.decode()
    return done.stdout.decode().removesuffix("\n")


def picture(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data)).convert("L")


def module_size(image: Image.Image) -> int:
    """From the finder pattern: its top edge is seven dark modules."""
    width, height = image.size
    for y in range(height):
        row = [image.getpixel((x, y)) < 128 for x in range(width)]
        if any(row):
            start = row.index(True)
            length = next((n for n, dark in enumerate(row[start:]) if not dark), len(row) - start)
            assert length % 7 == 0, f"a finder pattern of {length} pixels"
            return length // 7
    raise AssertionError("no dark pixel at all")


def test_it_decodes_to_the_ticket_code(booked: tuple[Ticket, bytes], tmp_path: Path):
    """Verify QR code is valid and decodable; qr_code encodes exactly the ticket code and nothing else"""
    ticket, data = booked
    assert decoded(picture(data), tmp_path) == ticket.code


@pytest.mark.parametrize("scale", [0.5, 0.75, 1.5, 3])
def test_it_decodes_at_other_sizes(booked: tuple[Ticket, bytes], tmp_path: Path, scale: float):
    """readable by any scanner: scaled down and up as mail programs do"""
    ticket, data = booked
    image = picture(data)
    size = (round(image.width * scale), round(image.height * scale))
    assert decoded(image.resize(size, Image.Resampling.BILINEAR), tmp_path) == ticket.code


def test_it_decodes_on_a_dark_page(booked: tuple[Ticket, bytes], tmp_path: Path):
    """quiet zone kept: a dark page around the picture does not touch the code"""
    ticket, data = booked
    image = picture(data)
    page = Image.new("L", (image.width + 200, image.height + 200), 0)
    page.paste(image, (100, 100))
    assert decoded(page, tmp_path) == ticket.code


def test_the_quiet_zone_is_four_modules(booked: tuple[Ticket, bytes]):
    """quiet zone kept (ISO/IEC 18004: four modules on each side)"""
    image = picture(booked[1])
    assert image.width == image.height
    module = module_size(image)
    dark = image.point(lambda value: 255 if value < 128 else 0).getbbox()
    assert dark is not None
    margins = (dark[0], dark[1], image.width - dark[2], image.height - dark[3])
    assert min(margins) >= 4 * module, f"margins {margins}, module {module}"


def test_the_picture_is_black_on_opaque_white(booked: tuple[Ticket, bytes]):
    """readable by any scanner: nothing shows through on a dark page"""
    image = Image.open(io.BytesIO(booked[1]))
    assert image.format == "PNG"
    colours = {pixel for _, pixel in image.convert("RGBA").getcolors(maxcolors=16)}
    assert colours == {(0, 0, 0, 255), (255, 255, 255, 255)}


def test_every_ticket_has_its_own(api: Api, stock: Stock, tmp_path: Path):
    """QR code generated from ticket_code (not reservation_id)"""
    slot = stock.slot(capacity=5)
    for ticket in stock.tickets(5):
        url = accepted(api.create(ticket.id, slot.id))["qr_code"]
        assert decoded(picture(base64.b64decode(url.split(",")[1])), tmp_path) == ticket.code
