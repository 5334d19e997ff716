import ReservationCore
import ReservationWire
import Testing

@testable import ReservationDaemon

@Suite("Booking through the ledger")
struct BookingTests {
    @Test("an accepted booking takes one place and makes the ticket RESERVED")
    func accepted() async throws {
        let bench = try LedgerBench()
        defer { bench.remove() }
        let organization = try await bench.addOrganization()
        let slot = try await bench.addSlot(organization, capacity: 200)
        let ticket = try await bench.addTickets(organization)[0]
        let created = try #require(await bench.ask(try bench.booking(ticket, slot)).created)
        #expect(created.slot.bookedCount == 1)
        #expect(created.slot.status == .active)
        #expect(await bench.slot(slot)?.bookedCount == 1)
        guard case .tickets(let shown) = await bench.ask(.showTicket(.id(ticket.id))) else { throw LedgerBench.Malformed() }
        #expect(shown[0].ticket.status == .reserved)
        #expect(shown[0].reservation?.id == created.id)
        #expect(await bench.isSound())
    }

    @Test("the last place goes to exactly one of two requests in the same group, and the slot becomes FULL")
    func lastPlace() async throws {
        let bench = try LedgerBench()
        defer { bench.remove() }
        let organization = try await bench.addOrganization()
        let slot = try await bench.addSlot(organization, capacity: 1)
        let other = try await bench.addSlot(organization, "2026-06-10 14:00", capacity: 1)
        let tickets = try await bench.addTickets(organization, 2)
        let outcomes = await bench.ask(try tickets.map { try bench.booking($0, slot) })
        #expect(outcomes[0].created?.slot.status == .full)
        guard case .slotFull(let alternatives)? = outcomes[1].refusal else { throw LedgerBench.Malformed() }
        #expect(alternatives.map(\.id) == [other])
        #expect(await bench.slot(slot)?.status == .full)
    }

