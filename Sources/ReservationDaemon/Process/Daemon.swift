import Logging
import NIOCore
import NIOPosix
import ReservationCore
import ReservationLog
import ReservationMetrics
import ReservationProcess
import ServiceLifecycle

/// Settings of the daemon that an operator chooses.
package struct DaemonConfiguration: Sendable {
    /// Where the reservations are kept, for messages to the operator.
    package var database: String
    /// Where the sockets are made when systemd hands none over.
    package var socketDirectory: String?
    /// Threads that serve connections.
    package var eventLoopThreads: Int
    package var phoneMinimumDigits: Int
    /// How long callers may take to fetch their answers after SIGTERM, in seconds.
    package var drainSeconds: Int
    /// How long a confirmation that was sent or cancelled is remembered, in days.
    package var outboxRetentionDays: Int
    /// How long an event can be asked for, in days.
    package var eventRetentionDays: Int

    package init(
        database: String, socketDirectory: String?, eventLoopThreads: Int = 2, phoneMinimumDigits: Int = Limits.phoneMinimumDigits,
        drainSeconds: Int = 10, outboxRetentionDays: Int = Limits.outboxRetentionDays,
        eventRetentionDays: Int = Limits.eventRetentionDays
    ) {
        self.database = database
        self.socketDirectory = socketDirectory
        self.eventLoopThreads = eventLoopThreads
        self.phoneMinimumDigits = phoneMinimumDigits
        self.drainSeconds = drainSeconds
        self.outboxRetentionDays = outboxRetentionDays
        self.eventRetentionDays = eventRetentionDays
    }
}

