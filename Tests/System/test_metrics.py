"""What the programs count, as it stands on the gateway's metrics address, and as a real Prometheus gets it."""

from __future__ import annotations

import json
import re
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import httpx
import pytest

from portal.api import Api
from portal.browser import PHONE, Browsers
from portal.conditions import eventually
from portal.mail_server import MailServer
from portal.programs import REPOSITORY, free_port
from portal.scraping import Figures, Prometheus, is_installed, prometheus, steady
from portal.system import Portal
from test_confirmations import mailing, plain

OBSERVABILITY = REPOSITORY / "deploy" / "observability"
LATENCY_BOUNDS = 17


class Watched:
    """A system whose gateway serves its figures."""

    def __init__(self, portal: Portal, port: int):
        self.portal, self.port = portal, port
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{port}", timeout=30, trust_env=False)

    @property
    def api(self) -> Api:
        return self.portal.api

    def figures(self) -> Figures:
        response = self.client.get("/metrics")
        assert response.status_code == 200
        assert response.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
        return Figures(response.text)


@pytest.fixture
def watched(make_portal: Callable[..., Portal]) -> Iterator[Watched]:
    port = free_port()
    one = Watched(make_portal().start("--metrics-listen", f"127.0.0.1:{port}"), port)
    eventually("the metrics address is served", lambda: reachable(port))
    yield one
    one.client.close()


def reachable(port: int) -> bool:
    try:
        socket.create_connection(("127.0.0.1", port), 5).close()
        return True
    except OSError:
        return False


def load(portal: Portal) -> None:
    """A load whose counts are known: see `test_a_known_load_is_counted_exactly`."""
    api, stock = portal.api, portal.stock
    slot, full = stock.slot(capacity=50), stock.slot(capacity=1, booked=1)
    tickets = stock.tickets(8)
    for ticket in tickets:
        assert api.validate(ticket.code).status_code == 200
    for code, status in (("TKT-2025-NOBODY-HASTHI", 400), ("nonsense", 400), (7, 400)):
        assert api.validate(code).status_code == status
    assert api.validate(stock.ticket("EXPIRED").code).status_code == 400
    for ticket in tickets[:6]:
        assert api.verify(ticket.id).status_code == 200
    assert api.verify(tickets[6].id, email="nobody").status_code == 400
    for ticket in tickets[:5]:
        assert api.create(ticket.id, slot.id).status_code == 200
    assert api.create(tickets[5].id, full.id).status_code == 409
    assert api.create(tickets[6].id, full.id).status_code == 409
    assert api.create(tickets[0].id, slot.id).status_code == 409
    assert api.create(tickets[7].id, 4_000_000_000).status_code == 404
    assert api.create(tickets[7].id, slot.id, phone="1").status_code == 400
    assert api.validate(tickets[0].code).status_code == 409
    assert api.client.get("/api/reservations/create").status_code == 405
    assert api.available(date=slot.date).status_code == 200


def test_a_known_load_is_counted_exactly(watched: Watched):
    """a known load over HTTP gives exactly the expected counts, each reason under its own name"""
    load(watched.portal)
    figures = watched.figures()
    assert figures.nonzero("ticket_validation_count_total") == {
        ("NONE", "valid"): 8, ("TICKET_NOT_FOUND", "invalid"): 1, ("INVALID_TICKET_CODE", "invalid"): 1, ("INVALID_REQUEST", "invalid"): 1,
        ("TICKET_EXPIRED", "invalid"): 1, ("TICKET_ALREADY_RESERVED", "invalid"): 1}
    assert figures.nonzero("contact_verification_count_total") == {("valid",): 6, ("invalid",): 1}
    assert figures.nonzero("reservation_creation_count_total") == {
        ("NONE", "success"): 5, ("SLOT_FULL", "slot_full"): 2, ("TICKET_ALREADY_RESERVED", "already_reserved"): 1,
        ("SLOT_NOT_FOUND", "refused"): 1, ("INVALID_CONTACT", "invalid"): 1}
    http = figures.nonzero("gateway_http_requests_total")
    assert {key: http[key] for key in http if key[0] in ("validate", "verify_contact", "create", "available")} == {
        ("validate", "200"): 8, ("validate", "400"): 4, ("validate", "409"): 1, ("verify_contact", "200"): 6, ("verify_contact", "400"): 1,
        ("create", "200"): 5, ("create", "409"): 3, ("create", "404"): 1, ("create", "400"): 1, ("create", "405"): 1,
        ("available", "200"): 1}
    assert figures.value("reservation_completion_seconds_count") == 5
    assert figures.value("ticket_validation_latency_seconds_count") == 13
    assert figures.value("reservation_creation_latency_seconds_count") == 10
    # What the gateway refuses itself never reaches the daemon; one of the bookings is the harness's own.
    requests = figures.nonzero("reservationd_requests_total")
    assert requests[("ticket.validate", "OK")] == 8 and requests[("ticket.validate", "TICKET_EXPIRED")] == 1
    assert requests[("reservation.create", "OK")] == 6 and requests[("reservation.create", "SLOT_FULL")] == 2
    assert figures.value("reservationd_request_duration_seconds_count", operation="ticket.validate") == 11
    assert ("reservation.create", "UNAVAILABLE") not in requests


