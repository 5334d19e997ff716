"""Hostile peers on all sockets and on HTTP (issue 3, "Hostile peers"): others' P99 stays below twice its quiet value, memory stays bounded,
descriptors return, and both programs still serve. How the P99s are compared so that noise cannot decide: portal/siege.py.

That slow and silent peers are cut in time is in test_bad_input.py and test_bad_http.py.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from portal.programs import Programs
from portal.siege import Attacker, Findings, besiege
from portal.system import Portal

KIB, MIB = 1 << 10, 1 << 20


@pytest.fixture(scope="module")
def besieged(programs: Programs) -> Iterator[Portal]:
    """One system for all attacks: what one leaves behind must not help the next."""
    portal = Portal(programs)
    try:
        portal.start()
        yield portal
        with portal.stopped_audit() as audit:
            audit.check()
    finally:
        portal.discard()


SOCKET_ATTACKS = ["silent", "slow bytes", "never reads", "half-open", "idle", "flood", "garbage", "oversized", "storm"]
HTTP_ATTACKS = ["silent", "slow bytes", "slow body", "never reads", "half-open", "idle", "flood", "garbage", "oversized", "storm"]
COUNT = {"silent": 500, "slow bytes": 300, "slow body": 300, "never reads": 16, "half-open": 200, "idle": 1000, "flood": 8, "garbage": 50, "oversized": 60, "storm": 10}


@pytest.mark.parametrize("attack", SOCKET_ATTACKS)
def test_sockets(besieged: Portal, attack: str):
    findings = besiege(besieged, [Attacker(attack, besieged.daemon.socket(role), COUNT[attack]) for role in ["service"]])
    print(findings)
    findings.check()


@pytest.mark.parametrize("attack", HTTP_ATTACKS)
def test_http(besieged: Portal, attack: str):
    findings = besiege(besieged, [Attacker(attack, besieged.gateway.port, COUNT[attack])])
    print(findings)
    findings.check()
