import ArgumentParser
import Glibc
import ReservationCore
import ReservationWire

/// `backup`.
struct BackupCommand: ControlCommand {
    static let noun = "backup"
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Write a verified copy of the running daemon's database.",
        discussion: """
            The daemon writes it, while bookings go on, on its own machine: PATH is a directory, where the file is named by the time \
            (reservations-20260131T235959Z.sqlite), or a file that does not exist yet. Under systemd the daemon may write only in its state \
            directory and in /var/backups/reservation-portal. Once this command says that it is done, the copy is on the disk and has \
            passed every check of “doctor”; everything acknowledged before it began is in it. How to restore it is told by “man reservationd”.
            """)

    @ParentCommand var root: ReservationCommand
    @OptionGroup(title: "Common options") var global: GlobalOptions

    @Argument(help: "Where to, on the daemon's machine.")
    var path: String

    @Option(
        help: ArgumentHelp("In a directory: how many backups stay there; older ones are removed once this one is verified.", valueName: "n")
    )
    var keep: String?

    /// Between two questions how it goes.
    private static let interval = Duration.milliseconds(200)

    func perform(in session: ControlSession) async throws(ControlFailure) -> Report {
        let keep = try session.options.optional(keep, "keep", .keptBackups)
        let progress = ProgressLine()
        defer { progress.end() }
        var state = try await session.ask(Backup.self, BackupRequest(path: Self.absolute(path), keep: keep))
        let id = state.backupID
        while state.phase != "DONE" {
            progress.show(Self.words(state))
            do {
                try await Task.sleep(for: Self.interval)
            } catch {
                throw ControlFailure(.tryAgain, "interrupted; the daemon goes on with the backup")
            }
            state = try await session.ask(Backup.self, BackupRequest(backupID: id))
        }
        return session.report(text: { Self.text(state) }, json: { .json(state) })
    }

    /// What is relative here is nothing to the daemon.
    private static func absolute(_ path: String) -> String {
        guard !path.hasPrefix("/"), let directory = getcwd(nil, 0) else { return path }
        defer { free(directory) }
        return "\(String(cString: directory))/\(path)"
    }

    private static func words(_ state: BackupResponse) -> String {
        let share = state.pagesTotal == 0 ? 0 : min(100, state.pagesDone * 100 / state.pagesTotal)
        return switch state.phase {
        case "COPYING": "copying \(share) % of \(state.pagesTotal * 4 / 1024) MiB"
        case "VERIFYING": "copied; verifying"
        default: "waiting for an examination to end"
        }
    }

    private static func text(_ state: BackupResponse) -> String {
        let milliseconds = state.durationMilliseconds ?? 0
        let tenths = (milliseconds + 50) / 100
        return TextTable.keyValues([
            ("backup", PrintableText.escaped(state.path)),
            ("size", "\(state.databaseBytes ?? 0) bytes"),
            ("reservations", String(state.reservationCount ?? 0)),
            ("last reservation", state.lastReservationID.map { $0 == 0 ? "-" : String($0) } ?? "-"),
            ("as of", state.snapshotAt.map { UTCTimestamp($0).description } ?? "-"),
            ("took", "\(tenths / 10).\(tenths % 10) s"),
            ("older ones removed", String(state.removedCount ?? 0)),
        ])
    }
}
