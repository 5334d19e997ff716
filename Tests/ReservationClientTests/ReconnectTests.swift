import ReservationClient
import ReservationWire
import Testing

@Suite("a daemon that is not there yet, or was restarted", .timeLimit(.minutes(1)))
struct ReconnectTests {
    @Test("a call waits while the socket is missing and is answered once the daemon is there")
    func missingSocket() async throws {
        let bench = try Bench()
        async let result = bench.validate()
        let failure = await #expect(throws: ClientError.self) { try await bench.client.ping(deadline: .milliseconds(50)) }
        #expect(failure?.code == .unreachable)
        #expect(failure?.message.contains("there is no socket \(bench.folder.socketPath)") == true)
        let daemon = try await bench.startDaemon()
        try await daemon.nextRequest().answer(Sample.validated(1))
        #expect(await result.answer == Sample.validated(1))
        try await daemon.stop()
    }

    @Test("a call waits while the socket refuses and is answered once somebody listens")
    func refusedSocket() async throws {
        let bench = try Bench()
        try bench.folder.leaveDeadSocket()
        async let result = bench.validate()
        let failure = await #expect(throws: ClientError.self) { try await bench.client.ping(deadline: .milliseconds(50)) }
        #expect(failure?.message.contains("nobody listens") == true)
        let daemon = try await bench.startDaemon()
        try await daemon.nextRequest().answer(Sample.validated(2))
        #expect(await result.answer == Sample.validated(2))
        try await daemon.stop()
    }

    @Test("after a restart the next call goes to the new daemon")
    func restart() async throws {
        let bench = try Bench()
        for life in UInt64(1)...3 {
            let daemon = try await bench.startDaemon()
            async let result = bench.validate()
            try await daemon.nextRequest().answer(Sample.validated(life))
            #expect(await result.answer == Sample.validated(life))
            try await daemon.stop()
        }
    }

    @Test("without a daemon a call ends at its deadline, not before, and says which socket")
    func unreachable() async throws {
        let bench = try Bench()
        let start = ContinuousClock.now
        let result = await bench.validate(deadline: .milliseconds(120))
        let elapsed = start.duration(to: .now)
        #expect(elapsed >= .milliseconds(120))
        // Its own deadline, not the client's of 20 s.
        #expect(elapsed < .seconds(15))
        #expect(result.error?.code == .unreachable)
        #expect(result.error?.message.contains(bench.folder.socketPath) == true)
        #expect(result.error?.mayHaveExecuted == false)
    }

    @Test("a path that is too long for a socket fails at once")
    func pathTooLong() async throws {
        let path = "/" + String(repeating: "x", count: 200)
        let client = ReservationClient(ClientConfiguration(socketPath: path, name: "test"))
        let result = await client.call(ValidateTicket.self, Sample.validate, deadline: .seconds(600))
        #expect(result.error?.code == .unreachable)
        #expect(result.error?.message.contains("107 bytes") == true)
    }

    @Test("nothing is connected before the first call")
    func lazy() async throws {
        let bench = try Bench()
        let daemon = try await bench.startDaemon()
        #expect(daemon.connectionCount == 0)
        try await bench.client.ping()
        #expect(daemon.connectionCount == 1)
        try await daemon.stop()
    }
}
