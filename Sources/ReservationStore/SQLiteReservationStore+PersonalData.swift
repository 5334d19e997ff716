import ReservationCore

extension SQLiteReservationStore {
    package func tickets(
        of person: PersonalSubject, behind id: TicketID?, examined: Int
    ) throws(StorageFailure) -> PersonsTicketPage {
        try erasure.tickets(of: person, behind: id, examined: examined)
    }

    package func eraseContact(of reservation: Reservation) throws(StorageFailure) {
        try requireBatch()
        try erasure.eraseContact(of: reservation.id)
        guard connection.changes == 1 else { throw .defect("There is no reservation \(reservation.id) to erase the contact of") }
        // A ticket whose reservation was cancelled is nobody's, or another's by now.
        if reservation.status != .cancelled { try erasure.eraseContact(of: reservation.ticket) }
    }

    package func eraseContact(of ticket: TicketID) throws(StorageFailure) {
        try requireBatch()
        try erasure.eraseContact(of: ticket)
        guard connection.changes == 1 else { throw .defect("There is no ticket \(ticket) to erase the contact of") }
    }

    package func eraseReasons(of ticket: TicketID, holding texts: [String]) throws(StorageFailure) -> Int {
        try requireBatch()
        var count = 0
        for text in texts {
            try erasure.eraseReasons(of: ticket, holding: text)
            count += connection.changes
        }
        return count
    }

    package func eraseReasons(holding text: String, behind id: HistoryID?, examined: Int) throws(StorageFailure) -> Emptied<HistoryID> {
        try requireBatch()
        guard let stretch = try erasure.stretchOfHistory(behind: id?.rawValue ?? 0, examined: examined) else {
            return Emptied(count: 0, next: nil)
        }
        try erasure.eraseReasons(holding: text, in: stretch.ids)
        return Emptied(count: connection.changes, next: stretch.isLast ? nil : HistoryID(stretch.ids.upperBound))
    }

    package func emptyOutbox(behind id: OutboxID?, examined: Int, now: Instant) throws(StorageFailure) -> Emptied<OutboxID> {
        try requireBatch()
        guard let stretch = try erasure.stretchOfOutbox(behind: id?.rawValue ?? 0, examined: examined) else {
            return Emptied(count: 0, next: nil)
        }
        try erasure.emptyOutbox(stretch.ids, now: now)
        return Emptied(count: connection.changes, next: stretch.isLast ? nil : OutboxID(stretch.ids.upperBound))
    }

    package func emptyLog() throws(StorageFailure) {
        guard !connection.isInTransaction else { throw .defect("The log is emptied outside batches") }
        try connection.checkpointAndTruncate()
        // In memory a page may hold a copy that the file has lost, and would take it into the log with the next change; see
        // coalescing_vfs.h.
        connection.forgetPages()
    }
}
