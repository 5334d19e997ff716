import ReservationCore

extension StoredState {
    /// What must hold of every durable state; empty when it does.
    var complaints: [String] {
        var complaints: [String] = []
        for slot in slots {
            let live = liveCount(slot.id)
            if live > slot.totalCapacity { complaints.append("slot \(slot.id) is oversold: \(live) of \(slot.totalCapacity)") }
            if live != slot.bookedCount { complaints.append("slot \(slot.id) counts \(slot.bookedCount), \(live) are live") }
            if slot.status != .closed, (slot.status == .full) != (slot.bookedCount == slot.totalCapacity) {
                complaints.append("slot \(slot.id) is \(slot.status.rawValue) with \(slot.bookedCount) of \(slot.totalCapacity)")
            }
        }
        for ticket in tickets {
            let live = reservations.count { $0.ticket == ticket.id && $0.status != .cancelled }
            if live > 1 { complaints.append("ticket \(ticket.id) has \(live) live reservations") }
            if (live == 1) != (ticket.status == .reserved || ticket.status == .verified) {
                complaints.append("ticket \(ticket.id) is \(ticket.status.rawValue) with \(live) live reservations")
            }
        }
        for (index, reservation) in reservations.enumerated()
        where reservations[..<index].contains(where: { $0.email == reservation.email }) {
            complaints.append("the request of \(reservation.email) is stored twice")
        }
        for reservation in reservations {
            // One tells of the booking and one of each change. Nobody asks for another, and nothing is old enough to be forgotten.
            let messages = outbox.filter { $0.reservation.id == reservation.id }
            if messages.count != 1 + reservation.sequence {
                complaints.append("reservation \(reservation.id) has \(messages.count) messages for \(reservation.sequence) changes")
            }
            if messages.last?.state == .cancelled { complaints.append("the last message on reservation \(reservation.id) is not sent") }
        }
        for entry in outbox where (entry.dueAt != nil) != (entry.state == .queued || entry.state == .leased) {
            complaints.append("message \(entry.id) is \(entry.state.rawValue) and due at \(String(describing: entry.dueAt))")
        }
        return complaints
    }

    /// What a commit must not take back; empty when it did not.
    func complaints(after previous: StoredState) -> [String] {
        previous.reservations.compactMap { before in
            guard let after = reservation(before.id) else { return "reservation \(before.id) was durable and is gone" }
            return after.canFollow(before) ? nil : "reservation \(before.id) was \(before) and is \(after)"
        }
            + previous.outbox.compactMap { before in
                guard let after = entry(before.id) else { return "message \(before.id) was durable and is gone" }
                let isLeasedAgain = after.lease != before.lease && before.state == .leased && after.state == .leased
                // Its holder may have given it back, to be tried at once, within the same group.
                let isGivenBack = after.lastError == SimulatedMailers.reason(under: UInt64(before.lease))
                if isLeasedAgain, !isGivenBack, let until = before.dueAt, until > after.updatedAt {
                    return "message \(before.id) is leased twice"
                }
                if before.state == .sent, after.state != .sent { return "message \(before.id) was sent and is \(after.state.rawValue)" }
                return nil
            }
    }
}

extension Reservation {
    /// A place may change and be given back, once; the rest stays, and nothing changes unless the number is raised.
    fileprivate func canFollow(_ before: Reservation) -> Bool {
        guard sequence != before.sequence else { return self == before }
        var expected = before
        expected.sequence = sequence
        expected.slot = slot
        expected.status = status
        return sequence > before.sequence && before.status == .reserved && self == expected
    }
}
