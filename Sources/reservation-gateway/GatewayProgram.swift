import CoreMetrics
import Glibc
import Logging
import ReservationClient
import ReservationCore
import ReservationGateway
import ReservationLog
import ReservationMetrics
import ReservationProcess
import ServiceLifecycle

extension GatewaySettings {
    /// Serves until SIGTERM or SIGINT.
    ///
    /// - Returns: the exit status, of sysexits(3) where one fits.
    func serve() async -> Int32 {
        // A peer that hangs up is an error of the write, not the end of the program.
        signal(SIGPIPE, SIG_IGN)
        let logger = Logger(label: "reservation-gateway")
        let ledger = SocketLedger(
            ClientConfiguration(socketPath: socket, name: "reservation-gateway", defaultDeadline: gateway.deadline))
        var limits = limits
        // Visitors must not take the descriptors by which the gateway reaches the daemon.
        limits.connections = DescriptorLimit.connections(wanted: limits.connections, logger: logger)
        let place: HTTPPlace
        let metricsPlace: HTTPPlace?
        do throws(InheritanceError) {
            let inherited = Dictionary(grouping: try InheritedSocket.all(named: ["http", "metrics"]), by: \.name)
            place = inherited["http"].map { .inherited($0) } ?? .address(host: host, port: port)
            metricsPlace = inherited["metrics"].map { .inherited($0) } ?? metricsAddress.map { .address(host: $0, port: $1) }
        } catch {
            return complain("Socket activation failed: \(error.reason). Check the .socket units.", status: EX_UNAVAILABLE)
        }
        let registry = MetricRegistry()
        // Also for what libraries count.
        MetricsSystem.bootstrap(registry)
        registry.addProcess(program: "reservation-gateway", version: SoftwareVersion.current)
        let gateway = Gateway(configuration: self.gateway, ledger: ledger, logger: logger, metrics: GatewayMetrics(registry))
        let server = GatewayServer(gateway: gateway, place: place, limits: limits, logger: logger)
        var services = [
            ServiceGroupConfiguration.ServiceConfiguration(service: server, successTerminationBehavior: .gracefullyShutdownGroup)
        ]
        if let metricsPlace {
            services.append(.init(service: MetricsServer(edge: MetricsEdge(gateway), place: metricsPlace, logger: logger)))
        }
        var configuration = ServiceGroupConfiguration(
            services: services, gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(limits.shutdownSeconds)
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch {
            let places = [place, metricsPlace].compactMap { $0?.description }.joined(separator: " or ")
            return complain("\(places) cannot be served: \(error)", status: EX_UNAVAILABLE)
        }
        await ledger.close()
        return EX_OK
    }

    private func complain(_ message: String, status: Int32) -> Int32 {
        LogDestination.complain(message, program: "reservation-gateway")
        return status
    }
}
