import NIOCore
import NIOHTTP1

/// Stands between NIO's HTTP codec and Hummingbird: bounds how long a peer may take, lets one request through at a time, ends connections in
/// time, and puts the framework's own reply to broken input into the contract's form.
final class ConnectionGuard: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart
    typealias OutboundIn = HTTPServerResponsePart
    typealias OutboundOut = HTTPServerResponsePart

    private let limits: ConnectionLimits
    private let bodyLimitBytes: Int
    private let turns: PipelineTurns
    private let ending: Ending
    private var held = HeldRequests()
    private var isReadHeld = false
    private var rules = ConnectionRules()
    private var brokenInput: HTTPParserError?
    private var bodyTimer: Scheduled<Void>?
    private var stallTimer: Scheduled<Void>?
    /// Ends the connection as soon as nothing is asked, or after this time where nothing was yet.
    private var partingTimer: Scheduled<Void>?
    private var isDraining = false
    /// The framework's own answer is being written, and ours instead of it.
    private var replacesAnswer = false
    private var droppedBytes = 0
    private var context: ChannelHandlerContext?
    /// The peer will send nothing more: a browser that leaves a page whose answer has no end.
    var onInputClosed: (() -> Void)?

    init(limits: ConnectionLimits, bodyLimitBytes: Int, turns: PipelineTurns, ending: Ending) {
        self.limits = limits
        self.bodyLimitBytes = bodyLimitBytes
        self.turns = turns
        self.ending = ending
    }

    func handlerAdded(context: ChannelHandlerContext) {
        self.context = context
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        self.context = nil
        onInputClosed = nil
        held.removeAll()
        bodyTimer?.cancel()
        stallTimer?.cancel()
        partingTimer?.cancel()
    }

    // MARK: the end of the process

    /// Ends the connection: at once when it is idle, after the answers when some are due. One on which nothing was asked yet is given a
    /// moment, because the first request of a new connection is as good as here.
    func drain() {
        guard let context, !isDraining else { return }
        isDraining = true
        if rules.wasUsed { return partIfIdle(context) }
        partingTimer = context.eventLoop.assumeIsolated().scheduleTask(in: .milliseconds(limits.firstRequestMilliseconds)) {
            self.partIfIdle(context)
        }
    }

    private func partIfIdle(_ context: ChannelHandlerContext) {
        guard isDraining, rules.isIdle, held.isEmpty else { return }
        rules.ends()
        part(context, in: .milliseconds(limits.partingMilliseconds))
    }

    /// Says that nothing more is coming, and waits for the peer to do the same. To close at once would answer what is on its way with a
    /// reset, which may overtake the last answer.
    private func part(_ context: ChannelHandlerContext, in time: TimeAmount) {
        context.close(mode: .output, promise: nil)
        bodyTimer?.cancel()
        bodyTimer = close(context, in: time)
    }

    // MARK: requests

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        let part = unwrapInboundIn(data)
        guard held.isEmpty, !rules.isAnswerDue || !rules.acceptsInput else { return held.append(.part(part)) }
        receive(part, context)
    }

    private func receive(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        guard rules.acceptsInput else { return drop(part, context) }
        switch part {
        case .head(let head):
            // RFC 9112, section 3.2: whoever stands between may have read another of several host names.
            guard head.version == .http1_0 || head.headers[canonicalForm: "host"].count == 1 else {
                return breakOff(.unknown, context)
            }
            rules.requestBegan(Self.persistence(head))
            if expectsContinue(head) { sendContinue(context) }
        case .body: break
        case .end:
            rules.requestEnded()
            bodyTimer?.cancel()
            bodyTimer = nil
        }
        context.fireChannelRead(wrapInboundOut(part))
    }

    /// Nothing more is read while something is held, so what a peer can make this hold is one read.
    func read(context: ChannelHandlerContext) {
        if held.isEmpty { context.read() } else { isReadHeld = true }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if let event = event as? ChannelEvent, event == .inputClosed {
            onInputClosed?()
            if !held.isEmpty { return held.append(.inputClosed) }
        }
        context.fireUserInboundEventTriggered(event)
    }

    private func waitForTurn(_ context: ChannelHandlerContext) {
        guard held.beginWaiting() else { return }
        turns.wait {
            self.held.endWaiting()
            self.release(context)
        }
    }

    /// Lets the next of the held requests through.
    private func release(_ context: ChannelHandlerContext) {
        guard context.channel.isActive, !held.isEmpty else { return }
        while let item = held.next(isAnswerDue: rules.isAnswerDue && rules.acceptsInput) {
            switch item {
            case .part(let part): receive(part, context)
            case .broken(let error): breakOff(error, context)
            case .inputClosed: context.fireUserInboundEventTriggered(ChannelEvent.inputClosed)
            }
        }
        channelReadComplete(context: context)
        if held.isEmpty, isReadHeld {
            isReadHeld = false
            context.read()
        }
    }

    /// After the last answer, so that a peer which goes on sending can read it; but not without end.
    private func drop(_ part: HTTPServerRequestPart, _ context: ChannelHandlerContext) {
        guard case .body(let bytes) = part else { return }
        droppedBytes += bytes.readableBytes
        if droppedBytes > limits.lingerBytes { context.close(promise: nil) }
    }

    func channelReadComplete(context: ChannelHandlerContext) {
        // Nearly every request is whole after one read, and costs no timer.
        if rules.isWaitingForBody, bodyTimer == nil {
            bodyTimer = close(context, in: .seconds(limits.bodySeconds))
        }
        context.fireChannelReadComplete()
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard let error = error as? HTTPParserError else { return context.fireErrorCaught(error) }
        guard held.isEmpty, !rules.isAnswerDue else { return held.append(.broken(error)) }
        breakOff(error, context)
    }

    private func breakOff(_ error: HTTPParserError, _ context: ChannelHandlerContext) {
        brokenInput = error
        rules.inputBroke()
        context.fireErrorCaught(error)
    }

    private static func persistence(_ head: HTTPRequestHead) -> ConnectionRules.Persistence {
        guard head.isKeepAlive else { return .closing }
        return head.version == .http1_1 ? .persistent : .confirmed
    }

    /// Only a body that will be read is asked for, and only when no earlier answer is due (RFC 9110, section 10.1.1).
    private func expectsContinue(_ head: HTTPRequestHead) -> Bool {
        guard head.version == .http1_1, rules.isFirstInLine, let expect = head.headers.first(name: "expect") else { return false }
        let length = head.headers.first(name: "content-length").flatMap { Int($0) } ?? 0
        return expect.lowercased() == "100-continue" && length <= bodyLimitBytes
    }

    private func sendContinue(_ context: ChannelHandlerContext) {
        context.writeAndFlush(wrapOutboundOut(.head(HTTPResponseHead(version: .http1_1, status: .continue))), promise: nil)
    }

    // MARK: answers

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .head(var head) where head.status.code >= 200:
            let isOurs = head.headers.contains(name: "x-request-id")
            let replacement = rules.hasBrokenInput && !isOurs ? BrokenRequest.reply(to: brokenInput) : nil
            replacesAnswer = replacement != nil
            if let replacement { head = HTTPResponseHead(version: .http1_1, status: replacement.status, headers: replacement.headers) }
            switch rules.answerBegins(isEnding: ending.isOn && held.isEmpty) {
            case .nothing: break
            case .keepAlive: head.headers.replaceOrAdd(name: "connection", value: "keep-alive")
            case .close: head.headers.replaceOrAdd(name: "connection", value: "close")
            }
            context.write(wrapOutboundOut(.head(head)), promise: promise)
            if let replacement { context.write(wrapOutboundOut(.body(.byteBuffer(replacement.body))), promise: nil) }
        case .head:
            context.write(data, promise: promise)
        case .body:
            if replacesAnswer { promise?.succeed() } else { context.write(data, promise: promise) }
        case .end:
            end(context, data, promise)
        }
    }

    private func end(_ context: ChannelHandlerContext, _ data: NIOAny, _ promise: EventLoopPromise<Void>?) {
        let next = rules.answerEnded()
        if !rules.acceptsInput { held.removeAll() }
        switch next {
        case .goOn where isDraining && held.isEmpty:
            context.writeAndFlush(data, promise: promise)
            partIfIdle(context)
        case .goOn:
            context.write(data, promise: promise)
            waitForTurn(context)
        case .close:
            context.writeAndFlush(data, promise: promise)
            context.close(promise: nil)
        case .linger:
            context.writeAndFlush(data, promise: promise)
            part(context, in: .milliseconds(limits.lingerMilliseconds))
        }
    }

    func channelWritabilityChanged(context: ChannelHandlerContext) {
        stallTimer?.cancel()
        stallTimer = context.channel.isWritable ? nil : close(context, in: .seconds(limits.stallSeconds))
        context.fireChannelWritabilityChanged()
    }

    private func close(_ context: ChannelHandlerContext, in time: TimeAmount) -> Scheduled<Void> {
        context.eventLoop.assumeIsolated().scheduleTask(in: time) { context.close(promise: nil) }
    }
}

/// Pieces of an answer that goes on, past the framework: a task that wakes for each piece would cost more than the piece.
extension ConnectionGuard: OpenPage.Line {
    var isClear: Bool { context?.channel.isWritable ?? false }

    func send(_ event: ByteBuffer) {
        context?.writeAndFlush(wrapOutboundOut(.body(.byteBuffer(event))), promise: nil)
    }
}
