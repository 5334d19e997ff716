"""Fixtures of the system tests: the built programs, run from outside.

    pytest Tests/System [--programs=DIR] [--kills=N [--kills-per-round=N]] [--seed=N]
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

pytest.register_assert_rewrite("portal.api", "portal.audit", "portal.bursts", "portal.contract", "portal.stock", "portal.witness")

from portal.api import Api  # noqa: E402
from portal.programs import REPOSITORY, Programs, short_directory  # noqa: E402
from portal.stock import Stock  # noqa: E402
from portal.system import Portal  # noqa: E402

def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("system")
    group.addoption(
        "--programs", type=Path, default=Path(os.environ.get("RESERVATION_PROGRAMS") or REPOSITORY / ".build" / "release"),
        help="directory with reservationd, reservation-gateway and reservationctl (default: .build/release)")
    group.addoption("--kills", type=int, default=200, help="how often the crash test kills the daemon (default: 200)")
    group.addoption(
        "--kills-per-round", type=int, default=200, help="after so many it goes on with a fresh database (default: 200)")
    group.addoption("--seed", type=int, default=None, help="repeat a run of the randomised tests")


def pytest_configure(config: pytest.Config) -> None:
    if config.option.seed is None:
        config.option.seed = time.time_ns() % 2**32
    # A shell without job control starts its background jobs deaf to Ctrl-C, and they hand that on to what they start.
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    # A thousand connections at once need a thousand descriptors on this side too.
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, max(soft, 16384)), hard))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    for item in items:
        if item.name == "test_kill_at_random_moments":
            item.add_marker(pytest.mark.timeout(600 + 3 * config.option.kills))


def pytest_report_header(config: pytest.Config) -> str:
    return f"programs: {config.option.programs}; seed: {config.option.seed} (repeat with --seed); kills: {config.option.kills}"


@pytest.fixture(scope="session")
def programs(request: pytest.FixtureRequest) -> Programs:
    found = Programs(request.config.option.programs.resolve())
    missing = found.missing()
    if missing:
        pytest.exit(f"build first (swift build -c release), or give --programs: {', '.join(map(str, missing))} missing", returncode=2)
    return found


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """Randomness that depends on the seed and the test's name alone."""
    return random.Random(f"{request.config.option.seed} {request.node.name}")


@pytest.fixture(scope="session")
def portal(programs: Programs) -> Iterator[Portal]:
    """One system for all tests that only need places and tickets of their own. Its database is examined at the end."""
    system = Portal(programs)
    try:
        system.start()
        yield system
        with system.stopped_audit() as audit:
            audit.check()
    finally:
        system.discard()


@pytest.fixture(scope="session")
def api(portal: Portal) -> Api:
    return portal.api


@pytest.fixture(scope="session")
def stock(portal: Portal) -> Stock:
    return portal.stock


@pytest.fixture
def make_portal(programs: Programs) -> Iterator[Callable[..., Portal]]:
    """Systems of a test's own, not yet started. What still runs at its end is stopped, and every database examined."""
    made: list[Portal] = []

    def make(**options) -> Portal:
        made.append(Portal(programs, **options))
        return made[-1]

    try:
        yield make
        for system in made:
            if system.daemon.running:
                with system.stopped_audit() as audit:
                    audit.check()
            else:
                system.stop()
    finally:
        for system in made:
            system.discard()


@pytest.fixture
def own(make_portal: Callable[..., Portal]) -> Portal:
    """A running system that this test may kill, restart and look into."""
    return make_portal().start()


@pytest.fixture
def directory() -> Iterator[Path]:
    """A temporary directory with a path short enough for sockets."""
    made = short_directory()
    yield made
    shutil.rmtree(made, ignore_errors=True)