def test_what_is_measured_is_sensible(watched: Watched):
    """gauges say what is there; quantiles lie where the work does; what has not happened is nought and not absent"""
    began = time.time()
    load(watched.portal)
    figures = watched.figures()
    assert set(figures.types.values()) == {"counter", "gauge", "histogram"}
    assert figures.value("gateway_daemon_up") == 1 and figures.value("reservationd_writable") == 1
    status = watched.portal.stock.status()
    assert figures.value("reservationd_tickets") == status["ticket_count"]
    assert figures.value("reservationd_reservations") == status["reservation_count"] == 6
    assert figures.value("reservationd_outbox_entries", state="pending") == 6
    assert figures.value("reservationd_outbox_entries", state="leased") == 0
    assert figures.value("reservationd_database_bytes") == status["database_bytes"]
    assert figures.value("reservationd_disk_free_bytes") > 1e6 and figures.value("reservationd_wal_bytes") >= 0
    assert figures.value("reservationd_last_backup_timestamp_seconds") == 0
    assert figures.value("reservationd_connections", role="gateway") >= 1
    assert figures.value("reservationd_queue_depth") >= 0 and figures.value("gateway_connections") >= 1
    assert abs(figures.value("reservationd_start_time_seconds") - began) < 120
    commits = figures.value("reservationd_commits_total", result="committed")
    assert commits == figures.value("reservationd_batch_size_count") == figures.value("reservationd_commit_duration_seconds_count") >= 6
    assert figures.value("reservationd_commits_total", result="rolled_back") == 0
    for name in ("ticket_validation_latency_seconds", "reservation_creation_latency_seconds", "reservationd_commit_duration_seconds"):
        assert 0 < figures.quantile(name, 0.5) <= figures.quantile(name, 0.99) <= 10
        assert len(figures.all(f"{name}_bucket")) == LATENCY_BOUNDS
        assert 0 < figures.value(f"{name}_sum") < 30
    for program in ("reservationd", "reservation-gateway"):
        assert 1e6 < figures.value("process_resident_memory_bytes", program=program) < 500e6
        assert figures.value("process_cpu_seconds_total", program=program) > 0
        assert figures.value("process_open_fds", program=program) > 5
        assert abs(figures.value("process_start_time_seconds", program=program) - began) < 120
        assert figures.value("reservation_build_info", program=program) == 1
    for absent in ({"result": "error", "reason": "UNAVAILABLE"}, {"result": "rate_limited", "reason": "RATE_LIMITED"}):
        assert figures.value("reservation_creation_count_total", **absent) == 0
    assert figures.value("email_confirmation_count_total", result="sent") == 0


def test_labels_come_from_fixed_sets(watched: Watched):
    """however wildly somebody asks, there are no more series"""

    def wild(number: int) -> int:
        watched.portal.api.client.get(f"/wild/{number}")
        watched.portal.api.client.request(f"METHOD{number}", "/api/tickets/validate")
        watched.portal.api.validate(f"{number}")
        with watched.portal.peer("service") as peer:
            assert not peer.call(3000 + number).ok
        return len(watched.figures().samples)

    # The first time each kind shows, and the scrape itself.
    wild(0)
    before = wild(1)
    assert [wild(number) for number in range(2, 8)] == [before] * 6
    assert watched.figures().value("reservationd_requests_total", operation="other", status="UNKNOWN_OPERATION") == 8


