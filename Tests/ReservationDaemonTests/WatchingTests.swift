import Foundation
import Logging
import NIOCore
import NIOEmbedded
import ReservationCore
import ReservationStore
import ReservationWire
import Testing

@testable import ReservationDaemon

@Suite("A connection that watches slots")
struct WatchingTests {
    @Test("is told after the RESPONSE, under its request's id, opcode and encoding", arguments: [Encoding.tlv, .json])
    func event(encoding: Encoding) throws {
        let bench = try WatchBench()
        defer { bench.remove() }
        let watcher = try bench.caller(.gateway, encoding)
        try watcher.ask(WatchSlots.self, WatchSlotsRequest())
        try bench.addSlot()
        bench.settle()
        let frames = try watcher.frames()
        #expect(frames.map(\.header.type) == [.response, .event])
        let event = try #require(frames.last)
        #expect(
            event.header
                == FrameHeader(.event, payloadLength: event.header.payloadLength, opcode: 8, requestID: 1, encoding: encoding))
        #expect(try watcher.told(frames).map(\.totalCapacity) == [5])
    }

    @Test("is told under the id of its latest slots.watch, once")
    func second() throws {
        let bench = try WatchBench()
        defer { bench.remove() }
        let watcher = try bench.caller(.gateway)
        for _ in 1...2 { try watcher.ask(WatchSlots.self, WatchSlotsRequest()) }
        bench.settle()
        #expect(try watcher.frames().map(\.header.requestID) == [1, 2])
        try bench.addSlot()
        bench.settle()
        #expect(try watcher.frames().map(\.header.requestID) == [2])
    }

    @Test("is told at once after a rest, then of the latest state, when the interval is over")
    func interval() throws {
        let bench = try WatchBench()
        defer { bench.remove() }
        let watcher = try bench.caller(.gateway)
        try watcher.ask(WatchSlots.self, WatchSlotsRequest())
        let slot = try bench.addSlot()
        bench.settle()
        #expect(try watcher.told(watcher.frames()).map(\.totalCapacity) == [5])
        for capacity in UInt64(6)...9 {
            try bench.resize(slot, to: capacity)
            bench.settle()
        }
        #expect(try watcher.frames().isEmpty)
        bench.loop.advanceTime(by: .milliseconds(249))
        #expect(try watcher.frames().isEmpty)
        bench.loop.advanceTime(by: .milliseconds(1))
        #expect(try watcher.told(watcher.frames()).map(\.totalCapacity) == [9])
        bench.loop.advanceTime(by: .seconds(1))
        try bench.resize(slot, to: 3)
        bench.settle()
        #expect(try watcher.told(watcher.frames()).map(\.totalCapacity) == [3])
    }

    /// What each side may do to end a connection whose answers are still owed.
    enum Ending: CaseIterable {
        case drain, clientGoAway, halfClosure
    }

    @Test("is told nothing after GOAWAY, of either side, though it is still owed answers", arguments: Ending.allCases, [true, false])
    func ending(ending: Ending, watchIsAnswered: Bool) throws {
        let bench = try WatchBench()
        defer { bench.remove() }
        let slot = try bench.addSlot()
        let watcher = try bench.caller(.gateway)
        try watcher.ask(WatchSlots.self, WatchSlotsRequest())
        if watchIsAnswered { bench.settle() }
        // The change is made after the watch, and before what the connection still waits for.
        try bench.resize(slot, to: 9)
        try watcher.ask(Health.self, HealthRequest())
        switch ending {
        case .drain: watcher.handler?.drain()
        case .clientGoAway: try watcher.send(Frames.goAway(GoAway(lastRequestID: 0), encoding: .tlv))
        case .halfClosure:
            watcher.channel.pipeline.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
            bench.loop.run()
        }
        bench.settle()
        let types = try watcher.frames().map(\.header.type)
        #expect(types.filter { $0 == .response }.count == 2)
        #expect(!types.contains(.event))
        #expect(!bench.ledger.watchers.isAnyWatching)
    }

    @Test("that ends before its slots.watch is answered leaves no watcher behind")
    func closedEarly() throws {
        let bench = try WatchBench()
        defer { bench.remove() }
        let watcher = try bench.caller(.gateway)
        try watcher.ask(WatchSlots.self, WatchSlotsRequest())
        // The answer is on its way to the event loop when the channel closes.
        bench.executor.takeTurns()
        watcher.channel.close(promise: nil)
        bench.loop.run()
        #expect(!bench.ledger.watchers.isAnyWatching)
    }
}

