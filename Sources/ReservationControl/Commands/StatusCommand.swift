import ArgumentParser
import ReservationCore
import ReservationWire

/// `status`.
struct StatusCommand: ControlCommand {
    static let noun = "status"
    static let configuration = CommandConfiguration(commandName: "status", abstract: "Show how the daemon is.")

    @ParentCommand var root: ReservationCommand
    @OptionGroup(title: "Common options") var global: GlobalOptions

    func perform(in session: ControlSession) async throws(ControlFailure) -> Report {
        let status = try await session.ask(DaemonStatus.self, DaemonStatusRequest())
        return session.report(text: { Self.text(status) }, json: { .json(status) })
    }

    private static func text(_ status: DaemonStatusResponse) -> String {
        TextTable.keyValues([
            ("writable", status.writable ? "yes" : "no: the database cannot be written, see the daemon's log"),
            ("version", status.softwareVersion),
            ("instance", hexadecimal(status.instanceID)),
            ("uptime", duration(seconds: status.uptimeSeconds)),
            ("organizations", String(status.organizationCount)),
            ("slots", String(status.slotCount)),
            ("tickets", String(status.ticketCount)),
            ("reservations", String(status.reservationCount)),
            ("confirmations to send", String(status.outboxPendingCount)),
            ("oldest of them", status.outboxOldestSeconds.map { "queued \(duration(seconds: $0)) ago" } ?? "-"),
            ("confirmations sent", String(status.outboxSentCount)),
            ("confirmations failed", failed(status.outboxFailedCount)),
            ("connections", String(status.connectionCount)),
            ("queue", String(status.queueDepth)),
            ("requests", String(status.requestCount)),
            ("batches", String(status.batchCount)),
            ("commits", String(status.commitCount)),
            ("mean commit", status.commitCount == 0 ? "-" : "\(status.commitTimeMicroseconds / status.commitCount) µs"),
            ("database", "\(status.databaseBytes) bytes"),
            ("last backup", status.lastBackupAt.map { UTCTimestamp($0).description } ?? "none known: see reservationctl backup --help"),
        ])
    }

    private static func failed(_ count: UInt64) -> String {
        count == 0 ? "0" : "\(count): see reservationctl outbox list --status FAILED"
    }

    private static func hexadecimal(_ value: UInt128) -> String {
        let digits = String(value, radix: 16)
        return String(repeating: "0", count: 32 - digits.utf8.count) + digits
    }

    /// `3d 04:05:06`.
    static func duration(seconds: UInt64) -> String {
        func two(_ number: UInt64) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let clock = "\(two(seconds / 3600 % 24)):\(two(seconds / 60 % 60)):\(two(seconds % 60))"
        return seconds < 86_400 ? clock : "\(seconds / 86_400)d \(clock)"
    }
}
