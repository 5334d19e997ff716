"""deploy/quickstart.sh with programs that are built already, and the README's own lines against its demonstration."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import socket
import subprocess
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from portal.audit import Audit
from portal.conditions import eventually
from portal.programs import REPOSITORY, Program, Programs, clean_environment, free_port

pytestmark = pytest.mark.skipif(
    os.geteuid() != 0 and shutil.which("dpkg-query") is None, reason="quickstart.sh is for Debian")


class Quickstart(Program):
    name = "quickstart.sh"

    def __init__(self, programs: Programs, directory: Path):
        super().__init__(directory / "quickstart.log")
        self.programs, self.data, self.port, self.metrics_port = programs, directory / "data", free_port(), free_port()

    def start(self, *arguments: str) -> Quickstart:
        self.launch(
            [
                REPOSITORY / "deploy" / "quickstart.sh", "--port", str(self.port), "--metrics-port", str(self.metrics_port), "--data",
                self.data, *arguments],
            clean_environment(RESERVATION_PROGRAMS=str(self.programs.directory)), start_new_session=True)
        return self

    def wait_until_up(self) -> Quickstart:
        marks = len(re.findall("Ctrl-C", self.log()))

        def up() -> bool:
            assert self.running, self.log()
            return len(re.findall("Ctrl-C", self.log())) > marks

        eventually("quickstart.sh has started everything", up, 60)
        return self

    def children(self) -> dict[str, int]:
        """The two programs by name."""
        found = {}
        for entry in Path("/proc").iterdir():
            try:
                parts = (entry / "cmdline").read_bytes().decode().split("\0")
            except (OSError, UnicodeDecodeError):
                continue
            name = Path(parts[0]).name
            if name in ("reservationd", "reservation-gateway", "reservation-mailer") and any(str(self.data) in part for part in parts):
                found[name] = int(entry.name)
        return found

    def client(self) -> httpx.Client:
        return httpx.Client(base_url=f"http://127.0.0.1:{self.port}", timeout=30, trust_env=False)


@pytest.fixture
def quickstart(programs: Programs, directory: Path) -> Iterator[Quickstart]:
    started = Quickstart(programs, directory)
    yield started
    if started.running:
        started.stop()
    assert started.children() == {}, "programs were left running"


def test_it_starts_and_stops(quickstart: Quickstart):
    """starts daemon, gateway …, prints the portal's address and some ticket codes, stops all on Ctrl-C"""
    quickstart.start().wait_until_up()
    said = quickstart.log()
    assert f"http://127.0.0.1:{quickstart.port}" in said and str(quickstart.data) in said
    with quickstart.client() as client:
        for code, expected in {
            "TKT-2025-ABC123-DEF456": (200, None), "TKT-2025-DEMO03-ACTIVE": (200, None),
            "TKT-2025-DEMO01-UNPAID": (400, "TICKET_NOT_ACTIVATED"), "TKT-2025-DEMO01-PASSED": (400, "TICKET_EXPIRED"),
            "TKT-2025-DEMO01-VISITD": (400, "TICKET_ALREADY_USED"), "TKT-2025-DEMO01-BOOKED": (409, "TICKET_ALREADY_RESERVED"),
        }.items():
            assert code in said or code.startswith("TKT-2025-DEMO03")
            response = client.post("/api/tickets/validate", json={"ticket_code": code})
            assert (response.status_code, response.json().get("error", {}).get("code")) == expected, response.text
    assert set(quickstart.children()) == {"reservationd", "reservation-gateway", "reservation-mailer"}
    # As the terminal does: to the whole group in the foreground.
    os.killpg(quickstart.pid, signal.SIGINT)
    assert quickstart.wait(30) == 0
    assert quickstart.children() == {}
    with Audit(quickstart.data / "reservations.sqlite") as audit:
        audit.check()


