import NIOCore
import NIOEmbedded
import NIOPosix
import ReservationCore
import Synchronization
import Testing

@testable import ReservationDaemon

@Suite("Who watches slots", .timeLimit(.minutes(1)))
struct SlotWatchersTests {
    /// What was told, in the order of telling.
    private final class Ear: Sendable {
        let heard = Mutex<[[Slot]]>([])
        let isOpen = Mutex(true)
        private let limit: Int

        init(limit: Int = 500) {
            self.limit = limit
        }

        func watcher(
            interval: TimeAmount = .milliseconds(1), on loop: any EventLoop = MultiThreadedEventLoopGroup.singleton.next()
        ) -> SlotWatcher {
            SlotWatcher(eventLoop: loop, interval: interval) { watcher in
                let slots = watcher.take(self.isOpen.withLock { $0 } ? self.limit : 0)
                if !slots.isEmpty { self.heard.withLock { $0.append(slots) } }
            }
        }

        func waits(_ condition: ([[Slot]]) -> Bool) async throws {
            while !condition(heard.withLock { $0 }) { try await Task.sleep(for: .milliseconds(1)) }
        }

        var booked: [[Int]] { heard.withLock { $0.map { $0.map(\.bookedCount) } } }

        var latest: [SlotID: Slot] {
            heard.withLock { $0.joined().reduce(into: [:]) { $0[$1.id] = $1 } }
        }
    }

    @Test("they hear of new slots, bookings, closing and capacities, as the ledger has them then")
    func everyChange() async throws {
        let bench = try LedgerBench()
        defer { bench.remove() }
        let ear = Ear()
        let watcher = ear.watcher()
        bench.ledger.watchers.add(watcher)
        let organization = try await bench.addOrganization()
        let slot = try await bench.addSlot(organization, capacity: 3)
        try await ear.waits { _ in ear.latest[slot] != nil }
        let ticket = try await bench.addTickets(organization)[0]
        _ = await bench.ask(try bench.booking(ticket, slot))
        try await ear.waits { _ in ear.latest[slot]?.bookedCount == 1 }
        _ = await bench.ask(.setSlotCapacity(slot, 9))
        try await ear.waits { _ in ear.latest[slot]?.totalCapacity == 9 }
        _ = await bench.ask(.setSlotOpen(slot, false))
        try await ear.waits { _ in ear.latest[slot]?.status == .closed }
        bench.ledger.watchers.remove(watcher)
        #expect(!bench.ledger.watchers.isAnyWatching)
    }

    @Test("what could not be committed is not told")
    func failedGroup() async throws {
        let bench = try LedgerBench()
        defer { bench.remove() }
        let organization = try await bench.addOrganization()
        let slot = try await bench.addSlot(organization, capacity: 3)
        let ticket = try await bench.addTickets(organization)[0]
        let ear = Ear()
        bench.ledger.watchers.add(ear.watcher())
        bench.plan.failCommits([.unavailable("full")])
        #expect(await bench.ask(try bench.booking(ticket, slot)).fault == .unavailable)
        _ = await bench.ask(try bench.booking(ticket, slot))
        try await ear.waits { !$0.isEmpty }
        #expect(ear.heard.withLock { $0 }.joined().map(\.bookedCount) == [1])
    }

    @Test("of many changes of a slot the latest is told, and while nothing can be told the others wait for it")
    func latest() async throws {
        let slots = (1...3).map { Self.slot($0, booked: 0) }
        let ear = Ear()
        let watcher = ear.watcher()
        ear.isOpen.withLock { $0 = false }
        for booked in 1...100 { watcher.note(slots.map { Self.slot(Int($0.id.rawValue), booked: booked) }) }
        ear.isOpen.withLock { $0 = true }
        try await ear.waits { !$0.isEmpty }
        #expect(ear.heard.withLock { $0 } == [(1...3).map { Self.slot($0, booked: 100) }])
    }

    @Test("a long list is told in pieces, each slot once")
    func pieces() async throws {
        let ear = Ear(limit: 10)
        ear.watcher().note((1...35).map { Self.slot($0, booked: 0) })
        try await ear.waits { $0.joined().count == 35 }
        #expect(ear.heard.withLock { $0 }.map(\.count) == [10, 10, 10, 5])
        #expect(ear.latest.count == 35)
    }

    @Test("the first change after a rest is told at once, the next after the interval")
    func interval() {
        let ear = Ear()
        let loop = EmbeddedEventLoop()
        let watcher = ear.watcher(interval: .milliseconds(80), on: loop)
        watcher.note([Self.slot(1, booked: 1)])
        loop.run()
        #expect(ear.booked == [[1]])
        watcher.note([Self.slot(1, booked: 2)])
        watcher.note([Self.slot(1, booked: 3)])
        loop.advanceTime(by: .milliseconds(79))
        #expect(ear.booked == [[1]])
        loop.advanceTime(by: .milliseconds(1))
        #expect(ear.booked == [[1], [3]])
        loop.advanceTime(by: .seconds(1))
        watcher.note([Self.slot(1, booked: 4)])
        loop.run()
        #expect(ear.booked == [[1], [3], [4]])
    }

    @Test("slots that change all the time keep no other from being told")
    func fairness() {
        let ear = Ear(limit: 2)
        let loop = EmbeddedEventLoop()
        let watcher = ear.watcher(on: loop)
        watcher.note((1...5).map { Self.slot($0, booked: 0) })
        for booked in 1...3 {
            loop.advanceTime(by: .milliseconds(1))
            watcher.note((1...4).map { Self.slot($0, booked: booked) })
        }
        #expect(ear.latest.count == 5)
        // What the loop still has to do holds the watcher, which holds the loop.
        loop.advanceTime(by: .seconds(1))
    }

    private static func slot(_ id: Int, booked: Int) -> Slot {
        let date = CalendarDate(year: 2026, month: 11, day: 28)!
        let time = TimeOfDay("12:00:00")!
        return Slot(
            id: SlotID(UInt64(id))!, organization: OrganizationID(UInt64(1))!, date: date, startTime: time, endTime: time,
            startsAt: Instant(seconds: 0), totalCapacity: 200, bookedCount: booked, status: .active, createdAt: Instant(seconds: 0),
            updatedAt: Instant(seconds: 0))
    }
}
