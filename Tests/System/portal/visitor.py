"""A person who books: finds everything by what it is called, as eyes and screen readers do."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from playwright.sync_api import Locator, Page, Route, expect

from .api import EMAIL, PHONE
from .browser import Device, Watch
from .words import Words

HEADINGS = {
    "ticket": "ticket_title", "contact": "contact_title", "time": "time_title", "confirm": "confirm_title", "done": "done_title"}


class Held:
    """Requests that have left the page and not yet the browser."""

    def __init__(self, page: Page):
        self.page = page
        self.routes: list[Route] = []

    def next(self) -> Route:
        wait_on(self.page, "a request is made", lambda: bool(self.routes))
        return self.routes.pop(0)


def wait_on(page: Page, what: str, check: Callable[[], bool], within: float = 15) -> None:
    """Waits while the browser's events go on to arrive, which they do only while Playwright is asked something."""
    until = time.monotonic() + within
    while not check():
        assert time.monotonic() < until, f"not within {within:g} s: {what}"
        page.wait_for_timeout(10)


class Visitor:
    def __init__(self, page: Page, watch: Watch, device: Device, locale: str):
        self.page = page
        self.watch = watch
        self.device = device
        self.locale = locale
        self.words = Words(locale.split("-")[0])

    def expects(self, *statuses: int, outage: bool = False) -> Visitor:
        """What the gateway may answer besides success, for a test that is about refusals or a dead connection."""
        self.watch.refusals |= set(statuses)
        self.watch.outage = self.watch.outage or outage
        return self

    # What is on the page

    def button(self, key: str, **values: object) -> Locator:
        return self.page.get_by_role("button", name=self.words(key, **values), exact=True)

    def field(self, key: str) -> Locator:
        return self.page.get_by_label(self.words(key), exact=True)

    def heading(self, step: str) -> Locator:
        return self.page.get_by_role("heading", name=self.words(HEADINGS[step]), level=1)

    def alert(self) -> Locator:
        return self.page.get_by_role("alert").filter(visible=True)

    def told(self, key: str) -> Locator:
        """A sentence about the connection, where everybody sees and hears it."""
        return self.page.get_by_role("status").filter(has_text=self.words(key), visible=True)

    def at(self, step: str) -> Visitor:
        expect(self.heading(step)).to_be_visible()
        here = self.page.get_by_role("list", name=self.words("steps")).get_by_role("listitem").filter(has_text=self.words(f"step_{step}"))
        expect(here).to_have_attribute("aria-current", "step")
        return self

    def long_date(self, date: str) -> str:
        """ "Friday, December 4, 2026", in the visitor's language. """
        return self.page.evaluate(
            "([date, locale]) => new Intl.DateTimeFormat(locale, {dateStyle: 'full', timeZone: 'UTC'}).format(new Date(date + 'T12:00Z'))",
            [date, self.locale])

    def day(self, date: str) -> Locator:
        return self.page.get_by_role("gridcell", name=re.compile("^" + re.escape(self.long_date(date))))

    def day_in_state(self, date: str, state: str) -> Locator:
        return self.page.get_by_role("gridcell", name=f"{self.long_date(date)}, {self.words(state)}", exact=True)

    def slots(self) -> Locator:
        return self.page.get_by_role("main").get_by_role("button").filter(has_text=self.words.pattern("booked"))

    def slot(self, start: str) -> Locator:
        """By its start as it is written: "12:00 PM"."""
        return self.slots().filter(has_text=re.compile(rf"^\s*{re.escape(start)}".replace(r"\ ", r"\s")))

    def shows(self, start: str, booked: int, total: int) -> None:
        expect(self.slot(start)).to_contain_text(self.words("booked", booked=booked, total=total))

    # What the network does

    @contextmanager
    def holding(self, pattern: str) -> Iterator[Held]:
        """The requests to an address wait until the test lets each go on, fail or be answered."""
        held = Held(self.page)

        def hold(route: Route) -> None:
            held.routes.append(route)

        self.page.route(pattern, hold)
        yield held
        self.page.unroute(pattern, hold)

    def altering(self, pattern: str, **changes: object) -> None:
        """Once, a request says something else than the page: what only the server can refuse."""

        def alter(route: Route) -> None:
            route.continue_(post_data={**route.request.post_data_json, **changes})

        self.page.route(pattern, alter, times=1)

    # What a person does

    def open(self, path: str) -> Visitor:
        self.page.goto(path)
        return self

    def press(self, what: Locator) -> None:
        what.tap() if self.device.touch else what.click()

    def enter_code(self, code: str) -> None:
        self.field("ticket_label").fill(code)
        self.press(self.button("next"))

    def enter_contact(self, email: str = EMAIL, phone: str = PHONE) -> None:
        self.field("email_label").fill(email)
        self.field("phone_label").fill(phone)
        self.press(self.button("next"))

    def choose(self, date: str, start: str) -> None:
        self.press(self.day(date))
        self.press(self.slot(start))

    def change(self, key: str) -> None:
        self.press(self.page.get_by_role("button", name=f"{self.words('change')}: {self.words(key)}", exact=True))

    def tab_to(self, what: Locator, backwards: bool = False) -> None:
        """By the Tab key alone."""
        for _ in range(40):
            self.page.keyboard.press("Shift+Tab" if backwards else "Tab")
            if what.evaluate("node => node === document.activeElement"):
                return
        raise AssertionError(f"Tab does not lead to {what}")

    # Ways to a step

    def to_contact(self, path: str, code: str) -> Visitor:
        self.open(f"{path}{'&' if '?' in path else '?'}ticket={code}")
        return self.at("contact")

    def to_time(self, path: str, code: str, email: str = EMAIL, phone: str = PHONE) -> Visitor:
        self.to_contact(path, code).enter_contact(email, phone)
        return self.at("time")

    def to_confirm(self, path: str, code: str, date: str, start: str = "12:00 PM", email: str = EMAIL) -> Visitor:
        self.to_time(path, code, email).choose(date, start)
        return self.at("confirm")

    def to_done(self, path: str, code: str, date: str, start: str = "12:00 PM", email: str = EMAIL) -> Visitor:
        self.press(self.to_confirm(path, code, date, start, email).button("book"))
        return self.at("done")


__all__ = ["Visitor"]
