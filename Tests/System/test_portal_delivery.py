"""How the page is delivered: its weight, its caching, what it may do, what it says without scripts, and what is the organisation's own."""

from __future__ import annotations

import gzip
import io
import re
import time

import pytest
from PIL import Image, ImageDraw
from playwright.sync_api import expect

from portal.conditions import eventually
from portal.stock import Stock
from portal.system import Portal
from portal.venue import Venue

POLICY = {
    "default-src": "'none'", "script-src": "'self'", "style-src": "'self'", "connect-src": "'self'", "base-uri": "'none'",
    "form-action": "'none'", "frame-ancestors": "'none'"}


def policy(headers) -> dict[str, str]:
    parts = [part.strip().partition(" ") for part in headers["content-security-policy"].split(";")]
    return {name: value for name, _, value in parts}


def parts_of(html: str) -> list[str]:
    """The addresses that a document names."""
    return sorted(set(re.findall(r'(?:src|href)="(/[^"#]+)"', html)))


def picture(size: tuple[int, int] = (96, 48), colour: str = "#7a1fa2") -> bytes:
    image = Image.new("RGB", size, colour)
    ImageDraw.Draw(image).ellipse((8, 8, 40, 40), fill="white")
    stream = io.BytesIO()
    image.save(stream, "PNG")
    return stream.getvalue()


def test_the_pages_headers(portal: Portal):
    """Strict Content-Security-Policy without unsafe-inline, Referrer-Policy: no-referrer"""
    page = portal.api.client.get("/reserve")
    assert page.status_code == 200 and page.headers["content-type"].startswith("text/html")
    assert POLICY.items() <= policy(page.headers).items()
    assert set(policy(page.headers)["img-src"].split()) == {"'self'", "data:", "blob:"}
    assert "unsafe" not in page.headers["content-security-policy"] and "*" not in page.headers["content-security-policy"]
    assert page.headers["referrer-policy"] == "no-referrer"
    assert page.headers["x-content-type-options"] == "nosniff"
    # Another deployment's page must not come from a cache.
    assert "no-cache" in page.headers["cache-control"] or "no-store" in page.headers["cache-control"]
    assert "set-cookie" not in page.headers


def test_the_pages_parts_are_cached_by_their_content(portal: Portal):
    """embedded in the gateway's binary, cached by content hash; compressed where the browser takes it"""
    client = portal.api.client
    addresses = parts_of(client.get("/reserve").text)
    assert len(addresses) >= 4
    for address in addresses:
        reply = client.get(address, headers={"Accept-Encoding": "gzip"})
        assert reply.status_code == 200, address
        assert reply.headers["cache-control"] == "public, max-age=31536000, immutable", address
        assert reply.headers["x-content-type-options"] == "nosniff"
        assert "default-src 'none'" in reply.headers["content-security-policy"]
        # An icon of some lines gains nothing.
        if len(reply.content) > 1024:
            assert reply.headers["content-encoding"] == "gzip", address
            assert int(reply.headers["content-length"]) < len(reply.content)
        assert "accept-encoding" in reply.headers.get("vary", "").lower()
        plain = client.get(address, headers={"Accept-Encoding": "identity"})
        assert plain.content == reply.content and "content-encoding" not in plain.headers
        head = client.head(address, headers={"Accept-Encoding": "identity"})
        assert (head.status_code, head.headers["content-length"], head.content) == (200, str(len(plain.content)), b"")
    name = next(address for address in addresses if address.endswith("portal.js"))
    assert client.get(name.replace("portal.js", "nothing.js")).status_code == 404
    assert client.post(name).status_code == 405


def test_the_weight_of_it_all(portal: Portal, record_property):
    """under 60 KiB in all, whatever the language"""
    client = portal.api.client
    for language in ("en", "de", "es", "fr"):
        page = client.get(f"/reserve?lang={language}", headers={"Accept-Encoding": "identity"})
        # The scripts that others load stand in the header Link.
        addresses = {*parts_of(page.text), *re.findall(r"<([^>]+)>", page.headers["link"])}
        parts = {address: client.get(address, headers={"Accept-Encoding": "identity"}).content for address in addresses}
        raw = len(page.content) + sum(map(len, parts.values()))
        squeezed = len(gzip.compress(page.content)) + sum(len(gzip.compress(part)) for part in parts.values())
        print(f"\n{language}: {len(parts) + 1} files, {raw} bytes, about {squeezed} as sent with gzip")
        assert raw <= 60 * 1024
        assert "http://" not in page.text.replace("http://www.w3.org/2000/svg", "")
        record_property(f"bytes_{language}", raw)


