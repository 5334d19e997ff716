import ReservationCore

/// Statements on `history`.
struct HistoryTable: ~Copyable {
    private let insertion: Statement
    private let ofTicket: Statement
    private let ofReservation: Statement
    private let ofSlot: Statement
    private let all: Statement
    private let bounds: Statement
}

extension HistoryTable {
    /// How many entries one page looks through when no index helps, so that nobody's booking waits for a search among a million.
    static let examinedPerPage: Int64 = 5_000

    /// Beside the memberwise initialiser and by it: a noncopyable struct must not be left half made by a throw.
    init(on connection: borrowing Connection) throws(StorageFailure) {
        let columns =
            "id, at, action, role, uid, operator, orq, ticket_id, reservation_id, slot_id, previous_slot_id, reason, detail, by_system"
        // The first condition names the index; the others only sift what it finds.
        func page(where condition: String) -> String {
            """
            SELECT \(columns) FROM history
            WHERE \(condition) AND id > ?1 AND (?3 IS NULL OR ticket_id = ?3) AND (?4 IS NULL OR reservation_id = ?4)
                AND (?5 IS NULL OR slot_id = ?5 OR previous_slot_id = ?5) AND (?6 IS NULL OR orq = ?6)
            ORDER BY id LIMIT ?2
            """
        }
        self.init(
            insertion: try Statement(
                """
                INSERT INTO history (at, action, role, uid, operator, orq, ticket_id, reservation_id, slot_id, previous_slot_id, reason, detail,
                    by_system)
                VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)
                """, to: "add to the history", on: connection),
            ofTicket: try Statement(page(where: "ticket_id = ?3"), to: "read the history of a ticket", on: connection),
            ofReservation: try Statement(page(where: "reservation_id = ?4"), to: "read the history of a reservation", on: connection),
            ofSlot: try Statement(
                page(where: "id IN (SELECT id FROM history WHERE slot_id = ?5 UNION SELECT id FROM history WHERE previous_slot_id = ?5)"),
                to: "read the history of a slot", on: connection),
            all: try Statement(page(where: "id <= ?7"), to: "read the history", on: connection),
            bounds: try Statement(
                "SELECT id, (SELECT max(id) FROM history) FROM history WHERE id > ?1 ORDER BY id LIMIT 1", to: "read the history",
                on: connection))
    }

    func insert(_ note: HistoryNote) throws(StorageFailure) {
        try insertion.bind(note.at.seconds, at: 1)
        try insertion.bind(note.action.rawValue, at: 2)
        try insertion.bind(Int64(note.caller.role.rawValue), at: 3)
        try insertion.bind(note.caller.uid.map { Int64($0) }, at: 4)
        try insertion.bind(note.operatorID?.rawValue, at: 5)
        try insertion.bind(note.organization.rawValue, at: 6)
        try insertion.bind(note.ticket?.rawValue, at: 7)
        try insertion.bind(note.reservation?.rawValue, at: 8)
        try insertion.bind(note.slot?.rawValue, at: 9)
        try insertion.bind(note.previousSlot?.rawValue, at: 10)
        try insertion.bind(note.reason, at: 11)
        try insertion.bind(note.detail, at: 12)
        try insertion.bind(Int64(note.caller.isSystem ? 1 : 0), at: 13)
        try insertion.run()
    }

    func page(_ query: HistoryQuery) throws(StorageFailure) -> HistoryPage {
        if query.ticket != nil { return try Self.page(query, by: ofTicket) }
        if query.reservation != nil { return try Self.page(query, by: ofReservation) }
        if query.slot != nil { return try Self.page(query, by: ofSlot) }
        guard let (first, last) = try stretch(behind: query.after) else { return HistoryPage(entries: []) }
        let end = first + Self.examinedPerPage - 1
        try all.bind(end, at: 7)
        var page = try Self.page(query, by: all)
        if page.next == nil, end < last { page.next = HistoryID(end) }
        return page
    }

    /// - Returns: the first id behind the given one, and the last of all.
    private func stretch(behind id: HistoryID?) throws(StorageFailure) -> (first: Int64, last: Int64)? {
        defer { bounds.reset() }
        try bounds.bind(id?.rawValue ?? 0, at: 1)
        return try bounds.step() ? (bounds.int(0), bounds.int(1)) : nil
    }

    private static func page(_ query: HistoryQuery, by rows: borrowing Statement) throws(StorageFailure) -> HistoryPage {
        defer { rows.reset() }
        try rows.bind(query.after?.rawValue ?? 0, at: 1)
        try rows.bind(Int64(query.limit) + 1, at: 2)
        try rows.bind(query.ticket?.rawValue, at: 3)
        try rows.bind(query.reservation?.rawValue, at: 4)
        try rows.bind(query.slot?.rawValue, at: 5)
        try rows.bind(query.organization?.rawValue, at: 6)
        var entries: [HistoryEntry] = []
        while try rows.step() {
            if entries.count == query.limit { return HistoryPage(entries: entries, next: entries.last?.id) }
            entries.append(try entry(rows))
        }
        return HistoryPage(entries: entries)
    }

    private static func optional(_ row: borrowing Statement, _ column: Int32) -> Int64? {
        row.isNull(column) ? nil : row.int(column)
    }

    private static func entry(_ row: borrowing Statement) throws(StorageFailure) -> HistoryEntry {
        guard let id = HistoryID(row.int(0)), let action = HistoryAction(rawValue: row.text(2)),
            let role = UInt8(exactly: row.int(3)).flatMap({ Role(rawValue: $0) }), let organization = OrganizationID(row.int(6))
        else { throw .unreadable("history", row.int(0)) }
        return HistoryEntry(
            id: id,
            note: HistoryNote(
                at: Instant(seconds: row.int(1)), action: action,
                caller: row.int(13) == 1 ? .system : Caller(role: role, uid: optional(row, 4).flatMap { UInt32(exactly: $0) }),
                operatorID: optional(row, 5).flatMap { OperatorID($0) }, organization: organization,
                ticket: optional(row, 7).flatMap { TicketID($0) }, reservation: optional(row, 8).flatMap { ReservationID($0) },
                slot: optional(row, 9).flatMap { SlotID($0) }, previousSlot: optional(row, 10).flatMap { SlotID($0) },
                reason: row.isNull(11) ? nil : row.text(11), detail: row.isNull(12) ? nil : row.text(12)))
    }
}
