import ArgumentParser
import CoreMetrics
import Glibc
import Logging
import NIOPosix
import ReservationClient
import ReservationCore
import ReservationLog
import ReservationMailer
import ReservationMetrics
import ReservationProcess
import ServiceLifecycle

/// What the program does without a subcommand.
struct RunCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run", abstract: "Leases confirmations from the daemon, sends them and reports, until SIGTERM.",
        discussion: """
            Any number of mailers may run at once: what one holds no other gets, and what it does not report goes back by itself.
            """)

    @Option(help: "The daemon's socket for services.")
    var socket: String?

    @Option(help: "Seconds that a confirmation is lent for. (default: twice --timeout-seconds and 10)")
    var leaseSeconds: String?

    @OptionGroup var mail: MailOptions
    @OptionGroup var sms: SMSOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var log: LogOptions

    func run() async throws {
        let source = OptionSource.process
        let connection = try ConnectionSettings(connection, source)
        let sending = try SendingSettings(mail, source, connection)
        let notices = try NoticeSettings(sms, source, connection)
        let log = try LogSettings(log, source)
        let path = try source.needed(socket, "SOCKET", "the daemon's socket for services")
        let timeout = connection.curl.timeout
        let least = Int(timeout.components.seconds) + 2
        let lease = try source.number(leaseSeconds, "LEASE_SECONDS", in: least...3600, default: 2 * Int(timeout.components.seconds) + 10)
        LogDestination.bootstrap(program: "reservation-mailer", level: log.level, destination: log.destination)
        DescriptorLimit.raise()
        // A peer that hangs up is an error of the write, not the end of the program.
        signal(SIGPIPE, SIG_IGN)
        let logger = Logger(label: "reservation-mailer")
        let settings = MailerSettings(connections: connection.count, timeout: timeout, lease: .seconds(lease))
        let client = ReservationClient(ClientConfiguration(socketPath: path, name: "reservation-mailer"))
        let registry = MetricRegistry()
        // Also for what libraries count.
        MetricsSystem.bootstrap(registry)
        registry.addProcess(program: "reservation-mailer", version: SoftwareVersion.current)
        let metrics = MailerMetrics(registry, email: sending.address.name, sms: notices.transport == nil ? nil : "twilio")
        let mailer = Mailer(
            outbox: SocketOutbox(client), composer: ConfirmationComposer(sender: sending.from), email: sending.transport,
            sms: notices.transport, settings: settings, logger: logger, metrics: metrics, connections: { client.connectionsMade })
        logger.record(
            .notice, .mailerStarted, [.socket: "\(path)", .transport: "\(sending.address.description)", .count: "\(connection.count)"])
        var configuration = ServiceGroupConfiguration(
            services: [
                .init(service: mailer, successTerminationBehavior: .gracefullyShutdownGroup),
                .init(service: MetricsReporter(metrics, client), successTerminationBehavior: .ignore),
            ],
            gracefulShutdownSignals: [.sigterm, .sigint], logger: logger)
        let signs = SignsOfLife(MultiThreadedEventLoopGroup.singleton).begin(every: ServiceManager.watchdogInterval)
        defer { signs?.cancel() }
        // What is being sent at SIGTERM is finished and reported.
        configuration.maximumGracefulShutdownDuration = timeout + .seconds(15)
        try await ServiceGroup(configuration: configuration).run()
        await client.close()
        LogDestination.flush()
    }
}
