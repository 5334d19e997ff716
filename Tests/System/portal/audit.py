"""What stands in the database, read with Python's own SQLite after the daemon has ended: an opinion the daemon had no part in."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Reservation:
    id: int
    ticket_id: int
    slot_id: int
    status: str


class Audit:
    """Opened read-only, with the log of commits that a killed daemon may have left beside the file."""

    def __init__(self, database: Path):
        self.connection = sqlite3.connect(f"file:{database}?mode=ro", uri=True)

    def __enter__(self) -> Audit:
        return self

    def __exit__(self, *_) -> None:
        self.connection.close()

    def rows(self, sql: str, *values: object) -> list[tuple]:
        return self.connection.execute(sql, values).fetchall()

    def one(self, sql: str, *values: object):
        return self.rows(sql, *values)[0][0]

    def reservations(self) -> list[Reservation]:
        return [Reservation(*row) for row in self.rows("SELECT id, ticket_id, slot_id, status FROM ticket_reservations")]

    def check(self) -> None:
        """Every rule that must hold in any database of this product at any time."""
        assert self.one("PRAGMA integrity_check") == "ok"
        assert self.rows("PRAGMA foreign_key_check") == []
        miscounted = self.rows(
            """SELECT s.id, s.booked_count, count(r.id) FROM reservation_slots s
               LEFT JOIN ticket_reservations r ON r.slot_id = s.id AND r.status <> 'CANCELLED'
               GROUP BY s.id HAVING s.booked_count <> count(r.id)""")
        assert miscounted == [], f"booked_count is not the number of live reservations: (slot, booked_count, live) {miscounted}"
        assert self.rows("SELECT id FROM reservation_slots WHERE booked_count > total_capacity") == [], "a slot is oversold"
        assert self.rows(
            "SELECT id FROM reservation_slots WHERE status <> 'CLOSED' AND (status = 'FULL') <> (booked_count = total_capacity)") == []
        twice = self.rows(
            "SELECT ticket_id FROM ticket_reservations WHERE status <> 'CANCELLED' GROUP BY ticket_id HAVING count(*) > 1")
        assert twice == [], f"tickets reserved twice: {twice}"
        unsaid = self.rows(
            """SELECT r.id FROM ticket_reservations r
               WHERE r.id NOT IN (SELECT reservation_id FROM outbox)""")
        assert unsaid == [], f"reservations without an outbox row: {unsaid}"
        wrong = self.rows(
            """SELECT t.id, t.status, r.status FROM tickets t
               LEFT JOIN ticket_reservations r ON r.ticket_id = t.id AND r.status <> 'CANCELLED'
               WHERE (t.status = 'RESERVED') <> (r.status IS 'RESERVED')""")
        assert wrong == [], f"a ticket's status is not its reservation's: {wrong}"

    def check_acknowledged(self, acknowledged: Iterable[tuple[int, int, int]]) -> None:
        """Each (reservation, ticket, slot) that somebody was told of is there as told, exactly once."""
        there = {(r.id, r.ticket_id, r.slot_id) for r in self.reservations() if r.status == "RESERVED"}
        told = list(acknowledged)
        assert len(set(told)) == len(told), "one reservation was acknowledged to two callers"
        missing = set(told) - there
        assert not missing, f"acknowledged but not there: (reservation, ticket, slot) {sorted(missing)[:10]}"
