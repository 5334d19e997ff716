import ReservationCore

/// Statements on `reservation_slots`.
struct SlotTable: ~Copyable {
    private let all: Statement
    private let insertion: Statement
    private let reference: Statement
    private let removal: Statement
    private let counters: Statement
    private let change: Statement
    private let mismatches: Statement
}

extension SlotTable {
    /// Beside the memberwise initialiser and by it: a noncopyable struct must not be left half made by a throw.
    init(on connection: borrowing Connection) throws(StorageFailure) {
        self.init(
            all: try Statement(
                """
                SELECT id, orq, date, start_time, end_time, total_capacity, booked_count, status, created_at, updated_at
                FROM reservation_slots ORDER BY id
                """, to: "load the slots", on: connection),
            insertion: try Statement(
                """
                INSERT INTO reservation_slots (id, orq, date, start_time, end_time, total_capacity, created_at, updated_at)
                VALUES (
                    1 + max(
                        (SELECT coalesce(max(id), 0) FROM reservation_slots),
                        (SELECT coalesce(max(slot_id), 0) FROM history WHERE slot_id IS NOT NULL)), ?1, ?2, ?3, ?4, ?5, ?6, ?6)
                ON CONFLICT (orq, date, start_time) DO NOTHING
                """, to: "add a slot", on: connection),
            reference: try Statement(
                "SELECT EXISTS (SELECT 1 FROM ticket_reservations INDEXED BY reservations_of_slot WHERE slot_id = ?1)",
                to: "look for a slot's reservations", on: connection),
            removal: try Statement("DELETE FROM reservation_slots WHERE id = ?1", to: "remove a slot", on: connection),
            counters: try Statement(
                "SELECT total_capacity, booked_count, status, updated_at FROM reservation_slots WHERE id = ?1",
                to: "read a slot", on: connection),
            change: try Statement(
                "UPDATE reservation_slots SET total_capacity = ?2, booked_count = ?3, status = ?4, updated_at = ?5 WHERE id = ?1",
                to: "update a slot", on: connection),
            mismatches: try Statement(
                """
                SELECT s.id, s.booked_count, coalesce(l.live, 0), s.total_capacity
                FROM reservation_slots AS s
                LEFT JOIN (
                    SELECT slot_id, sum(reservations) AS live FROM (
                        SELECT slot_id, count(*) AS reservations FROM ticket_reservations INDEXED BY reservations_of_slot GROUP BY slot_id
                        UNION ALL
                        SELECT slot_id, -count(*) FROM ticket_reservations INDEXED BY cancelled_reservations_of_slot
                        WHERE status = 'CANCELLED' GROUP BY slot_id
                    ) GROUP BY slot_id
                ) AS l ON l.slot_id = s.id
                WHERE s.booked_count <> coalesce(l.live, 0) OR s.booked_count > s.total_capacity
                ORDER BY s.id
                """, to: "compare the counters with the reservations", on: connection))
    }

    func load(startsAt: (OrganizationID, CalendarDate, TimeOfDay) -> Instant) throws(StorageFailure) -> [Slot] {
        defer { all.reset() }
        var slots: [Slot] = []
        while try all.step() {
            guard let id = SlotID(all.int(0)), let organization = OrganizationID(all.int(1)),
                let date = all.withBytes(2, { CalendarDate(ascii: $0) }),
                let start = all.withBytes(3, { TimeOfDay(ascii: $0) }), let end = all.withBytes(4, { TimeOfDay(ascii: $0) }),
                let status = SlotStatus(rawValue: all.text(7))
            else { throw .unreadable("slot", all.int(0)) }
            slots.append(
                Slot(
                    id: id, organization: organization, date: date, startTime: start, endTime: end,
                    startsAt: startsAt(organization, date, start), totalCapacity: Int(all.int(5)), bookedCount: Int(all.int(6)),
                    status: status, createdAt: Instant(seconds: all.int(8)), updatedAt: Instant(seconds: all.int(9))))
        }
        return slots
    }

    /// The connection's count of changes tells whether it was inserted. A slot that was removed is remembered by the history, so that its
    /// id, by which calendars and scanners may know it, is given to no other.
    func insert(_ draft: SlotDraft, now: Instant) throws(StorageFailure) {
        try insertion.bind(draft.organization.rawValue, at: 1)
        try insertion.bind(draft.date.description, at: 2)
        try insertion.bind(draft.startTime.description, at: 3)
        try insertion.bind(draft.endTime.description, at: 4)
        try insertion.bind(Int64(draft.totalCapacity), at: 5)
        try insertion.bind(now.seconds, at: 6)
        try insertion.run()
    }

    func hasReservations(_ slot: SlotID) throws(StorageFailure) -> Bool {
        defer { reference.reset() }
        try reference.bind(slot.rawValue, at: 1)
        return try reference.step() && reference.int(0) != 0
    }

    /// The connection's count of changes tells whether there was such a slot.
    func remove(_ slot: SlotID) throws(StorageFailure) {
        try removal.bind(slot.rawValue, at: 1)
        try removal.run()
    }

    /// The connection's count of changes tells whether there is such a slot.
    func update(_ slot: Slot) throws(StorageFailure) {
        try change.bind(slot.id.rawValue, at: 1)
        try change.bind(Int64(slot.totalCapacity), at: 2)
        try change.bind(Int64(slot.bookedCount), at: 3)
        try change.bind(slot.status.rawValue, at: 4)
        try change.bind(slot.updatedAt.seconds, at: 5)
        try change.run()
    }

    func refreshed(_ slot: Slot) throws(StorageFailure) -> Slot? {
        defer { counters.reset() }
        try counters.bind(slot.id.rawValue, at: 1)
        guard try counters.step() else { return nil }
        guard let status = SlotStatus(rawValue: counters.text(2)) else { throw .unreadable("slot", slot.id.rawValue) }
        var refreshed = slot
        refreshed.totalCapacity = Int(counters.int(0))
        refreshed.bookedCount = Int(counters.int(1))
        refreshed.status = status
        refreshed.updatedAt = Instant(seconds: counters.int(3))
        return refreshed
    }

    func counterMismatches() throws(StorageFailure) -> [CounterMismatch] {
        defer { mismatches.reset() }
        var found: [CounterMismatch] = []
        while try mismatches.step() {
            guard let slot = SlotID(mismatches.int(0)) else { throw .unreadable("slot", mismatches.int(0)) }
            found.append(
                CounterMismatch(
                    slot: slot, bookedCount: Int(mismatches.int(1)), liveReservations: Int(mismatches.int(2)),
                    totalCapacity: Int(mismatches.int(3))))
        }
        return found
    }
}
