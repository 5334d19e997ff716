import ReservationCore
import Testing

@testable import ReservationStore

@Suite("Reservations")
struct ReservationTests {
    let folder: TemporaryFolder
    let store: SQLiteReservationStore

    init() throws {
        folder = try TemporaryFolder()
        store = try SQLiteReservationStore(path: folder.database)
        try store.furnish(tickets: 3, slots: 2)
    }

    @Test("a reservation is written with its ticket and its confirmation, and nothing else")
    func record() throws {
        let id = try store.batch { try store.recordReservation(Samples.request(ticket: 2), now: Samples.later) }
        #expect(
            try store.liveReservation(of: Samples.ticket(2).id)
                == Reservation(
                    id: id, ticket: Samples.ticket(2).id, slot: SlotID(1 as Int64)!, organization: Samples.berlin.id,
                    email: Samples.contact.email, phone: Samples.contact.phone, status: .reserved, reservedAt: Samples.later))
        let ticket = try column(
            """
            SELECT concat_ws FROM (SELECT status || ' ' || customer_email || ' ' || customer_phone || ' ' || reserved_at || ' '
                || updated_at || ' ' || coalesce(verified_at, 'never') AS concat_ws FROM tickets WHERE id = 2)
            """, on: store.connection)
        #expect(ticket == ["RESERVED john@example.com +12025551234 1760000600 1760000600 never"])
        let outbox = try column(
            "SELECT reservation_id || ' ' || kind || ' ' || state || ' ' || attempts || ' ' || due_at FROM outbox",
            on: store.connection)
        #expect(outbox == ["\(id) EMAIL QUEUED 0 1760000600"])
        #expect(try store.ticket(Samples.ticket(1).id) == Samples.ticket(1))
        #expect(try store.allSlots().map(\.bookedCount) == [0, 0])
    }

    @Test("reservation ids rise")
    func ids() throws {
        let ids = try [3, 1, 2].map { try store.book(ticket: $0) }
        #expect(ids == ids.sorted() && Set(ids).count == 3)
    }

    @Test("a ticket without reservation has none")
    func none() throws {
        #expect(try store.liveReservation(of: Samples.ticket(1).id) == nil)
        #expect(try store.liveReservation(of: Samples.ticket(999).id) == nil)
    }

    @Test(
        "only an ACTIVATED ticket is reserved; any other is a defect that leaves nothing behind, and its batch can be committed",
        arguments: TicketStatus.allCases.filter { $0 != .activated })
    func wrongStatus(status: TicketStatus) throws {
        try store.batch {
            _ = try store.insert(Samples.ticket(10, status: status))
            #expect(throws: StorageFailure.defect("Ticket 10 was not ACTIVATED in organization 1")) {
                _ = try store.recordReservation(Samples.request(ticket: 10), now: Samples.now)
            }
            _ = try store.recordReservation(Samples.request(ticket: 1), now: Samples.now)
        }
        #expect(try store.ticket(Samples.ticket(10).id)?.status == status)
        let written = try column(
            "SELECT (SELECT count(*) FROM ticket_reservations) || ' ' || (SELECT count(*) FROM outbox)", on: store.connection)
        #expect(written == ["1 1"])
    }

    @Test("a ticket of another organization than the request's is a defect that leaves nothing behind")
    func wrongOrganization() throws {
        try store.batch {
            _ = try store.insert(Samples.organization(2))
            #expect(throws: StorageFailure.self) {
                _ = try store.recordReservation(Samples.request(ticket: 1, organization: 2), now: Samples.now)
            }
        }
        #expect(try store.liveReservation(of: Samples.ticket(1).id) == nil)
    }

    @Test("a ticket or slot that does not exist is a defect", arguments: [(99 as Int64, 1 as Int64), (1, 99)])
    func orphan(ticket: Int64, slot: Int64) throws {
        try store.batch { () throws in
            #expect(throws: StorageFailure.self) {
                _ = try store.recordReservation(Samples.request(ticket: ticket, slot: slot), now: Samples.now)
            }
        }
        #expect(try store.statistics().outbox.pending == 0)
    }

    @Test("a ticket has one live reservation, whatever its own row says")
    func uniqueLive() throws {
        _ = try store.book(ticket: 1)
        try store.connection.execute("UPDATE tickets SET status = 'ACTIVATED' WHERE id = 1", to: "tamper")
        try store.batch { () throws in
            #expect(throws: StorageFailure.self) {
                _ = try store.recordReservation(Samples.request(ticket: 1, slot: 2), now: Samples.now)
            }
        }
        #expect(try store.liveReservation(of: Samples.ticket(1).id)?.slot.rawValue == 1)
        #expect(try store.ticket(Samples.ticket(1).id)?.status == .activated)
    }

    @Test("after a cancellation the ticket can be reserved again, and the cancelled reservation stays on record")
    func afterCancellation() throws {
        _ = try store.book(ticket: 1)
        try store.connection.execute(
            "UPDATE ticket_reservations SET status = 'CANCELLED'; UPDATE tickets SET status = 'ACTIVATED' WHERE id = 1", to: "cancel")
        #expect(try store.liveReservation(of: Samples.ticket(1).id) == nil)
        _ = try store.batch { try store.recordReservation(Samples.request(ticket: 1, slot: 2), now: Samples.now) }
        #expect(try store.liveReservation(of: Samples.ticket(1).id)?.slot.rawValue == 2)
        let states = try column("SELECT status FROM ticket_reservations ORDER BY id", on: store.connection)
        #expect(states == ["CANCELLED", "RESERVED"])
    }

    @Test("a reservation of which the confirmation cannot be queued spoils its batch: it cannot be committed")
    func spoiled() throws {
        try store.connection.execute(
            "CREATE TRIGGER full BEFORE INSERT ON outbox BEGIN SELECT RAISE(ABORT, 'no'); END", to: "tamper")
        try store.begin()
        #expect(throws: StorageFailure.self) { _ = try store.recordReservation(Samples.request(ticket: 1), now: Samples.now) }
        #expect(throws: StorageFailure.self) { try store.commit() }
        store.rollback()
        #expect(try store.ticket(Samples.ticket(1).id)?.status == .activated)
        #expect(try store.liveReservation(of: Samples.ticket(1).id) == nil)
        #expect(try store.batch { try store.insert(Samples.ticket(10)) })
    }

    @Test("deleting a ticket takes its reservation and confirmation with it")
    func cascade() throws {
        _ = try store.book(ticket: 1)
        _ = try store.book(ticket: 2)
        try store.connection.execute("DELETE FROM tickets WHERE id = 1", to: "delete")
        let left = try column(
            "SELECT r.ticket_id || ' ' || o.reservation_id FROM ticket_reservations r JOIN outbox o ON o.reservation_id = r.id",
            on: store.connection)
        #expect(left == ["2 2"])
        #expect(try store.statistics().tickets == 2)
    }
}
