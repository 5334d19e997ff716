import ReservationCore

/// What ``SQLiteReservationStore/repairCounters(now:)`` did.
package struct CounterRepair: Hashable, Sendable {
    /// Slots as they were; each now counts its live reservations and has the status that follows.
    package let repaired: [CounterMismatch]
    /// Slots with more live reservations than places. No counter can be right for them: somebody must cancel reservations or raise
    /// the capacity.
    package let oversold: [CounterMismatch]
}

extension SQLiteReservationStore {
    /// Makes the counters tell the truth again: `booked_count` is the number of live reservations, and `FULL` or `ACTIVE` follows; a
    /// closed slot stays closed. For an operator, while no daemon has the database open.
    ///
    /// - Parameter now: becomes the repaired slots' time of change.
    /// - Throws: in which case nothing was changed.
    package func repairCounters(now: Instant) throws(StorageFailure) -> CounterRepair {
        try begin()
        do {
            let repair = try repairWithinBatch(now: now)
            try commit()
            return repair
        } catch {
            rollback()
            throw error
        }
    }

    private func repairWithinBatch(now: Instant) throws(StorageFailure) -> CounterRepair {
        let mismatches = try counterMismatches()
        let correction = try Statement(
            """
            UPDATE reservation_slots SET booked_count = ?2, updated_at = ?3,
                status = CASE WHEN status = 'CLOSED' THEN 'CLOSED' WHEN ?2 = total_capacity THEN 'FULL' ELSE 'ACTIVE' END
            WHERE id = ?1
            """, to: "repair a counter", on: connection)
        let (sound, oversold) = (
            mismatches.filter { $0.liveReservations <= $0.totalCapacity },
            mismatches.filter { $0.liveReservations > $0.totalCapacity }
        )
        for mismatch in sound {
            try correction.bind(mismatch.slot.rawValue, at: 1)
            try correction.bind(Int64(mismatch.liveReservations), at: 2)
            try correction.bind(now.seconds, at: 3)
            try correction.run()
            guard connection.changes == 1 else { throw .defect("There is no slot \(mismatch.slot) to repair") }
        }
        return CounterRepair(repaired: sound, oversold: oversold)
    }
}
