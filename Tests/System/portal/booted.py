"""A Debian that is booted with systemd in a container without a network, does what a script says, and powers off."""

from __future__ import annotations

import json
import secrets
import shutil
import subprocess
from pathlib import Path

from .bare_debian import BareDebian

INSIDE = Path(__file__).resolve().parent.parent / "inside"

UNIT = """[Unit]
Description=The test
After=multi-user.target systemd-user-sessions.service
SuccessAction=poweroff-force
FailureAction=poweroff-force

[Service]
Type=oneshot
ExecStart=/usr/bin/python3 -B /inside/run.py {arguments}
TimeoutStartSec={seconds}
StandardOutput=file:/inside/output
StandardError=inherit

[Install]
WantedBy=multi-user.target
"""


def why_not() -> str | None:
    """Why nothing can be booted on this machine."""
    if shutil.which("systemd-nspawn") is None:
        return "systemd-nspawn (Debian: systemd-container) is not installed"
    done = subprocess.run(["unshare", "--mount", "--pid", "--net", "--uts", "--ipc", "--fork", "true"], capture_output=True, text=True)
    return f"this machine lets nobody make namespaces: {done.stderr.strip()}" if done.returncode else None


def boot(tree: BareDebian, *arguments: str, files: dict[str, Path], within: float) -> dict[str, dict]:
    """The report that inside/run.py wrote.

    arguments: of the script, before the path of its report.
    files: what else is there, by its name in /inside.
    within: seconds; a machine that does not power off in that time is stopped.
    """
    inside = tree.path / "inside"
    shutil.copytree(INSIDE, inside, ignore=shutil.ignore_patterns("__pycache__"))
    for name, path in files.items():
        shutil.copy(path, inside / name)
    unit = UNIT.format(arguments=" ".join([*arguments, "/inside/report.json"]), seconds=int(within))
    (tree.path / "etc/systemd/system/portal-test.service").write_text(unit)
    tree.do("systemctl", "enable", "portal-test.service")
    # A machine of its own: no two have the same, and the journal is named after it.
    (tree.path / "etc/machine-id").write_text("")
    console = inside / "console"
    with console.open("wb") as log:
        machine = subprocess.Popen(
            ["systemd-nspawn", f"--directory={tree.path}", "--boot", "--register=no", "--keep-unit", "--private-network", "--quiet",
             f"--machine=portal-{secrets.token_hex(4)}", "--link-journal=no", "--console=pipe"],
            stdin=subprocess.DEVNULL, stdout=log, stderr=log)
        try:
            machine.wait(within + 60)
        finally:
            if machine.poll() is None:
                # The first orders an immediate end of the machine, as nspawn(1) says.
                machine.terminate()
                try:
                    machine.wait(20)
                except subprocess.TimeoutExpired:
                    machine.kill()
                    machine.wait()
    said = "\n".join(path.read_text(errors="replace")[-3000:] for path in (inside / "output", console) if path.exists())
    report = inside / "report.json"
    assert report.exists(), f"the machine has left no report: {said}"
    return json.loads(report.read_text()) | {"said": {"text": said}}
