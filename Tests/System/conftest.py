"""Fixtures of the system tests: the built programs, run from outside.

    pytest Tests/System [--programs=DIR] [--kills=N [--kills-per-round=N]] [--seed=N] [--package=FILE]
"""

from __future__ import annotations

import os
import random
import resource
import shutil
import signal
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

pytest.register_assert_rewrite("portal.api", "portal.audit", "portal.bursts", "portal.contract", "portal.stock", "portal.visitor", "portal.witness")

from portal.api import Api  # noqa: E402
from portal.browser import DESKTOP, Browsers, Device, chromium  # noqa: E402
from portal.manager import Manager  # noqa: E402
from portal.programs import REPOSITORY, Programs, short_directory  # noqa: E402
from portal.stock import Stock  # noqa: E402
from portal.system import Portal  # noqa: E402
from portal.venue import Venue  # noqa: E402
from portal.visitor import Visitor  # noqa: E402


LONGEST = ["test_systemd.py", "test_package.py", "test_metrics.py", "test_crash.py"]


def pytest_addoption(parser: pytest.Parser) -> None:
    group = parser.getgroup("system")
    group.addoption(
        "--programs", type=Path, default=Path(os.environ.get("RESERVATION_PROGRAMS") or REPOSITORY / ".build" / "release"),
        help="directory with reservationd, reservation-gateway and reservationctl (default: .build/release)")
    group.addoption("--kills", type=int, default=200, help="how often the crash test kills the daemon (default: 200)")
    group.addoption(
        "--kills-per-round", type=int, default=200, help="after so many it goes on with a fresh database (default: 200)")
    group.addoption(
        "--pictures", type=Path, default=Path(tempfile.gettempdir()) / "reservation-portal-pictures",
        help="where a failed test's page is kept as a picture (default: reservation-portal-pictures in the temporary directory)")
    group.addoption("--package", type=Path, default=None, help="a Debian package to test instead of one made of the programs")
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
    # The longest files first: begun last, they would be waited for while the other processes (pytest-xdist) have nothing left to do.
    items.sort(key=lambda item: LONGEST.index(item.path.name) if item.path.name in LONGEST else len(LONGEST))
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


@pytest.fixture
def manager(directory: Path) -> Iterator[Manager]:
    made = Manager(directory)
    yield made
    made.close()


# ---------------------------------------------------------------------------------------------------
# The portal's page, in a real browser


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Iterator[None]:
    """A failed test's pages are kept as pictures, while they are still open."""
    report = yield
    if report.when == "call" and report.failed and "visitor" in getattr(item, "fixturenames", ()):
        for path in item.funcargs["visitor"].pictures(item.nodeid):  # type: ignore[attr-defined]
            report.sections.append(("picture", str(path)))
    return report


@pytest.fixture(scope="session")
def browsers(request: pytest.FixtureRequest) -> Iterator[Browsers]:
    if chromium() is None:
        pytest.skip("chromium (Debian: chromium) is not installed")
    started = Browsers(request.config.option.pictures)
    yield started
    started.end()


class Visitors:
    """Makes visitors; `visitor()` is one with a desktop computer who reads English and lives where the venue is."""

    def __init__(self, browsers: Browsers, host: str, stack: ExitStack):
        self.browsers, self.host, self.stack = browsers, host, stack
        self.made: list[Visitor] = []

    def __call__(self, device: Device = DESKTOP, *, locale: str = "en-US", host: str | None = None, **options) -> Visitor:
        page, watch = self.stack.enter_context(self.browsers.window(host or self.host, device, locale=locale, **options))
        self.made.append(Visitor(page, watch, device, locale))
        return self.made[-1]

    def pictures(self, name: str) -> Iterator[Path]:
        for number, visitor in enumerate(self.made, 1):
            try:
                yield self.browsers.picture(visitor.page, f"{name}-{number}")
            except Exception as error:  # noqa: BLE001 - a page that hangs must not hide why the test failed
                print(f"no picture of visitor {number}: {error}")

    def check(self) -> None:
        problems = [f"visitor {number}: {problem}" for number, one in enumerate(self.made, 1) for problem in one.watch.problems]
        assert not problems, "\n".join(problems)


@pytest.fixture
def visitor(browsers: Browsers, portal: Portal) -> Iterator[Visitors]:
    """Nothing may go wrong in their browsers that the test has not said it expects."""
    with ExitStack() as stack:
        visitors = Visitors(browsers, portal.gateway.url, stack)
        yield visitors
        visitors.check()


@pytest.fixture
def venue(stock: Stock) -> Venue:
    return Venue(stock, stock.organization())
