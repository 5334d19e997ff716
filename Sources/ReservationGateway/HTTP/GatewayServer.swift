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
    static let gatewayStopping: EventName = "gateway.stopping"
}

/// Serves a ``Gateway`` over HTTP/1.1 until it is told to stop; requests in progress are finished then.
package struct GatewayServer: Service {
    private let gateway: Gateway
    private let place: HTTPPlace
    private let limits: ConnectionLimits
    private let logger: Logger
    private let onListening: @Sendable (_ port: Int) async -> Void

    /// - Parameter onListening: called with the port once connections are accepted.
    package init(
        gateway: Gateway, place: HTTPPlace, limits: ConnectionLimits = ConnectionLimits(), logger: Logger,
        onListening: @escaping @Sendable (_ port: Int) async -> Void = { _ in }
    ) {
        self.gateway = gateway
        self.place = place
        self.limits = limits
        self.logger = logger
        self.onListening = onListening
        gateway.metrics.registry.gauge(.httpConnectionLimit).record(limits.connections)
    }

    package func run() async throws {
        let group = MultiThreadedEventLoopGroup.singleton
        let ending = Ending()
        let channel = GatewayChannel(
            limits: limits, bodyLimitBytes: gateway.configuration.bodyLimitBytes, group: group, ending: ending,
            gauge: gateway.metrics.connections
        ) { request, writer, channel in
            try await Self.respond(gateway, request, writer, channel)
        }
        let listener = try await HTTPListener(place: place, server: channel, group: group, limits: limits, logger: logger)
        let signs = SignsOfLife(group).begin(every: ServiceManager.watchdogInterval)
        defer { signs?.cancel() }
        let addresses = listener.places
        logger.record(.notice, .gatewayListening, [.listen: "\(addresses)"])
        ServiceManager.ready(status: "Serving HTTP on \(addresses)")
        await onListening(listener.addresses.first?.port ?? 0)
        // No child task: whoever has just come in is taken over also when this task is cancelled.
        let serving = Task { await listener.serve() }
        await withTaskCancellationHandler {
            await withTaskGroup(of: Void.self) { tasks in
                let broadcast = gateway.broadcast
                tasks.addTask { await broadcast.run(gateway.ledger.watchSlots()) }
                try? await gracefulShutdown()
                await end(listener, ending)
                tasks.cancelAll()
            }
        } onCancel: {
            listener.cut()
        }
        await serving.value
    }

    private func end(_ listener: HTTPListener, _ ending: Ending) async {
        logger.record(.info, .gatewayStopping)
        ServiceManager.stopping(status: "Answering what was asked")
        ending.begin()
        if place.outlivesProcess { await recycle(listener) }
        await listener.stop()
        // Streams have no end of their own. Their pages come again, and wait for the next process.
        gateway.broadcast.close()
        await listener.drain()
    }

    /// Waits until those who keep a connection busy have left it, or the time for that is over.
    private func recycle(_ listener: HTTPListener) async {
        let end = ContinuousClock.now + .milliseconds(limits.recycleMilliseconds)
        while ContinuousClock.now < end, !Task.isCancelled, await !listener.isEmpty() {
            try? await Task.sleep(for: .milliseconds(20))
        }
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
    package var description: String { "GatewayServer(\(place))" }
}
