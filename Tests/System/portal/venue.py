"""An organisation of a test's own, with its calendar in the month to come: whatever today is, its days lie in one month and ahead."""

from __future__ import annotations

import calendar
import datetime
from dataclasses import dataclass, field

from .stock import Slot, Stock, Ticket


def month_after(month: datetime.date, count: int = 1) -> datetime.date:
    """The first day of the month so many after."""
    months = month.year * 12 + month.month - 1 + count
    return datetime.date(months // 12, months % 12 + 1, 1)


@dataclass
class Venue:
    stock: Stock
    orq: int
    time_zone: str = "Europe/Berlin"
    #: The first of the month to come.
    month: datetime.date = field(default_factory=lambda: month_after(datetime.date.today().replace(day=1)))

    @property
    def name(self) -> str:
        return f"Venue {self.orq}"

    @property
    def path(self) -> str:
        return f"/reserve?orq={self.orq}"

    def day(self, number: int, months: int = 0) -> str:
        return month_after(self.month, months).replace(day=number).isoformat()

    @property
    def days_in_month(self) -> int:
        return calendar.monthrange(self.month.year, self.month.month)[1]

    def ticket(self, status: str = "ACTIVATED") -> Ticket:
        return self.stock.ticket(status, orq=self.orq)

    def slot(
        self, day: int | str = 10, start: str = "12:00", end: str = "14:00", capacity: int = 200, booked: int = 0, closed: bool = False,
    ) -> Slot:
        return self.stock.slot(
            capacity, booked, day if isinstance(day, str) else self.day(day), f"{start}:00", f"{end}:00", self.orq, closed)

    def set_capacity(self, slot: Slot, capacity: int) -> None:
        self.stock.peer.must("slots.set_capacity", {"slot_id": slot.id, "total_capacity": capacity})

    def close(self, slot: Slot) -> None:
        self.stock.peer.must("slots.set_state", {"slot_id": slot.id, "status": "CLOSED"})

    def reopen(self, slot: Slot) -> None:
        self.stock.peer.must("slots.set_state", {"slot_id": slot.id, "status": "ACTIVE"})

    def book(self, slot: Slot, count: int = 1) -> None:
        """By others, behind the browser's back."""
        self.stock.book(slot, self.stock.tickets(count, orq=self.orq))

    def booked(self, slot: Slot) -> int:
        return self.stock.state(slot)["booked_count"]


__all__ = ["Venue", "month_after"]
