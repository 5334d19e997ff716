import NIOCore
import ReservationWire
import Testing

@testable import ReservationDaemon

@Suite("A connection that follows events")
struct FollowingTests {
    private func told(_ frames: [Frame]) throws -> [EventMessage] {
        try frames.filter { $0.header.type == .event }
            .flatMap { try Payload.decode(EventsHappened.self, from: $0.payload, as: $0.header.encoding).events }
    }

    @Test("is told after the RESPONSE, under its request's id, opcode and encoding", arguments: [Encoding.tlv, .json])
    func live(encoding: Encoding) throws {
        let bench = try WatchBench()
        defer { bench.remove() }
        let follower = try bench.caller(.service, encoding)
        try follower.ask(SubscribeToEvents.self, SubscribeToEventsRequest())
        try bench.addSlot()
        bench.settle()
        let frames = try follower.frames()
        #expect(frames.map(\.header.type) == [.response, .event])
        let event = try #require(frames.last)
        #expect(
            event.header
                == FrameHeader(.event, payloadLength: event.header.payloadLength, opcode: 294, requestID: 1, encoding: encoding))
        #expect(try told(frames).map(\.position) == [1])
        #expect(try told(frames).map(\.kind) == ["SLOT_CREATED"])
    }

    @Test("is told what is old first, then what happens, each once")
    func catchUp() throws {
        let bench = try WatchBench()
        defer { bench.remove() }
        let slot = try bench.addSlot()
        for capacity in UInt64(6)...20 { try bench.resize(slot, to: capacity) }
        bench.settle()
        let follower = try bench.caller(.service)
        try follower.ask(SubscribeToEvents.self, SubscribeToEventsRequest(position: 2))
        bench.settle()
        try bench.resize(slot, to: 30)
        for _ in 1...3 { bench.settle() }
        #expect(try told(follower.frames()).map(\.position) == Array(3...17))
    }

    @Test("begins anew where its second request says, under that one's id")
    func second() throws {
        let bench = try WatchBench()
        defer { bench.remove() }
        let slot = try bench.addSlot()
        try bench.resize(slot, to: 9)
        bench.settle()
        let follower = try bench.caller(.service)
        for _ in 1...2 {
            try follower.ask(SubscribeToEvents.self, SubscribeToEventsRequest(oldest: true))
            for _ in 1...3 { bench.settle() }
        }
        let frames = try follower.frames().filter { $0.header.type == .event }
        #expect(frames.map(\.header.requestID) == [1, 2])
        #expect(try told(frames).map(\.position) == [1, 2, 1, 2])
    }

    @Test("that ends is forgotten; after GOAWAY it is told nothing")
    func ends() throws {
        let bench = try WatchBench()
        defer { bench.remove() }
        let follower = try bench.caller(.service)
        try follower.ask(SubscribeToEvents.self, SubscribeToEventsRequest())
        bench.settle()
        #expect(bench.ledger.eventTail.isAnyFollowing)
        // It still owes an answer, so the connection stays for a moment.
        try follower.ask(Health.self, HealthRequest())
        follower.handler?.drain()
        try bench.addSlot()
        bench.settle()
        #expect(try told(follower.frames()).isEmpty)
        follower.channel.close(promise: nil)
        bench.loop.run()
        #expect(!bench.ledger.eventTail.isAnyFollowing)
    }

    @Test("on the gateway's socket is refused")
    func role() throws {
        let bench = try WatchBench()
        defer { bench.remove() }
        let follower = try bench.caller(.gateway)
        try follower.ask(SubscribeToEvents.self, SubscribeToEventsRequest())
        bench.settle()
        #expect(try follower.frames().map(\.header.status) == [Status.operationNotPermitted.rawValue])
    }
}