def test_the_time_until_it_can_be_used(visitor, venue: Venue):
    """Weight and time: time to interactive on the 2-core machine"""
    times = []
    for _ in range(3):
        guest = visitor()
        start = time.monotonic()
        guest.open(venue.path)
        expect(guest.field("ticket_label")).to_be_editable()
        times.append(time.monotonic() - start)
        inner = guest.page.evaluate("performance.getEntriesByType('navigation')[0].domContentLoadedEventEnd")
        print(f"\ncan be used after {times[-1] * 1000:.0f} ms, by the browser's own clock {inner:.0f} ms")
    assert min(times) < 2, times


def test_nothing_is_loaded_twice_nor_from_elsewhere(visitor, venue: Venue):
    """no third-party request; a reload takes the parts from the cache"""
    guest = visitor().open(venue.path).at("ticket")
    assert all(url.startswith((guest.watch.host, "data:", "blob:")) for url in guest.watch.requests)
    assert len(set(guest.watch.requests)) == len(guest.watch.requests)
    sizes = "() => performance.getEntriesByType('resource').filter(one => one.transferSize > 0).map(one => one.name)"
    guest.page.reload()
    guest.at("ticket")
    assert [name for name in guest.page.evaluate(sizes) if "/api/" not in name] == []


def test_what_is_injected_is_refused_and_seen_by_these_tests(visitor, venue: Venue):
    """Strict Content-Security-Policy: also a proof that a violation would fail any test of the page"""
    guest = visitor().open(venue.path).at("ticket")
    guest.page.evaluate("""() => {
        const script = document.createElement("script")
        script.textContent = "window.injected = true"
        document.head.append(script)
        document.body.insertAdjacentHTML("beforeend", '<p style="color: red" onclick="window.injected = true" id="bait">x</p>')
        document.getElementById("bait").click()
    }""")
    assert guest.page.evaluate("window.injected") is None
    assert len([problem for problem in guest.watch.problems if "Content Security Policy" in problem]) >= 2
    guest.watch.problems.clear()


HOSTILE = """<img src=x onerror=alert(1)> </script><script>alert(2)</script> {organization} "'&amp; {{data}}"""


def test_markup_in_the_organizations_name_is_only_text(visitor, stock: Stock):
    """HTML injection in the organisation's name does nothing"""
    orq = stock.organization()
    stock.peer.must("organization.set", {"orq": orq, "name": HOSTILE, "website": "https://example.com/?a=1&b=2"})
    venue = Venue(stock, orq)
    guest = visitor().open(venue.path).at("ticket")
    expect(guest.page.get_by_role("banner").get_by_text(HOSTILE, exact=True)).to_be_visible()
    assert guest.page.locator("script").count() == 3
    assert guest.page.locator("img[src=x]").count() == 0
    expect(guest.page.get_by_role("contentinfo").get_by_role("link")).to_have_attribute("href", "https://example.com/?a=1&b=2")
    guest.to_done(venue.path, venue.ticket().code, venue.slot(10).date)
    expect(guest.page.get_by_text(HOSTILE, exact=True).filter(visible=True).first).to_be_visible()


def test_markup_in_what_is_typed_is_only_text(visitor, venue: Venue):
    guest = visitor().open(f"{venue.path}&ticket=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E").at("ticket")
    expect(guest.field("ticket_label")).to_have_value("<img src=x onerror=alert(1)>")
    assert guest.page.locator("img[src=x]").count() == 0


def test_without_scripts_the_venue_is_there_to_be_asked(visitor, stock: Stock):
    """JavaScript off shows a sentence with the venue's contact instead of a blank page"""
    orq = stock.organization()
    stock.peer.must("organization.set", {
        "orq": orq, "name": "Museum", "contact_email": "info@example.com", "contact_phone": "+4930123456", "website": "https://example.com/"})
    for locale in ("en-US", "de-DE"):
        guest = visitor(locale=locale, java_script_enabled=False).open(f"/reserve?orq={orq}")
        expect(guest.page.get_by_role("main")).to_contain_text(guest.words("noscript", organization="Museum"))
        for address in ("mailto:info@example.com", "tel:+4930123456", "https://example.com/"):
            expect(guest.page.get_by_role("main").locator(f'a[href="{address}"]')).to_be_visible()


