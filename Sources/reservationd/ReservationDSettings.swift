import ArgumentParser
import CoreMetrics
import Glibc
import Logging
import ReservationCore
import ReservationDaemon
import ReservationLog
import ReservationMetrics
import ReservationStore
import ServiceLifecycle

/// What the program is started for.
enum ReservationDTask {
    case serve
    case repairCounters
    /// The backup's path.
    case restore(String)
}

/// The options, completed from the environment.
struct ReservationDSettings {
    let database: String
    let daemon: DaemonConfiguration
    let queuesNotices: Bool
    let logLevel: Logger.Level
    let log: LogDestination

    init(_ options: ReservationD) throws {
        guard let database = options.database ?? Self.environment("DATABASE"), !database.isEmpty else {
            throw ValidationError("--database PATH (or RESERVATION_DATABASE) is needed: where the reservations are kept")
        }
        self.database = database
        daemon = DaemonConfiguration(
            database: database,
            socketDirectory: options.socketDirectory ?? Self.environment("SOCKET_DIRECTORY"),
            phoneMinimumDigits: try Self.number(
                options.phoneMinimumDigits, "PHONE_MINIMUM_DIGITS", in: 2...15, default: Limits.phoneMinimumDigits),
            drainSeconds: try Self.number(options.drainSeconds, "DRAIN_SECONDS", in: 0...300, default: 10),
            outboxRetentionDays: try Self.number(
                options.outboxRetentionDays, "OUTBOX_RETENTION_DAYS", in: 1...3650, default: Limits.outboxRetentionDays),
            eventRetentionDays: try Self.number(options.keepEvents, "KEEP_EVENTS", in: 1...3650, default: Limits.eventRetentionDays))
        queuesNotices = try Self.flag(options.smsNotices, "SMS_NOTICES")
        let level = options.logLevel ?? Self.environment("LOG_LEVEL") ?? "info"
        guard let logLevel = Logger.Level(rawValue: level) else { throw ValidationError("--log-level is not one of the levels") }
        self.logLevel = logLevel
        let destination = options.log ?? Self.environment("LOG") ?? "auto"
        guard let log = LogDestination(rawValue: destination) else { throw ValidationError("--log must be auto, journald or stderr") }
        self.log = log
    }

    /// - Returns: the exit status, of sysexits(3) where one fits.
    func run(_ task: ReservationDTask) async -> Int32 {
        if case .restore(let backup) = task { return restore(backup) }
        let logger = Logger(label: "reservationd")
        do throws(StoreOpenError) {
            let store = try SQLiteReservationStore(path: database, queuesNotices: queuesNotices)
            if case .repairCounters = task { return repair(store) }
            return await serve(store, logger: logger)
        } catch {
            return complain(error.message, status: EX_UNAVAILABLE)
        }
    }

    private func serve(_ store: sending SQLiteReservationStore, logger: Logger) async -> Int32 {
        do {
            let registry = MetricRegistry()
            // Also for what libraries count.
            MetricsSystem.bootstrap(registry)
            let daemon = try Daemon(configuration: daemon, store: store, logger: logger, registry: registry)
            let group = ServiceGroup(
                configuration: ServiceGroupConfiguration(
                    services: [.init(service: daemon, successTerminationBehavior: .gracefullyShutdownGroup)],
                    gracefulShutdownSignals: [.sigterm, .sigint], logger: logger))
            try await group.run()
            return EX_OK
        } catch let error as DaemonStartError {
            return complain(error.message, status: EX_UNAVAILABLE)
        } catch let error as DaemonFailure {
            return complain(error.message, status: EX_IOERR)
        } catch {
            return complain("\(error)", status: EX_SOFTWARE)
        }
    }

    private func repair(_ store: SQLiteReservationStore) -> Int32 {
        do throws(StorageFailure) {
            let repair = try store.repairCounters(now: SystemClock.now())
            for slot in repair.repaired {
                print("slot \(slot.slot): booked count \(slot.bookedCount) corrected to \(slot.liveReservations)")
            }
            for slot in repair.oversold {
                print("slot \(slot.slot): \(slot.liveReservations) live reservations for \(slot.totalCapacity) places, left as it is")
            }
            guard repair.oversold.isEmpty else {
                return complain(
                    "Some slots have more reservations than places. Restore a backup from before the file was changed.", status: EX_DATAERR)
            }
            if repair.repaired.isEmpty { print("Every counter agrees with its reservations; nothing was changed.") }
            return EX_OK
        } catch {
            return complain("The counters cannot be repaired: \(error)", status: EX_IOERR)
        }
    }

    private func restore(_ backup: String) -> Int32 {
        do throws(RestoreError) {
            let outcome = try Restoration(database: database, backup: backup).run(now: SystemClock.now())
            print(
                "restored \(backup) to \(database): \(outcome.reservations) live reservations, the last of all is number \(outcome.lastReservation)"
            )
            if let aside = outcome.movedAside { print("the former database is \(aside); remove it when it is of no more use") }
            return EX_OK
        } catch {
            return complain(error.message, status: EX_UNAVAILABLE)
        }
    }

    private func complain(_ message: String, status: Int32) -> Int32 {
        LogDestination.complain(message, program: "reservationd")
        return status
    }

    private static func environment(_ name: String) -> String? {
        getenv("RESERVATION_\(name)").map { String(cString: $0) }
    }

    private static func flag(_ option: Bool, _ name: String) throws -> Bool {
        if option { return true }
        switch environment(name)?.lowercased() {
        case nil, "", "0", "false", "no": return false
        case "1", "true", "yes": return true
        default: throw ValidationError("RESERVATION_\(name) must be 1 or 0")
        }
    }

    private static func number(_ option: Int?, _ name: String, in range: ClosedRange<Int>, default fallback: Int) throws -> Int {
        let text = environment(name)
        guard let value = option ?? (text == nil ? fallback : text.flatMap { Int($0) }), range.contains(value) else {
            throw ValidationError(
                "--\(name.lowercased().replacing("_", with: "-")) must be between \(range.lowerBound) and \(range.upperBound)")
        }
        return value
    }
}
