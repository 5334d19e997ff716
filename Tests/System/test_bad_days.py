"""Full disk, read-only database, missing directory, second daemon, corrupt file, tampered counter: as DESIGN says, each with a message
that tells the operator what to do (issue, "Bad days")."""

from __future__ import annotations

import os
import re
import shutil
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from portal.api import accepted, refused
from portal.conditions import eventually
from portal.programs import Daemon, Programs, Refusal, short_directory
from portal.system import Portal

MIB = 1 << 20


def one_clear_line(refusal: Refusal, *words: str) -> str:
    """A daemon that would not start says why in one line that holds all the words, and ends with a failure's status."""
    assert refusal.status > 0, f"ended with status {refusal.status}: {refusal.said}"
    telling = [line for line in refusal.lines if all(word in line for word in words)]
    assert len(telling) == 1, f"not one line with {words}: {refusal.said}"
    assert len(refusal.lines) <= 3, f"more than an operator reads: {refusal.said}"
    # Names of the test's own folders are drawn at random, and may have anything in them.
    said = re.sub(r"/rsv-\w+", "/", refusal.said)
    for clutter in ("Fatal error", "StoreOpenError", "Optional(", "0x", "swift"):
        assert clutter not in said, said
    return telling[0]


def can_mount() -> bool:
    """Whether this test may mount, tried rather than guessed."""
    directory = short_directory()
    try:
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=64k", "tmpfs", directory], capture_output=True)
        if done.returncode == 0:
            subprocess.run(["umount", directory], check=True)
        return done.returncode == 0
    finally:
        os.rmdir(directory)


@pytest.fixture
def small_disk(directory: Path) -> Iterator[Path]:
    """A file system of its own with 24 MiB."""
    if not can_mount():
        pytest.skip("needs the right to mount a tmpfs (root)")
    disk = directory / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=24m", "tmpfs", disk], check=True)
    yield disk
    subprocess.run(["umount", "--lazy", disk], check=True)


def fill(disk: Path) -> Path:
    """Takes all the space there is."""
    filler = disk / "filler"
    with filler.open("ab", buffering=0) as file:
        for size in (MIB, 4096, 1):
            try:
                while True:
                    file.write(b"\0" * size)
            except OSError:
                continue
    return filler


def test_full_disk(make_portal: Callable[..., Portal], small_disk: Path):
    """COMMIT failing with SQLITE_FULL …: answer UNAVAILABLE (HTTP 503 + Retry-After), keep serving reads, recover by itself when space
    returns"""
    portal = make_portal(database=small_disk / "reservations.sqlite").start("--deadline-seconds", "3")
    stock, api = portal.stock, portal.api
    slot = stock.slot(capacity=100_000)
    tickets = iter(stock.tickets(5000))
    booked = [accepted(api.create(next(tickets).id, slot.id))["reservation_id"]]
    filler = fill(small_disk)

    def refused_for_space():
        # Space inside the files is used up first.
        response = api.create(next(tickets).id, slot.id)
        if response.status_code == 200:
            booked.append(response.json()["data"]["reservation_id"])
            return None
        return response

    response = eventually("a booking is refused for want of space", refused_for_space, 60)
    refused(response, 503, "UNAVAILABLE")
    assert int(response.headers["retry-after"]) >= 1

    ticket = next(tickets)
    refused(api.create(ticket.id, slot.id), 503, "UNAVAILABLE")
    # Reads go on and show what was booked, not what was tried.
    accepted(api.validate(ticket.code))
    assert api.slot(slot)["booked_count"] == len(booked)
    assert stock.state(slot)["booked_count"] == len(booked)
    assert stock.status()["writable"] is False
    assert api.get("/healthz").status_code == 200
    assert portal.daemon.running

    filler.unlink()
    created = accepted(eventually("bookings go on by themselves", lambda: (
        lambda reply: reply if reply.status_code == 200 else None)(api.create(ticket.id, slot.id)), 10))
    booked.append(created["reservation_id"])
    assert stock.status()["writable"] is True
    assert portal.daemon.log_lines("writable") or portal.daemon.log_lines("space") or portal.daemon.log_lines("SQLITE_FULL"), portal.daemon.log()[-2000:]
    portal.stop()
    with portal.audit() as audit:
        audit.check()
        assert sorted(reservation.id for reservation in audit.reservations()) == sorted(booked)