    @Test("a thousand requests for one place in many groups: one is accepted")
    func thousand() async throws {
        let bench = try LedgerBench()
        defer { bench.remove() }
        let organization = try await bench.addOrganization()
        let slot = try await bench.addSlot(organization, capacity: 1)
        let tickets = try await bench.addTickets(organization, 1000)
        let accepted = try await withThrowingTaskGroup(of: Bool.self) { group in
            for ticket in tickets {
                let command = try bench.booking(ticket, slot)
                group.addTask { await bench.ask(command).created != nil }
            }
            return try await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(accepted == 1)
        #expect(await bench.slot(slot)?.bookedCount == 1)
        #expect(await bench.isSound())
    }

    @Test("one ticket asked for twice in the same group is reserved once, and the refusal names the reserved date")
    func sameTicket() async throws {
        let bench = try LedgerBench()
        defer { bench.remove() }
        let organization = try await bench.addOrganization()
        let slot = try await bench.addSlot(organization, capacity: 5)
        let ticket = try await bench.addTickets(organization)[0]
        let outcomes = await bench.ask([try bench.booking(ticket, slot), try bench.booking(ticket, slot)])
        #expect(outcomes[0].created != nil)
        #expect(outcomes[1].refusal == .ticketAlreadyReserved(CalendarDate("2026-06-10")))
        #expect(await bench.slot(slot)?.bookedCount == 1)
    }

    @Test("who took the last place and asks again hears that the ticket is reserved, not that the slot is full")
    func orderOfChecks() async throws {
        let bench = try LedgerBench()
        defer { bench.remove() }
        let organization = try await bench.addOrganization()
        let slot = try await bench.addSlot(organization, capacity: 1)
        let ticket = try await bench.addTickets(organization)[0]
        _ = await bench.ask(try bench.booking(ticket, slot))
        #expect(await bench.ask(try bench.booking(ticket, slot)).refusal == .ticketAlreadyReserved(CalendarDate("2026-06-10")))
    }

    @Test("a slot that has started is closed, in the organisation's own time zone")
    func started() async throws {
        let bench = try LedgerBench()
        defer { bench.remove() }
        let organization = try await bench.addOrganization()
        let slot = try await bench.addSlot(organization, "2026-06-10 12:00")
        let tickets = try await bench.addTickets(organization, 2)
        try bench.set(now: "2026-06-10 11:59")
        #expect(await bench.ask(try bench.booking(tickets[0], slot)).created != nil)
        try bench.set(now: "2026-06-10 12:00")
        #expect(await bench.ask(try bench.booking(tickets[1], slot)).refusal == .slotClosed(started: true))
    }

    @Test("an organisation that allows it lets started slots be booked")
    func startedAllowed() async throws {
        let bench = try LedgerBench()
        defer { bench.remove() }
        let organization = try await bench.addOrganization(allowsStarted: true)
        let slot = try await bench.addSlot(organization, "2026-06-10 12:00")
        let ticket = try await bench.addTickets(organization)[0]
        try bench.set(now: "2026-06-10 13:00")
        #expect(await bench.ask(try bench.booking(ticket, slot)).created != nil)
    }

    @Test("a ticket of another organisation than the slot's is a mismatch; both of another than the request's are not found")
    func organizations() async throws {
        let bench = try LedgerBench()
        defer { bench.remove() }
        let (first, second) = (try await bench.addOrganization(1), try await bench.addOrganization(2))
        let slot = try await bench.addSlot(second)
        let (own, foreign) = (try await bench.addTickets(first)[0], try await bench.addTickets(second)[0])
        #expect(await bench.ask(try bench.booking(own, slot)).refusal == .organizationMismatch)
        #expect(await bench.ask(try bench.booking(foreign, slot, organization: first)).refusal == .ticketNotFound)
    }

    @Test("a code that is not the ticket's finds no ticket, in booking and in contact verification")
    func wrongCode() async throws {
        let bench = try LedgerBench()
        defer { bench.remove() }
        let organization = try await bench.addOrganization()
        let slot = try await bench.addSlot(organization)
        let tickets = try await bench.addTickets(organization, 2)
        #expect(await bench.ask(try bench.booking(tickets[0], slot, code: tickets[1].code)).refusal == .ticketNotFound)
        let contact = try Contact(email: "john@example.com", phone: "+12025551234")
        let verification = Command.verifyContact(
            organization: organization, ticket: tickets[0].id, code: tickets[1].code, contact: contact)
        #expect(await bench.ask(verification).refusal == .ticketNotFound)
    }

    @Test(
        "each status that cannot be booked has its own refusal",
        arguments: [
            (TicketStatus.pendingPayment, Refusal.ticketNotActivated), (.expired, .ticketExpired), (.verified, .ticketAlreadyUsed),
        ])
    func unusable(status: TicketStatus, refusal: Refusal) async throws {
        let bench = try LedgerBench()
        defer { bench.remove() }
        let organization = try await bench.addOrganization()
        let slot = try await bench.addSlot(organization)
        let ticket = try await bench.addTickets(organization, status: status)[0]
        #expect(await bench.ask(try bench.booking(ticket, slot)).refusal == refusal)
        #expect(await bench.ask(.validate(organization: organization, code: ticket.code)).refusal == refusal)
        #expect(await bench.slot(slot)?.bookedCount == 0)
    }

    @Test("closing refuses bookings, opening again takes them, a capacity below the booked count is refused")
    func operators() async throws {
        let bench = try LedgerBench()
        defer { bench.remove() }
        let organization = try await bench.addOrganization()
        let slot = try await bench.addSlot(organization, capacity: 1)
        let tickets = try await bench.addTickets(organization, 2)
        _ = await bench.ask(.setSlotOpen(slot, false))
        #expect(await bench.ask(try bench.booking(tickets[0], slot)).refusal == .slotClosed(started: false))
        _ = await bench.ask(.setSlotOpen(slot, true))
        #expect(await bench.ask(try bench.booking(tickets[0], slot)).created?.slot.status == .full)
        #expect(await bench.ask(.setSlotCapacity(slot, 0)).refusal == .capacityBelowBooked(booked: 1))
        _ = await bench.ask(.setSlotCapacity(slot, 2))
        #expect(await bench.slot(slot)?.status == .active)
        #expect(await bench.ask(try bench.booking(tickets[1], slot)).created?.slot.status == .full)
        #expect(await bench.isSound())
    }

    @Test("a doctor who comes in the same group as a booking finds the counters right")
    func doctorAmongBookings() async throws {
        let bench = try LedgerBench()
        defer { bench.remove() }
        let organization = try await bench.addOrganization()
        let slot = try await bench.addSlot(organization)
        let ticket = try await bench.addTickets(organization)[0]
        guard case .findings(let findings) = await bench.ask([try bench.booking(ticket, slot), .doctor])[1] else {
            throw LedgerBench.Malformed()
        }
        #expect(findings.filter { !$0.passed } == [])
    }

    @Test("available lists a month in start order without closed slots, and the current month by default")
    func available() async throws {
        let bench = try LedgerBench(now: "2026-05-31 23:30")
        defer { bench.remove() }
        let organization = try await bench.addOrganization()
        let late = try await bench.addSlot(organization, "2026-06-30 12:00")
        let early = try await bench.addSlot(organization, "2026-06-01 09:00")
        let closed = try await bench.addSlot(organization, "2026-06-02 09:00")
        let may = try await bench.addSlot(organization, "2026-05-31 09:00")
        _ = await bench.ask(.setSlotOpen(closed, false))
        func ids(_ period: Period) async throws -> [SlotID] {
            guard case .available(_, "Europe/Berlin", let slots) = await bench.ask(.available(organization: organization, period: period))
            else { throw LedgerBench.Malformed() }
            return slots.map(\.id)
        }
        #expect(try await ids(.month(try #require(YearMonth("2026-06")))) == [early, late])
        #expect(try await ids(.currentMonth) == [may])
        #expect(try await ids(.date(try #require(CalendarDate("2026-06-30")))) == [late])
        try bench.set(now: "2026-06-01 00:00")
        #expect(try await ids(.currentMonth) == [early, late])
    }

    @Test("an import is all or nothing, and the same rows again change nothing")
    func imports() async throws {
        let bench = try LedgerBench()
        defer { bench.remove() }
        let organization = try await bench.addOrganization()
        func draft(_ code: String, product: Int64 = 1) throws -> TicketDraft {
            TicketDraft(
                organization: organization, code: try #require(TicketCode(code)), productID: product, orderID: 2, status: .activated)
        }
        let good = [try draft("TKT-2026-AAAAAA-AAAAAA"), try draft("TKT-2026-AAAAAA-BBBBBB")]
        guard case .imported(2, 0, let none) = await bench.ask(.importTickets(good)) else { throw LedgerBench.Malformed() }
        #expect(none.isEmpty)
        guard case .imported(0, 2, _) = await bench.ask(.importTickets(good)) else { throw LedgerBench.Malformed() }
        let mixed = [try draft("TKT-2026-AAAAAA-CCCCCC"), try draft("TKT-2026-AAAAAA-AAAAAA", product: 9)]
        guard case .imported(0, 0, let problems) = await bench.ask(.importTickets(mixed)) else { throw LedgerBench.Malformed() }
        #expect(problems.map(\.row) == [1])
        #expect(await bench.ask(.showTicket(.code(mixed[0].code))).refusal == .ticketNotFound)
    }
}