def test_rate_limits_are_counted(make_portal: Callable[..., Portal]):
    """who guesses codes shows as limited"""
    port = free_port()
    portal = make_portal()
    portal.daemon.start()
    portal.stock.organization(orq=1)
    portal.gateway.start("--metrics-listen", f"127.0.0.1:{port}", "--failed-validations-per-minute", "3")
    statuses = [portal.api.validate("TKT-2025-NOBODY-HASTHI").status_code for _ in range(5)]
    assert statuses == [400, 400, 400, 429, 429]
    with httpx.Client(trust_env=False) as client:
        figures = Figures(client.get(f"http://127.0.0.1:{port}/metrics").text)
    assert figures.value("gateway_rate_limited_total", limit="validation") == 2
    assert figures.value("ticket_validation_count_total", result="invalid", reason="RATE_LIMITED") == 2


def test_mails_are_counted_where_they_are_known(watched: Watched):
    """the daemon counts what became of confirmations, the mailer what providers said; an idle mailer says nothing more"""
    portal = watched.portal
    slot = portal.stock.slot()
    with MailServer() as server, mailing(portal, plain(server)) as mailer:
        eventually("the mailer has reported", lambda: watched.figures().all("reservation_mailer_paused"), 30)
        for ticket in portal.stock.tickets(3):
            assert portal.api.create(ticket.id, slot.id, email=f"guest{ticket.id}@example.com").status_code == 200
        eventually("all are sent", lambda: len(server.received) == 3, 30)
        figures = eventually(
            "the mailer reports what it sent",
            lambda: (now := watched.figures()).total("reservation_mailer_deliveries_total", transport="smtp", result="accepted") == 3 and now,
            40)
        assert figures.value("email_confirmation_count_total", result="sent") == 3
        assert figures.value("reservation_mailer_paused") == 0
        assert figures.value("reservation_mailer_delivery_duration_seconds_count", transport="smtp") == 3
        assert figures.value("process_resident_memory_bytes", program="reservation-mailer") > 1e6
        asked = reports(watched)
        first = watched.figures().value("gateway_report_age_seconds", program="reservation-mailer")
        eventually(
            "the report grows old, since nothing happens",
            lambda: watched.figures().value("gateway_report_age_seconds", program="reservation-mailer") > first + 12, 40)
        assert reports(watched) <= asked + 1
        assert mailer.running
    eventually("with its connection its figures are gone", lambda: not watched.figures().all("reservation_mailer_paused"), 20)


def reports(watched: Watched) -> float:
    return watched.figures().total("reservationd_requests_total", operation="metrics.report", status="OK")


def test_a_mailer_reports_again_after_a_restart_of_the_daemon(watched: Watched, tmp_path: Path):
    """the daemon keeps reports in memory only, and an idle mailer notices that it is another"""
    with mailing(watched.portal, f"directory:{tmp_path}"):
        eventually("the mailer has reported", lambda: watched.figures().all("reservation_mailer_paused"), 30)
        watched.portal.daemon.kill()
        assert not watched.figures().all("reservation_mailer_paused")
        watched.portal.restart_daemon()
        eventually("the mailer reports again", lambda: watched.figures().all("reservation_mailer_paused"), 60)


def test_outcomes_of_mails_that_a_mailer_reports_by_hand(watched: Watched):
    """sent, retried and failed are counted once each, however often a report is repeated; leased messages are those that are held"""
    portal = watched.portal
    portal.stock.book(portal.stock.slot(), portal.stock.tickets(4))
    with portal.peer("service") as peer:
        leased = peer.must("outbox.lease", {"limit": 3, "lease_ms": 600_000, "wait_ms": 0})["deliveries"]
        entries = eventually(
            "what is held is told", lambda: held(watched, 3) and watched.figures().nonzero("reservationd_outbox_entries"))
        assert entries == {("leased",): 3, ("pending",): 1}
        sent, again, given_up = ({"outbox_id": one["outbox_id"], "lease_id": one["lease_id"]} for one in leased)
        for _ in range(2):
            peer.must("outbox.done", sent)
        peer.must("outbox.retry", again | {"retry_after_ms": 600_000, "detail": "later"})
        peer.must("outbox.dead_letter", given_up | {"detail": "never"})
    figures = eventually("nothing is held", lambda: held(watched, 0) and watched.figures())
    assert figures.nonzero("email_confirmation_count_total") == {("sent",): 1, ("retried",): 1, ("failed",): 1}
    assert figures.nonzero("reservationd_outbox_entries") == {("pending",): 2, ("dead_letter",): 1}