def test_killed_on_a_full_disk(make_portal: Callable[..., Portal], small_disk: Path):
    """a full disk and then a kill: it starts again when there is space, with everything acknowledged"""
    portal = make_portal(database=small_disk / "reservations.sqlite").start("--deadline-seconds", "2")
    slot = portal.stock.slot(capacity=100_000)
    tickets = iter(portal.stock.tickets(5000))
    booked: list[int] = []
    filler = fill(small_disk)

    def full() -> bool:
        response = portal.api.create(next(tickets).id, slot.id)
        if response.status_code == 200:
            booked.append(response.json()["data"]["reservation_id"])
        return response.status_code == 503

    eventually("the disk is full for bookings", full, 60)
    portal.daemon.kill()
    filler.unlink()
    portal.restart_daemon()
    booked.append(accepted(portal.api.create(next(tickets).id, slot.id))["reservation_id"])
    with portal.stopped_audit() as audit:
        audit.check()
        assert sorted(reservation.id for reservation in audit.reservations()) == sorted(booked)


def test_no_space_to_start(programs: Programs, directory: Path, small_disk: Path):
    """a full disk at the first start: a message that tells the operator what to do"""
    fill(small_disk)
    refusal = Daemon(programs, directory, small_disk / "new.sqlite").refuse()
    one_clear_line(refusal, str(small_disk / "new.sqlite"), "space")


def test_missing_directory(programs: Programs, directory: Path):
    """missing directory: refuses to start with a message that tells the operator what to do"""
    missing = directory / "nowhere"
    one_clear_line(Daemon(programs, directory, missing / "reservations.sqlite").refuse(), str(missing), "does not exist")
    assert not missing.exists()


def test_missing_socket_directory(programs: Programs, directory: Path):
    """missing directory of the sockets: the same"""
    daemon = Daemon(programs, directory)
    daemon.sockets = directory / "nowhere"
    one_clear_line(daemon.refuse(), str(daemon.sockets))


def test_read_only_database(programs: Programs, directory: Path):
    """read-only database: refuses to start with a message that tells the operator what to do"""
    daemon = Daemon(programs, directory).start()
    assert daemon.stop() == 0
    if os.geteuid() != 0:
        daemon.database.chmod(0o400)
        one_clear_line(daemon.refuse(), str(daemon.database), "read-only")
        return
    # Root may write to any file, so root needs a file system that nobody can write to.
    if not can_mount():
        pytest.skip("needs the right to mount (root without it)")
    subprocess.run(["mount", "--bind", directory, directory], check=True)
    try:
        subprocess.run(["mount", "-o", "remount,ro,bind", directory], check=True)
        other = short_directory()
        try:
            reader = Daemon(programs, other, daemon.database)
            refusal = reader.refuse()
            assert refusal.status > 0
            one_clear_line(refusal, str(directory), "read-only")
        finally:
            shutil.rmtree(other)
    finally:
        subprocess.run(["umount", directory], check=True)


def test_database_of_another_user(programs: Programs, directory: Path):
    """a file this user may not open: refuses to start and names it"""
    daemon = Daemon(programs, directory).start()
    assert daemon.stop() == 0
    daemon.database.chmod(0o000)
    if os.geteuid() == 0:
        directory.chmod(0o777)
        daemon.sockets.chmod(0o777)
        prefix = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups", "--"]
    else:
        prefix = []
    one_clear_line(daemon.refuse(prefix=prefix), str(daemon.database))


