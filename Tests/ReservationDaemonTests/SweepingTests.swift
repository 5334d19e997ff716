import ReservationCore
import Testing

@testable import ReservationDaemon

@Suite("Tickets whose last day is over")
struct SweepingTests {
    private func tickets(_ bench: LedgerBench, _ organization: OrganizationID, _ count: Int, until: String) async throws -> [Ticket] {
        let outcome = await bench.ask(
            .issue(
                TicketOrder(
                    organization: organization, productID: 5, orderID: 456, status: .activated, count: count,
                    validUntil: try require(CalendarDate(until)))))
        guard case .tickets(let tickets) = outcome else { throw LedgerBench.Malformed() }
        return tickets.map(\.ticket)
    }

    @Test("are EXPIRED to everybody at once, and in the store after the sweep, with a note of the system's")
    func expires() async throws {
        let bench = try LedgerBench(now: "2026-06-09 23:59")
        defer { bench.remove() }
        let orq = try await bench.addOrganization()
        let slot = try await bench.addSlot(orq, "2026-06-09 23:59", capacity: 9)
        _ = slot
        let ticket = try await tickets(bench, orq, 1, until: "2026-06-09")[0]
        guard case .validated = await bench.ask(.validate(organization: orq, code: ticket.code)) else {
            Issue.record("it is valid to the end of the day")
            return
        }
        try bench.set(now: "2026-06-10 00:00")
        #expect(await bench.ask(.validate(organization: orq, code: ticket.code)).refusal == .ticketExpired)
        let selector = TicketSelector(name: .id(ticket.id))
        #expect(await bench.ask(.life(.activate(selector, by: nil))).refusal == .ticketExpired)
        #expect(await bench.ask(.life(.checkIn(selector, by: nil, anyDay: true))).refusal == .ticketExpired)
        let later = try await bench.addSlot(orq, "2026-06-20 12:00")
        #expect(try await bench.ask(bench.booking(ticket, later)).refusal == .ticketExpired)
        guard case .swept(more: false) = await bench.ask(.sweep(.expireTickets)) else { throw LedgerBench.Malformed() }
        guard
            case .life(.history(let page)) = await bench.ask(
                .life(.history(HistoryOrder(ticket: selector, query: HistoryQuery(limit: 9)))))
        else { throw LedgerBench.Malformed() }
        #expect(page.entries.map(\.note.action) == [.ticketExpired])
        #expect(page.entries.first?.note.caller == .system)
        #expect(page.entries.first?.note.detail == "was ACTIVATED, valid until 2026-06-09")
    }

    @Test("go in bites, and reserved ones stay")
    func bites() async throws {
        let bench = try LedgerBench(now: "2026-06-09 09:00")
        defer { bench.remove() }
        let orq = try await bench.addOrganization()
        let slot = try await bench.addSlot(orq, "2026-06-10 12:00")
        let all = try await tickets(bench, orq, Ledger.ticketsPerSweep + 2, until: "2026-06-10")
        let booked = try #require(try await bench.ask(bench.booking(all[0], slot)).created)
        let late = try await bench.addSlot(orq, "2026-06-11 12:00")
        let until = try #require(CalendarDate("2026-06-10"))
        #expect(try await bench.ask(bench.booking(all[1], late)).refusal == .visitTooLate(until))
        #expect(await bench.ask(.life(.move(.id(booked.id), to: late, Occasion(), key: nil))).refusal == .visitTooLate(until))
        try bench.set(now: "2026-06-11 00:00")
        for more in [true, false, false] {
            guard case .swept(more) = await bench.ask(.sweep(.expireTickets)) else {
                Issue.record("more must be \(more)")
                return
            }
        }
        guard case .tickets(let shown) = await bench.ask(.showTicket(.id(all[0].id))) else { throw LedgerBench.Malformed() }
        #expect(shown.map(\.ticket.status) == [.reserved])
        // Cancelled, it is what its last day makes it.
        _ = await bench.ask(.life(.cancel(.id(booked.id), Occasion())))
        #expect(await bench.ask(.validate(organization: orq, code: all[0].code)).refusal == .ticketExpired)
        #expect(await bench.isSound())
    }
}
