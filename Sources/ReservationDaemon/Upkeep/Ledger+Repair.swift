import ReservationCore

extension Ledger {
    /// What a repaired slot is told under.
    static let repairCheck = "repaired"

    /// Makes counters and statuses tell the truth, in the store and in memory: a slot's count is the number of its live reservations, and
    /// FULL or ACTIVE follows; a closed slot stays closed. Nothing else is safe to repair without knowing what happened.
    ///
    /// - Returns: a finding for each slot that was changed, and for each that only somebody who decides can mend.
    func repair(now: Instant) throws(StorageFailure) -> Outcome {
        // Bookings of the same group stand in the store already, their counters must too.
        try writeSlots()
        var live: [SlotID: Int] = [:]
        for mismatch in try store.counterMismatches() { live[mismatch.slot] = mismatch.liveReservations }
        var findings: [Finding] = []
        for slot in slots.all {
            // What memory has wrong may be right in the store, or the other way round.
            guard let stored = try store.refreshed(slot) else { throw .corrupt("slot \(slot.id) is in memory but not in the database") }
            let booked = live[slot.id] ?? stored.bookedCount
            let status: SlotStatus = slot.status == .closed ? .closed : booked >= slot.totalCapacity ? .full : .active
            guard booked <= slot.totalCapacity else {
                findings.append(
                    Finding(
                        check: "repair", passed: false,
                        detail: "slot \(slot.id) has \(booked) live reservations for \(slot.totalCapacity) places: raise its capacity, or "
                            + "cancel some; it was left as it is"))
                continue
            }
            guard [slot, stored].contains(where: { booked != $0.bookedCount || status != $0.status }) else { continue }
            findings.append(
                Finding(
                    check: Self.repairCheck, passed: true,
                    detail: "slot \(slot.id): \(slot.bookedCount) booked, \(slot.status.rawValue) is now \(booked), \(status.rawValue)"))
            var repaired = slot
            repaired.bookedCount = booked
            repaired.status = status
            repaired.updatedAt = now
            change(repaired, was: slot)
        }
        return .findings(findings)
    }
}
