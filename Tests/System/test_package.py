"""The Debian package: what is in it, and that it comes, is renewed, and goes."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal import bare_debian
from portal.bare_debian import BareDebian
from portal.package import PROGRAMS, Package, Unpacked, build_package, lintian
from portal.programs import REPOSITORY, Programs

pytestmark = [
    pytest.mark.skipif(shutil.which("dpkg-deb") is None, reason="dpkg-deb is not installed: this is not Debian"),
    pytest.mark.timeout(600),
]

PAGES = {"reservationctl": 1, "reservationd": 8, "reservation-gateway": 8, "reservation-mailer": 8}
CONFIGURATION = {"reservationd.conf": "reservationd", "gateway.conf": "reservation-gateway", "mailer.conf": "reservation-mailer"}


@pytest.fixture(scope="module")
def output() -> Iterator[Path]:
    made = Path(tempfile.mkdtemp(prefix="reservation-portal-package-"))
    yield made
    shutil.rmtree(made, ignore_errors=True)


@pytest.fixture(scope="module")
def package(request: pytest.FixtureRequest, programs: Programs, output: Path) -> Package:
    """A given one, or one of the tested programs."""
    if given := request.config.option.package:
        return Package(given.resolve())
    return build_package(programs, output)


@pytest.fixture(scope="module")
def unpacked(package: Package, output: Path) -> Unpacked:
    return Unpacked.from_package(package, output / "unpacked")


# ---------------------------------------------------------------------------------------------------
# What is in it


def test_control_data(package: Package) -> None:
    fields = package.fields
    assert fields["Package"] == "reservation-portal"
    assert fields["Architecture"] == subprocess.check_output(["dpkg", "--print-architecture"], text=True).strip()
    depends = {word.split()[0] for word in fields["Depends"].split(",")}
    assert {"libc6", "libsqlite3-0", "libqrencode4", "libcurl4", "libsystemd0", "systemd", "tzdata"} <= depends, fields["Depends"]
    assert not [name for name in depends if "swift" in name]
    assert "@" not in fields["Description"] and "@" not in fields["Version"]


def test_files_are_where_the_units_and_people_look(package: Package, unpacked: Unpacked) -> None:
    wanted = {
        *PROGRAMS.values(),
        *(f"usr/share/man/man{section}/{name}.{section}.gz" for name, section in PAGES.items()),
        *(f"etc/reservation-portal/{name}" for name in CONFIGURATION),
        "usr/share/man/man7/reservation-portal.7.gz",
        "usr/lib/sysusers.d/reservation-portal.conf", "usr/lib/tmpfiles.d/reservation-portal.conf",
        "usr/share/bash-completion/completions/reservationctl", "usr/share/zsh/vendor-completions/_reservationctl",
        "usr/share/fish/vendor_completions.d/reservationctl.fish",
        *(f"usr/share/doc/reservation-portal/{name}" for name in ("copyright", "changelog.gz", "operations.md", "examples/nginx.conf")),
    }
    wanted |= {f"usr/lib/systemd/system/{unit.name}" for unit in (REPOSITORY / "deploy/systemd").glob("*.*") if unit.suffix in (
        ".service", ".socket", ".timer")}
    if (REPOSITORY / "deploy/systemd/reservation-portal.catalog").exists():
        wanted.add("usr/lib/systemd/catalog/reservation-portal.catalog")
    assert wanted <= set(package.contents), wanted - set(package.contents)
    assert {entry.owner for entry in package.contents.values()} == {"root/root"}
    # Nobody but root may write to any of it, and no program is more than its caller.
    assert not [path for path, entry in package.contents.items() if entry.mode[0] != "l" and re.search("[sS]|w.{0,4}$", entry.mode[4:])]
    for unit in (unpacked.root / "usr/lib/systemd/system").iterdir():
        for program in re.findall(r"^Exec\w+=(/usr/(?:bin|libexec)/\S+)", unit.read_text(), re.MULTILINE):
            assert program.lstrip("/") in package.contents, f"{unit.name} starts {program}"


def test_the_package_brings_what_its_programs_need(package: Package, unpacked: Unpacked) -> None:
    for name in PROGRAMS:
        assert unpacked.say(name, "--version").strip(), name
        done = subprocess.run(["ldd", str(unpacked.program(name))], capture_output=True, text=True, timeout=30)
        swift = set(re.findall(r"^\s*(lib(?:swift|_|Foundation|dispatch|Blocks)\S+) =>", done.stdout, re.MULTILINE))
        assert {f"usr/libexec/reservation-portal/{library}" for library in swift} <= set(package.contents), name


def test_every_option_of_a_program_is_in_its_man_page(unpacked: Unpacked) -> None:
    for name, section in PAGES.items():
        page = unpacked.page(name, section)
        pages_options = set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", page))
        programs_options = set()
        for help_text in helps(unpacked, name):
            programs_options |= set(re.findall(r"(?<![\w-])--[a-z][a-z-]*", help_text))
        assert pages_options == programs_options | {"--help", "--version"}, name
        for heading in ("NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "ENVIRONMENT", "FILES", "EXIT STATUS", "SEE ALSO"):
            assert re.search(f"^{heading}$", page, re.MULTILINE), f"{name}({section}) has no {heading}"


def test_every_command_has_its_section_in_the_man_page(unpacked: Unpacked) -> None:
    for name in ("reservationctl", "reservation-mailer"):
        page = unpacked.page(name, PAGES[name])
        for path in command_paths(unpacked, name):
            if path and not subcommands(unpacked.say(name, *path, "--help")):
                assert re.search(rf"^\s+{' '.join(path)}$", page, re.MULTILINE), f"{name} {' '.join(path)}"


def test_configuration_names_every_setting_and_no_other(unpacked: Unpacked) -> None:
    for file, name in CONFIGURATION.items():
        text = unpacked.text(f"etc/reservation-portal/{file}")
        named = re.findall(r"^#?(RESERVATION_\w+)=", text, re.MULTILINE)
        page = unpacked.page(name, 8)
        known = set(re.findall(r"^\s+(RESERVATION_\w+)$", page, re.MULTILINE))
        assert len(named) == len(set(named)) > 3, file
        assert set(named) <= known, set(named) - known
        # What it has not is what the units decide.
        left_out = {variable.rpartition("RESERVATION_")[2] for variable in known - set(named)}
        assert {re.sub("^(GATEWAY|MAILER)_", "", name) for name in left_out} <= {
            "DATABASE", "SOCKET_DIRECTORY", "SOCKET", "LISTEN", "METRICS_LISTEN", "CREDENTIALS", "SMS_CREDENTIALS"}
        # systemd.exec(5), EnvironmentFile=: nothing but comments and assignments.
        assert not [line for line in text.splitlines() if line and not re.match(r"#|RESERVATION_\w+=", line)]


def test_a_program_takes_the_variables_that_its_configuration_names(unpacked: Unpacked) -> None:
    """A value that cannot be is refused, so a variable that is refused is one that is read."""
    needed = {
        "reservationd": {"RESERVATION_DATABASE": "/nowhere/database"},
        "reservation-gateway": {"RESERVATION_GATEWAY_SOCKET": "/nowhere/socket"},
        "reservation-mailer": {
            "RESERVATION_MAILER_SOCKET": "/nowhere/socket", "RESERVATION_MAILER_FROM": "a@example.org",
            "RESERVATION_MAILER_TRANSPORT": "directory:/nowhere"},
    }
    for file, name in CONFIGURATION.items():
        for variable in re.findall(r"^#?(RESERVATION_\w+)=", unpacked.text(f"etc/reservation-portal/{file}"), re.MULTILINE):
            environment = {"PATH": "/usr/bin:/bin", **needed[name], variable: "\x01 no such value"}
            done = subprocess.run(
                [str(unpacked.program(name))], stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=30, env=environment)
            option = variable.split("_", 1)[1].removeprefix("GATEWAY_").removeprefix("MAILER_").replace("_", "-").lower()
            assert done.returncode == 64 and (f"--{option}" in done.stderr or variable in done.stderr), f"{variable}: {done.stderr}"


def test_completion_knows_the_nouns(unpacked: Unpacked) -> None:
    nouns = set(subcommands(unpacked.say("reservationctl", "--help"))) - {"help"}
    for path in ("bash-completion/completions/reservationctl", "zsh/vendor-completions/_reservationctl",
                 "fish/vendor_completions.d/reservationctl.fish"):
        words = set(re.findall(r"[a-z][a-z-]+", unpacked.text(f"usr/share/{path}")))
        assert {"slots", "tickets"} <= nouns <= words, path
    subprocess.run(["bash", "-n", str(unpacked.root / "usr/share/bash-completion/completions/reservationctl")], check=True, timeout=30)


def test_the_same_commit_gives_the_same_package(request: pytest.FixtureRequest, package: Package, programs: Programs, output: Path) -> None:
    if request.config.option.package:
        pytest.skip("the package was given")
    again = build_package(programs, output / "again")
    assert again.path.name == package.path.name
    assert again.path.read_bytes() == package.path.read_bytes()


@pytest.mark.skipif(shutil.which("lintian") is None, reason="lintian is not installed")
def test_lintian_finds_no_error(package: Package) -> None:
    problems = lintian(package)
    # A package for tests brings Swift's shared libraries, which nobody has packed for Debian.
    bundled = re.compile(r"libexec/reservation-portal/\S+\.so|\[usr/bin/reservationctl\]|custom-library-search-path|embedded-library")
    errors = [line for line in problems if line.startswith("E:") and not bundled.search(line)]
    assert not errors, "\n".join(problems)


# ---------------------------------------------------------------------------------------------------
# In a Debian without a running systemd, as when an image is made


@pytest.fixture(scope="module")
def debian() -> Iterator[BareDebian]:
    if reason := bare_debian.why_not():
        pytest.skip(reason)
    with bare_debian.bare_debian() as made:
        yield made


# What is about any package and not about this one: dpkg's and apt's own records, and what was in the accounts before the last change.
RECORDS = (
    "/var/lib/dpkg", "/var/lib/apt", "/var/cache", "/var/log", "/tmp", "/proc", "/sys", "/dev", "/etc/passwd-", "/etc/group-", "/etc/shadow-",
    "/etc/gshadow-", "/etc/subuid-", "/etc/subgid-", "/etc/.pwd.lock",
)
UNITS = (
    "reservationd-gateway.socket", "reservationd-service.socket", "reservationd-admin.socket", "reservation-gateway.socket",
    "reservation-gateway-metrics.socket", "reservation-mailer.service", "reservation-backup.timer",
)
USERS = ("reservationd", "reservation-gateway", "reservation-mailer")
GROUPS = (*USERS, "reservation-service", "reservation-admin")


def test_install_upgrade_remove_and_purge(
        request: pytest.FixtureRequest, package: Package, programs: Programs, output: Path, debian: BareDebian) -> None:
    newer = None
    if not request.config.option.package:
        newer = build_package(programs, output, "--version", f"{package.version}+newer")
    before = debian.files(*RECORDS)

    said = debian.do("apt-get", "install", "--yes", "--no-install-recommends", bring(debian, package))
    assert not re.search("warning|error|failed|cannot|Creating|Created", maintainer_scripts(said), re.IGNORECASE), said
    for name in GROUPS:
        assert debian.run("getent", "group", name).status == 0, name
    for name in USERS:
        assert re.search(rf"^{name}:[^:]*:\d+:\d+:.*nologin$", debian.do("getent", "passwd", name)), name
    for unit in UNITS:
        assert debian.run("systemctl", "is-enabled", unit).output.strip() == "enabled", unit
    assert stat(debian, "/var/backups/reservation-portal") == "700 reservationd reservationd"
    assert stat(debian, "/etc/reservation-portal/credentials") == "700 root root"
    # There is no toolchain here.
    for program in PROGRAMS.values():
        assert debian.do(f"/{program}", "--version").strip()
    assert "reservation" in debian.do("journalctl", "--list-catalog") or not catalogue()

    # What the administrator changes and decides stays.
    configuration = debian.path / "etc/reservation-portal/gateway.conf"
    configuration.write_text(configuration.read_text() + "RESERVATION_GATEWAY_TRUSTED_PROXY=192.0.2.1\n")
    debian.do("systemctl", "disable", "reservation-gateway-metrics.socket")
    data = debian.path / "var/lib/reservationd/reservations.sqlite"
    data.parent.mkdir(exist_ok=True)
    data.write_text("reservations")
    (debian.path / "var/backups/reservation-portal/reservations-20260101T000000Z.sqlite").write_text("a backup")
    (debian.path / "etc/reservation-portal/credentials/mail").write_text("user:password")
    changed = configuration.read_text()

    def kept() -> None:
        assert configuration.read_text() == changed
        assert data.read_text() == "reservations"
        assert (debian.path / "var/backups/reservation-portal/reservations-20260101T000000Z.sqlite").exists()

    if newer:
        debian.do("apt-get", "install", "--yes", bring(debian, newer))
        assert debian.do("dpkg-query", "--show", "--showformat", "${Version} ${db:Status-Status}", "reservation-portal") == (
            f"{newer.version} installed")
        kept()
        assert debian.run("systemctl", "is-enabled", "reservation-gateway-metrics.socket").output.strip() == "disabled"
        assert debian.run("systemctl", "is-enabled", "reservation-gateway.socket").output.strip() == "enabled"

    debian.do("apt-get", "remove", "--yes", "reservation-portal")
    kept()
    assert not [path for path in PROGRAMS.values() if (debian.path / path).exists()]
    assert not (debian.path / "usr/libexec/reservation-portal").exists()

    debian.do("apt-get", "install", "--yes", bring(debian, newer or package))
    kept()
    assert debian.run("systemctl", "is-enabled", "reservation-gateway-metrics.socket").output.strip() == "disabled"
    assert debian.run("systemctl", "is-enabled", "reservationd-admin.socket").output.strip() == "enabled"

    said = debian.do("apt-get", "purge", "--yes", "reservation-portal")
    assert not re.search("warning|error|failed|cannot|not empty", maintainer_scripts(said), re.IGNORECASE), said
    after = debian.files(*RECORDS)
    differences = sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))
    assert not differences, differences
    for name in GROUPS:
        assert debian.run("getent", "group", name).status == 2, name


# ---------------------------------------------------------------------------------------------------


def bring(debian: BareDebian, package: Package) -> str:
    """The package's path inside."""
    shutil.copy(package.path, debian.path / "tmp")
    return f"/tmp/{package.path.name}"


