import ReservationClient
import ReservationWire
import Testing

@Suite("what is sent again and what is not", .timeLimit(.minutes(1)))
struct RepeatTests {
    @Test("a create under a key survives the connection's death in flight and hears the first outcome")
    func createWithKey() async throws {
        let bench = try Bench()
        let daemon = try await bench.startDaemon()
        async let result = bench.client.call(CreateReservation.self, Sample.create(key: 42))
        let first = try await daemon.nextRequest()
        try await first.connection.cut()
        let second = try await daemon.nextRequest()
        #expect(second.accepted.payload == first.accepted.payload)
        #expect(try second.message(CreateReservationRequest.self).idempotencyKey == 42)
        #expect(second.accepted.deadlineMilliseconds <= first.accepted.deadlineMilliseconds)
        try await second.answer(try Sample.created(), replayed: true)
        #expect(try await result == .answered(Sample.created(), replayed: true))
        try await daemon.stop()
    }

    @Test("a create without a key that was in flight is not sent again: its outcome is unknown")
    func createWithoutKey() async throws {
        let bench = try Bench()
        let daemon = try await bench.startDaemon()
        async let result = bench.client.call(CreateReservation.self, Sample.create(key: nil))
        try await daemon.nextRequest().connection.cut()
        let error = await result.error
        #expect(error?.code == .outcomeUnknown)
        #expect(error?.mayHaveExecuted == true)
        try await bench.client.ping()
        #expect(daemon.requestFrames == 1)
        try await daemon.stop()
    }

    @Test("a read that was in flight is sent again")
    func read() async throws {
        let bench = try Bench()
        let daemon = try await bench.startDaemon()
        async let result = bench.validate()
        try await daemon.nextRequest().connection.cut()
        try await daemon.nextRequest().connection.cut()
        try await daemon.nextRequest().answer(Sample.validated(3))
        #expect(await result.answer == Sample.validated(3))
        try await daemon.stop()
    }

    @Test("a request that was never written is sent over the next connection, whatever it is")
    func neverWritten() async throws {
        let bench = try Bench()
        let daemon = try await bench.startDaemon(.daemonLike(maxInFlight: 1))
        async let first = bench.client.call(CreateReservation.self, Sample.create(key: nil))
        let written = try await daemon.nextRequest()
        async let second = bench.client.call(CreateReservation.self, Sample.create(key: nil))
        // The second is queued before the ping is.
        try await bench.client.ping()
        try await written.connection.cut()
        try await daemon.nextRequest().answer(try Sample.created())
        #expect(await [first.error?.code, second.error?.code] == [.outcomeUnknown, nil])
        #expect(daemon.requestFrames == 2)
        try await daemon.stop()
    }

    @Test("what GOAWAY says was not executed is sent again, key or not; what was accepted is still answered")
    func goAway() async throws {
        let bench = try Bench()
        let daemon = try await bench.startDaemon()
        async let accepted = bench.client.call(CreateReservation.self, Sample.create(key: nil))
        let first = try await daemon.nextRequest()
        async let dropped = bench.client.call(CreateReservation.self, Sample.create(key: nil))
        let second = try await daemon.nextRequest()
        try await first.connection.send(GoAway(lastRequestID: first.accepted.requestID))
        let again = try await daemon.nextRequest()
        #expect(again.connection.channel !== second.connection.channel)
        #expect(again.accepted.payload == second.accepted.payload)
        try await again.answer(try Sample.created())
        #expect(try await dropped.answer == Sample.created())
        try await first.answer(try Sample.created(), replayed: true)
        #expect(try await accepted == .answered(Sample.created(), replayed: true))
        // Nothing more is owed there, so the client hangs up even if the daemon does not.
        try await first.connection.channel.closeFuture.get()
        try await daemon.stop()
    }

    @Test("calls that begin while the daemon drains go to the next one")
    func drain() async throws {
        let bench = try Bench()
        let old = try await bench.startDaemon()
        async let late = bench.client.call(CreateReservation.self, Sample.create(key: nil))
        let held = try await old.nextRequest()
        try await old.stopListening()
        let new = try await bench.startDaemon()
        try await held.connection.drain()
        async let next = bench.client.call(CreateReservation.self, Sample.create(key: nil))
        try await new.nextRequest().answer(try Sample.created())
        #expect(try await next.answer == Sample.created())
        try await held.answer(try Sample.created())
        #expect(try await late.answer == Sample.created())
        #expect(old.connectionCount == 1)
        try await old.stop()
        try await new.stop()
    }

    @Test("OUTCOME_UNKNOWN is asked again under its key")
    func outcomeUnknownWithKey() async throws {
        let bench = try Bench()
        let daemon = try await bench.startDaemon()
        async let result = bench.client.call(CreateReservation.self, Sample.create(key: 42))
        try await daemon.nextRequest().refuse(.outcomeUnknown)
        try await daemon.nextRequest().answer(try Sample.created())
        #expect(try await result.answer == Sample.created())
        try await daemon.stop()
    }

    @Test("OUTCOME_UNKNOWN without a key is final and says that the change may have been made")
    func outcomeUnknownWithoutKey() async throws {
        let bench = try Bench()
        let daemon = try await bench.startDaemon()
        async let result = bench.client.call(CreateReservation.self, Sample.create(key: nil))
        try await daemon.nextRequest().refuse(.outcomeUnknown)
        let error = await result.error
        #expect(error?.code == .outcomeUnknown)
        #expect(error?.mayHaveExecuted == true)
        #expect(daemon.requestFrames == 1)
        try await daemon.stop()
    }

    @Test("after a lost attempt a later OVERLOADED does not claim that nothing was done")
    func unknownThenOverloaded() async throws {
        let bench = try Bench()
        let daemon = try await bench.startDaemon()
        async let result = bench.client.call(CreateReservation.self, Sample.create(key: 42))
        try await daemon.nextRequest().connection.cut()
        try await daemon.nextRequest().refuse(.overloaded, retryAfterMilliseconds: 60_000)
        let error = await result.error
        #expect(error?.code == .outcomeUnknown)
        #expect(error?.mayHaveExecuted == true)
        try await daemon.stop()
    }

    @Test("a refusal by the successor of the daemon that had the lost attempt is the outcome")
    func lostThenRefusedByAnother() async throws {
        let bench = try Bench()
        let daemon = try await bench.startDaemon()
        async let result = bench.client.call(CreateReservation.self, Sample.create(key: 42))
        _ = try await daemon.nextRequest()
        try await daemon.stop()
        let successor = try await bench.startDaemon()
        try await successor.nextRequest().refuse(.slotFull)
        #expect(await result.refusal == .slotFull)
        try await successor.stop()
    }

    @Test("a refusal by the daemon that may still come to read the lost attempt does not claim that nothing was done")
    func lostThenRefusedByTheSame() async throws {
        let bench = try Bench()
        let daemon = try await bench.startDaemon()
        async let result = bench.client.call(CreateReservation.self, Sample.create(key: 42))
        try await daemon.nextRequest().connection.cut()
        try await daemon.nextRequest().refuse(.slotFull)
        let error = await result.error
        #expect(error?.code == .outcomeUnknown)
        #expect(error?.mayHaveExecuted == true)
        try await daemon.stop()
    }
}
