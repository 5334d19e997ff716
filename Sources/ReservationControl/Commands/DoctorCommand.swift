import ArgumentParser
import ReservationWire

/// `doctor`.
struct DoctorCommand: ControlCommand {
    static let noun = "doctor"
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check the daemon's database and invariants; exit 1 when something is wrong.",
        discussion: """
            The daemon copies its database while bookings go on, and checks the copy, for which its disk needs as much space again for a \
            while. With --repair it first corrects what is safe to correct: counts of places that are not the number of live \
            reservations, and slots that are FULL or ACTIVE and should not be.
            """)

    /// The checks read the whole database, and a deadline is never longer than this (RSV/1).
    private static let patience = Duration.milliseconds(Int64(WireLimits.maxDeadlineMilliseconds))

    @ParentCommand var root: ReservationCommand
    @OptionGroup(title: "Common options") var global: GlobalOptions

    @Flag(help: "First correct wrong counts of places and wrong statuses of slots.")
    var repair = false

    func perform(in session: ControlSession) async throws(ControlFailure) -> Report {
        try await session.knock()
        let request = DoctorRequest(repair: try session.options.flag(repair, "repair") ? true : nil)
        let progress = ProgressLine()
        progress.show("examining a copy of the database")
        defer { progress.end() }
        let findings = try await session.ask(Doctor.self, request, timeout: max(session.timeout, Self.patience)).findings
        let report = session.report(
            text: {
                var table = TextTable([.text("RESULT"), .text("CHECK"), .text("DETAIL")])
                for finding in findings { table.add([finding.ok ? "ok" : "FAILED", finding.check, finding.detail]) }
                return table.text
            }, json: { JSONDocument.report(.findings, findings) })
        let failed = findings.filter { !$0.ok }
        guard failed.isEmpty else {
            throw ControlFailure(
                .refused,
                "\(failed.count) of \(findings.count) checks failed: read their details; "
                    + "reservationctl doctor --repair corrects wrong counts of places",
                report: report)
        }
        return report
    }
}
