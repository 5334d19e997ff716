import NIOCore
import ReservationWire
import Testing

/// One client's connection, in the test's hands.
struct FakeConnection: Sendable {
    let channel: any Channel

    /// Sends GOAWAY; the connection closes when what was accepted is answered.
    func drain() async throws {
        try await channel.writeAndFlush(FakeOutput.drain)
    }

    /// Cuts the connection off.
    func cut() async throws {
        try await channel.close()
    }

    /// Sends bytes that need not be frames.
    func send(_ bytes: [UInt8]) async throws {
        try await channel.writeAndFlush(FakeOutput.bytes(bytes))
    }
}

/// A request that waits for the test's answer.
struct FakeRequest: Sendable {
    let connection: FakeConnection
    let accepted: AcceptedRequest

    func message<Message: WireMessage>(_ type: Message.Type) throws -> Message {
        try accepted.message(type)
    }

    func answer(_ message: some WireMessage, replayed: Bool = false) async throws {
        let frame = Frames.response(to: accepted.replyAddress, message, flags: replayed ? FrameFlags.replayed : 0)
        try await connection.channel.writeAndFlush(FakeOutput.answer(frame))
    }

    func refuse(_ status: Status, _ message: String = "no", retryAfterMilliseconds: UInt64? = nil) async throws {
        let reply = ErrorReply(message: message, retryAfterMilliseconds: retryAfterMilliseconds)
        try await connection.channel.writeAndFlush(FakeOutput.answer(Frames.error(to: accepted.replyAddress, status, reply)))
    }
}

/// What the test has a connection do.
enum FakeOutput: Sendable {
    case answer(Frame)
    case bytes([UInt8])
    case drain
}

/// The daemon's end of a connection: the server's session machine, with the test in the ledger's place.
final class FakeConnectionHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = FakeOutput
    typealias OutboundOut = ByteBuffer

    private let manner: FakeDaemon.Manner
    private let journal: FakeJournal
    private let connection: FakeConnection
    private var decoder = FrameDecoder(receiving: .client)
    private var session: ServerSession

    init(_ manner: FakeDaemon.Manner, instanceID: UInt128, _ journal: FakeJournal, _ channel: any Channel) {
        self.manner = manner
        self.journal = journal
        self.connection = FakeConnection(channel: channel)
        var maxInFlight = WireLimits.maxInFlight
        if case .daemonLike(let limit) = manner { maxInFlight = limit }
        self.session = ServerSession(instanceID: instanceID, serverName: "fake", role: .admin, maxInFlight: maxInFlight)
    }

    func channelActive(context: ChannelHandlerContext) {
        journal.connectionCount.add(1, ordering: .sequentiallyConsistent)
        journal.onConnection.yield(connection)
        switch manner {
        case .hangingUp: context.close(promise: nil)
        case .babbling(let bytes): context.writeAndFlush(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: nil)
        case .daemonLike, .silent, .refusing: break
        }
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        decoder.append(unwrapInboundIn(data))
        do throws(FrameError) {
            while let frame = try decoder.next() { receive(frame, context) }
        } catch {
            Issue.record("the client sent what is no frame: \(error)")
            context.close(promise: nil)
        }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        switch unwrapOutboundIn(data) {
        case .bytes(let bytes):
            context.write(wrapOutboundOut(ByteBuffer(bytes: bytes)), promise: promise)
        case .drain:
            carryOut(session.drain(), context)
            promise?.succeed()
        case .answer(let frame):
            context.write(wrapOutboundOut(frame.bytes), promise: promise)
            carryOut(session.completed(requestID: frame.header.requestID), context)
        }
    }

    private func receive(_ frame: Frame, _ context: ChannelHandlerContext) {
        if frame.header.type == .request { journal.requestFrames.add(1, ordering: .sequentiallyConsistent) }
        switch manner {
        case .daemonLike:
            carryOut(session.receive(frame), context)
        case .refusing(let status, let reply):
            let error = Frames.error(to: .connection(frame.header.encoding), status, reply)
            carryOut(.sendThenClose(error), context)
        case .silent, .hangingUp, .babbling:
            break
        }
    }

    private func carryOut(_ action: ServerAction, _ context: ChannelHandlerContext) {
        switch action {
        case .none:
            break
        case .send(let frame):
            context.writeAndFlush(wrapOutboundOut(frame.bytes), promise: nil)
        case .execute(let request):
            journal.onRequest.yield(FakeRequest(connection: connection, accepted: request))
        case .cancel(let requestID):
            journal.onCancel.yield(requestID)
        case .sendThenClose(let frame):
            let channel = context.channel
            context.writeAndFlush(wrapOutboundOut(frame.bytes)).whenComplete { _ in channel.close(promise: nil) }
        case .close:
            context.flush()
            context.close(promise: nil)
        }
    }
}

extension Frame {
    fileprivate var bytes: ByteBuffer {
        var buffer = ByteBuffer()
        write(into: &buffer)
        return buffer
    }
}

extension FakeConnection {
    /// Sends a frame past the session, which would not send it now.
    func send(_ frame: Frame) async throws {
        try await send(Array(buffer: frame.bytes))
    }

    func send(_ goAway: GoAway) async throws {
        try await send(Frames.goAway(goAway, encoding: .tlv))
    }
}