def held(watched: Watched, count: int) -> bool:
    return watched.figures().value("reservationd_outbox_entries", state="leased") == count


def test_reports_cannot_be_forged(watched: Watched):
    """what another program's figures would be is refused, and so is what is no exposition; a ninth reporter hears OVERLOADED"""
    good = "# HELP reservation_mailer_paused P.\n# TYPE reservation_mailer_paused gauge\nreservation_mailer_paused 0\n"
    with watched.portal.peer("service") as peer:
        for program, text in (
            ("reservationd", good), ("reservation-mailer", good.replace("reservation_mailer_paused", "reservationd_writable")),
            ("reservation-mailer", good.replace("reservation_mailer_paused", "gateway_daemon_up")),
            ("reservation-mailer", good + "x 1\n"), ("reservation-mailer", "x" * 65_537),
        ):
            answer = peer.call("metrics.report", {"program": program, "text": text})
            assert answer.status == "INVALID_REQUEST", answer
    assert not watched.figures().all("reservation_mailer_paused")
    peers = [watched.portal.peer("service") for _ in range(9)]
    try:
        statuses = [peer.call("metrics.report", {"program": "reservation-mailer", "text": good}).status for peer in peers]
        assert statuses == ["OK"] * 8 + ["OVERLOADED"]
        figures = watched.figures()
        assert len(figures.all("reservation_mailer_paused")) == 8
        assert figures.value("reservation_mailer_paused", program="reservation-mailer-2") == 0
    finally:
        for peer in peers:
            peer.close()
    eventually("with the connections the reports are gone", lambda: not watched.figures().all("reservation_mailer_paused"))


def test_without_the_daemon(watched: Watched):
    """daemon away: still 200, up 0, within a second; the page says so in words; afterwards everything is there again"""
    load(watched.portal)
    assert watched.figures().value("gateway_daemon_up") == 1
    watched.portal.daemon.kill()
    began = time.monotonic()
    figures = watched.figures()
    # The promise is one second; the rest is for a machine that is busy with something else.
    assert time.monotonic() - began < 3
    assert figures.value("gateway_daemon_up") == 0
    assert figures.total("reservation_creation_count_total", result="success") == 5
    assert not figures.all("reservationd_writable")
    assert "The daemon does not answer" in watched.client.get("/").text
    watched.portal.restart_daemon()
    eventually("the daemon's figures are back", lambda: watched.figures().value("gateway_daemon_up") == 1)


def test_the_metrics_address(watched: Watched):
    """GET and HEAD of /metrics and /, anything else 404, other methods 405; none of it at the public address"""
    client = watched.client
    for path, kind in (("/metrics", "text/plain; version=0.0.4"), ("/", "text/html")):
        got, head = client.get(path), client.head(path)
        assert (got.status_code, head.status_code, head.content) == (200, 200, b"")
        assert got.headers["content-type"].startswith(kind) and head.headers["content-type"] == got.headers["content-type"]
        assert int(head.headers["content-length"]) > 500 and int(got.headers["content-length"]) == len(got.content)
        assert got.headers["cache-control"] == "no-store" and got.headers["content-security-policy"].startswith("default-src 'none'")
        refused = client.post(path)
        assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")
    assert client.get("/metrics?x=1").status_code == 200
    for path in ("/metrics/", "/reserve", "/healthz", "/api/tickets/validate", "/metrics/..%2f"):
        assert client.get(path).status_code == 404, path
    assert watched.portal.api.client.get("/metrics").status_code == 404
    assert "metrics" not in watched.portal.api.client.get("/").text


def test_it_is_off_by_default(own: Portal):
    """without --metrics-listen nothing more is listened on"""
    assert "metrics.listening" not in own.gateway.log()


