import Glibc
import Logging
import ReservationClient
import ReservationGateway
import ReservationLog
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
        do throws(InheritanceError) {
            let inherited = try InheritedSocket.all(named: ["http", "metrics"])
            let http = inherited.filter { $0.name == "http" }
            place = http.isEmpty ? .address(host: host, port: port) : .inherited(http)
        } catch {
            return complain("Socket activation failed: \(error.reason). Check the .socket units.", status: EX_UNAVAILABLE)
        }
        let server = GatewayServer(
            gateway: Gateway(configuration: gateway, ledger: ledger, logger: logger), place: place, limits: limits, logger: logger)
        var configuration = ServiceGroupConfiguration(
            services: [.init(service: server, successTerminationBehavior: .gracefullyShutdownGroup)],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        configuration.maximumGracefulShutdownDuration = .seconds(limits.shutdownSeconds)
        do {
            try await ServiceGroup(configuration: configuration).run()
        } catch {
            return complain("\(place) cannot be served: \(error)", status: EX_UNAVAILABLE)
        }
        await ledger.close()
        return EX_OK
    }

    private func complain(_ message: String, status: Int32) -> Int32 {
        LogDestination.complain(message, program: "reservation-gateway")
        return status
    }
}
