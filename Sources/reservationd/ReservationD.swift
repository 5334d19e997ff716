import ArgumentParser
import Glibc
import Logging
import ReservationCore
import ReservationDaemon
import ReservationLog
import ReservationProcess
import ReservationStore
import ServiceLifecycle

/// The daemon that owns the reservations.
@main
struct ReservationD: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reservationd",
        abstract: "Owns the reservations: decides, stores and answers on Unix sockets.",
        discussion: """
            Under systemd the sockets are handed over (LISTEN_FDS, named gateway, service and admin); otherwise they are made in \
            --socket-directory. Each option can also be given as an environment variable, RESERVATION_DATABASE for --database and so on.
            """,
        version: SoftwareVersion.current)

    @Option(help: "The SQLite database; made when missing. Its directory must exist.")
    var database: String?

    @Option(help: "Where gateway.sock, service.sock and admin.sock are made.")
    var socketDirectory: String?

    @Option(help: "Fewest digits of a telephone number. (default: 7)")
    var phoneMinimumDigits: Int?

    @Option(help: "Seconds that callers have to fetch their answers after SIGTERM. (default: 10)")
    var drainSeconds: Int?

    @Option(help: "Days after which a confirmation that was sent or cancelled is forgotten. (default: 30)")
    var outboxRetentionDays: Int?

    @Option(help: "Days for which services can ask for what happened. (default: 7)")
    var keepEvents: Int?

    @Flag(help: "Queue a notice by SMS with each reservation, for a mailer that has --sms.")
    var smsNotices = false

    @Option(help: "Least level that is logged: trace, debug, info, notice, warning, error or critical. (default: info)")
    var logLevel: String?

    @Option(help: "Where the log goes: auto, journald or stderr. (default: auto)")
    var log: String?

    @Flag(help: "Recompute the counters of places from the reservations, tell what was changed, and end. Stop the daemon first.")
    var repairCounters = false

    @Option(
        help: ArgumentHelp(
            "Put a backup in the database's place, and end. Stop the daemon first; the present database is moved aside.",
            valueName: "backup"))
    var restore: String?

    func run() async throws {
        let settings = try ReservationDSettings(self)
        LogDestination.bootstrap(program: "reservationd", level: settings.logLevel, destination: settings.log)
        DescriptorLimit.raise()
        let status = await settings.run(try task)
        LogDestination.flush()
        Glibc.exit(status)
    }

    private var task: ReservationDTask {
        get throws {
            switch (repairCounters, restore) {
            case (false, nil): return .serve
            case (true, nil): return .repairCounters
            case (false, let backup?): return .restore(backup)
            case (true, .some): throw ValidationError("--restore and --repair-counters are done one after the other")
            }
        }
    }
}
