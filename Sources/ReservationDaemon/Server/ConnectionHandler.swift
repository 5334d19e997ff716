import Glibc
import Logging
import NIOCore
import ReservationCore
import ReservationLog
import ReservationWire

/// One caller's connection: bytes to frames, frames to commands, all commands of one read to the ledger in one hop, and back.
///
/// Lives on its channel's event loop. Everything a peer can do to it is bounded: see ``ServerSettings``.
final class ConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    let server: SocketServer
    private var caller: Caller
    /// Its clock is the one that patience and deadlines are measured by.
    let eventLoop: any EventLoop
    private var session: ServerSession
    private var decoder = FrameDecoder(receiving: .client)
    private var logger: Logger
    var sink: ConnectionSink?
    var context: ChannelHandlerContext?

    /// Requests of the read that is being worked off.
    private var gathered: [Submission] = []
    var longAnswers: LongAnswers
    var watch: Watch?
    var following: Following?
    /// Answers that go out together.
    var output = ByteBuffer()
    var unwrittenBytes = 0
    var isClosing = false
    /// Whether the peer may be sent what it did not ask for in particular.
    var mayTell: Bool { session.isOpen && !isClosing }
    private var isReadHeld = false
    /// It may have a request that waits for a message to be due.
    private var mayWait = false
    private var lastProgress: NIODeadline
    private var timer: RepeatedTask?
    private var helloTimer: Scheduled<Void>?
    private var partialSince: (frame: UInt64, at: NIODeadline)?

    init(server: SocketServer, role: Role, number: UInt64, eventLoop: any EventLoop) {
        self.server = server
        caller = Caller(role: role)
        self.eventLoop = eventLoop
        longAnswers = LongAnswers(expectedBytes: server.settings.longAnswerBytes)
        lastProgress = eventLoop.now
        session = ServerSession(
            instanceID: server.settings.instanceID, serverName: "reservationd", role: role, maxInFlight: WireLimits.maxInFlight)
        logger = server.logger
        logger[.connection] = "\(role.name)-\(number)"
    }

    // MARK: life of the channel

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
        sink = ConnectionSink(handler: self, eventLoop: context.eventLoop)
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        // It refers back here; the ledger keeps it for as long as it owes an answer.
        sink = nil
    }

    func channelActive(context: ChannelHandlerContext) {
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        notePeer(of: context.channel)
        helloTimer = context.eventLoop.scheduleTask(in: .milliseconds(Int64(WireLimits.helloTimeoutMilliseconds))) {
            bound.value.helloTimerFired()
        }
        timer = context.eventLoop.scheduleRepeatedTask(
            initialDelay: server.settings.supervisionInterval, delay: server.settings.supervisionInterval
        ) { _ in bound.value.supervise() }
        context.fireChannelActive()
    }

    /// Who is at the other end; of a channel that is no socket nobody knows.
    private func notePeer(of channel: any Channel) {
        guard let socket = channel as? any SocketOptionProvider else { return }
        // struct ucred: pid, uid, gid (unix(7)).
        let credentials: EventLoopFuture<(Int32, UInt32, UInt32)> = socket.unsafeGetSocketOption(
            level: .init(rawValue: SOL_SOCKET), name: .init(rawValue: SO_PEERCRED))
        credentials.assumeIsolated().whenSuccess { self.caller.uid = $0.1 }
    }

    func channelInactive(context: ChannelHandlerContext) {
        // What has reached the ledger goes on without us: a caller that leaves never cancels a write.
        timer?.cancel()
        helloTimer?.cancel()
        isClosing = true
        longAnswers.forgetWaiting()
        endWatching()
        endFollowing()
        endWaiting()
        server.reports.forget(ObjectIdentifier(self))
        context.fireChannelInactive()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        // A reset by the peer, mostly. The channel is of no more use.
        close()
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        // The peer will send nothing more. It may still read what it asked for, so its answers come first.
        if let event = event as? ChannelEvent, event == .inputClosed {
            submitGathered()
            // A mailer that has died ends its side like this; what it waited for would go to nobody.
            endWaiting()
            if session.inFlight == 0 { closeAfterOutput() } else { perform(session.drain()) }
            flushOutput()
            return
        }
        context.fireUserInboundEventTriggered(event)
    }

    // MARK: in

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard !isClosing else { return }
        decoder.append(unwrapInboundIn(data))
        do throws(FrameError) {
            while !isClosing, let frame = try decoder.next() {
                let isLast = frame.header.type == .goAway
                perform(session.receive(frame))
                if isLast { endWaiting() }
            }
        } catch {
            perform(session.receive(error))
        }
        notePartialFrame()
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        submitGathered()
        flushOutput()
        context.fireChannelReadComplete()
    }

    /// Reading stops while too many answers wait to be taken: a peer that does not read cannot ask on.
    func read(context: ChannelHandlerContext) {
        if unwrittenBytes > server.settings.holdReadingBytes {
            isReadHeld = true
        } else {
            context.read()
        }
    }

    private func perform(_ action: consuming ServerAction) {
        switch consume action {
        case .none: break
        case .send(let frame):
            server.metrics.record(refusal: frame)
            frame.write(into: &output)
        case .execute(let request): accept(request)
        case .cancel(let requestID):
            // It may be in this very read; then it is not with the ledger yet.
            submitGathered()
            if let sink { server.ledger.cancel(requestID, of: sink) }
        case .sendThenClose(let frame):
            submitGathered()
            logger.record(.debug, .connectionRefused, [.reason: "\(Status(rawValue: frame.header.status)?.name ?? "OK")"])
            frame.write(into: &output)
            closeAfterOutput()
        case .close: closeAfterOutput()
        }
        if session.isHelloDone {
            helloTimer?.cancel()
            helloTimer = nil
        }
    }

    private func accept(_ request: AcceptedRequest) {
        let now = eventLoop.now
        var submission = Submission(
            requestID: request.requestID, opcode: request.opcode, encoding: request.encoding, command: .heartbeat, caller: caller,
            deadline: now + .milliseconds(Int64(request.deadlineMilliseconds)), receivedAt: now)
        do throws(RequestDecoder.Problem) {
            submission.command = try server.settings.decoder.command(request, role: caller.role)
            if case .outbox(.lease) = submission.command { mayWait = true }
            if case .metrics(let command) = submission.command { return answer(command, submission) }
            if let upkeep = server.upkeep, submission.command.isUpkeep, let sink {
                upkeep.take(submission, for: sink)
            } else if submission.command.mayHaveLongAnswer {
                longAnswers.add(submission)
            } else {
                gathered.append(submission)
            }
        } catch {
            switch error {
            case .malformed(let reason):
                server.encoder.error(.malformedPayload, ErrorReply(message: reason.message), to: submission, into: &output)
                completedBesideLedger(submission, .malformedPayload)
            case .refused(let refusal):
                logger.recordFormRefusal(refusal, of: request)
                server.encoder.error(Status(refusal), ErrorReply(refusal), to: submission, into: &output)
                completedBesideLedger(submission, Status(refusal))
            }
        }
    }

    private func endWaiting() {
        guard mayWait, let sink else { return }
        submitGathered()
        server.ledger.endWaiting(of: sink)
    }

    private func submitGathered() {
        if longAnswers.isAnyWaiting { advanceLongAnswers() }
        guard !gathered.isEmpty, let sink else { return }
        let submissions = gathered
        gathered.removeAll(keepingCapacity: true)
        guard !server.ledger.submit(submissions, for: sink) else { return }
        for submission in submissions { refuseForFullQueue(submission) }
    }

    func refuseForFullQueue(_ submission: Submission) {
        server.encoder.error(.overloaded, .queueFull, to: submission, into: &output)
        completedBesideLedger(submission, .overloaded)
    }

    /// The answer stands in the output, and the ledger has not seen the request.
    func completedBesideLedger(_ submission: Submission, _ status: Status) {
        server.metrics.record(status, of: submission, at: eventLoop.now)
        perform(session.completed(requestID: submission.requestID))
    }

    // MARK: out

    /// Outcomes of one group, already on this event loop.
    func answer(_ answered: [(Submission, Outcome)]) {
        defer {
            let now = eventLoop.now
            for (submission, outcome) in answered { server.metrics.record(outcome, of: submission, at: now) }
        }
        guard context != nil else {
            for (submission, _) in answered { endLongAnswer(submission.requestID, bytes: nil) }
            return
        }
        for (submission, outcome) in answered {
            logger.record(outcome, of: submission)
            if outcome.takesLongToEncode {
                encodeElsewhere(outcome, of: submission)
                continue
            }
            if submission.opcode == .slotsWatch, case .alive = outcome { beginWatching(submission) }
            if case .events(.subscribed(let position, _)) = outcome { beginFollowing(submission, behind: position) }
            let before = output.readableBytes
            server.encoder.write(outcome, to: submission, surroundings: server.surroundings, into: &output)
            completed(submission, bytes: output.readableBytes - before)
        }
        flushOutput()
    }

    func completed(_ submission: Submission, bytes: Int) {
        perform(session.completed(requestID: submission.requestID))
        endLongAnswer(submission.requestID, bytes: bytes)
    }

    /// Tells the peer that the daemon ends; what it has asked is still answered.
    func drain() {
        guard !isClosing else { return }
        perform(session.drain())
        flushOutput()
    }

    func flushOutput() {
        guard output.readableBytes > 0, let context else { return }
        let bytes = output
        output = context.channel.allocator.buffer(capacity: min(bytes.readableBytes, 65_536))
        let count = bytes.readableBytes
        if unwrittenBytes == 0 { lastProgress = eventLoop.now }
        unwrittenBytes += count
        guard unwrittenBytes <= server.settings.unreadAnswerBytes else {
            // A peer that asks and does not read is cut without a word: there is no way to tell it anything.
            logger.record(.notice, .connectionCut, [.reason: "its answers are not read"])
            context.close(promise: nil)
            isClosing = true
            return
        }
        let promise = context.eventLoop.makePromise(of: Void.self)
        let bound = NIOLoopBound(self, eventLoop: context.eventLoop)
        promise.futureResult.whenComplete { _ in bound.value.written(count) }
        context.writeAndFlush(wrapOutboundOut(bytes), promise: promise)
    }

    private func written(_ count: Int) {
        unwrittenBytes -= count
        lastProgress = eventLoop.now
        if longAnswers.isAnyWaiting { advanceLongAnswers() }
        if following != nil { tellEvents() }
        if isReadHeld, unwrittenBytes <= server.settings.holdReadingBytes / 2 {
            isReadHeld = false
            context?.read()
        }
    }

    private func closeAfterOutput() {
        guard !isClosing else { return }
        flushOutput()
        isClosing = true
        guard let context else { return }
        // An empty write is done when everything before it is.
        let channel = context.channel
        context.writeAndFlush(wrapOutboundOut(ByteBuffer())).whenComplete { _ in channel.close(promise: nil) }
    }

    func close() {
        isClosing = true
        context?.close(promise: nil)
    }

    // MARK: patience

    private func notePartialFrame() {
        if !decoder.holdsPartialFrame {
            partialSince = nil
        } else if partialSince?.frame != decoder.completedFrameCount {
            partialSince = (decoder.completedFrameCount, eventLoop.now)
        }
    }

    private func helloTimerFired() {
        guard !isClosing, !session.isHelloDone else { return }
        perform(session.helloTimedOut())
        flushOutput()
    }

    private func supervise() {
        let now = eventLoop.now
        if unwrittenBytes > 0, now - lastProgress > server.settings.stalledWriteTimeout {
            logger.record(.notice, .connectionCut, [.reason: "nothing could be written for too long"])
            close()
        } else if !isClosing, let partialSince, now - partialSince.at > .milliseconds(Int64(WireLimits.frameTimeoutMilliseconds)) {
            perform(session.frameTimedOut())
            flushOutput()
        }
    }
}

extension ErrorReply {
    static let queueFull = ErrorReply(
        message: "Too many requests are waiting; nothing was changed. Try again soon.", retryAfterMilliseconds: 250)
}
