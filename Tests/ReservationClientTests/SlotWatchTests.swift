import NIOCore
import ReservationCore
import ReservationWire
import Testing

@testable import ReservationClient

@Suite("watching slots", .timeLimit(.minutes(1)))
struct SlotWatchTests {
    private static let slot = SlotMessage(
        orq: 1, slotID: 10, status: "ACTIVE", date: CalendarDate(year: 2026, month: 11, day: 28)!, startTime: TimeOfDay("12:00:00")!,
        endTime: TimeOfDay("14:00:00")!, startsAt: Instant(seconds: 1_796_000_000), totalCapacity: 200, bookedCount: 150,
        createdAt: Instant(seconds: 0), updatedAt: Instant(seconds: 0))

    private func event(to request: FakeRequest, booked: UInt64) -> Frame {
        var slot = Self.slot
        slot.bookedCount = booked
        var buffer = ByteBuffer()
        #expect(Frames.writeEvent(to: request.accepted.replyAddress, SlotsChanged(slots: [slot]), into: &buffer))
        var decoder = FrameDecoder(receiving: .server)
        decoder.append(buffer)
        guard let frame = try? decoder.next() else { preconditionFailure("what was written is a frame") }
        return frame
    }

    private func isBeginning(_ event: SlotWatchEvent?) -> Bool {
        if case .began = event { true } else { false }
    }

    private func isInterruption(_ event: SlotWatchEvent?) -> Bool {
        if case .interrupted = event { true } else { false }
    }

    private func booked(_ event: SlotWatchEvent?) -> [UInt64]? {
        if case .changed(let slots) = event { slots.map(\.bookedCount) } else { nil }
    }

    @Test("begins when the daemon says so, then tells each change, in both encodings", arguments: [Encoding.tlv, .json])
    func changes(encoding: Encoding) async throws {
        let bench = try Bench(encoding: encoding)
        let daemon = try await bench.startDaemon()
        var events = bench.client.watchSlots().makeAsyncIterator()
        let request = try await daemon.nextRequest()
        #expect(request.accepted.opcode == .slotsWatch)
        try await request.answer(WatchSlotsResponse())
        for count in UInt64(151)...153 { try await request.connection.send(event(to: request, booked: count)) }
        #expect(isBeginning(await events.next()))
        for count in UInt64(151)...153 { #expect(booked(await events.next()) == [count]) }
        try await daemon.stop()
    }

    @Test("begins anew after the connection was lost, or the daemon drained it", arguments: [false, true])
    func reconnects(drains: Bool) async throws {
        let bench = try Bench()
        let daemon = try await bench.startDaemon()
        var events = bench.client.watchSlots().makeAsyncIterator()
        for _ in 0..<3 {
            let request = try await daemon.nextRequest()
            try await request.answer(WatchSlotsResponse())
            #expect(isBeginning(await events.next()))
            try await request.connection.send(event(to: request, booked: 7))
            #expect(booked(await events.next()) == [7])
            if drains { try await request.connection.drain() } else { try await request.connection.cut() }
            #expect(isInterruption(await events.next()))
        }
        try await daemon.stop()
    }

    @Test("begins once the daemon is there, and again after a refusal that passes")
    func patience() async throws {
        let bench = try Bench()
        var events = bench.client.watchSlots().makeAsyncIterator()
        let daemon = try await bench.startDaemon()
        try await daemon.nextRequest().refuse(.internal)
        try await daemon.nextRequest().answer(WatchSlotsResponse())
        #expect(isBeginning(await events.next()))
        try await daemon.stop()
    }

    @Test("its connection ends with the one who listens")
    func cancelled() async throws {
        let bench = try Bench()
        let daemon = try await bench.startDaemon()
        let listener = Task {
            for await _ in bench.client.watchSlots() {}
        }
        let request = try await daemon.nextRequest()
        listener.cancel()
        try await request.connection.channel.closeFuture.get()
        await listener.value
        try await daemon.stop()
    }

    @Test("ends with the client, whether the daemon has answered or not", arguments: [true, false])
    func closed(hasBegun: Bool) async throws {
        let bench = try Bench()
        let daemon = try await bench.startDaemon()
        var events = bench.client.watchSlots().makeAsyncIterator()
        let request = try await daemon.nextRequest()
        if hasBegun {
            try await request.answer(WatchSlotsResponse())
            #expect(isBeginning(await events.next()))
        }
        await bench.client.close()
        #expect(await events.next() == nil)
        try await request.connection.channel.closeFuture.get()
        var nothing = bench.client.watchSlots().makeAsyncIterator()
        #expect(await nothing.next() == nil)
        try await daemon.stop()
    }

    @Test("ends when nobody holds the client any more")
    func released() async throws {
        weak var client: ReservationClient?
        let stream: AsyncStream<SlotWatchEvent>
        do {
            let bench = try Bench()
            client = bench.client
            stream = bench.client.watchSlots()
        }
        for await _ in stream {}
        #expect(client == nil)
    }

    @Test("begins anew after what a daemon must not send: what was told may have been missed", arguments: Nonsense.allCases)
    func nonsense(kind: Nonsense) async throws {
        let bench = try Bench()
        let daemon = try await bench.startDaemon()
        var events = bench.client.watchSlots().makeAsyncIterator()
        let request = try await daemon.nextRequest()
        try await request.answer(WatchSlotsResponse())
        #expect(isBeginning(await events.next()))
        var frame = event(to: request, booked: 1)
        switch kind {
        case .unreadable: frame.payload = ByteBuffer(bytes: [0])
        case .otherID: frame.header.requestID += 1
        case .otherOpcode: frame.header.opcode += 1
        }
        try await request.connection.send(Frame(header: frame.header, payload: frame.payload))
        #expect(isInterruption(await events.next()))
        try await daemon.nextRequest().answer(WatchSlotsResponse())
        #expect(isBeginning(await events.next()))
        try await daemon.stop()
    }

    enum Nonsense: CaseIterable {
        case unreadable, otherID, otherOpcode
    }
}
