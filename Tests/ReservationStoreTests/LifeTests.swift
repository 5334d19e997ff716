import ReservationCore
import Testing

@testable import ReservationStore

@Suite("A ticket's life in the store")
struct LifeTests {
    let folder: TemporaryFolder
    let store: SQLiteReservationStore

    init() throws {
        folder = try TemporaryFolder()
        store = try SQLiteReservationStore(path: folder.database)
        try store.furnish(tickets: 3, slots: 2)
    }

    private func booked(_ ticket: Int64 = 1) throws -> Reservation {
        let id = try store.book(ticket: ticket)
        return try #require(try store.reservation(id))
    }

    @Test("a cancelled reservation stays on record and holds no place; its ticket is nobody's")
    func cancellation() throws {
        let reservation = try booked()
        let cancelled = LifeRules.cancelling(reservation)
        try store.batch { try store.recordCancellation(cancelled, now: Samples.later) }
        #expect(try store.liveReservation(of: reservation.ticket) == nil)
        #expect(try store.reservation(reservation.id) == cancelled && cancelled.sequence == 1)
        #expect(try store.cancelledReservation(of: reservation.ticket) == cancelled)
        let ticket = try column(
            """
            SELECT status || ' ' || coalesce(customer_email, '-') || coalesce(customer_phone, '-') || coalesce(reserved_at, '-')
            FROM tickets WHERE id = 1
            """, on: store.connection)
        #expect(ticket == ["ACTIVATED ---"])
        let again = try store.book(ticket: 1)
        let live = try store.liveReservation(of: reservation.ticket)
        #expect(again != reservation.id && live?.id == again)
    }

    @Test("only a RESERVED one is changed; what cannot be leaves nothing behind, and its batch can be committed")
    func wrongStatus() throws {
        let (one, other) = (try booked(1), try booked(2))
        try store.batch { try store.recordCancellation(LifeRules.cancelling(one), now: Samples.later) }
        try store.batch { try store.recordCheckIn(other, by: OperatorID(7 as Int64), now: Samples.later) }
        for reservation in [one, other] {
            try store.batch { () throws in
                #expect(throws: StorageFailure.self) { try store.recordCancellation(LifeRules.cancelling(reservation), now: Samples.now) }
                #expect(throws: StorageFailure.self) { try store.recordCheckIn(reservation, by: nil, now: Samples.now) }
                #expect(throws: StorageFailure.self) {
                    try store.recordMove(LifeRules.moving(reservation, to: SlotID(2 as Int64)!), now: Samples.now)
                }
            }
        }
        #expect(try store.reservation(one.id)?.status == .cancelled && store.reservation(other.id)?.status == .verified)
        #expect(try store.verification(of: other.ticket) == Verification(at: Samples.later, by: OperatorID(7 as Int64)))
        #expect(try store.verification(of: one.ticket) == Verification(at: nil, by: nil))
    }

    @Test("a ticket that does not stand as its reservation spoils the batch: it cannot be committed")
    func spoiled() throws {
        let reservation = try booked()
        try store.connection.execute("UPDATE tickets SET status = 'ACTIVATED' WHERE id = 1", to: "tamper")
        for change in [
            { try self.store.recordCheckIn(reservation, by: nil, now: Samples.now) },
            { try self.store.recordCancellation(LifeRules.cancelling(reservation), now: Samples.now) },
        ] {
            try store.begin()
            #expect(throws: StorageFailure.self) { try change() }
            #expect(throws: StorageFailure.self) { try store.commit() }
            store.rollback()
        }
        #expect(try store.reservation(reservation.id) == reservation)
    }

    @Test("a ticket that holds a place is neither activated nor expired")
    func status() throws {
        let reservation = try booked(1)
        try store.batch { () throws in
            #expect(throws: StorageFailure.self) { try store.setStatus(.expired, of: reservation.ticket, now: Samples.now) }
            try store.setStatus(.expired, of: Samples.ticket(2).id, now: Samples.later)
        }
        #expect(try store.ticket(Samples.ticket(2).id)?.status == .expired)
        #expect(try store.ticket(reservation.ticket)?.status == .reserved)
    }

    @Test("messages that are still to be sent are found by their reservation, and say what they tell of")
    func messages() throws {
        let (one, other) = (try booked(1), try booked(2))
        try store.batch {
            try store.queueMessage(.change, of: one.id, now: Samples.later)
            try store.queueMessage(.cancellation, of: other.id, now: Samples.later)
        }
        let unsent = try store.unsentOutboxEntries(of: one.id)
        #expect(unsent.map(\.purpose) == [.confirmation, .change])
        let first = try #require(unsent.first)
        try store.batch { try store.update(try #require(OutboxRules.cancelling(first, now: Samples.later))) }
        #expect(try store.unsentOutboxEntries(of: one.id).map(\.purpose) == [.change])
        #expect(try store.outboxEntry(first.id)?.state == .cancelled)
    }

    @Test("the history is only appended to, and read by what it is about")
    func history() throws {
        func note(_ action: HistoryAction, ticket: Int64? = nil, slot: Int64? = nil, previous: Int64? = nil) -> HistoryNote {
            HistoryNote(
                at: Samples.now, action: action, caller: Caller(role: .service, uid: 1000), operatorID: OperatorID(7 as Int64),
                organization: Samples.berlin.id, ticket: ticket.flatMap { TicketID($0) }, slot: slot.flatMap { SlotID($0) },
                previousSlot: previous.flatMap { SlotID($0) }, reason: "weil", detail: nil)
        }
        let notes = [note(.moved, ticket: 1, slot: 1, previous: 2), note(.slotClosed, slot: 2), note(.ticketExpired, ticket: 2)]
        try store.batch { for note in notes { try store.insert(note) } }
        func page(_ query: HistoryQuery) throws -> [HistoryNote] { try store.history(query).entries.map(\.note) }
        #expect(try page(HistoryQuery(limit: 10)) == notes)
        #expect(try page(HistoryQuery(slot: SlotID(2 as Int64), limit: 10)) == [notes[0], notes[1]])
        #expect(try page(HistoryQuery(ticket: TicketID(2 as Int64), limit: 10)) == [notes[2]])
        #expect(try page(HistoryQuery(organization: OrganizationID(9 as Int64), limit: 10)) == [])
        let first = try store.history(HistoryQuery(limit: 2))
        #expect(first.entries.count == 2 && first.next == first.entries.last?.id)
        #expect(try page(HistoryQuery(after: first.next, limit: 2)) == [notes[2]])
        for tampering in ["UPDATE history SET at = 1", "DELETE FROM history"] {
            #expect(throws: StorageFailure.self) { try store.connection.execute(tampering, to: "tamper") }
        }
        #expect(try page(HistoryQuery(limit: 10)) == notes)
    }
}
