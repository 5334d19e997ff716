import ReservationCore
import Testing

@testable import ReservationDaemon

@Suite("Months that have slots")
struct SlotMonthsTests {
    private func months(_ outcome: Outcome) throws -> (counts: [String], today: String) {
        guard case .months(let months, let today, _) = outcome else { throw LedgerBench.Malformed() }
        return (months.map { "\($0.month): \($0.slots) slots, \($0.availablePlaces) places" }, today.description)
    }

    @Test("are told from the current one on, in order, without those that have none")
    func order() async throws {
        let bench = try LedgerBench(now: "2026-06-15 09:00")
        defer { bench.remove() }
        let id = try await bench.addOrganization()
        #expect(try months(await bench.ask(.months(organization: id))) == ([], "2026-06-15"))
        let other = try await bench.addOrganization(2)
        _ = try await bench.addSlot(other, "2026-07-01 12:00", capacity: 9)
        for day in ["2027-01-31", "2026-06-01", "2026-06-30", "2026-06-20", "2026-08-01", "2026-05-31"] {
            _ = try await bench.addSlot(id, "\(day) 12:00", capacity: 3)
        }
        let told = try months(await bench.ask(.months(organization: id)))
        #expect(told.counts == ["2026-06: 3 slots, 6 places", "2026-08: 1 slots, 3 places", "2027-01: 1 slots, 3 places"])
    }

    @Test("count every slot that is not closed, and the places that can be booked at this moment")
    func counts() async throws {
        let bench = try LedgerBench(now: "2026-06-15 09:00")
        defer { bench.remove() }
        let id = try await bench.addOrganization()
        let started = try await bench.addSlot(id, "2026-06-15 08:00", capacity: 100)
        let starting = try await bench.addSlot(id, "2026-06-15 09:00", capacity: 40)
        let closed = try await bench.addSlot(id, "2026-06-16 12:00", capacity: 20)
        let full = try await bench.addSlot(id, "2026-06-17 12:00", capacity: 1)
        let free = try await bench.addSlot(id, "2026-06-18 12:00", capacity: 5)
        let tickets = try await bench.addTickets(id, 2)
        _ = await bench.ask([.setSlotOpen(closed, false), try bench.booking(tickets[0], full), try bench.booking(tickets[1], free)])
        #expect(try months(await bench.ask(.months(organization: id))).counts == ["2026-06: 4 slots, 4 places"])
        var change = OrganizationChange(id: id)
        change.allowsStarted = true
        // What a group has done so far is seen by what comes after in it.
        let told = await bench.ask([.setOrganization(change), .setSlotOpen(started, false), .months(organization: id)])
        #expect(try months(told[2]).counts == ["2026-06: 3 slots, 44 places"])
        _ = await bench.ask([full, free, starting].map { .setSlotOpen($0, false) })
        #expect(try months(await bench.ask(.months(organization: id))).counts == [])
    }

    @Test("begin with the month of today in the organization's zone, not in another")
    func zone() async throws {
        let bench = try LedgerBench(now: "2026-07-01 00:30")
        defer { bench.remove() }
        let (berlin, york) = (try await bench.addOrganization(1), try await bench.addOrganization(2))
        var change = OrganizationChange(id: york)
        change.timeZone = "America/New_York"
        _ = await bench.ask(.setOrganization(change))
        for id in [berlin, york] {
            _ = try await bench.addSlot(id, "2026-06-30 23:00", capacity: 1)
            _ = try await bench.addSlot(id, "2026-07-01 23:00", capacity: 1)
        }
        let here = try months(await bench.ask(.months(organization: berlin)))
        let there = try months(await bench.ask(.months(organization: york)))
        #expect(here == (["2026-07: 1 slots, 1 places"], "2026-07-01"))
        #expect(there == (["2026-06: 1 slots, 1 places", "2026-07: 1 slots, 1 places"], "2026-06-30"))
    }
}