def test_it_shows_how_it_goes(quickstart: Quickstart):
    """the page with its figures is where it says, and the mailer's are among them"""
    quickstart.start().wait_until_up()
    address = f"http://127.0.0.1:{quickstart.metrics_port}"
    assert address in quickstart.log()
    with httpx.Client(base_url=address, timeout=30, trust_env=False) as client:
        assert "Nothing is wrong." in eventually(
            "the mailer has reported", lambda: (text := client.get("/").text) and "reservation-mailer" in text and text, 30)
        assert 'reservation_creation_count_total{result="success",reason="NONE"} 4' in client.get("/metrics").text


def test_no_figures(quickstart: Quickstart):
    """--metrics-port 0: nowhere"""
    quickstart.metrics_port = 0
    quickstart.start("--no-demo").wait_until_up()
    assert "/metrics" not in quickstart.log()


def test_the_demonstration_is_dated_from_today(quickstart: Quickstart):
    """demonstration tickets and slots dated from today: free ones for weeks, a full one and a nearly full one"""
    quickstart.start().wait_until_up()
    with quickstart.client() as client:
        tomorrow = subprocess.run(["date", "-d", "tomorrow", "+%F"], capture_output=True, text=True, check=True).stdout.strip()
        entries = client.get("/api/reservation-slots/available", params={"date": tomorrow}).json()["data"]
        assert [entry["capacity_status"] for entry in entries] == ["AVAILABLE"] * 4 + ["FULL", "LIMITED"]
        in_four_weeks = subprocess.run(["date", "-d", "+28 days", "+%F"], capture_output=True, text=True, check=True).stdout.strip()
        assert client.get("/api/reservation-slots/available", params={"date": in_four_weeks}).json()["metadata"]["total_slots"] == 4


def test_the_demonstration_has_a_profile(quickstart: Quickstart):
    """the page of the demonstration shows a contact and a color of its own; what is set afterwards stays over a restart"""

    def control(*arguments: str) -> dict:
        done = subprocess.run(
            [quickstart.programs.control, "--socket", quickstart.data / "sockets" / "admin.sock", "--json", *arguments],
            capture_output=True, check=True, env=clean_environment())
        return json.loads(done.stdout)

    quickstart.start().wait_until_up()
    shown = control("organization", "show", "1")
    assert (shown["contact_email"], shown["contact_phone"]) == ("info@example.com", "+12025550100")
    assert shown["website"] == "https://www.example.com/" and shown["accent_color"] == "#0b7285"
    control("organization", "set", "1", "--accent-color", "#c00", "--clear", "website")
    assert quickstart.stop() == 0
    quickstart.start().wait_until_up()
    shown = control("organization", "show", "1")
    assert shown["accent_color"] == "#cc0000" and "website" not in shown


def test_it_starts_again_on_the_same_data(quickstart: Quickstart):
    """Idempotent, restartable on the same data: what was booked stays, and nothing is made twice"""
    quickstart.start().wait_until_up()
    with quickstart.client():
        def counts() -> dict:
            done = subprocess.run(
                [quickstart.programs.control, "--socket", quickstart.data / "sockets" / "admin.sock", "--json", "status"],
                capture_output=True, check=True, env=clean_environment())
            status = json.loads(done.stdout)
            return {name: status[name] for name in ("organization_count", "slot_count", "ticket_count", "reservation_count")}

        before = counts()
        assert before["reservation_count"] == 4
        assert quickstart.stop() == 0
        quickstart.start().wait_until_up()
        assert counts() == before


def test_a_broken_off_demonstration_is_completed(quickstart: Quickstart):
    """Idempotent: killed at any moment, it goes on where it was at the next start"""
    quickstart.start()
    eventually("the demonstration has begun", lambda: (quickstart.data / "demonstration.csv").exists(), 30)
    left = quickstart.children()
    quickstart.kill()
    eventually("the programs end with the script", lambda: quickstart.children() == {}, 30)
    assert left
    quickstart.start().wait_until_up()
    with quickstart.client() as client:
        assert client.post("/api/tickets/validate", json={"ticket_code": "TKT-2025-DEMO04-BOOKED"}).status_code == 409
        assert client.post("/api/tickets/validate", json={"ticket_code": "TKT-2025-ABC123-DEF456"}).status_code == 200


