import NIOCore

/// One connection as the client sees it. No I/O and no clock: frames are put in, actions come out.
package struct ClientSession: ~Copyable {
    private enum State {
        case new
        case awaitingAck
        case open
        /// The server has sent GOAWAY.
        case draining
        case closed
    }

    private let clientName: String
    private let encoding: Encoding

    private var state = State.new
    private var pending: Set<UInt64> = []
    private var nextID: UInt64 = 1
    private var maxInFlight = 0
    /// Of the latest `slots.watch` that was answered.
    private var watch: ReplyAddress?
    /// Of the latest `events.subscribe` that was answered.
    private var subscription: ReplyAddress?

    /// - Parameters:
    ///   - clientName: for the server's logs; at most 64 bytes without control characters.
    ///   - encoding: of the HELLO and the requests, TLV or JSON.
    package init(clientName: String, encoding: Encoding = .tlv) {
        self.clientName = clientName
        self.encoding = encoding
    }

    /// Whether requests may be made, the in-flight limit aside.
    package var isReady: Bool { state == .open }

    /// Requests without an answer.
    package var inFlight: Int { pending.count }

    // MARK: output

    /// The connection stands.
    ///
    /// - Returns: the HELLO to send.
    package mutating func connected() -> Frame {
        state = .awaitingAck
        let hello = Hello(
            magic: WireLimits.magic, versionMin: WireLimits.version, versionMax: WireLimits.version, clientName: clientName)
        return Frames.hello(hello, encoding: encoding)
    }

    /// Takes the next id for a request, which counts as in flight from now on: send it, with ``Frames/write(_:_:into:)``.
    ///
    /// - Parameter deadlineMilliseconds: the caller's budget; 0 is the server's default.
    /// - Returns: nil before the server is ready, after its GOAWAY, and when as many requests are in flight as the server allows.
    package mutating func makeRequest(_ opcode: Opcode, deadlineMilliseconds: UInt32 = 0) -> FrameHeader? {
        guard state == .open, pending.count < maxInFlight else { return nil }
        let requestID = nextID
        nextID += 1
        pending.insert(requestID)
        return FrameHeader(
            .request, opcode: opcode.rawValue, requestID: requestID, deadlineMilliseconds: deadlineMilliseconds, encoding: encoding)
    }

    /// The request of that id was not sent after all, since its payload is too large for a frame, for instance.
    package mutating func abandoned(requestID: UInt64) {
        pending.remove(requestID)
    }

    /// The connection is gone.
    ///
    /// - Returns: ids of the requests that were sent and not answered, ascending: whether they were executed is unknown.
    package mutating func closed() -> [UInt64] {
        state = .closed
        let unanswered = pending.sorted()
        pending.removeAll()
        return unanswered
    }

    // MARK: input

    /// A frame came whole.
    package mutating func receive(_ frame: consuming Frame) -> ClientAction {
        switch (state, frame.header.type) {
        case (.closed, _): .none
        case (.awaitingAck, .helloAck): receiveHelloAck(frame)
        case (.awaitingAck, .error) where frame.header.requestID == 0: receiveConnectionError(frame)
        case (.new, _), (.awaitingAck, _): violation("HELLO_ACK was expected")
        case (_, .response): receiveResponse(frame)
        case (_, .error): frame.header.requestID == 0 ? receiveConnectionError(frame) : receiveError(frame)
        case (_, .goAway): receiveGoAway(frame)
        case (_, .pong): .event(frame)
        case (.open, .event): isAskedFor(frame.header) ? .event(frame) : violation("an EVENT that nobody asked for")
        default: violation("this frame must not be sent by a server, or not now")
        }
    }

    /// The bytes are no frames.
    package mutating func receive(_ error: FrameError) -> ClientAction {
        guard state != .closed else { return .none }
        return switch error {
        case .notRSV: violation("the peer does not speak RSV")
        case .violation(let status, let reason): violation("\(status.name): \(reason)")
        }
    }

    private func isAskedFor(_ event: FrameHeader) -> Bool {
        let address = ReplyAddress(event)
        return address == watch || address == subscription
    }

    // MARK: frames

    private mutating func receiveHelloAck(_ frame: Frame) -> ClientAction {
        let answer: HelloAck
        do {
            answer = try Payload.decode(HelloAck.self, from: frame.payload, as: frame.header.encoding)
        } catch {
            return violation("HELLO_ACK: \(error.message)")
        }
        guard answer.version == WireLimits.version else { return violation("the server chose a version that was not offered") }
        state = .open
        // At most 2^53 − 1, so it fits.
        maxInFlight = Int(answer.maxInFlight)
        return .ready(answer)
    }

    private mutating func receiveResponse(_ frame: Frame) -> ClientAction {
        let header = frame.header
        guard pending.remove(header.requestID) != nil else { return violation("an answer to nothing that was asked") }
        if header.opcode == Opcode.slotsWatch.rawValue { watch = ReplyAddress(header) }
        if header.opcode == Opcode.eventsSubscribe.rawValue { subscription = ReplyAddress(header) }
        return .answer(
            requestID: header.requestID,
            .response(payload: frame.payload, encoding: header.encoding, isReplayed: header.isReplayed))
    }

    private mutating func receiveError(_ frame: Frame) -> ClientAction {
        guard let status = frame.header.failure else { return violation("an ERROR without the status of a failure") }
        guard pending.remove(frame.header.requestID) != nil else { return violation("an answer to nothing that was asked") }
        return .answer(requestID: frame.header.requestID, .refused(status, Self.reply(in: frame, status)))
    }

    private mutating func receiveConnectionError(_ frame: Frame) -> ClientAction {
        guard let status = frame.header.failure else { return violation("an ERROR without the status of a failure") }
        state = .closed
        return .fail(.refused(status, Self.reply(in: frame, status)))
    }

    /// The header's status is what counts; a payload that cannot be read does not hide it.
    private static func reply(in frame: Frame, _ status: Status) -> ErrorReply {
        (try? Payload.decode(ErrorReply.self, from: frame.payload, as: frame.header.encoding)) ?? ErrorReply(message: status.name)
    }

    private mutating func receiveGoAway(_ frame: Frame) -> ClientAction {
        let goAway: GoAway
        do {
            goAway = try Payload.decode(GoAway.self, from: frame.payload, as: frame.header.encoding)
        } catch {
            return violation("GOAWAY: \(error.message)")
        }
        state = .draining
        let dropped = pending.filter { $0 > goAway.lastRequestID }.sorted()
        pending.subtract(dropped)
        return .resend(dropped)
    }

    private mutating func violation(_ reason: String) -> ClientAction {
        state = .closed
        return .fail(.violation(reason))
    }
}

extension FrameHeader {
    /// The status of an ERROR; nil when it is OK or of no known class.
    fileprivate var failure: Status? {
        Status(nearestTo: status).flatMap { $0 == .ok ? nil : $0 }
    }
}
