import NIOCore
import ReservationWire

/// One connection from its opening to its end: carries out what the session's state machine says, and keeps the calls in flight.
///
/// Lives on its lane's event loop, like everything it touches.
final class Connection: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// Why a connection ended.
    enum Ending {
        /// It broke, or the daemon went: another one is worth trying.
        case lost(ClientError)
        /// The peer does not keep to the protocol.
        case violated(ClientError)
    }

    /// Requests are gathered into writes of about this size, so that one flush carries many and no buffer grows without bound.
    private static let writeBytes = 262_144

    private let lane: LaneCore
    private var session: ClientSession
    private var decoder = FrameDecoder(receiving: .server)
    private var context: ChannelHandlerContext?
    private var inFlight: [UInt64: PendingCall] = [:]
    private var isUp = false
    /// Which life of the daemon this connection leads to; known from its greeting on.
    private(set) var daemonInstance: UInt128?
    private var isDraining = false
    private var ending: Ending?
    private var mustClose = false
    private var greetingTimer: Scheduled<Void>?

    init(lane: LaneCore) {
        self.lane = lane
        self.session = ClientSession(clientName: lane.configuration.name, encoding: lane.configuration.encoding)
    }

    private var socketPath: String { lane.configuration.socketPath }
}

// MARK: - What the lane asks for

extension Connection {
    /// Takes calls from the head of the queue until it is empty, a write's worth of bytes is gathered, as many are in flight as the
    /// daemon allows, or it does not read. Does no I/O: a write that fails closes the connection before it returns, and then the queue
    /// gets calls back, which must not meet a queue that is being taken from.
    ///
    /// - Returns: what is to be handed to ``write(_:)``; nil when there is nothing to write now.
    func takeRequests(from waiting: inout CircularBuffer<PendingCall>) -> ByteBuffer? {
        guard let context, !isDraining, ending == nil, context.channel.isWritable else { return nil }
        let now = lane.loop.now
        var buffer = ByteBuffer()
        while let call = waiting.first, buffer.readableBytes < Self.writeBytes {
            // One whose time is over is about to be told so.
            if call.hasEnded || call.order.deadline <= now {
                waiting.removeFirst()
                continue
            }
            guard
                var header = session.makeRequest(
                    call.order.opcode, deadlineMilliseconds: (call.order.deadline - now).wireMilliseconds)
            else { break }
            waiting.removeFirst()
            header.payloadLength = UInt32(call.order.payload.readableBytes)
            if buffer.capacity == 0 { buffer = context.channel.allocator.buffer(capacity: 4096) }
            header.write(into: &buffer)
            buffer.writeImmutableBuffer(call.order.payload)
            inFlight[header.requestID] = call
            call.place = .inFlight(self, requestID: header.requestID)
        }
        return buffer.readableBytes > 0 ? buffer : nil
    }

    /// Hands bytes to the kernel as far as it takes them. The connection may be gone when this returns.
    func write(_ requests: ByteBuffer) {
        context?.writeAndFlush(wrapOutboundOut(requests), promise: nil)
    }

    func ping(_ id: UInt64) {
        send(Frames.ping(requestID: id))
    }

    /// The caller no longer waits; the daemon may save itself the work.
    func abandon(_ requestID: UInt64) {
        guard inFlight.removeValue(forKey: requestID) != nil else { return }
        send(Frames.cancel(requestID: requestID))
        closeIfDrained()
    }

    /// The caller no longer waits; the daemon knows the deadline itself.
    func forget(_ requestID: UInt64) {
        inFlight[requestID] = nil
        closeIfDrained()
    }

    /// Before the channel is there this is remembered until it is.
    func close() {
        mustClose = true
        context?.close(promise: nil)
    }

    private func send(_ frame: Frame) {
        guard let context else { return }
        var buffer = context.channel.allocator.buffer(capacity: WireLimits.headerBytes + frame.payload.readableBytes)
        frame.write(into: &buffer)
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }

