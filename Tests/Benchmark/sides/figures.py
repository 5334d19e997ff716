"""The figures as tables: those that are promised, with their ratios, and all that were measured."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Promise:
    """A row of DESIGN's section 6."""

    what: str
    figure: str
    against: str
    value: float
    bound: float
    # Whether the value must be at least the bound, or below it.
    at_least: bool = True
    unit: str = "×"

    @property
    def kept(self) -> bool:
        return self.value >= self.bound if self.at_least else self.value < self.bound

    def row(self) -> str:
        bound = f"{'≥' if self.at_least else '<'} {self.bound:g} {self.unit}"
        cells = (self.what, self.figure, self.against, f"{_number(self.value)} {self.unit}", bound, "yes" if self.kept else "**no**")
        return f"| {' | '.join(cells)} |"

    def json(self) -> dict:
        return {
            "what": self.what, "figure": self.figure, "against": self.against, "value": round(self.value, 3), "bound": self.bound,
            "at_least": self.at_least, "unit": self.unit, "kept": self.kept}


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def rate(run: dict) -> str:
    return f"{run['per_second']:,}/s"


def promises_table(promises: list[Promise]) -> str:
    head = "| what | figure | against | ratio or value | promised | kept |\n| --- | --- | --- | --- | --- | --- |"
    return "\n".join([head, *[promise.row() for promise in promises]])


def runs_table(runs: list[tuple[str, dict]]) -> str:
    """Every run of reservation-bench; latencies in milliseconds."""
    head = (
        "| run | a second | P50 | P95 | P99 | P99.9 | requests a commit | ms a commit | daemon's µs a request |\n"
        "| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: | ---: |")
    return "\n".join([head, *[_run_row(name, run) for name, run in runs]])


def _run_row(name: str, run: dict) -> str:
    latency = [f"{run['latency_ns'][key] / 1e6:.2f}" for key in ("p50", "p95", "p99", "p999")]
    commits = run.get("commits", 0)
    batch = f"{run['accepted'] / commits:.1f}" if commits else ""
    commit = f"{run['commit_us'] / commits / 1000:.2f}" if commits else ""
    spent = f"{run['peer_cpu_ns'] / run['answered'] / 1000:.1f}" if run.get("peer_cpu_ns") else ""
    return f"| {name} | {run['per_second']:,} | {' | '.join(latency)} | {batch} | {commit} | {spent} |"