@pytest.mark.timeout(300)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_page_shows_it_as_pictures(watched: Watched, browsers: Browsers, scheme: str, request: pytest.FixtureRequest):
    """one page without scripts and without anything from elsewhere: funnel, reasons, histogram, latencies, what is wrong; on a phone too"""
    load(watched.portal)
    with browsers.window(f"http://127.0.0.1:{watched.port}", scheme=scheme) as (page, watch):
        page.goto("/")
        for title in ("Funnel", "Reasons of failures", "Time to complete a reservation"):
            picture = page.locator(f'svg[aria-label="{title}"]')
            box = picture.bounding_box()
            assert box and box["width"] > 200 and box["height"] > 60, title
        shown = page.inner_text("body")
        assert "Reservations: 5" in shown and "Contacts verified: 6, 75 % of the first" in shown and "Tickets validated: 8" in shown
        assert "SLOT_FULL: 2" in shown and "No mailer reports" in shown
        assert re.search(r"Validation\s+[\d.]+ m?s\s+[\d.]+ m?s\s+[\d.]+ m?s\s+13", shown)
        # The style was allowed: without it the sections have no borders.
        assert page.eval_on_selector("section", "one => getComputedStyle(one).borderTopWidth") == "1px"
        assert len(page.screenshot(full_page=True, timeout=60_000)) > 10_000
        assert set(watch.requests) <= {f"http://127.0.0.1:{watched.port}/", f"http://127.0.0.1:{watched.port}/favicon.ico"}
        assert not [problem for problem in watch.problems if "favicon" not in problem]
    if scheme == "light":
        with browsers.window(f"http://127.0.0.1:{watched.port}", PHONE) as (page, _):
            page.goto("/")
            assert page.evaluate("document.documentElement.scrollWidth") <= 390


# ---------------------------------------------------------------------------------------------------
# A real Prometheus

# Card, section 7: each metric as the expression that tells it.
CARD = {
    "ticket.validation.count": 'sum by (result, reason) (ticket_validation_count_total)',
    "ticket.validation.latency": 'histogram_quantile(0.5, sum by (le) (rate(ticket_validation_latency_seconds_bucket[1m])))',
    "ticket.validation.latency P95": 'histogram_quantile(0.95, sum by (le) (rate(ticket_validation_latency_seconds_bucket[1m])))',
    "ticket.validation.latency P99": 'histogram_quantile(0.99, sum by (le) (rate(ticket_validation_latency_seconds_bucket[1m])))',
    "reservation.creation.count": 'sum by (result) (reservation_creation_count_total)',
    "reservation.creation.latency": 'histogram_quantile(0.5, sum by (le) (rate(reservation_creation_latency_seconds_bucket[1m])))',
    "reservation.creation.latency P95": 'histogram_quantile(0.95, sum by (le) (rate(reservation_creation_latency_seconds_bucket[1m])))',
    "reservation.creation.latency P99": 'histogram_quantile(0.99, sum by (le) (rate(reservation_creation_latency_seconds_bucket[1m])))',
    "reservation.conversion.rate":
        'sum(rate(reservation_creation_count_total{result="success"}[1m])) / sum(rate(ticket_validation_count_total{result="valid"}[1m]))',
    "slot.full.rate":
        'sum(rate(reservation_creation_count_total{result="slot_full"}[1m])) / sum(rate(reservation_creation_count_total[1m]))',
    "email.confirmation.success.rate":
        'sum(increase(email_confirmation_count_total{result="sent"}[1m])) '
        '/ sum(increase(email_confirmation_count_total{result=~"sent|failed"}[1m]))',
}


def rule_files() -> list[Path]:
    """Whatever rules there are: files that Prometheus reads as such."""
    return [path for path in sorted(OBSERVABILITY.rglob("*.yml")) if path.read_text(encoding="utf-8").lstrip("#- \n").startswith("groups:")
            or "\ngroups:" in path.read_text(encoding="utf-8")] if OBSERVABILITY.is_dir() else []


