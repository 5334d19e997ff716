"""What an operator watches the portal with: Prometheus' rules, their runbook, Grafana's dashboard."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from pathlib import Path

import pytest
import yaml

from portal.figures import HISTOGRAMS, PLAIN, selectors, unknown
from portal.programs import REPOSITORY

OBSERVABILITY = REPOSITORY / "deploy" / "observability"
RULES = OBSERVABILITY / "reservation-portal.rules.yml"
DASHBOARD = OBSERVABILITY / "grafana-dashboard.json"

# The card's five, and what an operator of this design must know.
ALERTS = {
    "ReservationValidationFailures", "ReservationSlotsFull", "ReservationCreationSlow", "ReservationConfirmationFailures",
    "ReservationRollbacks",
    "ReservationServerErrors", "ReservationManyTurnedAway", "ReservationGatewayDown", "ReservationDaemonDown", "ReservationMetricsMissing",
    "ReservationRestarts", "ReservationOverloaded", "ReservationQueueLong", "ReservationDescriptorsScarce", "ReservationOutboxStuck",
    "ReservationDeadLetters", "ReservationMailerPaused", "ReservationReadOnly", "ReservationDiskAlmostFull", "ReservationDiskFilling",
    "ReservationBackupTooOld"}

RECORDED = {
    "reservation:conversion_rate", "reservation:slot_full_rate", "reservation:email_confirmation_success_rate",
    "reservation:validation_failure_rate", "reservation:rollback_rate",
    *(f"reservation:{name}_latency_seconds:{part}"
      for name in ("ticket_validation", "reservation_creation") for part in ("p50", "p95", "p99"))}


def rules() -> list[dict]:
    return [rule for group in yaml.safe_load(RULES.read_text())["groups"] for rule in group["rules"]]


def alerts() -> dict[str, dict]:
    return {rule["alert"]: rule for rule in rules() if "alert" in rule}


def dashboard() -> dict:
    return json.loads(DASHBOARD.read_text())


def queries() -> list[str]:
    return [target["expr"] for panel in dashboard()["panels"] for target in panel.get("targets", [])]


def promtool(*arguments: str | Path) -> str:
    if shutil.which("promtool") is None:
        pytest.skip("promtool (Debian: prometheus) is not installed")
    done = subprocess.run(
        ["promtool", *map(str, arguments)], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=100)
    said = done.stdout + done.stderr
    assert done.returncode == 0, said[-3000:]
    return said


# ---------------------------------------------------------------------------------------------------
# Rules


def test_prometheus_takes_the_configuration():
    """promtool check config, which checks the rules as well"""
    said = promtool("check", "config", OBSERVABILITY / "prometheus.yml")
    assert f"{len(rules())} rules found" in said


@pytest.mark.timeout(240)
@pytest.mark.parametrize("file", sorted((OBSERVABILITY / "tests").glob("*.yml")), ids=lambda file: file.stem)
def test_rules_do_what_they_say(file: Path):
    """promtool test rules: each alert fires, each stays silent"""
    promtool("test", "rules", file)


def test_each_alert_is_tested_both_ways():
    """there is a case in which it fires and one in which it does not"""
    fires, silent = set(), set()
    for file in (OBSERVABILITY / "tests").glob("*.yml"):
        for case in yaml.safe_load(file.read_text())["tests"]:
            for asked in case["promql_expr_test"]:
                match = re.fullmatch(r'ALERTS\{alertname="(\w+)",alertstate="firing"\}', asked["expr"])
                if match is None:
                    continue
                assert case["name"].startswith(match[1] + (" fires: " if asked["exp_samples"] else " stays silent: ")), case["name"]
                (fires if asked["exp_samples"] else silent).add(match[1])
    assert fires == ALERTS
    assert silent == ALERTS


def test_the_alerts_are_all_there():
    """none was lost, and every figure that others rely on is recorded"""
    assert set(alerts()) == ALERTS
    assert {rule["record"] for rule in rules() if "record" in rule} == RECORDED


@pytest.mark.parametrize("name", sorted(ALERTS))
def test_each_alert_says_what_to_do(name: str):
    """severity, summary, description, and a runbook whose heading exists"""
    alert = alerts()[name]
    assert alert["labels"]["severity"] in {"critical", "warning"}
    words = alert["annotations"]
    assert set(words) == {"summary", "description", "runbook"}
    assert words["summary"] and not words["summary"].endswith(".")
    assert words["description"].endswith(".") or words["description"].endswith("}}")
    assert not re.search(r"\w+_\w+", re.sub(r"\{\{.*?\}\}", "", words["description"])), "a metric's name is no plain word"
    page, _, heading = words["runbook"].partition("#")
    sections = runbook(REPOSITORY / page)
    assert heading == name.lower()
    assert 2 <= len(sections[name]) <= 5, f"the runbook of {name} has {len(sections[name])} lines"


def test_the_runbook_has_no_heading_too_many():
    """every section is some alert's, every link within the page leads somewhere"""
    page = OBSERVABILITY / "README.md"
    assert set(runbook(page)) == ALERTS
    for target in re.findall(r"\]\(#([\w-]+)\)", page.read_text()):
        assert target in {name.lower() for name in ALERTS}, target