def test_no_demo(quickstart: Quickstart):
    """--no-demo: no demonstration tickets and slots"""
    quickstart.start("--no-demo").wait_until_up()
    with quickstart.client() as client:
        assert client.post("/api/tickets/validate", json={"ticket_code": "TKT-2025-ABC123-DEF456"}).status_code == 400


@pytest.mark.parametrize("victim", ["reservationd", "reservation-gateway", "reservation-mailer"])
def test_it_ends_when_a_program_dies(quickstart: Quickstart, victim: str):
    """exits non-zero with the reason if a program dies"""
    quickstart.start("--no-demo").wait_until_up()
    os.kill(quickstart.children()[victim], signal.SIGKILL)
    assert quickstart.wait(30) != 0
    assert f"{victim} has ended" in quickstart.log()
    assert quickstart.children() == {}


def test_a_taken_port(quickstart: Quickstart):
    """exits non-zero with the reason: somebody else has the port"""
    with socket.socket() as other:
        other.bind(("127.0.0.1", quickstart.port))
        other.listen()
        quickstart.start("--no-demo")
        assert quickstart.wait(30) != 0
    assert f"port {quickstart.port}" in quickstart.log()


def test_a_broken_database(quickstart: Quickstart):
    """exits non-zero with the reason: the daemon's own words"""
    quickstart.data.mkdir()
    (quickstart.data / "reservations.sqlite").write_bytes(b"nothing" * 1000)
    quickstart.start()
    assert quickstart.wait(30) != 0
    assert "not an SQLite database" in quickstart.log()


@pytest.mark.parametrize("arguments", [["--port", "x"], ["--port"], ["--port", "70000"], ["--nonsense"], ["--metrics-port", "x"]])
def test_wrong_arguments(quickstart: Quickstart, arguments: list[str]):
    """a clear message for what cannot be understood"""
    done = subprocess.run([REPOSITORY / "deploy" / "quickstart.sh", *arguments], capture_output=True, text=True, timeout=30)
    assert done.returncode != 0 and "quickstart.sh: " in done.stderr.splitlines()[-1]


def readme_lines() -> list[str]:
    """The shell lines of the README's booking, those that speak to the portal."""
    text = (REPOSITORY / "README.md").read_text(encoding="utf-8")
    blocks = re.findall(r"```sh\n(.*?)```", text, re.DOTALL)
    booking = [block for block in blocks if "/reservations/create" in block]
    assert len(booking) == 1, "the README shows one booking"
    return [booking[0]]


def test_the_readmes_lines_book_a_place(quickstart: Quickstart, tmp_path: Path):
    """the README's curl lines book a place; the QR decodes (zbarimg) to the ticket code"""
    quickstart.start().wait_until_up()
    for block in readme_lines():
        script = block.replace("localhost:8080", f"127.0.0.1:{quickstart.port}")
        assert script != block
        done = subprocess.run(
            ["bash", "-euo", "pipefail", "-c", script], capture_output=True, text=True, timeout=60, cwd=tmp_path,
            env=clean_environment(NO_PROXY="127.0.0.1", no_proxy="127.0.0.1"))
        assert done.returncode == 0, done.stderr
        assert '"reservation_id"' in done.stdout, done.stdout
        if shutil.which("zbarimg"):
            assert "TKT-2025-ABC123-DEF456" in done.stdout.splitlines()[-1]
    with quickstart.client() as client:
        assert client.post("/api/tickets/validate", json={"ticket_code": "TKT-2025-ABC123-DEF456"}).status_code == 409


def test_the_lines_it_prints_work(quickstart: Quickstart):
    """prints … some ticket codes with a curl line to try"""
    quickstart.start().wait_until_up()
    lines = [line.strip() for line in quickstart.log().splitlines() if line.strip().startswith("curl ")]
    assert len(lines) == 2
    for line in lines:
        done = subprocess.run(["bash", "-c", line], capture_output=True, text=True, timeout=30, env=clean_environment(NO_PROXY="*", no_proxy="*"))
        assert json.loads(done.stdout)["success"] is True
