"""Backup PATH from the live daemon without stopping bookings, verified before it says done; restore by a documented command; doctor
checks every invariant; doctor --repair only for what is safe (issue 7)."""

from __future__ import annotations

import os
import random
import re
import sqlite3
import stat
import subprocess
import time
from pathlib import Path

import pytest
from portal.audit import Audit
from portal.bookers import booking, told
from portal.bursts import percentile
from portal.conditions import eventually
from portal.programs import Daemon, clean_environment, short_directory
from portal.rsv import Peer
from portal.system import Portal
from test_bad_days import fill, small_disk  # noqa: F401 - a fixture

NAME = re.compile(r"reservations-\d{8}T\d{6}Z\.sqlite")


@pytest.fixture
def backups(directory: Path) -> Path:
    made = directory / "backups"
    made.mkdir()
    return made


def follow(peer: Peer, begun: dict) -> dict:
    """The last state of a backup that was begun."""
    def done():
        state = peer.must("daemon.backup", {"backup_id": begun["backup_id"]})
        return state if state["phase"] == "DONE" else None
    return eventually("the backup is done", done, 60)


def restore(portal: Portal, database: Path, backup: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [portal.programs.daemon, "--database", database, "--restore", backup], capture_output=True, text=True, timeout=60,
        env=clean_environment())


def left_in(directory: Path) -> list[str]:
    return sorted(os.listdir(directory))


def test_backup_during_bookings(own: Portal, backups: Path, directory: Path):
    """Backup during load, restored elsewhere, doctor clean, and every reservation acknowledged before the backup began is in it"""
    tickets, slots = own.stock.tickets(20_000), own.stock.slots(20, capacity=10_000)
    with booking(own, tickets, slots) as bookers:
        eventually("bookings have begun", lambda: len(bookers.booked) > 200, 30)
        quiet_from = time.monotonic()
        eventually("bookings go on", lambda: len(bookers.booked) > 600, 30)
        began = time.monotonic()
        said = own.control.json("backup", backups)
        ended = time.monotonic()
        there = len(bookers.booked)
        eventually("bookings go on afterwards", lambda: len(bookers.booked) > there + 50, 30)
    quiet, during = bookers.waits(quiet_from, began), bookers.waits(began, ended)
    print(f"quiet {told(quiet)}; during a backup of {ended - began:.1f} s {told(during)}")

    backup = Path(said["path"])
    assert backup.parent == backups and NAME.fullmatch(backup.name)
    assert left_in(backups) == [backup.name]
    status = backup.stat()
    assert stat.S_IMODE(status.st_mode) == 0o600
    assert status.st_size == said["database_bytes"]
    assert said["phase"] == "DONE" and said["removed_count"] == 0
    assert abs(said["snapshot_at"] - time.time()) < 60

    elsewhere = directory / "elsewhere.sqlite"
    done = restore(own, elsewhere, backup)
    assert done.returncode == 0, done.stderr
    assert f"{said['reservation_count']} live reservations" in done.stdout
    daemon = Daemon(own.programs, short_directory(), elsewhere).start()
    try:
        spoken = own.control.run("doctor", socket_path=daemon.socket("admin"))
        assert spoken.status == 0, spoken.output
        with daemon.peer("admin") as peer:
            assert peer.must("daemon.status")["reservation_count"] == said["reservation_count"]
    finally:
        assert daemon.stop() == 0
    with Audit(elsewhere) as audit:
        audit.check()
        before = bookers.before(began)
        assert len(before) >= 600
        audit.check_acknowledged(before)
        assert len(audit.reservations()) == said["reservation_count"]
        assert max(one.id for one in audit.reservations()) == said["last_reservation_id"]

    assert during, "no booking was answered while the backup was made"
    # Of a machine that does something else as well; what it costs on a quiet one is in deploy/operations.md.
    assert percentile(during, 0.99) < max(5 * percentile(quiet, 0.99), 0.25), "bookings waited for the backup"


def test_keep(own: Portal, backups: Path):
    """a directory gets a file named by the time; --keep N removes older ones of this pattern only, once the new one is verified"""
    old = [f"reservations-2025010{day}T000000Z.sqlite" for day in (1, 2, 3)]
    others = ["reservations.sqlite", "reservations-20250101T000000Z.sqlite.gz", "precious"]
    for name in old + others:
        (backups / name).write_bytes(b"x")
    said = own.control.json("backup", backups, "--keep", 2)
    assert said["removed_count"] == 2
    assert left_in(backups) == sorted([*others, old[-1], Path(said["path"]).name])
    again = own.control.json("backup", str(backups) + "/", "--keep", 2)
    assert again["path"] != said["path"]
    assert left_in(backups) == sorted([*others, Path(said["path"]).name, Path(again["path"]).name])
    text = own.control.run("backup", backups / "by-name.sqlite")
    assert text.status == 0 and text.error == "", text.error
    assert "by-name.sqlite" in text.output and "reservations" in text.output
    assert stat.S_IMODE((backups / "by-name.sqlite").stat().st_mode) == 0o600


