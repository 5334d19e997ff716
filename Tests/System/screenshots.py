"""Pictures of every step of the portal, with demonstration data, for the README and for whoever changes the page.

    screenshots.py --programs DIR OUTPUT

Writes STEP-DEVICE-SCHEME.png for the steps at both sizes, in the light and in the dark scheme. deploy/screenshots.sh calls it.
"""

from __future__ import annotations

import argparse
import io
import sys
from pathlib import Path

from PIL import Image, ImageDraw

sys.path.insert(0, str(Path(__file__).resolve().parent))

from portal.browser import DESKTOP, PHONE, Browsers, Device  # noqa: E402
from portal.programs import Programs  # noqa: E402
from portal.system import Portal  # noqa: E402
from portal.venue import Venue  # noqa: E402
from portal.visitor import Visitor  # noqa: E402

TIMES = (("10:00", "12:00"), ("12:00", "14:00"), ("14:00", "16:00"), ("16:00", "18:00"))


def logo() -> bytes:
    """Waves below a sun, in the venue's colour."""
    size = 192
    picture = Image.new("RGBA", (size, size))
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((0, 0, size - 1, size - 1), 40, fill="#0b6e75")
    draw.ellipse((66, 30, 126, 90), fill="#ffd166")
    for row in range(3):
        for column in range(-1, 4):
            left, top = 48 * column + (24 if row % 2 else 0), 96 + 26 * row
            draw.arc((left, top, left + 48, top + 28), 0, 180, fill="white", width=9)
    data = io.BytesIO()
    picture.save(data, "PNG", optimize=True)
    return data.getvalue()


def furnish(portal: Portal) -> Venue:
    """A museum by the harbour, with a month that shows every state a day can have."""
    stock = portal.stock
    orq = stock.organization()
    stock.peer.must("organization.set", {
        "orq": orq, "name": "Harbour Museum", "accent_color": "#0b6e75", "logo": logo().hex(), "contact_email": "visit@museum.example",
        "contact_phone": "+493012345678", "website": "https://museum.example"})
    venue = Venue(stock, orq)
    for number in range(1, venue.days_in_month + 1):
        if number % 7 == 5:
            continue
        for index, (start, end) in enumerate(TIMES):
            capacity = 20
            booked = {0: 20, 1: 17 + index % 3}.get(number % 6, (number * 5 + index * 7) % 15)
            venue.slot(number, start, end, capacity, min(booked, capacity))
    return venue


def walk(guest: Visitor, venue: Venue, output: Path, name: str) -> None:
    """The whole way, with a picture of each step."""
    ticket = venue.ticket()

    def picture(step: str) -> None:
        guest.page.screenshot(path=output / f"{step}-{name}.png", full_page=True)

    guest.open(venue.path).at("ticket")
    guest.field("ticket_label").fill(ticket.code)
    picture("ticket")
    guest.press(guest.button("next"))
    guest.at("contact")
    guest.field("email_label").fill("jane@example.com")
    guest.field("phone_label").fill("+49 30 1234567")
    picture("contact")
    guest.press(guest.button("next"))
    guest.at("time").press(guest.day(venue.day(10)))
    guest.slots().first.wait_for()
    guest.page.mouse.move(0, 0)
    picture("calendar")
    guest.press(guest.slots().nth(1))
    guest.at("confirm")
    picture("confirm")
    guest.press(guest.button("book"))
    guest.at("done")
    picture("done")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--programs", type=Path, required=True)
    parser.add_argument("output", type=Path)
    options = parser.parse_args()
    options.output.mkdir(parents=True, exist_ok=True)
    portal = Portal(Programs(options.programs))
    browsers = Browsers(options.output)
    try:
        portal.start()
        venue = furnish(portal)
        for device in (DESKTOP, PHONE):
            for scheme in ("light", "dark"):
                with browsers.window(portal.gateway.url, device, scheme=scheme) as (page, watch):
                    walk(Visitor(page, watch, Device(device.name, device.width, device.height, device.touch), "en-US"), venue, options.output,
                         f"{device.name}-{scheme}")
                    assert not watch.problems, watch.problems
    finally:
        browsers.end()
        portal.stop()
        portal.discard()
    print(f"The pictures are in {options.output}.")


if __name__ == "__main__":
    main()
