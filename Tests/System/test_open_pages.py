"""Live places over HTTP, many at once: /api/reservation-slots/events."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from portal.conditions import eventually
from portal.system import Portal

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "Benchmark"))

from open_pages import Holder  # noqa: E402

PAGES = 500


@contextmanager
def held(portal: Portal, month: str, count: int = PAGES) -> Iterator[Holder]:
    holder = Holder(portal.gateway.port, month, count)
    try:
        yield holder
    finally:
        holder.process.kill()
        holder.process.wait()


def test_every_open_page_knows_the_last_state(own: Portal):
    """counts update without reload; thousands of open pages must not cost a query each"""
    slot = own.stock.slot(capacity=10_000)
    with held(own, slot.date[:7]) as holder:
        before = own.stock.status()["request_count"]
        for capacity in range(9_000, 9_020):
            last = f'"total_capacity":{capacity},'
            if capacity == 9_019:
                holder.ask(last)
            own.stock.peer.must("slots.set_capacity", {"slot_id": slot.id, "total_capacity": capacity})
        assert len(holder.said()) == PAGES
        asked = own.stock.status()["request_count"] - before
        # The twenty changes, the status, the watchdog: nothing for the pages.
        assert asked < 40, asked
        said = holder.end()
        assert said["lost"] == 0
        # Of twenty changes in a moment a page hears the first and the last, and not many between.
        assert said["events"] <= 5 * PAGES
    eventually("the seats are free again", lambda: own.gateway.open_files() < 100)


def test_pages_go_on_over_a_restart_of_the_daemon(own: Portal):
    """after a lost subscription each page is told to ask anew, and hears of what comes then"""
    slot = own.stock.slot(capacity=10)
    with held(own, slot.date[:7], 50) as holder:
        holder.ask("event: refresh")
        own.daemon.kill()
        own.restart_daemon()
        assert len(holder.said()) == 50
        holder.ask('"total_capacity":11,')
        own.stock.peer.must("slots.set_capacity", {"slot_id": slot.id, "total_capacity": 11})
        assert len(holder.said()) == 50
        assert holder.end()["lost"] == 0


def test_one_page_too_many_is_told_to_ask_instead(make_portal):
    """over the limit of open streams: 503 with Retry-After; a stream that ends makes room"""
    own = make_portal().start("--open-page-limit", "3")
    slot = own.stock.slot()
    path = f"/api/reservation-slots/events?month={slot.date[:7]}"
    with held(own, slot.date[:7], 3):
        refused = own.api.client.get(path)
        assert refused.status_code == 503 and refused.headers["retry-after"] == "60"
        assert refused.json()["error"]["code"] == "UNAVAILABLE"

    def is_open() -> bool:
        with own.api.client.stream("GET", path) as reply:
            return reply.status_code == 200

    eventually("there is room again", is_open)


def test_the_gateway_stops_in_spite_of_open_pages(own: Portal):
    """an orderly stop ends the streams; no page holds it up"""
    slot = own.stock.slot()
    with held(own, slot.date[:7], 20):
        assert own.gateway.stop() == 0


@pytest.mark.parametrize("query", ["", "?month=2026-13", "?month=november", "?month=2026-11&month=2026-12"])
def test_no_such_month(portal: Portal, query: str):
    """INVALID_REQUEST with the field"""
    reply = portal.api.get(f"/api/reservation-slots/events{query}")
    assert reply.status_code == 400
    assert [problem["field"] for problem in reply.json()["error"]["validation_errors"]] == ["month"]
