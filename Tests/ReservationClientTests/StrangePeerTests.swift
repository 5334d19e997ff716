import ReservationClient
import ReservationWire
import Testing

@Suite("peers that are no daemon, or not this one", .timeLimit(.minutes(1)))
struct StrangePeerTests {
    @Test(
        "a peer that answers the greeting with something else fails the call at once",
        arguments: [
            Array("HTTP/1.1 400 Bad Request\r\n\r\n".utf8),
            // A RESPONSE before any HELLO_ACK.
            [0, 0, 0, 0, 4, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 1, 0],
            // A frame of a gigabyte.
            [0x40, 0, 0, 0] + [UInt8](repeating: 0, count: 20),
            // A type that does not exist.
            [0, 0, 0, 0, 0x7F] + [UInt8](repeating: 0, count: 19),
        ])
    func babble(bytes: [UInt8]) async throws {
        let bench = try Bench()
        let daemon = try await bench.startDaemon(.babbling(bytes))
        let result = await bench.validate(deadline: .seconds(600))
        #expect(result.error?.code == .protocolViolation)
        #expect(result.error?.message.contains(bench.folder.socketPath) == true)
        try await daemon.stop()
    }

    @Test("nonsense in the middle fails what is in flight; the next call gets a new connection")
    func nonsenseLater() async throws {
        let bench = try Bench()
        let daemon = try await bench.startDaemon()
        async let hit = bench.client.call(CreateReservation.self, Sample.create(key: 1))
        try await daemon.nextRequest().connection.send([0xFF])
        let error = await hit.error
        #expect(error?.code == .protocolViolation)
        #expect(error?.mayHaveExecuted == true)
        async let next = bench.validate()
        try await daemon.nextRequest().answer(Sample.validated(1))
        #expect(await next.answer == Sample.validated(1))
        #expect(daemon.connectionCount == 2)
        try await daemon.stop()
    }

    @Test("an answer to nothing that was asked is a violation")
    func unaskedAnswer() async throws {
        let bench = try Bench()
        let daemon = try await bench.startDaemon()
        async let hit = bench.validate()
        let request = try await daemon.nextRequest()
        let header = FrameHeader(.response, opcode: 1, requestID: 999, encoding: .tlv)
        try await request.connection.send(Frame(header: header, payload: .init()))
        #expect(await hit.error?.code == .protocolViolation)
        try await daemon.stop()
    }

    @Test("an answer that cannot be read fails its call alone")
    func unreadableAnswer() async throws {
        let bench = try Bench()
        let daemon = try await bench.startDaemon()
        async let hit = bench.validate()
        try await daemon.nextRequest().answer(HealthResponse(writable: true))
        #expect(await hit.error?.code == .protocolViolation)
        async let next = bench.validate()
        try await daemon.nextRequest().answer(Sample.validated(1))
        #expect(await next.answer == Sample.validated(1))
        #expect(daemon.connectionCount == 1)
        try await daemon.stop()
    }

    @Test("a peer that hangs up without a greeting is tried again until the deadline")
    func hangingUp() async throws {
        let bench = try Bench()
        let daemon = try await bench.startDaemon(.hangingUp)
        let result = await bench.validate(deadline: .milliseconds(1500))
        #expect(result.error?.code == .unreachable)
        #expect(result.error?.message.contains("without a greeting") == true)
        #expect(daemon.connectionCount > 1)
        try await daemon.stop()
    }

    @Test("a peer that never greets is given up and tried again")
    func silent() async throws {
        let bench = try Bench(helloPatience: .milliseconds(20))
        let daemon = try await bench.startDaemon(.silent)
        async let result = bench.validate(deadline: .milliseconds(3000))
        try await daemon.nextConnection().channel.closeFuture.get()
        try await daemon.nextConnection().channel.closeFuture.get()
        let error = await result.error
        #expect(error?.code == .unreachable)
        #expect(error?.message.contains("has not answered the greeting") == true)
        try await daemon.stop()
    }

    @Test("a daemon of another version fails the call at once and names its range")
    func otherVersion() async throws {
        let bench = try Bench()
        let reply = ErrorReply(versionMin: 3, versionMax: 5, message: "no common version")
        let daemon = try await bench.startDaemon(.refusing(.unsupportedVersion, reply))
        let result = await bench.validate(deadline: .seconds(600))
        #expect(result.error?.code == .unsupportedVersion)
        #expect(result.error?.message.contains("3 to 5") == true)
        try await daemon.stop()
    }

    @Test("a daemon with too many connections is tried again until the deadline")
    func tooManyConnections() async throws {
        let bench = try Bench()
        let daemon = try await bench.startDaemon(.refusing(.tooManyConnections, ErrorReply(message: "full")))
        let result = await bench.validate(deadline: .milliseconds(1500))
        #expect(result.error?.code == .unreachable)
        #expect(result.error?.message.contains("takes no more connections") == true)
        #expect(daemon.connectionCount > 1)
        try await daemon.stop()
    }
}
