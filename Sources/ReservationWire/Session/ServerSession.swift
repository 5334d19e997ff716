import NIOCore
import ReservationCore

/// One connection as the server sees it (spec, section 4): which frame means what in which state. No I/O and no clock: frames, timeouts
/// and answers are put in, actions come out.
///
/// The checks repeat those which ``FrameDecoder`` makes from the header alone, so the rules hold for whoever feeds it.
package struct ServerSession: ~Copyable {
    private enum State {
        case new
        case open
        /// The server has sent GOAWAY.
        case draining
        /// The client has sent GOAWAY.
        case finishing
        case closed
    }

    private let instanceID: UInt128
    private let serverName: String
    private let role: Role
    private let maxInFlight: Int

    private var state = State.new
    /// In which GOAWAY and connection errors are written: the HELLO's, TLV before there was one.
    private var encoding = Encoding.tlv
    private var pending: Set<UInt64> = []
    /// The highest id of any REQUEST, accepted or not.
    private var highestID: UInt64 = 0
    /// The highest id that was given out for execution.
    private var highestAcceptedID: UInt64 = 0

    /// As the HELLO gives it, for logs only.
    package private(set) var clientName: String?

    /// - Parameters:
    ///   - instanceID: differs after each start of the daemon.
    ///   - role: of the socket that the connection came by.
    ///   - maxInFlight: most requests that may wait for their answer.
    package init(instanceID: UInt128, serverName: String, role: Role, maxInFlight: Int = WireLimits.maxInFlight) {
        self.instanceID = instanceID
        self.serverName = serverName
        self.role = role
        self.maxInFlight = maxInFlight
    }

    /// Whether an acceptable HELLO has come.
    package var isHelloDone: Bool { state != .new }

    /// Whether neither side has said or done anything that ends the connection: only then may there be an EVENT.
    package var isOpen: Bool { state == .open }

    /// Whether nothing will come out any more.
    package var isClosed: Bool { state == .closed }

    /// Accepted requests without an answer.
    package var inFlight: Int { pending.count }

    // MARK: input

    /// A frame came whole.
    package mutating func receive(_ frame: consuming Frame) -> ServerAction {
        switch (state, frame.header.type) {
        case (.closed, _): .none
        case (.new, .hello): receiveHello(frame)
        case (.new, _): end(.helloExpected, "the first frame must be HELLO")
        case (.open, .request), (.draining, .request): receiveRequest(frame)
        case (_, .cancel): pending.contains(frame.header.requestID) ? .cancel(requestID: frame.header.requestID) : .none
        case (_, .ping): .send(Frames.pong(to: frame))
        case (.open, .goAway), (.draining, .goAway): receiveGoAway(frame)
        default: end(.unexpectedFrame, "this frame must not be sent by a client, or not now")
        }
    }

    /// The bytes are no frames.
    package mutating func receive(_ error: FrameError) -> ServerAction {
        guard state != .closed else { return .none }
        switch error {
        case .notRSV:
            state = .closed
            return .close
        case .violation(let status, let reason):
            return end(status, reason)
        }
    }

    /// The time for a HELLO is over.
    package mutating func helloTimedOut() -> ServerAction {
        state == .new ? end(.helloTimeout, "HELLO must come within \(WireLimits.helloTimeoutMilliseconds) ms") : .none
    }

    /// A frame has begun and its time is over.
    package mutating func frameTimedOut() -> ServerAction {
        guard state != .closed else { return .none }
        return end(.frameTimeout, "a frame must be whole within \(WireLimits.frameTimeoutMilliseconds) ms")
    }

    /// The server is to stop (spec, section 13).
    package mutating func drain() -> ServerAction {
        switch state {
        case .new:
            state = .closed
            return .close
        case .draining, .finishing, .closed:
            // A finishing client sends no more requests, so there is nothing to tell it.
            return .none
        case .open:
            state = .draining
            // A request id may exceed what an integer field can carry. Then no GOAWAY can tell the truth; without one the client knows
            // only that the connection closed, which is safe.
            guard highestAcceptedID <= WireLimits.maxInteger else { return closeIfDone() }
            let goAway = Frames.goAway(GoAway(lastRequestID: highestAcceptedID), encoding: encoding)
            guard pending.isEmpty else { return .send(goAway) }
            state = .closed
            return .sendThenClose(goAway)
        }
    }

    /// The answer of an accepted request has been handed to the connection.
    ///
    /// - Returns: ``ServerAction/close`` when it was the last that an ending connection owed.
    package mutating func completed(requestID: UInt64) -> ServerAction {
        pending.remove(requestID)
        return closeIfDone()
    }

    // MARK: frames

    private mutating func receiveHello(_ frame: Frame) -> ServerAction {
        let hello: Hello
        do {
            hello = try Payload.decode(Hello.self, from: frame.payload, as: frame.header.encoding)
        } catch {
            return end(.malformedPayload, error.message)
        }
        if let reason = hello.unacceptable { return end(.malformedPayload, reason) }
        guard (hello.versionMin...hello.versionMax).contains(WireLimits.version) else {
            let reply = ErrorReply(
                versionMin: WireLimits.version, versionMax: WireLimits.version, message: "this server speaks version \(WireLimits.version)")
            return end(.unsupportedVersion, reply)
        }
        state = .open
        encoding = frame.header.encoding
        clientName = hello.clientName
        let answer = HelloAck(
            version: WireLimits.version, maxPayload: UInt64(WireLimits.maxPayloadBytes), maxInFlight: UInt64(maxInFlight),
            instanceID: instanceID, serverName: serverName, role: role.name,
            defaultDeadlineMilliseconds: UInt64(WireLimits.defaultDeadlineMilliseconds))
        return .send(Frames.helloAck(answer, encoding: encoding))
    }

    /// The order of these checks is spec, section 8.1.
    private mutating func receiveRequest(_ frame: Frame) -> ServerAction {
        let header = frame.header
        guard header.requestID > highestID else {
            return end(.requestIDNotAscending, "request ids must ascend from 1")
        }
        highestID = header.requestID
        guard state == .open else { return .none }
        guard pending.count < maxInFlight else {
            return refuse(
                header, .overloaded,
                ErrorReply(
                    message: "more than \(maxInFlight) requests in flight", retryAfterMilliseconds: WireLimits.overloadRetryMilliseconds))
        }
        guard let opcode = Opcode(rawValue: header.opcode) else {
            return refuse(header, .unknownOperation, ErrorReply(message: "no such operation"))
        }
        guard opcode.isAllowed(for: role) else {
            return refuse(header, .operationNotPermitted, ErrorReply(message: "\(opcode.name) is not permitted on this socket"))
        }
        pending.insert(header.requestID)
        highestAcceptedID = header.requestID
        let deadline =
            header.deadlineMilliseconds == 0
            ? WireLimits.defaultDeadlineMilliseconds : min(header.deadlineMilliseconds, WireLimits.maxDeadlineMilliseconds)
        return .execute(
            AcceptedRequest(
                opcode: opcode, requestID: header.requestID, deadlineMilliseconds: deadline, encoding: header.encoding,
                payload: frame.payload))
    }

    private mutating func receiveGoAway(_ frame: Frame) -> ServerAction {
        do {
            _ = try Payload.decode(GoAway.self, from: frame.payload, as: frame.header.encoding)
        } catch {
            return end(.malformedPayload, error.message)
        }
        state = .finishing
        return closeIfDone()
    }

    // MARK: ends

    private mutating func closeIfDone() -> ServerAction {
        guard state == .draining || state == .finishing, pending.isEmpty else { return .none }
        state = .closed
        return .close
    }

    private func refuse(_ header: FrameHeader, _ status: Status, _ reply: ErrorReply) -> ServerAction {
        .send(Frames.error(to: ReplyAddress(header), status, reply))
    }

    private mutating func end(_ status: Status, _ reason: String) -> ServerAction {
        end(status, ErrorReply(message: reason))
    }

    private mutating func end(_ status: Status, _ reply: ErrorReply) -> ServerAction {
        state = .closed
        return .sendThenClose(Frames.error(to: .connection(encoding), status, reply))
    }
}

extension Hello {
    /// Why a decoded HELLO is refused as malformed; nil when it is not.
    fileprivate var unacceptable: String? {
        guard magic == WireLimits.magic else { return "magic: must be \(WireLimits.magic)" }
        if let clientName {
            guard clientName.utf8.count <= WireLimits.clientNameBytes else {
                return "client_name: has at most \(WireLimits.clientNameBytes) bytes"
            }
            // It goes into logs, where a control character could fake a line.
            guard !clientName.unicodeScalars.contains(where: { $0.value < 0x20 || (0x7F...0x9F).contains($0.value) }) else {
                return "client_name: has no control characters"
            }
        }
        return versionMin <= versionMax ? nil : "version_min: must not exceed version_max"
    }
}