/// reservationd as one service: listens, decides, stores, and on SIGTERM drains.
package final class Daemon: Service {
    private let configuration: DaemonConfiguration
    private let ledger: Ledger
    private let clock: @Sendable () -> Instant
    private let logger: Logger
    /// What the daemon counts.
    package let metrics: DaemonMetrics
    private let terminalFailure: AsyncStream<GroupFailure>
    private let terminalFailureContinuation: AsyncStream<GroupFailure>.Continuation

    /// - Parameters:
    ///   - store: handed over whole; nobody else may touch it from here on.
    ///   - clock: what time it is; the machine's when nil.
    ///   - registry: where the daemon's figures are kept.
    /// - Throws: what keeps the daemon from starting, said for the operator.
    package init(
        configuration: DaemonConfiguration, store: sending any ReservationStorage, logger: Logger,
        zones: TimeZoneDatabase = TimeZoneDatabase(), clock: (@Sendable () -> Instant)? = nil,
        registry: MetricRegistry = MetricRegistry()
    ) throws(DaemonStartError) {
        let (stream, continuation) = AsyncStream.makeStream(of: GroupFailure.self)
        metrics = DaemonMetrics(registry)
        registry.addProcess(program: "reservationd", version: SoftwareVersion.current)
        metrics.measureFiles(of: configuration.database)
        var settings = LedgerSettings()
        settings.metrics = metrics.ledger
        if let clock { settings.clock = clock }
        settings.outboxRetentionSeconds = Int64(configuration.outboxRetentionDays) * 24 * 3600
        settings.eventRetentionSeconds = Int64(configuration.eventRetentionDays) * 24 * 3600
        settings.onDegraded = { logger.record(.error, .storeUnavailable, [.reason: "\($0)", .hint: "free space on the file system"]) }
        settings.onCheckpointFailure = { failure in
            let message = GroupFailure(failure: failure, duringCommit: false).message(database: configuration.database)
            let hint = "nothing is lost; the log grows until it succeeds"
            logger.record(.warning, .storeCheckpointFailed, [.reason: "\(message)", .hint: "\(hint)"])
        }
        settings.onDefect = { logger.record(.critical, .storeDefect, [.reason: "\($0)"]) }
        settings.onTerminalFailure = { continuation.yield($0) }
        do throws(LedgerStartError) {
            ledger = try Ledger(store: store, zones: zones, settings: settings)
        } catch {
            throw DaemonStartError(message: error.message(database: configuration.database))
        }
        self.configuration = configuration
        self.clock = settings.clock
        self.logger = logger
        terminalFailure = stream
        terminalFailureContinuation = continuation
    }

    /// Serves until SIGTERM or until the store fails for good.
    ///
    /// - Throws: ``DaemonStartError`` when it cannot listen, ``DaemonFailure`` when it must end.
    package func run() async throws {
        let sockets = try Self.sockets(configuration)
        let group = MultiThreadedEventLoopGroup(numberOfThreads: configuration.eventLoopThreads)
        let instanceID = UInt128.random(in: 1 ... .max)
        var settings = ServerSettings(instanceID: instanceID)
        settings.decoder.phoneMinimumDigits = configuration.phoneMinimumDigits
        settings.connectionLimit =
            DescriptorLimit.connections(wanted: settings.connectionLimit * sockets.count, logger: logger) / max(1, sockets.count)
        let upkeep = Upkeep(ledger: ledger, database: configuration.database, logger: logger, clock: clock)
        let server = SocketServer(ledger: ledger, settings: settings, group: group, logger: logger, upkeep: upkeep, metrics: metrics)
        metrics.measure(server)
        try await server.listen(on: sockets)
        let watchdog = Watchdog(ledger: ledger)
        let heartbeat = ServiceManager.watchdogInterval.map { watchdog.start(every: $0, on: group.next()) }
        let sweeps = Sweeper(ledger: ledger, eventLoop: group.next()).start()
        logger.record(
            .notice, .daemonReady,
            [
                .version: "\(SoftwareVersion.current)", .instanceID: "\(String(instanceID, radix: 16))",
                .socket: "\(sockets.map(\.role.name).joined(separator: ","))",
            ])
        ServiceManager.ready(status: "Taking reservations")

        let failure = await untilShutdown()

        heartbeat?.cancel()
        sweeps.cancel()
        ServiceManager.stopping(status: failure == nil ? "Answering what was asked" : "The store failed")
        logger.record(.notice, .daemonStopping, [.reason: failure == nil ? "asked to stop" : "the store failed"])
        // After a failed device the next start is what callers wait for: only the answers on their way are let out.
        await server.drain(patience: failure == nil ? .seconds(Int64(configuration.drainSeconds)) : .seconds(1))
        for socket in sockets { socket.removeFile() }
        try await group.shutdownGracefully()
        await settle(after: failure)
        if let failure {
            let message = failure.message(database: configuration.database)
            logger.record(.critical, .daemonFailed, [.reason: "\(message)"])
            throw DaemonFailure(message: message)
        }
        logger.record(.notice, .daemonStopped)
    }

    /// Leaves nothing in the log, so that whoever copies the database's file alone misses nothing.
    private func settle(after failure: GroupFailure?) async {
        // What a failed device holds is for the next start to find out.
        guard failure == nil else { return }
        do throws(StorageFailure) {
            try await ledger.settle()
        } catch {
            let message = GroupFailure(failure: error, duringCommit: false).message(database: configuration.database)
            let hint = "nothing is lost: what the log holds is read at the next start; keep \(configuration.database)-wal beside it"
            logger.record(.warning, .storeCheckpointFailed, [.reason: "\(message)", .hint: "\(hint)"])
        }
    }

    private static func sockets(_ configuration: DaemonConfiguration) throws(DaemonStartError) -> [ListeningSocket] {
        do throws(ListeningSocketError) {
            if let inherited = try ListeningSocket.inherited() { return inherited }
            guard let directory = configuration.socketDirectory else {
                throw .activation("systemd handed over no sockets and there is no --socket-directory to make them in")
            }
            return try ListeningSocket.make(in: directory)
        } catch {
            throw DaemonStartError(message: error.message)
        }
    }

    /// - Returns: nil when asked to stop, else why it must end.
    private func untilShutdown() async -> GroupFailure? {
        await cancelWhenGracefulShutdown {
            for await failure in self.terminalFailure { return failure }
            return nil
        }
    }
}

/// Why a running daemon had to end.
package struct DaemonFailure: Error {
    /// What happened and what to do.
    package let message: String
}

extension EventName {
    static let daemonReady: EventName = "daemon.ready"
    static let daemonStopping: EventName = "daemon.stopping"
    static let daemonStopped: EventName = "daemon.stopped"
    static let daemonFailed: EventName = "daemon.failed"
    static let storeUnavailable: EventName = "store.unavailable"
    static let storeCheckpointFailed: EventName = "store.checkpoint.failed"
    static let storeDefect: EventName = "store.defect"
}