def test_what_is_refused(own: Portal, backups: Path, directory: Path):
    """path exists, a directory that is not there, not an absolute path, --keep without a directory: each with one clear line"""
    (backups / "there.sqlite").write_bytes(b"precious")
    for arguments, words in [
        ((backups / "there.sqlite",), "exists"), ((backups / "no" / "b.sqlite",), "There is no directory"),
        ((backups / "new.sqlite", "--keep", 3), "not a directory"),
    ]:
        spoken = own.control.run("backup", *arguments)
        assert spoken.status == 1, spoken
        assert words in spoken.error and spoken.error.count("\n") == 1, spoken.error
    assert own.control.run("backup", backups, "--keep", 0).status != 0
    admin = own.stock.peer
    for body in ({"path": "relative"}, {"path": "/tmp/\u0001x"}, {"path": "/" + "x" * 2000}, {}, {"path": "/x", "backup_id": 1},
                 {"path": "/tmp", "keep": 0}, {"backup_id": 1, "keep": 3}):
        assert admin.call("daemon.backup", body).status == "INVALID_REQUEST", body
    assert admin.call("daemon.backup", {"backup_id": 1}).status == "BACKUP_NOT_FOUND"
    with own.peer("service") as peer:
        assert peer.call("daemon.backup", {"path": str(backups)}).status == "OPERATION_NOT_PERMITTED"
    assert left_in(backups) == ["there.sqlite"]
    assert (backups / "there.sqlite").read_bytes() == b"precious"


def test_two_at_once(own: Portal, backups: Path):
    """two backups at once: the second is refused with a clear message; the first is not disturbed"""
    own.stock.tickets(5000)
    first, second = own.stock.peer.call_all([("daemon.backup", {"path": str(backups)}) for _ in range(2)])
    assert first.ok, first
    assert second.status == "BACKUP_RUNNING"
    assert first.body["path"] in second.body["message"]
    # Its caller may leave; any other operator hears how it goes.
    own.stock.reconnect()
    follow(own.stock.peer, first.body)
    assert left_in(backups) == [Path(first.body["path"]).name]
    assert own.control.run("backup", backups).status == 0


def test_killed_in_the_middle(own: Portal, backups: Path, chance: random.Random):
    """kill -9 in the middle: nothing that could be taken for a backup is left, and what is left goes with the next one"""
    own.stock.tickets(20_000)
    seen = 0
    for _ in range(6):
        reply = own.stock.peer.call("daemon.backup", {"path": str(backups)})
        assert reply.ok, reply
        time.sleep(chance.uniform(0, 0.15))
        own.daemon.kill()
        left = left_in(backups)
        seen += any("partial" in name for name in left)
        for name in left:
            if NAME.fullmatch(name):
                # It was done, and is whole.
                with Audit(backups / name) as audit:
                    audit.check()
                (backups / name).unlink()
            else:
                assert name.startswith(".reservation-backup."), left
        own.restart_daemon()
        assert own.stock.peer.call("daemon.backup", {"backup_id": reply.body["backup_id"]}).status == "BACKUP_NOT_FOUND"
    assert seen, "no kill came in the middle"
    said = own.control.json("backup", backups)
    assert left_in(backups) == [Path(said["path"]).name]


def test_stopped_in_the_middle(own: Portal, backups: Path):
    """an orderly stop ends a backup and leaves nothing of it, and an empty log: the database's file alone is everything"""
    ticket, slot = own.stock.tickets(20_000)[0], own.stock.slot()
    with own.peer("gateway") as peer:
        booked = peer.must("reservation.create", {
            "orq": 1, "ticket_id": ticket.id, "slot_id": slot.id, "customer_email": "a@example.com", "customer_phone": "+12025551234"})
    assert own.stock.peer.call("daemon.backup", {"path": str(backups)}).ok
    eventually("the copy has begun", lambda: left_in(backups))
    own.stock.close()
    assert own.daemon.stop() == 0
    assert not [name for name in left_in(backups) if not NAME.fullmatch(name)]
    log = Path(f"{own.daemon.database}-wal")
    assert not log.exists() or log.stat().st_size == 0
    copied = backups / "copied.sqlite"
    copied.write_bytes(own.daemon.database.read_bytes())
    with Audit(copied) as audit:
        assert [one.id for one in audit.reservations()] == [booked["reservation_id"]]
    own.restart_daemon()


def test_full_disk(own: Portal, small_disk: Path):  # noqa: F811
    """backup to a full disk: refused with what is missing, nothing left behind, bookings not disturbed"""
    own.stock.tickets(2000)
    filler = fill(small_disk)
    before = left_in(small_disk)
    spoken = own.control.run("backup", small_disk)
    assert spoken.status == 1
    assert "Free some space" in spoken.error and str(small_disk) in spoken.error, spoken.error
    assert left_in(small_disk) == before
    # Enough to begin, and then somebody else takes it.
    filler.unlink()
    subprocess.run(["mount", "-o", "remount,size=14m", small_disk], check=True)
    assert own.control.run("backup", small_disk).status == 0
    status = own.stock.status()
    assert status["writable"] is True


