import ReservationCore
import Testing

@testable import ReservationStore

@Suite("Tickets")
struct TicketTests {
    let folder: TemporaryFolder
    let store: SQLiteReservationStore

    init() throws {
        folder = try TemporaryFolder()
        store = try SQLiteReservationStore(path: folder.database)
        try store.batch {
            _ = try store.insert(Samples.berlin)
            _ = try store.insert(Samples.organization(2))
        }
    }

    @Test("a ticket of every status comes back as it was stored", arguments: TicketStatus.allCases)
    func roundTrip(status: TicketStatus) throws {
        let ticket = Samples.ticket(9_007_199_254_740_991, status: status)
        #expect(try store.batch { try store.insert(ticket) })
        #expect(try store.ticket(ticket.id) == ticket)
        #expect(try store.ticket(ticket.code, in: ticket.organization) == ticket)
    }

    @Test("activated_at is known for tickets that are issued as ACTIVATED, and only for those")
    func activatedAt() throws {
        try store.batch {
            _ = try store.insert(Samples.ticket(1))
            _ = try store.insert(Samples.ticket(2, status: .pendingPayment))
        }
        let instants = try column("SELECT coalesce(activated_at, 'none') FROM tickets ORDER BY id", on: store.connection)
        #expect(instants == ["\(Samples.now.seconds)", "none"])
    }

    @Test("neither an id nor a code within an organization is given twice, and the batch goes on")
    func duplicates() throws {
        let first = Samples.ticket(1)
        let sameCode = Ticket(
            id: TicketID(2 as Int64)!, code: first.code, organization: first.organization, productID: 1, orderID: 1, status: .activated,
            createdAt: Samples.now, updatedAt: Samples.now)
        let sameCodeElsewhere = Ticket(
            id: TicketID(3 as Int64)!, code: first.code, organization: OrganizationID(2 as Int64)!, productID: 1, orderID: 1,
            status: .activated, createdAt: Samples.now, updatedAt: Samples.now)
        try store.batch { () throws in
            #expect(try store.insert(first))
            #expect(try !store.insert(Samples.ticket(1, status: .expired)))
            #expect(try !store.insert(sameCode))
            #expect(try store.insert(sameCodeElsewhere))
        }
        #expect(try store.ticket(first.id) == first)
        #expect(try store.tickets(first.code) == [first, sameCodeElsewhere])
        #expect(try store.ticket(first.code, in: OrganizationID(2 as Int64)!) == sameCodeElsewhere)
        #expect(try store.statistics().tickets == 2)
    }

    @Test("what is not there is not found")
    func missing() throws {
        let ticket = Samples.ticket(1)
        #expect(try store.ticket(ticket.id) == nil)
        #expect(try store.ticket(ticket.code, in: ticket.organization) == nil)
        #expect(try store.tickets(ticket.code) == [])
    }

    @Test("a ticket of an organization that does not exist is a defect")
    func orphan() throws {
        try store.begin()
        #expect(throws: StorageFailure.self) { _ = try store.insert(Samples.ticket(1, organization: 3)) }
        store.rollback()
    }

    @Test("a ticket with values that cannot be spoils its own lookup and no other")
    func unreadable() throws {
        try store.batch {
            _ = try store.insert(Samples.ticket(1))
            _ = try store.insert(Samples.ticket(2))
        }
        try store.connection.execute(
            "PRAGMA ignore_check_constraints = ON; UPDATE tickets SET status = 'STOLEN' WHERE id = 1", to: "tamper")
        #expect(throws: StorageFailure.unreadable("ticket", 1)) { _ = try store.ticket(Samples.ticket(1).id) }
        #expect(try store.ticket(Samples.ticket(2).id) == Samples.ticket(2))
    }
}