def test_second_daemon_on_the_same_database(own: Portal, directory: Path):
    """second daemon on the same database: refuses to start, and the first goes on"""
    second = Daemon(own.programs, directory, own.daemon.database)
    one_clear_line(second.refuse(), str(own.daemon.database), "in use")
    accepted(own.api.create(own.stock.ticket().id, own.stock.slot().id))


def test_second_daemon_on_the_same_sockets(own: Portal, directory: Path):
    """second daemon on the same sockets, with a database of its own: refuses to start, and the first keeps its callers"""
    second = Daemon(own.programs, directory, directory / "other.sqlite")
    second.sockets = own.daemon.sockets
    one_clear_line(second.refuse(), str(own.daemon.sockets))
    with own.peer("gateway") as peer:
        assert peer.acknowledgement["instance_id"] == own.stock.peer.acknowledgement["instance_id"]


def test_sqlite_cannot_look_over_its_shoulder(own: Portal):
    """nobody can edit the file behind the counters"""
    with pytest.raises(sqlite3.OperationalError, match="locked"):
        connection = sqlite3.connect(own.daemon.database, timeout=0.1)
        try:
            connection.execute("UPDATE reservation_slots SET booked_count = 0")
        finally:
            connection.close()


@pytest.mark.parametrize("content", [b"this is not a database\n" * 200, b"\0" * 8192, b"SQLite format 3\0" + b"\xff" * 4080])
def test_not_a_database(programs: Programs, directory: Path, content: bytes):
    """not-a-database file: refuses to start with a message that tells the operator what to do, and leaves the file alone"""
    daemon = Daemon(programs, directory)
    daemon.database.write_bytes(content)
    one_clear_line(daemon.refuse(), str(daemon.database))
    assert daemon.database.read_bytes() == content


def test_somebody_elses_database(programs: Programs, directory: Path):
    """another program's database: refuses to start and leaves it alone"""
    daemon = Daemon(programs, directory)
    connection = sqlite3.connect(daemon.database)
    connection.execute("CREATE TABLE recipes (id INTEGER)")
    connection.commit()
    connection.close()
    before = daemon.database.read_bytes()
    one_clear_line(daemon.refuse(), str(daemon.database), "another program")
    assert daemon.database.read_bytes() == before


def test_a_directory_for_a_database(programs: Programs, directory: Path):
    """a directory where the database should be: told so"""
    daemon = Daemon(programs, directory)
    daemon.database.mkdir()
    one_clear_line(daemon.refuse(), str(daemon.database))


def test_database_of_a_later_version(own: Portal):
    """a database that a newer version wrote: refuses to start, names the two versions"""
    own.stop()
    connection = sqlite3.connect(own.daemon.database)
    connection.execute("PRAGMA user_version = 9999")
    connection.close()
    one_clear_line(own.daemon.refuse(), "newer", "9999")


def into_one_file(portal: Portal) -> None:
    """Moves what stands in the log into the file, so that damaging the file damages what is read."""
    connection = sqlite3.connect(portal.daemon.database)
    assert connection.execute("PRAGMA journal_mode = DELETE").fetchone() == ("delete",)
    connection.close()


def test_corrupt_file(own: Portal):
    """SQLITE_CORRUPT or NOTADB, whenever met, ends the process with a message that says what to do: at the start"""
    own.stock.slots(300)
    own.stop()
    into_one_file(own)
    size = own.daemon.database.stat().st_size
    assert size > 8192
    with own.daemon.database.open("r+b") as file:
        file.seek(4096)
        file.write(b"\xa5" * (size - 4096))
    line = one_clear_line(own.daemon.refuse(), str(own.daemon.database), "damaged")
    assert "backup" in line


