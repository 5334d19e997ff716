import ReservationCore

/// A question to the database that must have no answer.
struct Examination {
    /// In words, as the operator reads it.
    let check: String
    /// What is wrong when there are answers.
    let problem: String
    /// Rows of one text each that names the culprit.
    let sql: String

    /// How many culprits are named; the rest is counted.
    static let named = 5
    /// What the first check is called.
    static let soundness = "database file is sound"
}

extension Examination {
    /// In the order in which they make sense to a reader: first whether the file is sound, then whether what it says is.
    ///
    /// Where all reservations are read, NOT INDEXED makes SQLite read them in the order in which they lie on the disk.
    static let all: [Examination] = [
        Examination(
            check: soundness, problem: "SQLite found damage",
            // Answers "ok", or up to a hundred lines.
            sql: "SELECT integrity_check FROM pragma_integrity_check(100) WHERE integrity_check <> 'ok'"),
        Examination(
            check: "every reference leads somewhere", problem: "rows refer to rows that do not exist",
            sql: """
                SELECT format('%s %s refers to a missing row of %s', "table", coalesce(rowid, '?'), parent) FROM pragma_foreign_key_check
                """),
        Examination(
            check: "booked counts equal live reservations", problem: "counters do not tell the truth; run reservationctl doctor --repair",
            sql: """
                SELECT format('slot %d has %d booked but %d live reservations', s.id, s.booked_count, coalesce(l.live, 0))
                FROM reservation_slots AS s LEFT JOIN (
                    SELECT slot_id, sum(reservations) AS live FROM (
                        SELECT slot_id, count(*) AS reservations FROM ticket_reservations INDEXED BY reservations_of_slot GROUP BY slot_id
                        UNION ALL
                        SELECT slot_id, -count(*) FROM ticket_reservations INDEXED BY cancelled_reservations_of_slot
                        WHERE status = 'CANCELLED' GROUP BY slot_id
                    ) GROUP BY slot_id
                ) AS l ON l.slot_id = s.id
                WHERE s.booked_count <> coalesce(l.live, 0)
                """),
        Examination(
            check: "no slot is oversold", problem: "slots have more bookings than places",
            sql: """
                SELECT format('slot %d has %d booked of %d', id, booked_count, total_capacity)
                FROM reservation_slots WHERE booked_count > total_capacity
                """),
        Examination(
            check: "slots are FULL exactly when no place is left", problem: "slots have the wrong status",
            sql: """
                SELECT format('slot %d is %s with %d of %d booked', id, status, booked_count, total_capacity) FROM reservation_slots
                WHERE status <> 'CLOSED' AND (status = 'FULL') <> (booked_count >= total_capacity)
                """),
        Examination(
            check: "every live reservation has a reserved ticket", problem: "reservations are held by tickets of another status",
            sql: """
                SELECT format('reservation %d holds ticket %d, which is %s', r.id, t.id, t.status)
                FROM ticket_reservations AS r NOT INDEXED JOIN tickets AS t ON t.id = r.ticket_id
                WHERE r.status <> 'CANCELLED' AND t.status NOT IN ('RESERVED', 'VERIFIED')
                """),
        Examination(
            check: "ticket and reservation were used together", problem: "only one of the two is marked as used",
            sql: """
                SELECT format('reservation %d is %s, its ticket %d is %s', r.id, r.status, t.id, t.status)
                FROM ticket_reservations AS r NOT INDEXED JOIN tickets AS t ON t.id = r.ticket_id
                WHERE r.status <> 'CANCELLED' AND (r.status = 'VERIFIED') <> (t.status = 'VERIFIED')
                """),
        // A ticket that was imported as VERIFIED, used before this program, never had a reservation and has no reserved_at.
        Examination(
            check: "every reserved ticket has a live reservation", problem: "tickets are marked as reserved but hold no place",
            sql: """
                SELECT format('ticket %d is %s', t.id, t.status) FROM tickets AS t
                WHERE (t.status = 'RESERVED' OR (t.status = 'VERIFIED' AND t.reserved_at IS NOT NULL)) AND NOT EXISTS (
                    SELECT 1 FROM ticket_reservations AS r WHERE r.ticket_id = t.id AND r.status <> 'CANCELLED')
                """),
        Examination(
            check: "every reservation has its confirmation", problem: "no confirmation was ever queued",
            sql: """
                SELECT format('reservation %d', r.id) FROM ticket_reservations AS r NOT INDEXED
                WHERE r.id NOT IN (SELECT reservation_id FROM outbox)
                    AND r.reserved_at > (SELECT forgotten_until FROM outbox_totals)
                """),
        Examination(
            check: "nothing is to be sent of a cancelled reservation but its cancellation", problem: "messages would tell what is not so",
            sql: """
                SELECT format('message %d of reservation %d', o.id, r.id) FROM outbox AS o JOIN ticket_reservations AS r ON r.id = o.reservation_id
                WHERE o.due_at IS NOT NULL AND r.status = 'CANCELLED' AND o.purpose IS NOT 'CANCELLATION'
                """),
        Examination(
            check: "who was erased is erased everywhere", problem: "something is left; run reservationctl personal-data erase again",
            sql: """
                SELECT format('reservation %d', r.id) FROM ticket_reservations AS r NOT INDEXED
                WHERE r.customer_email = '\(EmailAddress.erased.text)' AND (r.customer_phone <> '\(PhoneNumber.erased.text)'
                    OR (r.status <> 'CANCELLED' AND EXISTS (SELECT 1 FROM tickets AS t WHERE t.id = r.ticket_id
                        AND (t.customer_email IS NOT NULL OR t.customer_phone IS NOT NULL))))
                UNION ALL
                SELECT format('message %d of reservation %d', o.id, r.id)
                FROM outbox AS o JOIN ticket_reservations AS r ON r.id = o.reservation_id
                WHERE o.due_at IS NOT NULL AND r.customer_email = '\(EmailAddress.erased.text)'
                """),
        Examination(
            check: "the numbers of confirmations are right", problem: "the counters of the outbox are wrong",
            sql: """
                SELECT format('%d to be sent and %d failed, but %d and %d there',
                    n.last - c.sent - c.failed - c.cancelled, c.failed, n.pending, n.failed)
                FROM outbox_totals AS c, (
                    SELECT coalesce(max(id), 0) AS last, count(due_at) AS pending, count(*) FILTER (WHERE state = 'FAILED') AS failed FROM outbox
                ) AS n
                WHERE n.last - c.sent - c.failed - c.cancelled <> n.pending OR c.failed <> n.failed
                """),
        Examination(
            check: "reservations, tickets and slots belong to one organization", problem: "rows of different organizations are joined",
            sql: """
                SELECT format('reservation %d of organization %d: ticket of %d, slot of %d', r.id, r.orq, t.orq, s.orq)
                FROM ticket_reservations AS r NOT INDEXED JOIN tickets AS t ON t.id = r.ticket_id JOIN reservation_slots AS s ON s.id = r.slot_id
                WHERE r.orq <> t.orq OR r.orq <> s.orq
                """),
        Examination(
            check: "the number of tickets is right", problem: "the counter of tickets is wrong",
            sql: """
                SELECT format('%d counted, %d there', c.row_count, n.there)
                FROM row_counts AS c, (SELECT count(*) AS there FROM tickets) AS n
                WHERE c.table_name = 'tickets' AND c.row_count <> n.there
                """),
    ]

    func run(on connection: borrowing Connection) throws(StorageFailure) -> Finding {
        let answers = try Statement(sql, to: "examine the database", on: connection)
        defer { answers.reset() }
        var culprits: [String] = []
        var count = 0
        do {
            while try answers.step() {
                count += 1
                if count <= Self.named { culprits.append(answers.text(0)) }
            }
        } catch .corrupt(let detail) {
            // Damage is what an examination looks for: the other checks still have something to say.
            return Finding(check: check, passed: false, detail: detail)
        }
        guard count > 0 else { return Finding(check: check, passed: true, detail: "ok") }
        let more = count > culprits.count ? ", and \(count - culprits.count) more" : ""
        return Finding(check: check, passed: false, detail: "\(problem): \(culprits.joined(separator: "; "))\(more)")
    }
}

extension SQLiteReservationStore {
    package func examine() throws(StorageFailure) -> [Finding] {
        var findings: [Finding] = []
        for examination in Examination.all { findings.append(try examination.run(on: connection)) }
        return findings
    }
}
