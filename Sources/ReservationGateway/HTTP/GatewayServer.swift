import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ReservationLog
import ReservationProcess
import ServiceLifecycle

extension EventName {
    static let gatewayListening: EventName = "gateway.listening"
}

/// Serves a ``Gateway`` over HTTP/1.1 until it is told to stop; requests in progress are finished then.
package struct GatewayServer: Service {
    private let gateway: Gateway
    private let host: String
    private let port: Int
    private let limits: ConnectionLimits
    private let logger: Logger
    private let onListening: @Sendable (_ port: Int) async -> Void

    /// - Parameters:
    ///   - port: 0 takes any free one.
    ///   - onListening: called with the port once connections are accepted.
    package init(
        gateway: Gateway, host: String, port: Int, limits: ConnectionLimits = ConnectionLimits(), logger: Logger,
        onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) {
        self.gateway = gateway
        self.host = host
        self.port = port
        self.limits = limits
        self.logger = logger
        self.onListening = onListening
    }

    package func run() async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let channel = GatewayChannel(
            limits: limits, bodyLimitBytes: gateway.configuration.bodyLimitBytes, group: group, gauge: gateway.metrics.connections
        ) { request, writer, channel in
            try await Self.respond(gateway, request, writer, channel)
        }
        var quiet = logger
        // Hummingbird's own lines repeat what is reported here in events.
        quiet.logLevel = max(logger.logLevel, .warning)
        let server = channel.server(
            configuration: ServerConfiguration(
                address: .hostname(host, port: port), backlog: 1024,
                availableConnectionsDelegate: MaximumAvailableConnections(limits.connections, logger: quiet)),
            onServerRunning: { [self] channel in
                await watch(channel)
                let port = channel.localAddress?.port ?? port
                logger.record(.notice, .gatewayListening, [.listen: "\(host):\(port)"])
                await onListening(port)
            },
            eventLoopGroup: group, logger: quiet)
        let broadcast = gateway.broadcast
        // Streams have no end of their own, and the server waits for every answer.
        try await withGracefulShutdownHandler {
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                tasks.addTask { await broadcast.run(gateway.ledger.watchSlots()) }
                try await server.run()
                tasks.cancelAll()
            }
        } onGracefulShutdown: {
            broadcast.close()
        }
    }

    /// Hummingbird makes the listening channel itself, so the handler comes to it late; whoever came before waits in the kernel's queue.
    private func watch(_ listener: any Channel) async {
        let shortage = DescriptorShortage(logger: logger)
        let added = listener.eventLoop.submit {
            try listener.pipeline.syncOperations.addHandler(
                ShortageHandler(shortage: shortage, words: ShortageReply.bytes), position: .first)
        }
        // Fails only where the listener was closed already.
        try? await added.get()
    }

    private static func respond(
        _ gateway: Gateway, _ request: Request, _ writer: consuming ResponseWriter, _ channel: any Channel
    ) async throws {
        let edge = EdgeRequest(request.head, peer: channel.remoteAddress.flatMap(IPAddress.init(_:)))
        let id = RequestID.choose(edge.headers.requestID)
        let reply = try await gateway.respond(to: edge, id: id) { limit in try await read(request, limit: limit) }
        let head = HTTPResponse(reply, id: id)
        // The length is that of the body which GET would have got (RFC 9110, section 9.3.2).
        if request.method == .head {
            try await writer.writeResponse(head)
        } else if let seat = reply.events {
            try await EventStream.serve(seat, head: head, writer, on: channel)
        } else {
            try await writer.write(response: head, body: ResponseBody(byteBuffer: reply.body))
        }
    }

    /// - Returns: nil when the body is longer than `limit`; the rest of it is not read then.
    private static func read(_ request: Request, limit: Int) async throws -> ByteBuffer? {
        if let length = request.headers[.contentLength], let bytes = Int(length), bytes > limit { return nil }
        var body: ByteBuffer?
        for try await part in request.body {
            guard (body?.readableBytes ?? 0) + part.readableBytes <= limit else { return nil }
            if body?.writeImmutableBuffer(part) == nil { body = part }
        }
        return body ?? ByteBuffer()
    }
}

extension GatewayServer: CustomStringConvertible {
    /// For the lines of the service group.
    package var description: String { "GatewayServer(\(host):\(port))" }
}
