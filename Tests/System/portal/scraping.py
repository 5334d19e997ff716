"""Prometheus' text format as a stranger reads it, and a Prometheus of one's own."""

from __future__ import annotations

import json
import re
import shutil
import time
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from .conditions import eventually
from .programs import Program, ProgramEnded, clean_environment, free_port

_LINE = re.compile(r'^([a-zA-Z_:][\w:]*)(?:\{((?:[a-zA-Z_]\w*="(?:[^"\\\n]|\\["\\n])*",?)*)\})? (\S+)$')
_LABEL = re.compile(r'([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"')


@dataclass(frozen=True)
class Sample:
    name: str
    labels: frozenset[tuple[str, str]]
    value: float


class Figures:
    """One scrape. Whatever breaks the format fails at once: each family once, its HELP and TYPE first, no series twice."""

    def __init__(self, text: str):
        assert text.endswith("\n")
        self.text = text
        self.types: dict[str, str] = {}
        self.samples: list[Sample] = []
        family, helped = "", set()
        seen = set()
        for line in text.splitlines():
            if line.startswith("# HELP "):
                family = line.split(" ")[2]
                assert family not in helped, f"{family} has two HELP lines"
                helped.add(family)
                continue
            if line.startswith("# TYPE "):
                _, _, name, kind = line.split(" ")
                assert name == family and name not in self.types, line
                self.types[name] = kind
                continue
            match = _LINE.match(line)
            assert match, f"not a sample: {line!r}"
            name, labels, value = match.groups()
            base = re.sub(r"_(bucket|sum|count)$", "", name) if self.types[family] == "histogram" else name
            assert base == family, f"{name} stands under {family}"
            key = (name, frozenset(_LABEL.findall(labels or "")))
            assert key not in seen, f"{line} stands twice"
            seen.add(key)
            self.samples.append(Sample(*key, float(value)))

    def all(self, name: str, **labels: str) -> list[Sample]:
        return [sample for sample in self.samples if sample.name == name and labels.items() <= dict(sample.labels).items()]

    def total(self, name: str, **labels: str) -> float:
        return sum(sample.value for sample in self.all(name, **labels))

    def value(self, name: str, **labels: str) -> float:
        found = self.all(name, **labels)
        assert len(found) == 1, f"{name} {labels}: {found}"
        return found[0].value

    def nonzero(self, name: str) -> dict[tuple[str, ...], float]:
        """By the values of their labels in the labels' order."""
        return {tuple(value for _, value in sorted(one.labels)): one.value for one in self.all(name) if one.value}

    def quantile(self, name: str, wanted: float, **labels: str) -> float:
        """The upper bound of the bucket in which the quantile lies."""
        buckets = sorted((float(dict(one.labels)["le"]), one.value) for one in self.all(f"{name}_bucket", **labels))
        assert buckets and buckets[-1][1] > 0, f"nothing in {name}"
        return next(bound for bound, count in buckets if count >= wanted * buckets[-1][1])


class Prometheus(Program):
    """Debian's Prometheus, on loopback and in a directory of its own."""

    name = "prometheus"

    def __init__(self, directory: Path, target: int, rules: list[Path]):
        super().__init__(directory / "prometheus.log")
        self.directory = directory
        self.port = free_port()
        self.configuration = directory / "prometheus.yml"
        self.configuration.write_text(json.dumps({
            "global": {"scrape_interval": "1s", "scrape_timeout": "1s", "evaluation_interval": "1s"},
            "rule_files": [str(rule) for rule in rules],
            "scrape_configs": [{"job_name": "reservation-portal", "static_configs": [{"targets": [f"127.0.0.1:{target}"]}]}],
        }))

    def start(self) -> Prometheus:
        self.launch(
            [
                "prometheus", f"--config.file={self.configuration}", f"--storage.tsdb.path={self.directory / 'tsdb'}",
                f"--web.listen-address=127.0.0.1:{self.port}", "--log.level=warn"], clean_environment())
        eventually("prometheus is ready", self._ready, 60)
        return self

    def _ready(self) -> bool:
        if not self.running:
            raise ProgramEnded(self)
        try:
            with self._open("/-/ready") as answer:
                return answer.status == 200
        except OSError:
            return False

    def _open(self, path: str):
        # No proxy of this machine's environment stands between a test and a loopback port.
        return urllib.request.build_opener(urllib.request.ProxyHandler({})).open(f"http://127.0.0.1:{self.port}{path}", timeout=30)

    def ask(self, path: str, **query: str) -> dict:
        with self._open(f"/api/v1/{path}?{urllib.parse.urlencode(query)}") as answer:
            said = json.load(answer)
        assert said["status"] == "success", said
        return said["data"]

    def query(self, expression: str) -> list[dict]:
        return self.ask("query", query=expression)["result"]

    def value(self, expression: str) -> float:
        found = self.query(expression)
        assert len(found) == 1, f"{expression}: {found}"
        return float(found[0]["value"][1])


@contextmanager
def prometheus(directory: Path, target: int, rules: list[Path]) -> Iterator[Prometheus]:
    running = Prometheus(directory, target, rules).start()
    try:
        yield running
    finally:
        running.stop()


def is_installed() -> bool:
    return shutil.which("prometheus") is not None


def steady(seconds: float, step) -> None:
    """Repeats a load for so long: rates want to see something go on."""
    until = time.monotonic() + seconds
    while time.monotonic() < until:
        step()
        time.sleep(0.05)


__all__ = ["Figures", "Prometheus", "is_installed", "prometheus", "steady"]