def maintainer_scripts(said: str) -> str:
    """apt's output from where dpkg begins, without what apt says of its sandbox and of terminals."""
    return "\n".join(
        line for line in said.partition("Selecting previously")[2].splitlines() if not line.startswith(("N: ", "debconf: ", "W: ")))


def stat(debian: BareDebian, path: str) -> str:
    return debian.do("stat", "--format", "%a %U %G", path).strip()


def catalogue() -> bool:
    return (REPOSITORY / "deploy/systemd/reservation-portal.catalog").exists()


def subcommands(help_text: str) -> list[str]:
    """What swift-argument-parser lists under SUBCOMMANDS."""
    found = re.search(r"^SUBCOMMANDS:\n(.*?)\n\n", help_text, re.MULTILINE | re.DOTALL)
    return re.findall(r"^  ([a-z][a-z-]*)", found[1], re.MULTILINE) if found else []


def command_paths(unpacked: Unpacked, program: str, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    yield path
    for name in subcommands(unpacked.say(program, *path, "--help")):
        if name != "help":
            yield from command_paths(unpacked, program, (*path, name))


def helps(unpacked: Unpacked, program: str) -> Iterator[str]:
    """The usage and the options of a program and of all its commands, without the prose between them."""
    for path in command_paths(unpacked, program):
        text = unpacked.say(program, *path, "--help")
        yield "\n".join(re.findall(r"^USAGE:.*|^  +-.*", text, re.MULTILINE))
