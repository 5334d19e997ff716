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
    private let place: HTTPPlace
    private let limits: ConnectionLimits
    private let logger: Logger
    private let onListening: @Sendable (_ port: Int) async -> Void

    /// - Parameter onListening: called with the port once connections are accepted.
    package init(
        edge: MetricsEdge, place: HTTPPlace, logger: Logger, onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) {
        self.edge = edge
        self.place = place
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

    private func listen() async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let ending = Ending()
        let channel = GatewayChannel(limits: limits, bodyLimitBytes: 0, group: group, ending: ending) { [edge] request, writer, _ in
            try await Self.respond(edge, request, writer)
        }
        let listener = try await HTTPListener(place: place, server: channel, group: group, limits: limits, logger: logger)
        logger.record(.notice, .metricsListening, [.listen: "\(listener.places)"])
        await onListening(listener.addresses.first?.port ?? 0)
        // No child task: whoever has just come in is taken over also when this task is cancelled.
        let serving = Task { await listener.serve() }
        await withTaskCancellationHandler {
            try? await gracefulShutdown()
            ending.begin()
            await listener.stop()
            await listener.drain()
        } onCancel: {
            listener.cut()
        }
        await serving.value
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
    package var description: String { "MetricsServer(\(place))" }
}
