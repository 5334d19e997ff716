import Glibc
import NIOCore
import NIOPosix
import ReservationCore
import ReservationWire
import Synchronization
import Testing

/// A daemon that answers each request by a function, on a socket in a folder of its own, and remembers what was asked.
final class AnsweringDaemon: Sendable {
    enum Reply: Sendable {
        case answer(any WireMessage)
        case refuse(Status, ErrorReply)
    }

    typealias Answering = @Sendable (AcceptedRequest) throws -> Reply

    let socketPath: String
    private let folder: String
    private let listener: any Channel
    private let group: MultiThreadedEventLoopGroup
    private let log: RequestLog

    /// - Parameter role: of the socket.
    static func start(role: Role = .admin, _ answering: @escaping Answering) async throws -> AnsweringDaemon {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/rsvctl-XXXXXX".utf8CString)
        try #require(mkdtemp(&template) != nil)
        let folder = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let log = RequestLog()
        let group = MultiThreadedEventLoopGroup(numberOfThreads: 1)
        let listener = try await ServerBootstrap(group: group)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandler(AnsweringHandler(role: role, log: log, answering))
                }
            }
            .bind(unixDomainSocketPath: folder + "/admin.sock").get()
        return AnsweringDaemon(folder: folder, listener: listener, group: group, log: log)
    }

    private init(folder: String, listener: any Channel, group: MultiThreadedEventLoopGroup, log: RequestLog) {
        self.folder = folder
        self.socketPath = folder + "/admin.sock"
        self.listener = listener
        self.group = group
        self.log = log
    }

    /// What was asked, in order.
    var requests: [AcceptedRequest] { log.requests }

    func stop() async throws {
        try await listener.close()
        try await group.shutdownGracefully()
        unlink(socketPath)
        rmdir(folder)
    }
}

private final class RequestLog: Sendable {
    private let entries = Mutex<[AcceptedRequest]>([])

    var requests: [AcceptedRequest] { entries.withLock { $0 } }

    func add(_ request: AcceptedRequest) {
        entries.withLock { $0.append(request) }
    }
}

private final class AnsweringHandler: ChannelInboundHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let answering: AnsweringDaemon.Answering
    private let log: RequestLog
    private var decoder = FrameDecoder(receiving: .client)
    private var session: ServerSession

    init(role: Role, log: RequestLog, _ answering: @escaping AnsweringDaemon.Answering) {
        self.answering = answering
        self.log = log
        self.session = ServerSession(instanceID: 1, serverName: "test", role: role)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        decoder.append(unwrapInboundIn(data))
        do {
            while let frame = try decoder.next() { try receive(frame, context) }
        } catch {
            Issue.record("what reservationctl sent cannot be read: \(error)")
            context.close(promise: nil)
        }
    }

    private func receive(_ frame: Frame, _ context: ChannelHandlerContext) throws {
        switch session.receive(frame) {
        case .none, .cancel: break
        case .send(let frame): write(frame, context)
        case .sendThenClose, .close: context.close(promise: nil)
        case .execute(let request):
            log.add(request)
            switch try answering(request) {
            case .answer(let message): write(Frames.response(to: request.replyAddress, message), context)
            case .refuse(let status, let reply): write(Frames.error(to: request.replyAddress, status, reply), context)
            }
            _ = session.completed(requestID: request.requestID)
        }
    }

    private func write(_ frame: Frame, _ context: ChannelHandlerContext) {
        var buffer = ByteBuffer()
        frame.write(into: &buffer)
        context.writeAndFlush(wrapOutboundOut(buffer), promise: nil)
    }
}
