import NIOCore
import ReservationCore
import ReservationWire
import Testing

@testable import ReservationClient

@Suite("following events", .timeLimit(.minutes(1)))
struct EventFeedTests {
    private func happening(_ positions: ClosedRange<UInt64>, to request: FakeRequest) throws -> Frame {
        let events = positions.map { EventMessage(orq: 1, slotID: 10, kind: "SLOT_FULL", at: Instant(seconds: 5), position: $0) }
        var buffer = ByteBuffer()
        #expect(Frames.writeEvent(to: request.accepted.replyAddress, EventsHappened(events: events), into: &buffer))
        var decoder = FrameDecoder(receiving: .server)
        decoder.append(buffer)
        return try #require(try decoder.next())
    }

    private func asked(_ request: FakeRequest) throws -> SubscribeToEventsRequest {
        try Payload.decode(SubscribeToEventsRequest.self, from: request.accepted.payload, as: request.accepted.encoding)
    }

    private func begin(_ request: FakeRequest, at position: UInt64) async throws {
        try await request.answer(SubscribeToEventsResponse(position: position, oldestPosition: 0, newestPosition: position))
    }

    private func position(_ item: EventFeedItem?) -> UInt64? {
        switch item {
        case .begun(let position): position
        case .event(let event): event.position
        case nil: nil
        }
    }

    @Test("asks for what it is told to, in both encodings", arguments: [Encoding.tlv, .json])
    func origins(encoding: Encoding) async throws {
        let bench = try Bench(encoding: encoding)
        let daemon = try await bench.startDaemon()
        let origins: [(EventOrigin, SubscribeToEventsRequest)] = [
            (.now, SubscribeToEventsRequest()), (.oldest, SubscribeToEventsRequest(oldest: true)),
            (.behind(7), SubscribeToEventsRequest(position: 7)),
        ]
        for (origin, wanted) in origins {
            var items = bench.client.events(from: origin).makeAsyncIterator()
            let request = try await daemon.nextRequest()
            #expect(try asked(request) == wanted)
            try await begin(request, at: 7)
            #expect(try await items.next() == .begun(position: 7))
            try await request.connection.send(happening(8...9, to: request))
            #expect(position(try await items.next()) == 8)
            #expect(position(try await items.next()) == 9)
        }
        try await daemon.stop()
    }

    @Test("goes on behind the last event after the connection was lost or drained, or when one is left out", arguments: 0..<3)
    func resumes(ending: Int) async throws {
        let bench = try Bench()
        let daemon = try await bench.startDaemon()
        var items = bench.client.events(from: .now).makeAsyncIterator()
        var last: UInt64 = 40
        for round in 0..<4 {
            let request = try await daemon.nextRequest()
            #expect(try asked(request).position == (round == 0 ? nil : last))
            try await begin(request, at: last)
            if round == 0 { #expect(try await items.next() == .begun(position: last)) }
            try await request.connection.send(happening(last + 1...last + 3, to: request))
            for next in last + 1...last + 3 { #expect(position(try await items.next()) == next) }
            last += 3
            switch ending {
            case 0: try await request.connection.cut()
            case 1: try await request.connection.drain()
            default: try await request.connection.send(happening(last + 2...last + 2, to: request))
            }
        }
        try await daemon.stop()
    }

    @Test("throws what the daemon says when its position is lost, and when it may not follow")
    func failures() async throws {
        let bench = try Bench()
        let daemon = try await bench.startDaemon()
        for status in [Status.eventsTrimmed, .eventsAhead, .operationNotPermitted] {
            var items = bench.client.events(from: .behind(3)).makeAsyncIterator()
            try await daemon.nextRequest().refuse(status)
            do {
                _ = try await items.next()
                Issue.record("it goes on")
            } catch let error as EventFeedError {
                switch error {
                case .positionLost(let told, _): #expect(told == status && status != .operationNotPermitted)
                case .refused(let told, _): #expect(told == status && status == .operationNotPermitted)
                }
            }
        }
        try await daemon.stop()
    }

    @Test("takes no more than it has room for, and the rest when its reader has caught up")
    func slowReader() async throws {
        let bench = try Bench()
        let daemon = try await bench.startDaemon()
        var items = bench.client.events(from: .behind(0)).makeAsyncIterator()
        let first = try await daemon.nextRequest()
        try await begin(first, at: 0)
        let room = UInt64(EventFeed.capacity)
        var sent: UInt64 = 0
        while sent + 512 <= room + 512 {
            try? await first.connection.send(happening(sent + 1...sent + 512, to: first))
            sent += 512
        }
        // The connection goes with what there was no room for.
        try await first.connection.channel.closeFuture.get()
        #expect(try await items.next() == .begun(position: 0))
        var last: UInt64 = 0
        while last < room / 2 + 512, let next = position(try await items.next()), next == last + 1 { last = next }
        #expect(last == room / 2 + 512)
        let second = try await daemon.nextRequest()
        let from = try #require(try asked(second).position)
        #expect(from > last && from <= room)
        try await begin(second, at: from)
        try await second.connection.send(happening(from + 1...from + 1, to: second))
        while last < from + 1, let next = position(try await items.next()), next == last + 1 { last = next }
        #expect(last == from + 1)
        try await daemon.stop()
    }

    @Test("ends with the client, and its connection with the one who reads")
    func ends() async throws {
        let bench = try Bench()
        let daemon = try await bench.startDaemon()
        let reader = Task {
            for try await _ in bench.client.events(from: .now) {}
        }
        let request = try await daemon.nextRequest()
        reader.cancel()
        try await request.connection.channel.closeFuture.get()
        _ = await reader.result
        var items = bench.client.events(from: .now).makeAsyncIterator()
        _ = try await daemon.nextRequest()
        await bench.client.close()
        #expect(try await items.next() == nil)
        var nothing = bench.client.events(from: .now).makeAsyncIterator()
        #expect(try await nothing.next() == nil)
        try await daemon.stop()
    }
}
