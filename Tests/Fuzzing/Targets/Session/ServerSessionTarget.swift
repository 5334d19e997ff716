import NIOCore
import ReservationCore
import ReservationWire

/// Whatever a client sends and whenever, the server's session owes each request at most one answer, keeps its limit, and is silent once closed.
enum ServerSessionTarget: FuzzTarget {
    static let name = "server-session"

    static func check(_ bytes: [UInt8]) throws {
        var input = InputCursor(bytes)
        var run = ServerRun(role: input.pick(Role.allCases), maxInFlight: 1 + input.choice(of: 4))
        while !input.isAtEnd { try run.step(&input) }
        try run.answerAll()
    }
}

/// A session and what is remembered of what it has said.
private struct ServerRun: ~Copyable {
    private let role: Role
    private let maxInFlight: Int
    private var session: ServerSession
    private var pending: [UInt64] = []
    private var highestID: UInt64 = 0
    private var highestAcceptedID: UInt64 = 0
    private var hasAnsweredHello = false
    /// No request may be accepted any more, since one side has said GOAWAY.
    private var isEnding = false
    private var hasEnded = false

    init(role: Role, maxInFlight: Int) {
        self.role = role
        self.maxInFlight = maxInFlight
        session = ServerSession(instanceID: 7, serverName: "fuzz", role: role, maxInFlight: maxInFlight)
    }

    mutating func step(_ input: inout InputCursor) throws(Finding) {
        switch input.choice(of: 16) {
        case 0: try note(session.helloTimedOut())
        case 1: try note(session.frameTimedOut())
        case 2:
            let action = session.drain()
            isEnding = true
            try note(action)
        case 3: try note(session.receive(FrameScript.error(&input)))
        case 4...8:
            let choice = input.choice(of: 8)
            try complete(choice < pending.count ? pending[choice] : UInt64(input.byte()))
        default: try receive(FrameScript.fromClient(&input, pending: pending, highest: highestID))
        }
        try require(session.isClosed == hasEnded, "it is closed when it has said so, and not before")
        try require(session.inFlight == pending.count, "in flight is what has no answer")
    }

    mutating func answerAll() throws(Finding) {
        while let id = pending.first { try complete(id) }
        try require(!isEnding || hasEnded || !hasAnsweredHello, "an ending connection closes with its last answer")
        try require(session.inFlight == 0, "nothing is left in flight")
    }

    private mutating func complete(_ requestID: UInt64) throws(Finding) {
        pending.removeAll { $0 == requestID }
        try note(session.completed(requestID: requestID))
    }

    // MARK: frames

    private mutating func receive(_ frame: Frame) throws(Finding) {
        let header = frame.header
        let isNewRequest = header.type == .request && header.requestID > highestID && hasAnsweredHello && !hasEnded
        let mustBeAccepted =
            isNewRequest && !isEnding && pending.count < maxInFlight
            && (Opcode(rawValue: header.opcode).map { $0.isAllowed(for: role) } ?? false)
        let action = session.receive(frame)
        if isNewRequest { highestID = max(highestID, header.requestID) }
        if case .execute = action {
            try require(mustBeAccepted, "only a request that may be accepted is")
        } else {
            try require(!mustBeAccepted, "a request that may be accepted is")
        }
        try noteReceiving(header, action)
    }

    private mutating func noteReceiving(_ header: FrameHeader, _ action: ServerAction) throws(Finding) {
        switch action {
        case .execute(let request):
            try require(request.requestID == header.requestID && request.opcode.rawValue == header.opcode, "it is the request that came")
            try require((1...WireLimits.maxDeadlineMilliseconds).contains(request.deadlineMilliseconds), "the deadline is bounded")
            pending.append(request.requestID)
            highestAcceptedID = request.requestID
        case .cancel(let id):
            try require(header.type == .cancel && pending.contains(id), "only a pending request is taken back")
        case .send(let answer):
            try noteAnswer(answer.header, to: header)
            try note(action)
        default:
            if header.type == .goAway { isEnding = true }
            try note(action)
        }
    }

    private mutating func noteAnswer(_ answer: FrameHeader, to header: FrameHeader) throws(Finding) {
        switch answer.type {
        case .helloAck:
            try require(header.type == .hello && !hasAnsweredHello, "HELLO is answered, once")
            hasAnsweredHello = true
        case .pong:
            try require(header.type == .ping && answer.requestID == header.requestID, "a PONG answers a PING")
        case .error:
            try require(header.type == .request && answer.requestID == header.requestID, "an ERROR answers the request")
            try require(answer.requestID != 0 && !pending.contains(answer.requestID), "a refused request is owed nothing more")
            if answer.status == Status.overloaded.rawValue {
                try require(pending.count == maxInFlight, "only over the limit is a request refused for it")
            }
        default: throw Finding("it answers with \(answer.rawType)")
        }
    }

    // MARK: actions

    private mutating func note(_ action: ServerAction) throws(Finding) {
        try require(!hasEnded || action == .none, "nothing comes after the end")
        switch action {
        case .none: break
        case .send(let frame):
            try checkWire(frame)
            if frame.header.type == .goAway { try checkGoAway(frame) }
        case .sendThenClose(let frame):
            hasEnded = true
            try checkWire(frame)
            try require(frame.header.requestID == 0 && frame.header.opcode == 0, "the last word is about the connection")
            if frame.header.type == .goAway {
                try checkGoAway(frame)
                try require(pending.isEmpty, "no answer is left owing")
            } else {
                try require(frame.header.type == .error, "the last word is GOAWAY or ERROR")
            }
        case .close: hasEnded = true
        case .execute, .cancel: throw Finding("requests come of frames only")
        }
    }

    private func checkGoAway(_ frame: Frame) throws(Finding) {
        let goAway = try? Payload.decode(GoAway.self, from: frame.payload, as: frame.header.encoding)
        try require(goAway?.lastRequestID == highestAcceptedID, "GOAWAY names the last accepted request")
    }

    /// A client's decoder takes it as it is.
    private func checkWire(_ frame: Frame) throws(Finding) {
        var buffer = ByteBuffer()
        frame.write(into: &buffer)
        var decoder = FrameDecoder(receiving: .server)
        decoder.append(buffer)
        let read = try? decoder.next()
        try require(read == frame, "what is sent is a frame that a client may receive")
    }
}
