import ReservationCore

/// Statements on `tickets` for what comes before and after a booking.
struct LifeStatements: ~Copyable {
    private let status: Statement
    private let verification: Statement
    private let entry: Statement
    private let removal: Statement
}

extension LifeStatements {
    /// Beside the memberwise initialiser and by it: a noncopyable struct must not be left half made by a throw.
    init(on connection: borrowing Connection) throws(StorageFailure) {
        self.init(
            status: try Statement(
                """
                UPDATE tickets SET status = ?2, updated_at = ?3, activated_at = CASE WHEN ?2 = 'ACTIVATED' THEN ?3 ELSE activated_at END
                WHERE id = ?1 AND status <> 'RESERVED' AND status <> 'VERIFIED'
                """, to: "change a ticket's status", on: connection),
            verification: try Statement(
                "SELECT verified_at, verified_by FROM tickets WHERE id = ?1", to: "read when a ticket was used", on: connection),
            entry: try Statement(
                """
                UPDATE tickets SET status = 'VERIFIED', verified_at = ?2, verified_by = ?3, updated_at = ?2 WHERE id = ?1 AND status = 'RESERVED'
                """, to: "mark a ticket as used", on: connection),
            removal: try Statement(
                """
                UPDATE tickets SET status = 'ACTIVATED', customer_email = NULL, customer_phone = NULL, reserved_at = NULL, updated_at = ?2
                WHERE id = ?1 AND status = 'RESERVED'
                """, to: "take a ticket's reservation away", on: connection))
    }

    func verification(of ticket: TicketID) throws(StorageFailure) -> Verification {
        defer { verification.reset() }
        try verification.bind(ticket.rawValue, at: 1)
        guard try verification.step() else { return Verification(at: nil, by: nil) }
        return Verification(
            at: verification.isNull(0) ? nil : Instant(seconds: verification.int(0)),
            by: verification.isNull(1) ? nil : OperatorID(verification.int(1)))
    }

    // The connection's count of changes tells of each of these whether the ticket stood as it had to.

    func setStatus(_ new: TicketStatus, of ticket: TicketID, now: Instant) throws(StorageFailure) {
        try status.bind(ticket.rawValue, at: 1)
        try status.bind(new.rawValue, at: 2)
        try status.bind(now.seconds, at: 3)
        try status.run()
    }

    func verify(_ ticket: TicketID, by operator: OperatorID?, now: Instant) throws(StorageFailure) {
        try entry.bind(ticket.rawValue, at: 1)
        try entry.bind(now.seconds, at: 2)
        try entry.bind(`operator`?.rawValue, at: 3)
        try entry.run()
    }

    func release(_ ticket: TicketID, now: Instant) throws(StorageFailure) {
        try removal.bind(ticket.rawValue, at: 1)
        try removal.bind(now.seconds, at: 2)
        try removal.run()
    }
}
