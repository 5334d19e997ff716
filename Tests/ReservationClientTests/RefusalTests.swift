import ReservationClient
import ReservationWire
import Testing

@Suite("refusals and deadlines", .timeLimit(.minutes(1)))
struct RefusalTests {
    @Test("an ordinary refusal is handed out as it came, and asked once")
    func ordinary() async throws {
        let bench = try Bench()
        let daemon = try await bench.startDaemon()
        async let result = bench.validate()
        try await daemon.nextRequest().refuse(.ticketNotFound, "No such ticket.")
        #expect(await result == .refused(.ticketNotFound, ErrorReply(message: "No such ticket.")))
        #expect(daemon.requestFrames == 1)
        try await daemon.stop()
    }

    @Test("OVERLOADED is tried again, not before the daemon said")
    func overloaded() async throws {
        let bench = try Bench()
        let daemon = try await bench.startDaemon()
        async let result = bench.validate()
        let first = try await daemon.nextRequest()
        let refusedAt = ContinuousClock.now
        try await first.refuse(.overloaded, retryAfterMilliseconds: 80)
        let second = try await daemon.nextRequest()
        #expect(refusedAt.duration(to: .now) >= .milliseconds(80))
        try await second.answer(Sample.validated(1))
        #expect(await result.answer == Sample.validated(1))
        try await daemon.stop()
    }

    @Test("OVERLOADED is handed out at once when the pause would not end before the deadline")
    func overloadedTooLong() async throws {
        let bench = try Bench()
        let daemon = try await bench.startDaemon()
        async let result = bench.validate(deadline: .seconds(30))
        let start = ContinuousClock.now
        try await daemon.nextRequest().refuse(.overloaded, "busy", retryAfterMilliseconds: 50_000)
        #expect(await result == .refused(.overloaded, ErrorReply(message: "busy", retryAfterMilliseconds: 50_000)))
        #expect(start.duration(to: .now) < .seconds(15))
        try await daemon.stop()
    }

    @Test("UNAVAILABLE is handed out after the second time")
    func unavailable() async throws {
        let bench = try Bench()
        let daemon = try await bench.startDaemon()
        async let result = bench.validate()
        try await daemon.nextRequest().refuse(.unavailable, retryAfterMilliseconds: 5)
        try await daemon.nextRequest().refuse(.unavailable, "disk full", retryAfterMilliseconds: 5)
        #expect(await result == .refused(.unavailable, ErrorReply(message: "disk full", retryAfterMilliseconds: 5)))
        #expect(daemon.requestFrames == 2)
        try await daemon.stop()
    }

    @Test("UNAVAILABLE once is a hiccup")
    func unavailableOnce() async throws {
        let bench = try Bench()
        let daemon = try await bench.startDaemon()
        async let result = bench.validate()
        try await daemon.nextRequest().refuse(.unavailable, retryAfterMilliseconds: 5)
        try await daemon.nextRequest().answer(Sample.validated(4))
        #expect(await result.answer == Sample.validated(4))
        try await daemon.stop()
    }

    @Test("at the deadline a read in flight fails; its late answer disturbs nobody")
    func deadlineOfRead() async throws {
        let bench = try Bench()
        let daemon = try await bench.startDaemon()
        let start = ContinuousClock.now
        async let result = bench.validate(deadline: .milliseconds(1500))
        let late = try await daemon.nextRequest()
        #expect((1...1500).contains(late.accepted.deadlineMilliseconds))
        #expect(await result.error == ClientError.deadline(mayHaveExecuted: false))
        #expect(start.duration(to: .now) >= .milliseconds(1500))
        try await late.answer(Sample.validated(1))
        async let next = bench.validate()
        try await daemon.nextRequest().answer(Sample.validated(2))
        #expect(await next.answer == Sample.validated(2))
        #expect(daemon.connectionCount == 1)
        try await daemon.stop()
    }

    @Test("at the deadline a write in flight fails and says that the change may have been made")
    func deadlineOfWrite() async throws {
        let bench = try Bench()
        let daemon = try await bench.startDaemon()
        async let result = bench.client.call(CreateReservation.self, Sample.create(key: 1), deadline: .milliseconds(1500))
        _ = try await daemon.nextRequest()
        #expect(await result.error == ClientError.deadline(mayHaveExecuted: true))
        try await daemon.stop()
    }

    @Test("a call with a short deadline ends while an earlier one with a long deadline goes on")
    func severalDeadlines() async throws {
        let bench = try Bench()
        let daemon = try await bench.startDaemon()
        async let long = bench.validate(deadline: .seconds(50))
        let held = try await daemon.nextRequest()
        #expect(await bench.validate(deadline: .milliseconds(100)).error?.code == .deadlineExceeded)
        try await held.answer(Sample.validated(1))
        #expect(await long.answer == Sample.validated(1))
        try await daemon.stop()
    }

    @Test("a deadline of nothing fails without asking")
    func noTime() async throws {
        let bench = try Bench()
        let daemon = try await bench.startDaemon()
        try await bench.client.ping()
        #expect(await bench.validate(deadline: .seconds(-1)).error?.code == .deadlineExceeded)
        try await bench.client.ping()
        #expect(daemon.requestFrames == 0)
        try await daemon.stop()
    }
}

extension ClientError {
    /// As the client words it.
    fileprivate static func deadline(mayHaveExecuted: Bool) -> ClientError {
        ClientError(
            code: .deadlineExceeded,
            message: mayHaveExecuted
                ? "the daemon did not answer in time; the change may have been made: look before you ask again"
                : "the daemon did not answer in time; ask again later",
            mayHaveExecuted: mayHaveExecuted)
    }
}
