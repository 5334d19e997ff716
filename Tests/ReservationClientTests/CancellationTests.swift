import ReservationClient
import ReservationWire
import Testing

@Suite("callers that give up, and the end of a client", .timeLimit(.minutes(1)))
struct CancellationTests {
    @Test("a cancelled call in flight ends at once; the daemon is told, and its answer disturbs nobody")
    func inFlight() async throws {
        let bench = try Bench()
        let daemon = try await bench.startDaemon()
        let call = Task { await bench.client.call(CreateReservation.self, Sample.create(key: 1)) }
        let request = try await daemon.nextRequest()
        call.cancel()
        let error = await call.value.error
        #expect(error?.code == .cancelled)
        #expect(error?.mayHaveExecuted == true)
        #expect(try await daemon.nextCancel() == request.accepted.requestID)
        try await request.refuse(.cancelled)
        async let next = bench.validate()
        try await daemon.nextRequest().answer(Sample.validated(1))
        #expect(await next.answer == Sample.validated(1))
        #expect(daemon.connectionCount == 1)
        try await daemon.stop()
    }

    @Test("a cancelled call that waits for a daemon is never sent")
    func waiting() async throws {
        let bench = try Bench()
        let call = Task { await bench.client.call(CreateReservation.self, Sample.create(key: 1)) }
        call.cancel()
        let error = await call.value.error
        #expect(error?.code == .cancelled)
        #expect(error?.mayHaveExecuted == false)
        let daemon = try await bench.startDaemon()
        try await bench.client.ping()
        #expect(daemon.requestFrames == 0)
        try await daemon.stop()
    }

    @Test("many cancelled calls leave no trace: the bound on pending calls is free again")
    func manyWaiting() async throws {
        let bench = try Bench(maxPendingCalls: 500)
        for _ in 0..<3 {
            let calls = (0..<500).map { _ in Task { await bench.validate() } }
            for call in calls { call.cancel() }
            for call in calls { #expect(await call.value.error?.code == .cancelled) }
        }
    }

    @Test("a cancelled ping ends")
    func ping() async throws {
        let bench = try Bench()
        let ping = Task { () -> ClientError? in
            do throws(ClientError) {
                try await bench.client.ping()
                return nil
            } catch {
                return error
            }
        }
        ping.cancel()
        #expect(await ping.value?.code == .cancelled)
    }

    @Test("closing fails what is pending and what comes after, and ends the connection")
    func close() async throws {
        let bench = try Bench()
        let daemon = try await bench.startDaemon()
        async let pending = bench.client.call(CreateReservation.self, Sample.create(key: 1))
        let request = try await daemon.nextRequest()
        await bench.client.close()
        let error = await pending.error
        #expect(error?.code == .closed)
        #expect(error?.mayHaveExecuted == true)
        try await request.connection.channel.closeFuture.get()
        #expect(await bench.validate().error?.code == .closed)
        let ping = await #expect(throws: ClientError.self) { try await bench.client.ping() }
        #expect(ping?.code == .closed)
        await bench.client.close()
        try await daemon.stop()
    }

    @Test("closing while connecting and while pausing ends")
    func closeEarly() async throws {
        let missing = try Bench()
        async let unanswered = missing.validate()
        await #expect(throws: ClientError.self) { try await missing.client.ping(deadline: .milliseconds(10)) }
        await missing.client.close()
        #expect(await unanswered.error?.code == .closed)

        let silent = try Bench()
        let daemon = try await silent.startDaemon(.silent)
        async let ungreeted = silent.validate()
        let connection = try await daemon.nextConnection()
        await silent.client.close()
        #expect(await ungreeted.error?.code == .closed)
        try await connection.channel.closeFuture.get()
        try await daemon.stop()
    }

    @Test("a client that is let go hangs up")
    func deinitialised() async throws {
        let folder = try SocketFolder()
        let daemon = try await FakeDaemon.start(at: folder.socketPath)
        do {
            let client = ReservationClient(ClientConfiguration(socketPath: folder.socketPath, name: "test"))
            try await client.ping()
        }
        try await daemon.nextConnection().channel.closeFuture.get()
        try await daemon.stop()
    }
}
