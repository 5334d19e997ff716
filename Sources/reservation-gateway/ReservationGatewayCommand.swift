import ArgumentParser
import Glibc
import ReservationCore
import ReservationLog
import ReservationProcess

/// The edge that visitors' browsers reach.
@main
struct ReservationGatewayCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reservation-gateway",
        abstract: "Serves the public REST contract and asks the reservation daemon on a Unix socket.",
        discussion: """
            Under systemd the listening socket is handed over (LISTEN_FDS, named http), and --listen does not count. Each option can also \
            be given as an environment variable, RESERVATION_GATEWAY_LISTEN for --listen and so on; one that may be repeated takes \
            several values separated by commas.
            """,
        version: SoftwareVersion.current)

    @Option(help: "The daemon's socket for gateways.")
    var socket: String?

    @Option(help: "Where HTTP is served, HOST:PORT. (default: 127.0.0.1:8080)")
    var listen: String?

    @Option(help: "Where figures are served, /metrics for Prometheus and / as a page, HOST:PORT. (default: nowhere)")
    var metricsListen: String?

    @Option(help: "The organization of requests that name none. (default: 1)")
    var defaultOrganization: String?

    @Option(help: ArgumentHelp("Serve HOST for one organization only; may be repeated.", valueName: "HOST=ORQ"))
    var organizationHost: [String] = []

    @Flag(help: "Insist on the ticket's code in create and verify-contact.")
    var requireTicketCode = false

    @Option(help: "Fewest digits of a telephone number. (default: 7)")
    var phoneMinimumDigits: String?

    @Option(help: "Seconds that a request waits for the daemon, a restart of it included. (default: 10)")
    var deadlineSeconds: String?

    @Option(help: "Longest body of a request. (default: 16384)")
    var bodyLimitBytes: String?

    @Option(help: "Failed validations that one address may cause in a minute; /64 networks of IPv6 count as one. (default: 30)")
    var failedValidationsPerMinute: String?

    @Option(help: "Bookings that one address may try in a minute, counted likewise; 0 is no limit. (default: 0)")
    var creationsPerMinute: String?

    @Option(help: ArgumentHelp("Hold these addresses to neither limit; may be repeated.", valueName: "CIDR"))
    var rateLimitExempt: [String] = []

    @Option(help: ArgumentHelp("Believe X-Forwarded-For of these peers; may be repeated.", valueName: "CIDR"))
    var trustedProxy: [String] = []

    @Option(help: "Connections at once. (default: 16384)")
    var connectionLimit: String?

    @Option(help: "Open pages that are told of changes at once; further ones ask from time to time. (default: 8192)")
    var openPageLimit: String?

    @Option(help: "Least level that is logged: trace, debug, info, notice, warning, error or critical. (default: info)")
    var logLevel: String?

    @Option(help: "Where the log goes: auto, journald or stderr. (default: auto)")
    var log: String?

    func run() async throws {
        let settings = try GatewaySettings(self, environment: GatewaySettings.processEnvironment)
        LogDestination.bootstrap(program: "reservation-gateway", level: settings.logLevel, destination: settings.log)
        DescriptorLimit.raise()
        let status = await settings.serve()
        LogDestination.flush()
        Glibc.exit(status)
    }
}
