import ReservationClient
import ReservationWire
import Testing

@Suite("many calls over few connections", .timeLimit(.minutes(1)))
struct PipeliningTests {
    @Test("answers that come in another order reach the calls they belong to", arguments: [Encoding.tlv, .json])
    func answersOutOfOrder(encoding: Encoding) async throws {
        let bench = try Bench(encoding: encoding)
        let daemon = try await bench.startDaemon()
        let numbers = Array(UInt64(1)...20)
        try await withThrowingTaskGroup(of: (UInt64, CallResult<ValidateTicketResponse>).self) { group in
            for number in numbers {
                group.addTask {
                    let request = ValidateTicketRequest(orq: number, ticketCode: "TKT-2025-ABC123-DEF456")
                    // Patient: the machine may be busy with other tests.
                    return (number, await bench.client.call(ValidateTicket.self, request, deadline: .seconds(120)))
                }
            }
            // All of them come before any is answered.
            var requests: [FakeRequest] = []
            for _ in numbers { requests.append(try await daemon.nextRequest()) }
            #expect(daemon.connectionCount == 1)
            for request in requests.reversed() {
                try await request.answer(Sample.validated(try request.message(ValidateTicketRequest.self).orq * 100))
            }
            for try await (number, result) in group {
                #expect(result == .answered(Sample.validated(number * 100), replayed: false))
            }
        }
        try await daemon.stop()
    }

    @Test("no more requests are in flight than the daemon allows; the others follow as answers come")
    func inFlightLimit() async throws {
        let bench = try Bench()
        let daemon = try await bench.startDaemon(.daemonLike(maxInFlight: 2))
        try await withThrowingTaskGroup(of: CallResult<ValidateTicketResponse>.self) { group in
            for _ in 0..<6 {
                group.addTask { await bench.validate() }
            }
            var held = [try await daemon.nextRequest(), try await daemon.nextRequest()]
            for answered in 0..<6 {
                // A PONG comes after everything that was written before its PING.
                try await bench.client.ping()
                #expect(daemon.requestFrames == min(6, answered + 2))
                try await held.removeFirst().answer(Sample.validated(1))
                if answered < 4 { held.append(try await daemon.nextRequest()) }
            }
            for try await result in group {
                #expect(result.answer == Sample.validated(1))
            }
        }
        try await daemon.stop()
    }

    @Test("thousands of calls at once over several connections are each answered once")
    func manyCalls() async throws {
        let bench = try Bench(connections: 4)
        let daemon = try await bench.startDaemon(.daemonLike(maxInFlight: 64))
        let count: UInt64 = 5000
        let answering = Task {
            for _ in 0..<count {
                let request = try await daemon.nextRequest()
                try await request.answer(Sample.validated(try request.message(ValidateTicketRequest.self).orq))
            }
        }
        await withTaskGroup(of: (UInt64, CallResult<ValidateTicketResponse>).self) { group in
            for number in 1...count {
                group.addTask {
                    let request = ValidateTicketRequest(orq: number, ticketCode: "TKT-2025-ABC123-DEF456")
                    // Patient: the machine may be busy with other tests.
                    return (number, await bench.client.call(ValidateTicket.self, request, deadline: .seconds(120)))
                }
            }
            var answered = 0
            for await (number, result) in group where result.answer == Sample.validated(number) { answered += 1 }
            #expect(answered == count)
        }
        try await answering.value
        #expect(daemon.requestFrames == count)
        #expect(daemon.connectionCount == 4)
        try await daemon.stop()
    }

    @Test("a call beyond the bound on pending calls is told OVERLOADED at once")
    func pendingBound() async throws {
        let bench = try Bench(maxPendingCalls: 2)
        let daemon = try await bench.startDaemon()
        async let first = bench.validate()
        async let second = bench.validate()
        let held = [try await daemon.nextRequest(), try await daemon.nextRequest()]
        guard case .refused(.overloaded, let reply) = await bench.validate() else {
            Issue.record("the third call was not refused")
            return
        }
        #expect(reply.retryAfterMilliseconds != nil)
        for request in held { try await request.answer(Sample.validated(9)) }
        #expect(await [first.answer, second.answer] == [Sample.validated(9), Sample.validated(9)])

        // Calls that ended count no longer.
        async let third = bench.validate()
        try await daemon.nextRequest().answer(Sample.validated(10))
        #expect(await third.answer == Sample.validated(10))
        try await daemon.stop()
    }

    @Test("a request larger than a frame is not sent")
    func tooLarge() async throws {
        let bench = try Bench()
        let request = AddOrganizationRequest(orq: 1, timeZone: "UTC", name: String(repeating: "x", count: 1 << 20))
        #expect(await bench.client.call(AddOrganization.self, request).error?.code == .requestTooLarge)
    }

    @Test("a daemon that reads slowly gets large requests all the same")
    func largeRequests() async throws {
        let bench = try Bench()
        let daemon = try await bench.startDaemon()
        let name = String(repeating: "n", count: 500_000)
        async let results = withTaskGroup(of: CallResult<AddOrganizationResponse>.self) { group in
            for number in UInt64(1)...12 {
                group.addTask {
                    await bench.client.call(AddOrganization.self, AddOrganizationRequest(orq: number, timeZone: "UTC", name: name))
                }
            }
            var answered = 0
            for await result in group where result.answer != nil { answered += 1 }
            return answered
        }
        for _ in 0..<12 {
            let request = try await daemon.nextRequest()
            #expect(try request.message(AddOrganizationRequest.self).name.utf8.count == 500_000)
            try await request.answer(AddOrganizationResponse())
        }
        #expect(await results == 12)
        try await daemon.stop()
    }
}
