import NIOCore
import ReservationCore
import ReservationWire
import Testing

@Suite("The client's side of a connection")
struct ClientSessionTests {
    @Test("a client greets, and takes requests once the server has answered")
    func greeting() throws {
        var session = ClientSession(clientName: "ctl", encoding: .json)
        let hello = session.connected()
        #expect(hello.header == FrameHeader(.hello, payloadLength: hello.header.payloadLength, encoding: .json))
        #expect(
            try Payload.decode(Hello.self, from: hello.payload, as: .json)
                == Hello(magic: "RSV", versionMin: 1, versionMax: 1, clientName: "ctl"))
        #expect(session.makeRequest(.daemonHealth) == nil)
        #expect(session.receive(Frames.helloAck(ack(), encoding: .json)) == .ready(ack()))
        let isReady = session.isReady
        #expect(isReady)
        let expected = FrameHeader(.request, opcode: 5, requestID: 1, deadlineMilliseconds: 250, encoding: .json)
        #expect(session.makeRequest(.daemonHealth, deadlineMilliseconds: 250) == expected)
    }

    @Test("ids ascend, and no more requests are in flight than the server allows")
    func inFlightBound() {
        var session = readySession(maxInFlight: 2)
        #expect(session.makeRequest(.daemonHealth)?.requestID == 1)
        #expect(session.makeRequest(.daemonHealth)?.requestID == 2)
        #expect(session.makeRequest(.daemonHealth) == nil)
        _ = session.receive(response(to: 1))
        #expect(session.makeRequest(.daemonHealth)?.requestID == 3)
        session.abandoned(requestID: 3)
        #expect(session.makeRequest(.daemonHealth)?.requestID == 4)
        #expect(session.inFlight == 2)
    }

    @Test("answers come in any order and say whether they are replays")
    func answers() {
        var session = readySession()
        _ = session.makeRequest(.daemonHealth)
        _ = session.makeRequest(.daemonHealth)
        let second = response(to: 2, flags: FrameFlags.replayed)
        #expect(
            session.receive(second)
                == .answer(requestID: 2, .response(payload: second.payload, encoding: .tlv, isReplayed: true)))
        let refusal = ErrorReply(message: "busy", retryAfterMilliseconds: 5)
        #expect(
            session.receive(Frames.error(to: address(1), .overloaded, refusal)) == .answer(requestID: 1, .refused(.overloaded, refusal)))
        #expect(session.inFlight == 0)
    }

    @Test("an error is understood by its status, even when the number is new or the payload unreadable")
    func strangeErrors() {
        var session = readySession()
        _ = session.makeRequest(.daemonHealth)
        _ = session.makeRequest(.daemonHealth)
        var newer = Frames.error(to: address(1), .slotFull, ErrorReply(message: "new"))
        newer.header.status = 0x03EE
        #expect(session.receive(newer) == .answer(requestID: 1, .refused(.alreadyExists, ErrorReply(message: "new"))))
        let header = FrameHeader(.error, opcode: 5, requestID: 2, status: Status.internal.rawValue, encoding: .tlv)
        let unreadable = Frame(header: header, payload: ByteBuffer(bytes: [1]))
        #expect(session.receive(unreadable) == .answer(requestID: 2, .refused(.internal, ErrorReply(message: "INTERNAL"))))
    }

    @Test("GOAWAY separates what will be answered from what was never executed")
    func goAway() {
        var session = readySession()
        for _ in 0..<4 { _ = session.makeRequest(.daemonHealth) }
        #expect(session.receive(Frames.goAway(GoAway(lastRequestID: 2), encoding: .tlv)) == .resend([3, 4]))
        #expect(session.makeRequest(.daemonHealth) == nil)
        let isReady = session.isReady
        #expect(!isReady)
        guard case .answer(requestID: 1, _) = session.receive(response(to: 1)) else {
            Issue.record("an accepted request is answered after GOAWAY")
            return
        }
        #expect(session.closed() == [2])
    }

    @Test("a connection that ends leaves the fate of what was in flight unknown")
    func closed() {
        var session = readySession()
        for _ in 0..<20 { _ = session.makeRequest(.daemonHealth) }
        _ = session.receive(response(to: 7))
        #expect(session.closed() == (1...20).filter { $0 != 7 })
        #expect(session.closed() == [])
        #expect(session.makeRequest(.daemonHealth) == nil)
        #expect(session.receive(response(to: 1)) == .none)
    }

    @Test("a server that refuses the connection says why", arguments: [false, true])
    func connectionError(isReady: Bool) {
        var session = isReady ? readySession() : greetedSession()
        let reply = ErrorReply(message: "full", retryAfterMilliseconds: 9)
        let frame = Frames.error(to: .connection(.tlv), .tooManyConnections, reply)
        #expect(session.receive(frame) == .fail(.refused(.tooManyConnections, reply)))
    }

    @Test("what a server must not send ends the connection")
    func violations() {
        var early = greetedSession()
        #expect(isViolation(early.receive(response(to: 1))))
        var twice = readySession()
        #expect(isViolation(twice.receive(Frames.helloAck(ack(), encoding: .tlv))))
        var unasked = readySession()
        #expect(isViolation(unasked.receive(response(to: 1))))
        var version = greetedSession()
        #expect(isViolation(version.receive(Frames.helloAck(ack(version: 2), encoding: .tlv))))
        var bytes = readySession()
        #expect(isViolation(bytes.receive(FrameError.notRSV)))
        var statusless = readySession()
        _ = statusless.makeRequest(.daemonHealth)
        #expect(isViolation(statusless.receive(Frame(header: FrameHeader(.error, requestID: 1, encoding: .tlv), payload: ByteBuffer()))))
    }

    @Test("PONG is handed on, and EVENT when it was asked for, under the latest id")
    func events() throws {
        var session = readySession()
        let pong = Frames.pong(to: Frames.ping(requestID: 3, payload: ByteBuffer(string: "x")))
        #expect(session.receive(pong) == .event(pong))
        for id in 1...2 as ClosedRange<UInt64> {
            let header = session.makeRequest(.slotsWatch)
            #expect(header?.requestID == id)
            let answer = Frames.response(to: ReplyAddress(requestID: id, opcode: .slotsWatch, encoding: .tlv), WatchSlotsResponse())
            guard case .answer = session.receive(answer) else {
                Issue.record("slots.watch is answered")
                return
            }
            let event = event(to: id)
            #expect(session.receive(event) == .event(event))
        }
        #expect(isViolation(session.receive(event(to: 1))))
    }

    @Test("an EVENT that nobody asked for ends the connection")
    func uninvitedEvent() {
        var idle = readySession()
        #expect(isViolation(idle.receive(event(to: 0))))
        var early = readySession()
        _ = early.makeRequest(.slotsWatch)
        #expect(isViolation(early.receive(event(to: 1))))
        var other = readySession()
        _ = other.makeRequest(.daemonHealth)
        _ = other.receive(response(to: 1))
        #expect(isViolation(other.receive(event(to: 1))))
    }

    @Test("an EVENT of another encoding, or after GOAWAY, ends the connection")
    func wrongEvent() {
        func watching() -> ClientSession {
            var session = readySession()
            _ = session.makeRequest(.slotsWatch)
            let address = ReplyAddress(requestID: 1, opcode: .slotsWatch, encoding: .tlv)
            _ = session.receive(Frames.response(to: address, WatchSlotsResponse()))
            return session
        }
        var other = watching()
        #expect(isViolation(other.receive(event(to: 1, encoding: .json))))
        var late = watching()
        _ = late.receive(Frames.goAway(GoAway(lastRequestID: 1), encoding: .tlv))
        #expect(isViolation(late.receive(event(to: 1))))
    }

    private func event(to requestID: UInt64, encoding: Encoding = .tlv) -> Frame {
        Frame(header: FrameHeader(.event, opcode: 8, requestID: requestID, encoding: encoding), payload: ByteBuffer())
    }

    @Test("client and server understand each other", arguments: [Encoding.tlv, .json])
    func bothSides(encoding: Encoding) throws {
        let server = ServerHarness()
        var client = ClientSession(clientName: "pair", encoding: encoding)
        server.receive(client.connected())
        guard case .ready = client.receive(try #require(server.takeOutput())) else {
            Issue.record("not ready")
            return
        }
        let made = client.makeRequest(.slotsSetState)
        let header = try #require(made)
        var buffer = ByteBuffer()
        Frames.write(header, SetSlotStateRequest(slotID: 4, status: "CLOSED"), into: &buffer)
        server.receive(buffer.array)
        let request = try #require(server.accepted.first)
        #expect(try request.message(SetSlotStateRequest.self) == SetSlotStateRequest(slotID: 4, status: "CLOSED"))
        var answer = ByteBuffer()
        Frames.writeResponse(to: request.replyAddress, SetSlotStateResponse(), into: &answer)
        try server.complete(request.requestID, with: answer.array)
        guard case .answer(requestID: 1, .response(let payload, encoding, false)) = client.receive(try #require(server.takeOutput())) else {
            Issue.record("no answer")
            return
        }
        #expect(try Payload.decode(SetSlotStateResponse.self, from: payload, as: encoding) == SetSlotStateResponse())
    }

    // MARK: values

    private func ack(version: UInt64 = 1, maxInFlight: UInt64 = 1024) -> HelloAck {
        HelloAck(
            version: version, maxPayload: 1_048_576, maxInFlight: maxInFlight, instanceID: 5, serverName: "server", role: "admin",
            defaultDeadlineMilliseconds: 10_000)
    }

    private func greetedSession() -> ClientSession {
        var session = ClientSession(clientName: "test")
        _ = session.connected()
        return session
    }

    private func readySession(maxInFlight: UInt64 = 1024) -> ClientSession {
        var session = greetedSession()
        _ = session.receive(Frames.helloAck(ack(maxInFlight: maxInFlight), encoding: .tlv))
        return session
    }

    private func address(_ id: UInt64) -> ReplyAddress { ReplyAddress(requestID: id, opcode: .daemonHealth, encoding: .tlv) }

    private func response(to id: UInt64, flags: UInt8 = 0) -> Frame {
        Frames.response(to: address(id), HealthResponse(writable: true), flags: flags)
    }

    private func isViolation(_ action: ClientAction) -> Bool {
        if case .fail(.violation) = action { true } else { false }
    }
}
