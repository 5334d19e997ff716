import NIOCore
import ReservationCore
import ReservationWire
import Testing

/// What the golden vectors cannot say: clocks, the application's answers, and bounds.
@Suite("The server's side of a connection")
struct ServerSessionTests {
    @Test("a client that says nothing in time is told so and closed, one that has said HELLO is not")
    func helloTimeout() {
        var silent = makeSession()
        #expect(endStatus(silent.helloTimedOut()) == .helloTimeout)
        #expect(silent.helloTimedOut() == .none)
        var greeted = openSession()
        #expect(greeted.helloTimedOut() == .none)
        let state = (greeted.isHelloDone, greeted.isClosed)
        #expect(state == (true, false))
    }

    @Test("a frame that does not come whole in time ends the connection, before HELLO and after", arguments: [false, true])
    func frameTimeout(isOpen: Bool) {
        var session = isOpen ? openSession() : makeSession()
        #expect(endStatus(session.frameTimedOut()) == .frameTimeout)
        #expect(session.isClosed == true)
        #expect(session.frameTimedOut() == .none)
    }

    @Test("a deadline of 0 is the default, and a long one is cut", arguments: [(0, 10_000), (1, 1), (60_000, 60_000), (60_001, 60_000)])
    func deadlines(asked: UInt32, granted: UInt32) {
        var session = openSession()
        #expect(accepted(session.receive(request(1, deadline: asked)))?.deadlineMilliseconds == granted)
    }

    @Test("an accepted request keeps what its answer needs")
    func acceptedRequest() throws {
        var session = openSession()
        let payload = ByteBuffer(bytes: MessageCatalogue.encode(ShowTicketsRequest(ticketID: 5), as: .json))
        let header = FrameHeader(.request, opcode: 259, requestID: 9, encoding: .json)
        let request = try #require(accepted(session.receive(Frame(header: header, payload: payload))))
        #expect(request.opcode == .ticketsShow)
        #expect(request.replyAddress == ReplyAddress(requestID: 9, opcode: .ticketsShow, encoding: .json))
        #expect(try request.message(ShowTicketsRequest.self).ticketID == 5)
        #expect(session.inFlight == 1)
    }

    @Test("one request too many costs only itself, and there is room again when an answer has gone out")
    func inFlightBound() {
        var session = openSession(maxInFlight: 2)
        #expect(accepted(session.receive(request(1))) != nil)
        #expect(accepted(session.receive(request(2))) != nil)
        #expect(requestStatus(session.receive(request(3))) == .overloaded)
        #expect(session.inFlight == 2)
        #expect(session.completed(requestID: 1) == .none)
        #expect(accepted(session.receive(request(4))) != nil)
        #expect(endStatus(session.receive(request(3))) == .requestIDNotAscending)
    }

    @Test("an answer counts once, and an answer to nothing counts not at all")
    func completionIsIdempotent() {
        var session = openSession(maxInFlight: 2)
        _ = session.receive(request(1))
        _ = session.receive(request(2))
        _ = session.completed(requestID: 1)
        _ = session.completed(requestID: 1)
        _ = session.completed(requestID: 99)
        #expect(session.inFlight == 1)
    }

    @Test("CANCEL reaches the application while the request waits for its answer, and not otherwise")
    func cancel() {
        var session = openSession()
        #expect(session.receive(Frames.cancel(requestID: 1)) == .none)
        _ = session.receive(request(1))
        #expect(session.receive(Frames.cancel(requestID: 1)) == .cancel(requestID: 1))
        #expect(session.inFlight == 1)
        _ = session.completed(requestID: 1)
        #expect(session.receive(Frames.cancel(requestID: 1)) == .none)
    }

    @Test("an operation beyond the socket's role is refused and not executed")
    func roles() {
        var session = openSession(role: .service)
        #expect(accepted(session.receive(request(1, opcode: 259))) != nil)
        #expect(requestStatus(session.receive(request(2, opcode: 513))) == .operationNotPermitted)
        #expect(requestStatus(session.receive(request(3, opcode: 999))) == .unknownOperation)
        #expect(session.inFlight == 1)
    }

    @Test("a server that stops before HELLO just closes")
    func drainBeforeHello() {
        var session = makeSession()
        #expect(session.drain() == .close)
        #expect(session.receive(hello) == .none)
    }

    @Test("draining twice says GOAWAY once")
    func drainTwice() {
        var session = openSession()
        _ = session.receive(request(1))
        guard case .send(let frame) = session.drain() else {
            Issue.record("no GOAWAY")
            return
        }
        #expect(frame.header.type == .goAway)
        #expect(session.drain() == .none)
        #expect(session.completed(requestID: 1) == .close)
    }