    private func closeIfDrained() {
        if isDraining, inFlight.isEmpty { close() }
    }
}

// MARK: - What the channel reports

extension Connection {
    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    /// The context refers back here. Of a channel that never became active nothing else is heard.
    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        if mustClose {
            context.close(promise: nil)
            return
        }
        send(session.connected())
        greetingTimer = context.eventLoop.assumeIsolated().scheduleTask(
            in: TimeAmount(clamping: lane.configuration.helloPatience)
        ) {
            self.end(.lost(.noGreeting(socketPath: self.socketPath)))
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard ending == nil else { return }
        decoder.append(unwrapInboundIn(data))
        do throws(FrameError) {
            while ending == nil, let frame = try decoder.next() {
                receive(frame)
            }
        } catch {
            carryOut(session.receive(error))
        }
    }

    /// Answers made room for more requests.
    func channelReadComplete(context: ChannelHandlerContext) {
        if isUp { lane.pump() }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        if isUp, context.channel.isWritable { lane.pump() }
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        end(.lost(.connectionLost(socketPath: socketPath, isUp: isUp, underlying: "\(error)")))
    }

    func channelInactive(context: ChannelHandlerContext) {
        greetingTimer?.cancel()
        let ending = ending ?? .lost(.connectionLost(socketPath: socketPath, isUp: isUp, underlying: nil))
        let lost = session.closed().compactMap { inFlight.removeValue(forKey: $0) }
        self.context = nil
        lane.connectionEnded(self, ending, lost: lost)
    }

    /// The first reason counts; ``channelInactive(context:)`` reports it.
    private func end(_ ending: Ending) {
        if self.ending == nil { self.ending = ending }
        close()
    }

    private func receive(_ frame: Frame) {
        carryOut(session.receive(frame))
    }

    private func carryOut(_ action: ClientAction) {
        switch action {
        case .none:
            break
        case .event(let frame):
            if frame.header.type == .pong {
                lane.connectionPonged(frame.header.requestID)
            } else if lane.listener?.event(frame) == false {
                // To go on without it would be to miss what it told.
                end(.violated(.violation("unreadable EVENT", socketPath: socketPath)))
            }
        case .ready(let greeting):
            isUp = true
            daemonInstance = greeting.instanceID
            greetingTimer?.cancel()
            lane.connectionIsUp(self)
        case .answer(let requestID, let answer):
            if let call = inFlight.removeValue(forKey: requestID) {
                lane.connectionAnswered(self, call, answer)
            }
            closeIfDrained()
        case .resend(let requestIDs):
            isDraining = true
            lane.connectionDrains(self, unexecuted: requestIDs.compactMap { inFlight.removeValue(forKey: $0) })
            closeIfDrained()
        case .fail(let failure):
            end(Ending(failure, socketPath: socketPath))
        }
    }
}

extension TimeAmount {
    /// What a request's header says of its deadline: at least 1, since 0 would mean the daemon's default.
    fileprivate var wireMilliseconds: UInt32 {
        UInt32(clamping: max(1, nanoseconds / 1_000_000))
    }
}

extension Connection.Ending {
    /// The peer or the protocol ended it.
    fileprivate init(_ failure: ClientFailure, socketPath: String) {
        switch failure {
        case .violation(let reason):
            self = .violated(.violation(reason, socketPath: socketPath))
        case .refused(.unsupportedVersion, let reply):
            self = .violated(.unsupportedVersion(reply, socketPath: socketPath))
        case .refused(let status, let reply):
            switch status {
            case .helloTimeout, .frameTimeout:
                // This process was stopped or starved for seconds; nothing is wrong with what it says.
                self = .lost(.connectionRefused(status, reply, socketPath: socketPath))
            default:
                self =
                    status.statusClass == .protocol
                    ? .violated(.violation("\(status.name): \(reply.message)", socketPath: socketPath))
                    : .lost(.connectionRefused(status, reply, socketPath: socketPath))
            }
        }
    }
}