def runbook(page: Path) -> dict[str, list[str]]:
    """The lines under each third heading."""
    sections: dict[str, list[str]] = {}
    for part in re.split(r"^### ", page.read_text(), flags=re.MULTILINE)[1:]:
        title, _, text = part.partition("\n")
        sections[title] = [line for line in text.split("\n## ")[0].splitlines() if line]
    return sections


# ---------------------------------------------------------------------------------------------------
# Names


def test_rules_speak_of_metrics_that_exist():
    """names, labels and what labels can say"""
    assert [problem for rule in rules() for problem in unknown(rule["expr"], RECORDED)] == []


def test_rule_tests_feed_metrics_that_exist():
    """a test with a misspelt series would test nothing"""
    fed = [
        series["series"] for file in (OBSERVABILITY / "tests").glob("*.yml") for case in yaml.safe_load(file.read_text())["tests"]
        for series in case["input_series"]]
    assert [problem for series in fed for problem in unknown(series, set())] == []


def test_dashboard_speaks_of_metrics_that_exist():
    assert [problem for expression in queries() for problem in unknown(expression, RECORDED)] == []


def test_dashboard_shows_every_metric():
    """whatever is told can be seen, by itself or in a recorded figure"""
    shown = {name for expression in queries() for name, _ in selectors(expression)}
    shown |= {name for rule in rules() if rule.get("record") in shown for name, _ in selectors(rule["expr"])}
    told = set(PLAIN) | {f"{name}_bucket" for name in HISTOGRAMS}
    assert told - shown == set()


@pytest.mark.parametrize(("expression", "problems"), [
    ('sum by (reason) (rate(ticket_validation_count_total{result="invalid"}[5m]))', []),
    ('sum(ticket_validations_total)', ["ticket_validations_total is no metric"]),
    ('reservationd_queue_depth{role="x"} > 5', ["reservationd_queue_depth has no label role"]),
    ('reservationd_outbox_entries{state=~"pending|dead"}', ["state of reservationd_outbox_entries is never =~pending|dead"]),
])
def test_names_are_looked_for(expression: str, problems: list[str]):
    """the search finds what it should"""
    assert unknown(expression, set()) == problems


# ---------------------------------------------------------------------------------------------------
# Dashboard


def test_dashboard_asks_what_prometheus_understands(directory: Path):
    """every query is PromQL, with Grafana's own variables put in"""
    stand_ins = {"$__range": "1h", "$__rate_interval": "5m", "$job": "reservation-portal"}
    asked = []
    for number, expression in enumerate(queries()):
        for variable, value in stand_ins.items():
            expression = expression.replace(variable, value)
        assert "$" not in expression
        asked.append({"record": f"dashboard:{number}", "expr": expression})
    file = directory / "queries.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "dashboard", "rules": asked}]}))
    assert f"{len(asked)} rules found" in promtool("check", "rules", file)


def test_dashboard_has_the_card_s_panels():
    """funnel, failure reasons as a pie, bookings over time as lines, time to complete as a histogram"""
    panels = {panel["title"]: panel for panel in dashboard()["panels"]}
    assert [target["legendFormat"] for target in panels["Reservation funnel"]["targets"]] == [
        "Validated tickets", "Contact verified", "Reservations created"]
    assert panels["Top failure reasons"]["type"] == "piechart"
    assert panels["Reservation rate"]["type"] == "timeseries"
    histogram = panels["Time to complete a reservation"]["targets"][0]
    assert histogram["format"] == "heatmap" and "by (le)" in histogram["expr"]
    assert "Average time to complete" in panels


def test_dashboard_can_be_imported():
    """ids are unique, nothing lies upon another, and no data source but the chosen one is named"""
    board = dashboard()
    assert board["schemaVersion"] >= 37 and "id" not in board
    assert [variable["name"] for variable in board["templating"]["list"]] == ["datasource", "job"]
    ids = [panel["id"] for panel in board["panels"]]
    assert len(set(ids)) == len(ids)
    taken: set[tuple[int, int]] = set()
    for panel in board["panels"]:
        place = panel["gridPos"]
        assert place["x"] + place["w"] <= 24, panel["title"]
        cells = {(x, y) for x in range(place["x"], place["x"] + place["w"]) for y in range(place["y"], place["y"] + place["h"])}
        assert not cells & taken, panel["title"]
        taken |= cells
        if panel["type"] != "row":
            assert panel["targets"], panel["title"]
            assert all(source["datasource"] == {"type": "prometheus", "uid": "${datasource}"} for source in (panel, *panel["targets"]))