def expressions() -> list[tuple[str, str]]:
    """(where, PromQL) of every dashboard, with Grafana's variables filled in."""
    found: list[tuple[str, str]] = []

    def walk(node: object, path: str) -> None:
        if isinstance(node, dict):
            if isinstance(node.get("expr"), str):
                found.append((path, node["expr"]))
            for key, value in node.items():
                walk(value, f"{path} {node.get('title', '')}".strip() if key != "title" else path)
        elif isinstance(node, list):
            for value in node:
                walk(value, path)

    for dashboard in sorted(OBSERVABILITY.rglob("*.json")) if OBSERVABILITY.is_dir() else []:
        walk(json.loads(dashboard.read_text(encoding="utf-8")), dashboard.name)
    filled = []
    for where, expression in found:
        for variable, value in (("$job", "reservation-portal"), ("$__rate_interval", "1m"), ("$__range", "1m"), ("$__interval", "15s")):
            expression = expression.replace(f"{variable}", value).replace("${" + variable[1:] + "}", value)
        filled.append((where, expression))
    return filled


@pytest.mark.skipif(not is_installed(), reason="prometheus (Debian: prometheus) is not installed")
@pytest.mark.timeout(300)
def test_a_real_prometheus(watched: Watched, tmp_path: Path):
    """a real Prometheus scrapes a running stack: every metric of the card is there with a sensible value after a known load, the recording
    rules are recorded, and every query of the dashboards returns data"""
    portal = watched.portal
    slot, full = portal.stock.slot(capacity=10_000), portal.stock.slot(capacity=1, booked=1)
    tickets = iter(portal.stock.tickets(900))

    def visit() -> None:
        one, two, three = next(tickets), next(tickets), next(tickets)
        for ticket in (one, two, three):
            portal.api.validate(ticket.code)
            portal.api.verify(ticket.id)
        portal.api.validate("TKT-2025-NOBODY-HASTHI")
        assert portal.api.create(one.id, slot.id, email=f"guest{one.id}@example.com").status_code == 200
        assert portal.api.create(two.id, slot.id, email=f"guest{two.id}@example.com").status_code == 200
        assert portal.api.create(three.id, full.id).status_code == 409

    with mailing(portal, f"directory:{tmp_path}"), prometheus(tmp_path, watched.port, rule_files()) as server:
        eventually("the mailer has reported", lambda: watched.figures().all("reservation_mailer_paused"), 30)
        eventually("the first scrape", lambda: server.query('up{job="reservation-portal"} == 1'), 60)
        steady(20, visit)
        # The mailer tells what it has done at most every ten seconds; then Prometheus must have come by.
        eventually(
            "Prometheus has it all",
            lambda: server.query('sum(reservation_mailer_deliveries_total{result="accepted"}) > 10'), 60)
        check_card(server)
        check_rules(server)
        missing = [(where, expression) for where, expression in expressions() if not answers(server, expression)]
        assert not missing, "\n".join(f"{where}: {expression}" for where, expression in missing)


def check_card(server: Prometheus) -> None:
    for metric, expression in CARD.items():
        found = eventually(metric, lambda e=expression: server.query(e), 30)
        assert all(one["value"][1] not in ("NaN", "+Inf") for one in found), (metric, found)
    assert 0.4 < server.value(CARD["reservation.conversion.rate"]) < 0.9
    assert 0.2 < server.value(CARD["slot.full.rate"]) < 0.45
    assert server.value(CARD["email.confirmation.success.rate"]) == 1
    assert 0 < server.value(CARD["ticket.validation.latency"]) <= server.value(CARD["ticket.validation.latency P99"]) < 10
    assert server.value("scrape_samples_scraped") > 300


def check_rules(server: Prometheus) -> None:
    """Every recorded series is there, and no rule fails."""
    groups = server.ask("rules")["groups"]
    failing = [(rule["name"], rule["lastError"]) for group in groups for rule in group["rules"] if rule.get("lastError")]
    assert not failing
    for name in {rule["name"] for group in groups for rule in group["rules"] if rule["type"] == "recording"}:
        eventually(f"{name} is recorded", lambda n=name: server.query(n), 60)


def answers(server: Prometheus, expression: str) -> bool:
    """Whether a query of a dashboard returns data; what shows only alerts that fire may show none."""
    if expression.startswith("ALERTS"):
        server.query(expression)
        return True
    try:
        return bool(eventually("data", lambda: server.query(expression), 15))
    except AssertionError:
        return False
