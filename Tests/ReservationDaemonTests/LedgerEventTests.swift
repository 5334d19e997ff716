import ReservationCore
import Testing

@testable import ReservationDaemon

@Suite("What the ledger makes happen")
struct LedgerEventTests {
    private func events(_ bench: LedgerBench, behind position: Int64 = 0) async throws -> [PlacedEvent] {
        var all: [PlacedEvent] = []
        while true {
            guard case .events(.page(let page)) = await bench.ask(.events(.read(behind: all.last?.position ?? position))) else {
                throw LedgerBench.Malformed()
            }
            if page.isEmpty { return all }
            all += page
        }
    }

    @Test("has its place in the order of events: bookings, the last place, a cancellation, a move, slots and tickets")
    func kinds() async throws {
        let bench = try LedgerBench()
        defer { bench.remove() }
        let orq = try await bench.addOrganization()
        let first = try await bench.addSlot(orq, capacity: 1)
        let second = try await bench.addSlot(orq, "2026-06-11 12:00", capacity: 5)
        let tickets = try await bench.addTickets(orq, 2)
        let booked = try #require(try await bench.ask(bench.booking(tickets[0], first)).created)
        _ = try await bench.ask(bench.booking(tickets[1], first))
        _ = await bench.ask(.life(.move(.id(booked.id), to: second, Occasion(), key: nil)))
        for _ in 1...2 { _ = await bench.ask(.life(.cancel(.id(booked.id), Occasion()))) }
        let unpaid = try await bench.addTickets(orq, 1, status: .pendingPayment)
        let selector = TicketSelector(name: .id(unpaid[0].id))
        for _ in 1...2 { _ = await bench.ask(.life(.activate(selector, by: nil))) }
        _ = await bench.ask(.life(.expire(selector, by: nil)))
        for isOpen in [false, false, true] { _ = await bench.ask(.setSlotOpen(second, isOpen)) }
        _ = await bench.ask(.setSlotCapacity(second, 9))
        let seen = try await events(bench)
        #expect(
            seen.map(\.event.kind) == [
                .slotCreated, .slotCreated, .reserved, .slotFull, .moved, .slotAvailable, .cancelled, .ticketActivated, .ticketExpired,
                .slotClosed, .slotOpened, .slotCapacitySet,
            ])
        #expect(seen.map(\.position) == Array(1...12))
        #expect(
            seen[2].event
                == PortalEvent(.reserved, organization: orq, ticket: tickets[0].id, reservation: booked.id, slot: first))
        #expect(
            seen[4].event
                == PortalEvent(
                    .moved, organization: orq, ticket: tickets[0].id, reservation: booked.id, slot: second, previousSlot: first))
    }

    @Test("what a failed commit takes back has not happened, and its position is given to what does")
    func rollback() async throws {
        let bench = try LedgerBench()
        defer { bench.remove() }
        let orq = try await bench.addOrganization()
        let slot = try await bench.addSlot(orq, capacity: 5)
        let tickets = try await bench.addTickets(orq, 2)
        bench.plan.failCommits([.unavailable("full")])
        #expect(try await bench.ask(bench.booking(tickets[0], slot)).fault == .unavailable)
        let booked = try #require(try await bench.ask(bench.booking(tickets[1], slot)).created)
        let seen = try await events(bench)
        #expect(seen.map(\.position) == [1, 2])
        #expect(seen.last?.event.reservation == booked.id)
    }

    @Test("a start of subscription is where it should be, and one that cannot be had is refused with what can")
    func starts() async throws {
        let bench = try LedgerBench()
        defer { bench.remove() }
        let orq = try await bench.addOrganization()
        for day in 10...14 { _ = try await bench.addSlot(orq, "2026-06-\(day) 12:00") }
        func position(_ start: EventStart) async -> Int64? {
            guard case .events(.subscribed(let position, _)) = await bench.ask(.events(.subscribe(start))) else { return nil }
            return position
        }
        #expect(await position(.now) == 5)
        #expect(await position(.oldest) == 0)
        #expect(await position(.behind(3)) == 3)
        #expect(await position(.behind(5)) == 5)
        #expect(await bench.ask(.events(.subscribe(.behind(6)))).refusal == .eventsAhead(EventBounds(oldest: 0, newest: 5)))
        bench.ledger.assumeIsolatedOnItsThread { store in
            try store.begin()
            _ = try store.removeEvents(before: Instant(seconds: .max), limit: 3)
            try store.commit()
        }
        #expect(await position(.oldest) == 3)
        #expect(await bench.ask(.events(.subscribe(.behind(2)))).refusal == .eventsTrimmed(EventBounds(oldest: 3, newest: 5)))
        // The latest of all stays, so that positions go on behind it.
        bench.ledger.assumeIsolatedOnItsThread { store in
            try store.begin()
            _ = try store.removeEvents(before: Instant(seconds: .max), limit: 300)
            try store.commit()
        }
        #expect(await position(.oldest) == 4)
        _ = try await bench.addSlot(orq, "2026-06-20 12:00")
        #expect(try await events(bench, behind: 5).map(\.position) == [6])
    }

    @Test("a thousand at once are read in pages, without a gap")
    func pages() async throws {
        let bench = try LedgerBench()
        defer { bench.remove() }
        let orq = try await bench.addOrganization()
        let (start, end) = (try #require(TimeOfDay("10:00:00")), try #require(TimeOfDay("11:00:00")))
        let plan = SlotPlan(
            organization: orq, from: try #require(CalendarDate("2027-01-01")), to: try #require(CalendarDate("2029-12-31")),
            weekdays: Set(Weekday.allCases), times: [(start, end)], totalCapacity: 3)
        guard case .generated(let created, _, _) = await bench.ask(.generateSlots(plan)) else { throw LedgerBench.Malformed() }
        let seen = try await events(bench)
        #expect(seen.map(\.position) == Array(1...Int64(created)))
        guard case .events(.page(let page)) = await bench.ask(.events(.read(behind: 255))) else { throw LedgerBench.Malformed() }
        #expect(page.first?.position == 256 && page.count == Limits.eventsPerPage)
    }
}

extension Ledger {
    /// For tests that look behind the ledger, between two groups.
    nonisolated func assumeIsolatedOnItsThread(_ work: @escaping @Sendable (any ReservationStorage) throws -> Void) {
        let isDone: Bool = between { ledger in
            do {
                try work(ledger.store)
                return true
            } catch {
                return false
            }
        }
        #expect(isDone)
    }
}
