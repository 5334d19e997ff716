import Glibc
import Logging
import ReservationClient
import ReservationWire
import ServiceLifecycle
import Testing

@testable import ReservationGateway

/// A gateway on a port, for suites that speak to it as browsers do.
protocol GatewayServing {}

extension GatewayServing {
    /// Serves on a free port while `body` runs, and is stopped as SIGTERM would.
    func serving(
        _ ledger: some Ledger = RecordingLedger(.answer(HealthResponse(writable: true))), limits: ConnectionLimits = ConnectionLimits(),
        configuration: GatewayConfiguration = GatewayConfiguration(defaultOrganization: .number(1)),
        place: HTTPPlace = .address(host: "127.0.0.1", port: 0),
        _ body: @escaping @Sendable (_ port: Int, _ group: ServiceGroup) async throws -> Void
    ) async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let (ports, port) = AsyncStream.makeStream(of: Int.self)
        let server = GatewayServer(
            gateway: Gateway(configuration: configuration, ledger: ledger, logger: logger),
            place: place, limits: limits, logger: logger, onListening: { port.yield($0) })
        let group = ServiceGroup(
            configuration: ServiceGroupConfiguration(
                services: [.init(service: server, successTerminationBehavior: .gracefullyShutdownGroup)], logger: logger))
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            let number = try #require(await ports.first { _ in true })
            do { try await body(number, group) } catch {
                await group.triggerGracefulShutdown()
                throw error
            }
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
        }
    }

    /// Runs blocking socket calls off the cooperative pool, which the server needs.
    func offPool<Result: Sendable>(_ body: @escaping @Sendable () throws -> Result) async throws -> Result {
        try await withCheckedThrowingContinuation { continuation in
            let job = BlockingJob { continuation.resume(with: Swift.Result { try body() }) }
            job.start()
        }
    }
}

/// A thread of its own for calls that block.
private final class BlockingJob {
    private let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) {
        self.body = body
    }

    func start() {
        var thread = pthread_t()
        pthread_create(
            &thread, nil,
            { argument in
                if let argument { Unmanaged<BlockingJob>.fromOpaque(argument).takeRetainedValue().body() }
                return nil
            }, Unmanaged.passRetained(self).toOpaque())
        pthread_detach(thread)
    }
}
