import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ReservationLog
import ServiceLifecycle

extension EventName {
    static let metricsListening: EventName = "metrics.listening"
}

/// Serves a ``MetricsEdge`` on an address of its own until it is told to stop.
package struct MetricsServer: Service {
    private let edge: MetricsEdge
    private let host: String
    private let port: Int
    private let limits: ConnectionLimits
    private let logger: Logger
    private let onListening: @Sendable (_ port: Int) async -> Void

    /// - Parameters:
    ///   - port: 0 takes any free one.
    ///   - onListening: called with the port once connections are accepted.
    package init(
        edge: MetricsEdge, host: String, port: Int, logger: Logger, onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) {
        self.edge = edge
        self.host = host
        self.port = port
        self.logger = logger
        self.onListening = onListening
        var limits = ConnectionLimits()
        // One or two Prometheus and a few people.
        limits.connections = 64
        self.limits = limits
    }

    package func run() async throws {
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { await edge.keepHistory() }
            try await listen()
            tasks.cancelAll()
        }
    }

    /// The one place where the address is bound.
    private func listen() async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let channel = GatewayChannel(limits: limits, bodyLimitBytes: 0, group: group) { [edge] request, writer, _ in
            try await Self.respond(edge, request, writer)
        }
        var quiet = logger
        quiet.logLevel = max(logger.logLevel, .warning)
        let server = channel.server(
            configuration: ServerConfiguration(
                address: .hostname(host, port: port), backlog: 64,
                availableConnectionsDelegate: MaximumAvailableConnections(limits.connections, logger: quiet)),
            onServerRunning: { [self] channel in
                let port = channel.localAddress?.port ?? port
                logger.record(.notice, .metricsListening, [.listen: "\(host):\(port)"])
                await onListening(port)
            },
            eventLoopGroup: group, logger: quiet)
        try await server.run()
    }

    private static func respond(_ edge: MetricsEdge, _ request: Request, _ writer: consuming ResponseWriter) async throws {
        let reply = await edge.respond(method: request.method.rawValue, target: request.head.path ?? "/")
        var fields = HTTPFields()
        for (name, value) in reply.fields {
            if let name = HTTPFields.Element.Name(parsed: name) { fields.append(HTTPFields.Element(name: name, value: value)) }
        }
        let head = HTTPResponse(status: .init(code: reply.status), headerFields: fields)
        if request.method == .head {
            try await writer.writeResponse(head)
        } else {
            try await writer.write(response: head, body: ResponseBody(byteBuffer: reply.body))
        }
    }
}

extension MetricsServer: CustomStringConvertible {
    /// For the lines of the service group.
    package var description: String { "MetricsServer(\(host):\(port))" }
}