def test_the_organizations_name_colour_and_logo(visitor, portal: Portal, stock: Stock, tmp_path):
    """The organisation's name, accent colour and logo come from its record (reservationctl organization set …)"""
    orq = stock.organization()
    guest = visitor().open(f"/reserve?orq={orq}").at("ticket")
    before = guest.button("next").evaluate("node => getComputedStyle(node).backgroundColor")
    logo = tmp_path / "logo.png"
    logo.write_bytes(picture())
    portal.control.json(
        "organization", "set", orq, "--name", "Museum of Bridges", "--accent-color", "#7A1FA2", "--logo", logo,
        "--contact-email", "info@example.com")

    def arrived() -> bool:
        guest.page.reload()
        return guest.at("ticket").page.get_by_role("banner").get_by_text("Museum of Bridges").is_visible()

    eventually("the new name is on the page", arrived, 15)
    expect(guest.page).to_have_title(re.compile("Museum of Bridges"))
    colour = guest.button("next").evaluate("node => getComputedStyle(node).backgroundColor")
    assert colour == "rgb(122, 31, 162)" != before
    image = guest.page.get_by_role("banner").locator("img")
    expect(image).to_be_visible()
    assert image.evaluate("node => [node.complete, node.naturalWidth]") == [True, 96]
    expect(guest.page.get_by_role("contentinfo").get_by_role("link", name="info@example.com")).to_be_visible()
    reply = portal.api.client.get(image.get_attribute("src") or "")
    assert reply.content == picture() and reply.headers["content-type"] == "image/png"
    assert "immutable" in reply.headers["cache-control"]
    portal.control.json("organization", "set", orq, "--clear", "logo", "--clear", "accent-color")

    def gone() -> bool:
        guest.page.reload()
        return guest.at("ticket").page.get_by_role("banner").locator("img").count() == 0

    eventually("the logo is gone", gone, 15)


@pytest.mark.parametrize("colour", ["#ffff00", "#000000", "#ffffff", "#7f7f7f"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_colour_that_cannot_be_read_is_made_readable(visitor, stock: Stock, colour: str, scheme: str):
    """contrast in light and dark scheme, whatever colour an organisation has chosen"""
    orq = stock.organization()
    stock.peer.must("organization.set", {"orq": orq, "accent_color": colour})
    guest = visitor(scheme=scheme).open(f"/reserve?orq={orq}").at("ticket")
    ratio = guest.button("next").evaluate("""node => {
        const style = getComputedStyle(node)
        const luminance = text => {
            const [red, green, blue] = text.match(/[\\d.]+/g).slice(0, 3).map(value => {
                const share = value / 255
                return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
            })
            return 0.2126 * red + 0.7152 * green + 0.0722 * blue
        }
        const both = [luminance(style.color), luminance(style.backgroundColor)].sort((one, other) => other - one)
        return (both[0] + 0.05) / (both[1] + 0.05)
    }""")
    assert ratio >= 4.5


def test_nothing_that_is_typed_comes_into_the_gateways_log(visitor, portal: Portal, venue: Venue):
    """codes are secrets and contacts are personal: neither the page's address nor its calls leave them in the log"""
    slot, ticket = venue.slot(10), venue.ticket()
    before = len(portal.gateway.log())
    visitor().to_done(venue.path, ticket.code, slot.date, email="very.private@example.com")
    # Requests that fail are logged with their path.
    portal.api.client.get(f"/reserve?orq=987654&ticket={ticket.code}")
    log = portal.gateway.log()[before:]
    assert "reservation.creation" in log
    for secret in (ticket.code, ticket.code.lower(), "very.private", "2025551234"):
        assert secret not in log


def test_an_unknown_organization_is_said_in_words(portal: Portal):
    """what every customer sees: also a wrong link ends on a page, not on a JSON document"""
    reply = portal.api.client.get("/reserve?orq=987654", headers={"Accept-Language": "de"})
    assert reply.status_code == 404 and reply.headers["content-type"].startswith("text/html")
    assert "<h1>" in reply.text and POLICY.items() <= policy(reply.headers).items()