def test_corruption_met_later(own: Portal):
    """SQLITE_CORRUPT … whenever met, ends the process with a message that says what to do: while it serves"""
    tickets = own.stock.tickets(20_000)
    own.daemon.stop()
    into_one_file(own)
    connection = sqlite3.connect(own.daemon.database)
    page = connection.execute("SELECT rootpage FROM sqlite_schema WHERE name = 'tickets'").fetchone()[0]
    size = connection.execute("PRAGMA page_size").fetchone()[0]
    connection.close()
    with own.daemon.database.open("r+b") as file:
        file.seek((page - 1) * size)
        file.write(b"\xa5" * size)
    before = len(own.daemon.log())
    try:
        own.restart_daemon()
    except AssertionError:
        pass  # met at the start already, which is no worse
    else:
        with own.peer("gateway") as peer:
            try:
                assert not peer.call("ticket.validate", {"orq": 1, "ticket_code": tickets[7].code}).ok
            except Exception:  # noqa: BLE001 - it may end before it answers
                pass
    assert own.daemon.wait(20) > 0
    said = own.daemon.log()[before:]
    telling = [line for line in said.splitlines() if str(own.daemon.database) in line and "backup" in line]
    assert telling, said


def tamper(portal: Portal, *statements: str) -> None:
    with sqlite3.connect(portal.daemon.database) as connection:
        for statement in statements:
            connection.execute(statement)
    connection.close()


@pytest.mark.parametrize("change", [+2, -1])
def test_tampered_counter(own: Portal, change: int):
    """compare booked_count with the count of live reservations per slot; refuse to start on a mismatch with a message that names the
    slots and the repair command"""
    slot, other = own.stock.slot(capacity=10, booked=3), own.stock.slot(capacity=4, booked=4)
    own.stop()
    tamper(own, f"UPDATE reservation_slots SET booked_count = booked_count + {change} WHERE id = {slot.id}")
    command = f"reservationd --database {own.daemon.database} --repair-counters"
    line = one_clear_line(own.daemon.refuse(), f"{slot.id}", command)
    assert "booked_count" in line or "counter" in line.lower()

    repaired = subprocess.run(
        [own.programs.daemon, "--database", own.daemon.database, "--repair-counters"], capture_output=True, timeout=30)
    assert repaired.returncode == 0, repaired.stderr.decode()
    assert str(slot.id) in (repaired.stderr + repaired.stdout).decode()

    own.daemon.start()
    own.stock.reconnect()
    assert own.stock.state(slot)["booked_count"] == 3
    assert (own.stock.state(other)["booked_count"], own.stock.state(other)["status"]) == (4, "FULL")


def test_tampered_counters_are_all_named(own: Portal):
    """refuse to start on a mismatch with a message that names the slots"""
    slots = own.stock.slots(3)
    own.stop()
    tamper(own, "UPDATE reservation_slots SET booked_count = 1")
    line = one_clear_line(own.daemon.refuse(), "--repair-counters")
    assert all(str(slot.id) in line for slot in slots)
    done = subprocess.run([own.programs.daemon, "--database", own.daemon.database, "--repair-counters"], capture_output=True, timeout=30)
    assert done.returncode == 0, done.stderr.decode()
    own.daemon.start()


def test_repairing_what_is_sound(own: Portal):
    """--repair-counters on a sound database changes nothing and says so"""
    slot = own.stock.slot(capacity=10, booked=3)
    own.stop()
    done = subprocess.run([own.programs.daemon, "--database", own.daemon.database, "--repair-counters"], capture_output=True, timeout=30)
    assert done.returncode == 0, done.stderr.decode()
    own.restart_daemon()
    assert own.stock.state(slot)["booked_count"] == 3


@pytest.mark.parametrize("arguments", [[], ["--database"], ["--no-such-option"], ["--database", "x", "surplus"]])
def test_wrong_arguments(programs: Programs, directory: Path, arguments: list[str]):
    """refuses to start with a clear message: wrong arguments"""
    done = subprocess.run([programs.daemon, *arguments], capture_output=True, timeout=30, cwd=directory)
    assert done.returncode != 0
    assert done.stderr.strip() and not list(directory.glob("*.sqlite*"))