def test_read_only_directory(own: Portal, small_disk: Path):  # noqa: F811
    """The daemon is sandboxed: the message says where it may write"""
    subprocess.run(["mount", "-o", "remount,ro", small_disk], check=True)
    spoken = own.control.run("backup", small_disk)
    assert spoken.status == 1
    assert "/var/backups/reservation-portal" in spoken.error and "ReadWritePaths=" in spoken.error, spoken.error


def test_last_backup_is_remembered(own: Portal, backups: Path):
    """The daemon remembers the time of the last good backup over restarts; status shows it"""
    assert "last_backup_at" not in own.stock.status()
    assert "none known" in own.control.run("status").output
    said = own.control.json("backup", backups)
    assert own.stock.status()["last_backup_at"] == said["snapshot_at"]
    own.daemon.kill()
    own.restart_daemon()
    assert own.stock.status()["last_backup_at"] == said["snapshot_at"]
    # One that fails does not count.
    assert own.control.run("backup", backups / "no" / "b.sqlite").status == 1
    assert own.stock.status()["last_backup_at"] == said["snapshot_at"]
    stamp = time.strftime("%Y-%m-%d %H:%M:%S UTC", time.gmtime(said["snapshot_at"]))
    assert stamp in own.control.run("status").output


def test_restore(own: Portal, backups: Path):
    """restore refuses when the daemon runs, moves the present database aside instead of deleting it, and what was booked since is aside"""
    first, second = own.stock.tickets(2)
    slot = own.stock.slot()
    own.stock.book(slot, [first])
    backup = Path(own.control.json("backup", backups)["path"])
    own.stock.book(slot, [second])
    database = own.daemon.database

    refused = restore(own, database, backup)
    assert refused.returncode != 0 and "in use" in refused.stderr and "Stop it" in refused.stderr, refused.stderr
    assert own.stock.status()["reservation_count"] == 2

    # Killed, so that the second booking is in the log alone.
    own.daemon.kill()
    (backups / "broken.sqlite").write_bytes(backup.read_bytes()[: backup.stat().st_size // 2])
    refused = restore(own, database, backups / "broken.sqlite")
    assert refused.returncode != 0 and "Nothing was changed" in refused.stderr, refused.stderr
    done = restore(own, database, backup)
    assert done.returncode == 0, done.stderr
    aside = next(database.parent.glob(f"{database.name}.before-restore-*Z"))
    assert str(aside) in done.stdout
    own.restart_daemon()
    assert own.stock.status()["reservation_count"] == 1
    assert own.stock.state(slot)["booked_count"] == 1
    kept = sqlite3.connect(aside)
    assert kept.execute("SELECT count(*) FROM ticket_reservations").fetchone() == (2,)
    kept.close()


def test_doctor_during_bookings(own: Portal):
    """doctor off the ledger's thread: bookings and the watchdog do not wait for it"""
    tickets, slots = own.stock.tickets(20_000), own.stock.slots(20, capacity=10_000)
    with booking(own, tickets, slots) as bookers:
        eventually("bookings have begun", lambda: len(bookers.booked) > 200, 30)
        began = time.monotonic()
        spoken = own.control.run("doctor")
        ended = time.monotonic()
    assert spoken.status == 0, spoken.output
    during = bookers.waits(began, ended)
    print(f"during a doctor of {ended - began:.1f} s {told(during)}")
    assert during, "no booking was answered while the doctor was at work"
    assert not list(own.daemon.database.parent.glob(".reservation-backup*"))


def test_doctor_repairs(own: Portal):
    """doctor --repair corrects what is safe without stopping the daemon: a slot that is FULL and should not be"""
    slot = own.stock.slot(capacity=3, booked=1)
    own.stock.close()
    assert own.daemon.stop() == 0
    database = sqlite3.connect(own.daemon.database)
    database.execute("PRAGMA ignore_check_constraints = ON")
    database.execute("UPDATE reservation_slots SET status = 'FULL' WHERE id = ?", (slot.id,))
    database.commit()
    database.close()
    own.restart_daemon()
    found = own.control.run("doctor")
    assert found.status == 1 and f"slot {slot.id} is FULL with 1 of 3 booked" in found.output, found.output
    assert "doctor --repair" in found.error
    repaired = own.control.run("doctor", "--repair")
    assert repaired.status == 0, repaired.output
    assert f"slot {slot.id}: 1 booked, FULL is now 1, ACTIVE" in repaired.output
    own.stock.book(slot, own.stock.tickets(2))
    assert own.stock.state(slot)["status"] == "FULL"
    assert own.control.run("doctor").status == 0
    assert own.daemon.log_lines("counters.repaired")
