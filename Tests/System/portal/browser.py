"""Debian's Chromium, driven by Playwright, and what must never go wrong in it, whatever a test is about."""

from __future__ import annotations

import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, Playwright, Request, Response, expect, sync_playwright

# A busy machine is no failure; a test waits for conditions, and this only bounds the wait.
PATIENCE = 15_000
# What the visitor's browser says by itself of a reply with an error status; the replies are watched themselves.
OF_A_REPLY = re.compile(r"Failed to load resource|EventSource's response has a (status|MIME type)")


def chromium() -> str | None:
    return shutil.which("chromium")


@dataclass(frozen=True)
class Device:
    name: str
    width: int
    height: int
    touch: bool = False

    def options(self) -> dict:
        size = {"width": self.width, "height": self.height}
        options: dict = {"viewport": size, "screen": size, "has_touch": self.touch, "is_mobile": self.touch}
        # As phones are; also what makes a screenshot as sharp as the screen is.
        return options | ({"device_scale_factor": 2} if self.touch else {})


DESKTOP = Device("desktop", 1280, 900)
PHONE = Device("phone", 390, 844, touch=True)
NARROW = Device("narrow", 320, 700, touch=True)


@dataclass
class Watch:
    """Everything that happens in one context and should not."""

    host: str
    refusals: set[int] = field(default_factory=set)
    outage: bool = False
    problems: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def asked(self, path: str) -> list[str]:
        """The requests to a path, in order."""
        return [url for url in self.requests if url.removeprefix(self.host).partition("?")[0] == path]

    def begin(self, context: BrowserContext) -> None:
        context.on("console", self._console)
        context.on("weberror", lambda error: self.problems.append(f"error on the page: {error.error}"))
        context.on("request", self._request)
        context.on("response", self._response)
        context.on("requestfailed", self._failed)

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning") and not OF_A_REPLY.search(message.text):
            self.problems.append(f"console: {message.text}")

    def _request(self, request: Request) -> None:
        self.requests.append(request.url)
        if not request.url.startswith((self.host, "data:", "blob:")):
            self.problems.append(f"a request to another host: {request.url}")

    def _response(self, response: Response) -> None:
        expected = self.refusals | ({502, 503, 504} if self.outage else set())
        if response.status >= 400 and response.status not in expected:
            self.problems.append(f"{response.status} for {response.request.method} {response.url}")

    def _failed(self, request: Request) -> None:
        # The page ends its own event stream whenever it leaves the calendar, and a document's requests end with it. What the policy
        # forbids is said on the console; here it is also what a browser without scripts does not load.
        if not self.outage and request.failure not in ("net::ERR_ABORTED", "csp"):
            self.problems.append(f"{request.failure} for {request.method} {request.url}")


class Browsers:
    """One browser process for the session; each visitor has a context, as a private window of their own."""

    def __init__(self, pictures: Path):
        self.pictures = pictures
        self._playwright: Playwright | None = None
        self._browser: Browser | None = None

    @property
    def browser(self) -> Browser:
        if self._browser is None:
            expect.set_options(timeout=PATIENCE)
            self._playwright = sync_playwright().start()
            self._browser = self._playwright.chromium.launch(
                executable_path=chromium(),
                args=[
                    "--no-sandbox", "--disable-gpu", "--disable-quic", "--disable-background-networking",
                    "--disable-component-update", "--no-proxy-server"])
        return self._browser

    @contextmanager
    def window(
        self, host: str, device: Device = DESKTOP, *, locale: str = "en-US", time_zone: str = "Europe/Berlin", scheme: str = "light",
        motion: str = "no-preference", **options,
    ) -> Iterator[tuple[Page, Watch]]:
        """A fresh context and its first page; nothing of it is left afterwards."""
        context = self.browser.new_context(
            **device.options(), locale=locale, timezone_id=time_zone, color_scheme=scheme, reduced_motion=motion,  # type: ignore[arg-type]
            base_url=host, permissions=["clipboard-read", "clipboard-write"], **options)
        try:
            context.set_default_timeout(PATIENCE)
            watch = Watch(host)
            watch.begin(context)
            yield context.new_page(), watch
        finally:
            context.close()

    def picture(self, page: Page, name: str) -> Path:
        """What is on the page now, for who looks for the cause of a failure."""
        self.pictures.mkdir(parents=True, exist_ok=True)
        path = self.pictures / f"{re.sub(r'[^A-Za-z0-9]+', '-', name).strip('-')[:120]}.png"
        page.screenshot(path=path, full_page=True, timeout=5000)
        return path

    def end(self) -> None:
        if self._browser is not None:
            self._browser.close()
        if self._playwright is not None:
            self._playwright.stop()


__all__ = ["DESKTOP", "NARROW", "PHONE", "Browsers", "Device", "Watch", "chromium"]
