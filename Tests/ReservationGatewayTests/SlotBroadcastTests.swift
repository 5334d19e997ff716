import Logging
import NIOCore
import NIOPosix
import ReservationClient
import ReservationCore
import ReservationWire
import Synchronization
import Testing

@testable import ReservationGateway

@Suite("Live places", .timeLimit(.minutes(1)))
struct SlotBroadcastTests {
    private let group = MultiThreadedEventLoopGroup.singleton
    private let november = SlotTopic(organization: 1, month: YearMonth(year: 2026, month: 11)!)
    private let december = SlotTopic(organization: 1, month: YearMonth(year: 2026, month: 12)!)

    private func broadcast(limit: Int = 100) -> SlotBroadcast {
        SlotBroadcast(limit: limit, group: group, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    private func slot(_ id: UInt64, booked: UInt64, month: Int = 11, organization: UInt64 = 1) -> SlotMessage {
        SlotMessage(
            orq: organization, slotID: id, status: "ACTIVE", date: CalendarDate(year: 2026, month: month, day: 5)!,
            startTime: TimeOfDay("12:00:00")!, endTime: TimeOfDay("14:00:00")!, startsAt: Instant(seconds: 1_793_000_000),
            totalCapacity: 200, bookedCount: booked, createdAt: Instant(seconds: 0), updatedAt: Instant(seconds: 0))
    }

    @Test("a page hears of the slots of its month and of no other's")
    func topics() async throws {
        let (broadcast, page, other) = (broadcast(), TestPage(), TestPage())
        let (seat, otherSeat) = (try #require(broadcast.takeSeat(november)), try #require(broadcast.takeSeat(december)))
        await page.join(seat, on: group.next())
        await other.join(otherSeat, on: group.next())
        try await changes(broadcast) { daemon in
            daemon.yield(.changed([slot(10, booked: 1), slot(11, booked: 2, organization: 2)]))
            try await page.waits { $0.contains { $0.hasPrefix("event: slots") } }
        }
        let event = try #require(page.heard.first { $0.hasPrefix("event: slots") })
        #expect(event.contains("\"id\":10,") && event.contains("\"booked_count\":1,") && !event.contains("\"id\":11,"))
        #expect(event.hasSuffix("\n\n") && event.split(separator: "\n").count == 2)
        #expect(!other.heard.contains { $0.hasPrefix("event: slots") })
    }

    @Test("of what changes often only the latest state is told, and no more than once in an interval")
    func coalescing() async throws {
        let (broadcast, page) = (broadcast(), TestPage())
        let seat = try #require(broadcast.takeSeat(november))
        await page.join(seat, on: group.next())
        try await changes(broadcast) { daemon in
            for booked in 1...500 { daemon.yield(.changed([slot(10, booked: UInt64(booked))])) }
            try await page.waits { $0.last?.contains("\"booked_count\":500,") ?? false }
        }
        #expect(page.heard.count { $0.hasPrefix("event: slots") } <= 3)
    }

    @Test("of more slots than a piece holds, those that have waited longest go next, however often the others change")
    func fairness() async throws {
        let (broadcast, page) = (broadcast(), TestPage())
        let seat = try #require(broadcast.takeSeat(november))
        await page.join(seat, on: group.next())
        let count = UInt64(SlotBroadcast.slotsAtOnce)
        func pieces(_ heard: [String]) -> [String] { heard.filter { $0.hasPrefix("event: slots") } }
        try await changes(broadcast) { daemon in
            daemon.yield(.changed((1...(count + 50)).map { slot($0, booked: 1) }))
            try await page.waits { pieces($0).count == 1 }
            daemon.yield(.changed((1...count).map { slot($0, booked: 2) }))
            try await page.waits { pieces($0).count == 2 }
        }
        #expect(pieces(page.heard)[1].contains("\"id\":\(count + 50),"))
    }

    @Test("what was booked while the daemon was away is asked for: a new subscription tells the pages to refresh")
    func refresh() async throws {
        let (broadcast, page) = (broadcast(), TestPage())
        let seat = try #require(broadcast.takeSeat(november))
        await page.join(seat, on: group.next())
        try await changes(broadcast) { daemon in
            daemon.yield(.interrupted)
            daemon.yield(.began)
            try await page.waits { $0.contains("event: refresh\ndata: {}\n\n") }
        }
    }

    @Test("a page that did not take what was written hears once that it missed something")
    func slowPage() async throws {
        let (broadcast, page, other, loop) = (broadcast(), TestPage(), TestPage(), group.next())
        await page.join(try #require(broadcast.takeSeat(november)), on: loop)
        await other.join(try #require(broadcast.takeSeat(november)), on: loop)
        page.setClear(false)
        try await changes(broadcast) { daemon in
            daemon.yield(.changed([slot(10, booked: 1)]))
            daemon.yield(.began)
            // Both are told in one turn of the loop.
            try await other.waits { $0.count == 3 }
            #expect(page.heard.allSatisfy { $0.hasPrefix("retry") })
            page.setClear(true)
            daemon.yield(.changed([slot(10, booked: 2)]))
            try await page.waits { $0.contains("event: refresh\ndata: {}\n\n") }
        }
        #expect(page.heard.count { $0.hasPrefix("event: refresh") } == 1)
    }

    @Test("a change between the page's seat and its first byte is made good")
    func changeBeforeBeginning() async throws {
        let (broadcast, page, other, loop) = (broadcast(), TestPage(), TestPage(), group.next())
        let open = await page.join(try #require(broadcast.takeSeat(november)), on: loop, begins: false)
        await other.join(try #require(broadcast.takeSeat(november)), on: loop)
        try await changes(broadcast) { daemon in
            daemon.yield(.changed([slot(10, booked: 1)]))
            // Both are told in one turn of the loop.
            try await other.waits { $0.count == 2 }
            await open.begin()
            try await page.waits { $0.count == 2 }
        }
        #expect(page.heard == ["retry: 3000\n\n", "event: refresh\ndata: {}\n\n"])
    }

    @Test("seats are bounded, and free again when nobody holds them")
    func seats() {
        let broadcast = broadcast(limit: 2)
        var seats = [broadcast.takeSeat(november), broadcast.takeSeat(december)]
        withExtendedLifetime(seats) {
            #expect(seats.allSatisfy { $0 != nil })
            #expect(broadcast.takeSeat(november) == nil)
        }
        seats.removeFirst()
        withExtendedLifetime(seats) { #expect(broadcast.seats == 1) }
        #expect(broadcast.takeSeat(november) != nil)
    }

    /// Runs the broadcast on what `body` says as the daemon.
    private func changes(
        _ broadcast: SlotBroadcast, _ body: (AsyncStream<SlotWatchEvent>.Continuation) async throws -> Void
    ) async throws {
        let (stream, daemon) = AsyncStream.makeStream(of: SlotWatchEvent.self)
        async let running: Void = broadcast.run(stream)
        do { try await body(daemon) } catch {
            daemon.finish()
            throw error
        }
        daemon.finish()
        await running
        broadcast.close()
    }
}

/// A page's connection that keeps what it is sent.
private final class TestPage: OpenPage.Line, Sendable {
    private struct State {
        var heard: [String] = []
        var isClear = true
        /// Somebody must hold it.
        var seat: EventSeat?
    }

    private let state = Mutex(State())

    var heard: [String] { state.withLock { $0.heard } }
    var isClear: Bool { state.withLock { $0.isClear } }
    func setClear(_ isClear: Bool) { state.withLock { $0.isClear = isClear } }
    func send(_ event: ByteBuffer) { state.withLock { $0.heard.append(String(buffer: event)) } }

    /// The page among the audience of a loop.
    struct Joined: Sendable {
        let page: NIOLoopBound<OpenPage>
        let loop: any EventLoop

        func begin() async { try? await loop.submit { page.value.begin() }.get() }
    }

    @discardableResult
    func join(_ seat: EventSeat, on loop: any EventLoop, begins: Bool = true) async -> Joined {
        state.withLock { $0.seat = seat }
        let joined = try? await loop.submit {
            let page = OpenPage(self, ended: loop.makePromise(of: Void.self))
            seat.broadcast.audience(on: loop).add(page, seat.topic)
            if begins { page.begin() }
            return Joined(page: NIOLoopBound(page, eventLoop: loop), loop: loop)
        }.get()
        guard let joined else { preconditionFailure("a loop of the singleton runs") }
        return joined
    }

    func waits(_ condition: ([String]) -> Bool) async throws {
        while !condition(heard) { try await Task.sleep(for: .milliseconds(2)) }
    }
}