/// A daemon whose ledger and event loop come round when the test says so, on the test's thread.
final class WatchBench {
    let loop = EmbeddedEventLoop()
    let executor = TurnExecutor()
    let ledger: Ledger
    let server: SocketServer
    private let folder: URL
    private var lastCaller: WatchingCaller?
    private var slotCount = 0
    private var callers: [WatchingCaller] = []

    init() throws {
        folder = FileManager.default.temporaryDirectory.appending(path: "watching-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        var settings = LedgerSettings()
        // One request is one group, and between two of them the event loop comes round.
        settings.groupLimit = 1
        settings.clock = { [loop] in
            loop.run()
            return Instant(seconds: 1_800_000_000)
        }
        settings.uptime = { .uptimeNanoseconds(1) }
        ledger = try Ledger(
            store: try SQLiteReservationStore(path: folder.path + "/r.sqlite"), zones: TimeZoneDatabase(), settings: settings,
            executor: executor)
        server = SocketServer(
            ledger: ledger, settings: ServerSettings(instanceID: 1), group: loop,
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        try admin().ask(AddOrganization.self, AddOrganizationRequest(orq: 1, timeZone: "Etc/UTC", name: "Museum"))
        settle()
    }

    func remove() {
        // A channel holds itself until it is closed.
        for caller in callers { _ = try? caller.channel.finish(acceptAlreadyClosed: true) }
        try? FileManager.default.removeItem(at: folder)
    }

    func caller(_ role: Role, _ encoding: Encoding = .tlv) throws -> WatchingCaller {
        let caller = try WatchingCaller(role, encoding, of: server, on: loop)
        callers.append(caller)
        return caller
    }

    private func admin() throws -> WatchingCaller {
        if let lastCaller { return lastCaller }
        let caller = try caller(.admin)
        lastCaller = caller
        return caller
    }

    /// Lets everybody come to rest; no time passes.
    func settle() {
        executor.takeTurns()
        loop.run()
    }

    /// - Returns: the id that it will have.
    @discardableResult
    func addSlot() throws -> UInt64 {
        let day = try #require(CalendarDate(year: 2100, month: 1, day: 1))
        let (start, end) = (try #require(TimeOfDay(hour: 12, minute: 0)), try #require(TimeOfDay(hour: 14, minute: 0)))
        try admin().ask(CreateSlot.self, CreateSlotRequest(orq: 1, date: day, startTime: start, endTime: end, totalCapacity: 5))
        slotCount += 1
        return UInt64(slotCount)
    }

    func resize(_ slot: UInt64, to capacity: UInt64) throws {
        try admin().ask(SetSlotCapacity.self, SetSlotCapacityRequest(slotID: slot, totalCapacity: capacity))
    }
}

final class WatchingCaller {
    let channel: EmbeddedChannel
    private let encoding: Encoding
    private var lastID: UInt64 = 0
    private var decoder = FrameDecoder(receiving: .server)

    init(_ role: Role, _ encoding: Encoding, of server: SocketServer, on loop: EmbeddedEventLoop) throws {
        self.encoding = encoding
        channel = EmbeddedChannel(loop: loop)
        try server.admit(channel, role: role)
        channel.connect(to: try SocketAddress(unixDomainSocketPath: "/daemon"), promise: nil)
        try send(Frames.hello(Hello(magic: WireLimits.magic, versionMin: 1, versionMax: 1), encoding: encoding))
        #expect(try frames().map(\.header.type) == [.helloAck])
    }

    var handler: ConnectionHandler? { try? channel.pipeline.syncOperations.handler(type: ConnectionHandler.self) }

    func send(_ frame: Frame) throws {
        var bytes = ByteBuffer()
        frame.write(into: &bytes)
        try channel.writeInbound(bytes)
    }

    func ask<O: ReservationWire.Operation>(_: O.Type, _ request: O.Request) throws {
        lastID += 1
        var bytes = ByteBuffer()
        Frames.write(FrameHeader(.request, opcode: O.opcode.rawValue, requestID: lastID, encoding: encoding), request, into: &bytes)
        try channel.writeInbound(bytes)
    }

    /// What has come since the last look.
    func frames() throws -> [Frame] {
        var frames: [Frame] = []
        while let bytes = try channel.readOutbound(as: ByteBuffer.self) {
            decoder.append(bytes)
            while let frame = try decoder.next() { frames.append(frame) }
        }
        return frames
    }

    func told(_ frames: [Frame]) throws -> [SlotMessage] {
        try frames.filter { $0.header.type == .event }
            .flatMap { try Payload.decode(SlotsChanged.self, from: $0.payload, as: $0.header.encoding).slots }
    }
}
