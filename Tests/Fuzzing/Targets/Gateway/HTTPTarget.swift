import NIOCore
import NIOEmbedded
import NIOHTTP1
import ReservationWire

@testable import ReservationGateway

/// A connection answers whole, in order and the same however its bytes are cut; it ends when it has said so, or when a body does not come.
enum HTTPTarget: FuzzTarget {
    static let name = "http"

    static func check(_ bytes: [UInt8]) throws {
        var input = InputCursor(bytes)
        let seed = input.byte()
        let settings = input
        let stream = try afterSettings(settings)
        let whole = try answers(to: Pieces.single(stream), settings)
        try require(answers(to: Pieces.irregular(stream, seed: seed), settings) == whole, "pieces are answered as the whole")
    }

    private static func afterSettings(_ settings: InputCursor) throws -> [UInt8] {
        var input = settings
        _ = GatewayBench(&input)
        return input.rest()
    }

    private static func answers(to pieces: [ArraySlice<UInt8>], _ settings: InputCursor) throws -> [HTTPAnswer] {
        var input = settings
        guard let bench = GatewayBench(&input) else { return [] }
        let peer = try EmbeddedPeer(bench)
        for piece in pieces { try peer.send(piece) }
        return try peer.finish()
    }
}

/// The far end of a connection that is served as GatewayServer serves it, but for Hummingbird.
private final class EmbeddedPeer {
    private let channel = EmbeddedChannel()
    private let server: RequestServer
    private var output: [UInt8] = []

    init(_ bench: GatewayBench) throws {
        server = RequestServer(bench)
        let limits = ConnectionLimits()
        var decoderLimits = NIOHTTPDecoderLimitConfiguration()
        decoderLimits.maxHeaderFieldSize = limits.headerFieldBytes
        decoderLimits.maxHeaderListSize = limits.headerBytes
        decoderLimits.maxHeaderFieldCount = limits.headerFields
        let pipeline = channel.pipeline.syncOperations
        try pipeline.configureHTTPServerPipeline(
            withPipeliningAssistance: false, withErrorHandling: false, withOutboundHeaderValidation: false,
            withEncoderConfiguration: .init(), withDecoderLimitConfiguration: decoderLimits)
        let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
        let connectionGuard = ConnectionGuard(
            limits: limits, bodyLimitBytes: bench.gateway.configuration.bodyLimitBytes, turns: PipelineTurns(channel.eventLoop),
            ending: Ending())
        try pipeline.addHandler(connectionGuard, position: .after(decoder))
        try pipeline.addHandler(server)
        try channel.connect(to: SocketAddress(unixDomainSocketPath: "fuzz")).wait()
    }

    func send(_ bytes: ArraySlice<UInt8>) throws {
        guard channel.isActive else { return }
        // What the pipeline makes of a fault, it has answered; the channel repeats it here.
        _ = try? channel.writeInbound(ByteBuffer(bytes: bytes))
        // Each of the requests that came in one piece has its turn, and no timer of a connection ends meanwhile.
        channel.embeddedEventLoop.advanceTime(by: .milliseconds(40))
        try collect()
    }

    /// Nothing more is sent; time passes.
    func finish() throws -> [HTTPAnswer] {
        if let finding = server.finding { throw finding }
        let waits = server.isWaitingForBody
        channel.embeddedEventLoop.advanceTime(by: .seconds(11))
        try require(!waits || !channel.isActive, "a body that does not come ends the connection")
        try collect()
        _ = try? channel.finish(acceptAlreadyClosed: true)
        let answers = try HTTPAnswer.read(output, bodiless: server.isBodiless)
        let statuses = answers.map(\.status).filter { $0 != 100 }
        try require(statuses.count == server.answerCount, "each answer is written whole")
        for answer in answers.dropLast() {
            try require(!answer.announcesEnd, "nothing comes after the answer that announces the end")
        }
        return answers
    }

    private func collect() throws {
        while let bytes = try channel.readOutbound(as: ByteBuffer.self) { output += bytes.readableBytesView }
    }
}

/// Answers each request as soon as its answer is known.
private final class RequestServer: ChannelInboundHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    private let bench: GatewayBench
    private var head: HTTPRequestHead?
    private var body = ByteBuffer()
    private(set) var answerCount = 0
    /// Whether the n-th answer is one to HEAD.
    private(set) var isBodiless: [Bool] = []
    private(set) var finding: Finding?

    init(_ bench: GatewayBench) {
        self.bench = bench
    }

    var isWaitingForBody: Bool { head != nil }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head):
            self.head = head
            body.clear()
            answer(context, body: nil)
        case .body(let bytes): body.writeImmutableBuffer(bytes)
        case .end: answer(context, body: body)
        }
    }

    /// As Hummingbird answers it; the guard puts the contract's answer in its place.
    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        guard context.channel.isActive else { return }
        guard error is HTTPParserError else { return context.close(promise: nil) }
        head = nil
        write(HTTPResponseHead(version: .http1_1, status: .badRequest), nil, isBodiless: false, context)
    }

    private func answer(_ context: ChannelHandlerContext, body: ByteBuffer?) {
        guard let head else { return }
        var edge = EdgeRequest(
            method: head.method.rawValue, target: head.uri, host: head.headers.first(name: "host"), peer: bench.peer)
        for (name, value) in head.headers { edge.headers.add(name.lowercased(), value) }
        do {
            let (reply, id) = try bench.respond(to: edge, body: body)
            self.head = nil
            var response = HTTPResponseHead(version: .http1_1, status: HTTPResponseStatus(statusCode: reply.status))
            for (name, value) in ReplyHeaders.list(reply, id: id, date: DateHeader.now()) { response.headers.add(name: name, value: value) }
            write(response, reply.body, isBodiless: head.method == .HEAD, context)
        } catch is GatewayBench.BodyMissing {
            // Answered at the end of the body.
        } catch {
            finding = error as? Finding ?? Finding("\(error)")
        }
    }

    private func write(_ head: HTTPResponseHead, _ body: ByteBuffer?, isBodiless: Bool, _ context: ChannelHandlerContext) {
        answerCount += 1
        self.isBodiless.append(isBodiless)
        context.write(wrapOutboundOut(.head(head)), promise: nil)
        if let body, !isBodiless { context.write(wrapOutboundOut(.body(.byteBuffer(body))), promise: nil) }
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }
}