    @Test("a drain says nothing about ids that no integer field can carry; the connection ends when all is answered")
    func drainWithHugeID() {
        var session = openSession()
        _ = session.receive(request(WireLimits.maxInteger + 1))
        #expect(session.drain() == .none)
        #expect(session.receive(request(WireLimits.maxInteger + 2)) == .none)
        #expect(session.completed(requestID: WireLimits.maxInteger + 1) == .close)
    }

    @Test("a refused id is not among the accepted ones that GOAWAY names")
    func drainAfterRefusal() throws {
        var session = openSession()
        _ = session.receive(request(4))
        _ = session.receive(request(5, opcode: 999))
        guard case .send(let frame) = session.drain() else {
            Issue.record("no GOAWAY")
            return
        }
        #expect(try Payload.decode(GoAway.self, from: frame.payload, as: .tlv) == GoAway(lastRequestID: 4))
    }

    @Test("a GOAWAY that does not decode ends the connection")
    func malformedGoAway() {
        var session = openSession()
        let frame = Frame(header: FrameHeader(.goAway, encoding: .tlv), payload: ByteBuffer(bytes: [1, 2, 3]))
        #expect(endStatus(session.receive(frame)) == .malformedPayload)
    }

    @Test("after the end nothing has an effect")
    func closedSession() {
        var session = openSession()
        _ = session.receive(request(1))
        #expect(session.receive(FrameError.notRSV) == .close)
        #expect(session.isClosed == true)
        #expect(session.receive(request(2)) == .none)
        #expect(session.receive(FrameError.violation(.unknownFlag, "")) == .none)
        #expect(session.completed(requestID: 1) == .none)
        #expect(session.drain() == .none)
    }

    @Test(
        "the rules hold without the decoder's help",
        arguments: [
            (FrameType.helloAck, false), (.response, false), (.error, false), (.pong, false), (.event, false), (.hello, false),
            (.request, true), (.cancel, true), (.ping, true), (.goAway, true), (.helloAck, true),
        ])
    func frameTurns(type: FrameType, isBeforeHello: Bool) {
        var session = isBeforeHello ? makeSession() : openSession()
        let frame = Frame(header: FrameHeader(type, requestID: 1, encoding: .tlv), payload: ByteBuffer())
        #expect(endStatus(session.receive(frame)) == (isBeforeHello ? .helloExpected : .unexpectedFrame))
    }

    @Test("connection errors speak the HELLO's encoding once there was one")
    func errorEncoding() {
        var session = makeSession()
        _ = session.receive(Frames.hello(Hello(magic: "RSV", versionMin: 1, versionMax: 1), encoding: .json))
        guard case .sendThenClose(let frame) = session.frameTimedOut() else {
            Issue.record("no error")
            return
        }
        #expect(frame.header.encoding == .json && frame.header.requestID == 0 && frame.header.opcode == 0)
    }

    @Test("the client's name is known for the logs")
    func clientName() {
        let session = openSession()
        #expect(session.clientName == "test")
    }

    // MARK: values

    private let hello = Frames.hello(Hello(magic: "RSV", versionMin: 1, versionMax: 1, clientName: "test"), encoding: .tlv)

    private func makeSession(role: Role = .admin, maxInFlight: Int = 1024) -> ServerSession {
        ServerSession(instanceID: 1, serverName: "server", role: role, maxInFlight: maxInFlight)
    }

    private func openSession(role: Role = .admin, maxInFlight: Int = 1024) -> ServerSession {
        var session = makeSession(role: role, maxInFlight: maxInFlight)
        _ = session.receive(hello)
        return session
    }

    private func request(_ id: UInt64, opcode: UInt16 = 5, deadline: UInt32 = 0) -> Frame {
        let header = FrameHeader(.request, opcode: opcode, requestID: id, deadlineMilliseconds: deadline, encoding: .tlv)
        return Frame(header: header, payload: ByteBuffer())
    }

    private func accepted(_ action: ServerAction) -> AcceptedRequest? {
        if case .execute(let request) = action { request } else { nil }
    }

    private func requestStatus(_ action: ServerAction) -> Status? {
        if case .send(let frame) = action { Status(rawValue: frame.header.status) } else { nil }
    }

    private func endStatus(_ action: ServerAction) -> Status? {
        if case .sendThenClose(let frame) = action { Status(rawValue: frame.header.status) } else { nil }
    }
}
