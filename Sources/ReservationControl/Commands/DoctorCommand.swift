import ArgumentParser
import ReservationWire

/// `doctor`.
struct DoctorCommand: ControlCommand {
    static let noun = "doctor"
    static let configuration = CommandConfiguration(
        commandName: "doctor", abstract: "Check the daemon's database and invariants; exit 1 when something is wrong.")

    /// The checks read the whole database, and a deadline is never longer than this (RSV/1).
    private static let patience = Duration.milliseconds(Int64(WireLimits.maxDeadlineMilliseconds))

    @ParentCommand var root: ReservationCommand
    @OptionGroup(title: "Common options") var global: GlobalOptions

    func perform(in session: ControlSession) async throws(ControlFailure) -> Report {
        try await session.knock()
        let findings = try await session.ask(Doctor.self, DoctorRequest(), timeout: max(session.timeout, Self.patience)).findings
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
                    + "reservationd --repair-counters corrects wrong counts of places",
                report: report)
        }
        return report
    }
}
