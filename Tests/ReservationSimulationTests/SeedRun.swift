import Foundation

/// Many seeds, over all cores.
///
/// `RESERVATION_SIMULATION_SEEDS` says how many, `RESERVATION_SEED` from which on; to see one failed seed again, set it and a count of 1.
struct SeedRun: Sendable {
    struct Result: Sendable {
        var counts = RunReport.Counts()
        var failures: [RunReport] = []
    }

    var first: UInt64
    var count: Int
    var weaknesses = Simulation.Weaknesses()

    static func fromEnvironment() -> SeedRun {
        let environment = ProcessInfo.processInfo.environment
        return SeedRun(
            first: environment["RESERVATION_SEED"].flatMap { UInt64($0) } ?? UInt64.random(in: 0...999_999_999_999),
            count: environment["RESERVATION_SIMULATION_SEEDS"].flatMap { Int($0) } ?? 10_000)
    }

    /// Runs all of them; of those that fail some are kept whole.
    func perform() async throws -> Result {
        let workers = ProcessInfo.processInfo.activeProcessorCount
        return try await withThrowingTaskGroup(of: Result.self) { tasks in
            for worker in 0..<workers {
                tasks.addTask {
                    var result = Result()
                    for index in stride(from: worker, to: count, by: workers) {
                        let report = try Simulation(seed: first + UInt64(index), weaknesses: weaknesses).run()
                        result.counts += report.counts
                        if !report.violations.isEmpty, result.failures.count < 100 { result.failures.append(report) }
                    }
                    return result
                }
            }
            var whole = Result()
            for try await part in tasks {
                whole.counts += part.counts
                whole.failures += part.failures
            }
            whole.failures.sort { $0.seed < $1.seed }
            return whole
        }
    }

    /// The first seed that fails; nil when none does.
    func firstFailure() throws -> RunReport? {
        for index in 0..<count {
            let report = try Simulation(seed: first + UInt64(index), weaknesses: weaknesses).run()
            if !report.violations.isEmpty { return report }
        }
        return nil
    }
}

extension RunReport: CustomStringConvertible {
    /// What went wrong, how it came to that, and how to see it again.
    var description: String {
        let path = FileManager.default.temporaryDirectory.appending(path: "simulation-\(seed).trace").path
        try? trace.entries.map(\.description).joined(separator: "\n").write(toFile: path, atomically: true, encoding: .utf8)
        return """
            seed \(seed):
            \(violations.prefix(10).joined(separator: "\n"))
            the end of its trace (whole: \(path)):
            \(trace.entries.suffix(40).map(\.description).joined(separator: "\n"))
            again: RESERVATION_SEED=\(seed) RESERVATION_SIMULATION_SEEDS=1 swift test --filter ReservationSimulationTests
            """
    }
}

extension RunReport.Counts: CustomStringConvertible {
    private var parts: [(name: String, count: Int)] {
        [
            ("seeds", seeds), ("calls", calls), ("answers", answers), ("replays", replays), ("refusals", refusals), ("full", full),
            ("unknown outcomes", unknown), ("failures", failures), ("cancelled", cancelled), ("overloaded", overloaded),
            ("kills", crashes), ("restarts", restarts), ("drains", drains), ("dropped connections", drops), ("storage faults", faults),
            ("reservations cancelled", cancellations), ("reservations moved", moves), ("watches begun", watches),
            ("watches interrupted", interruptions), ("changes told", changes),
            ("messages leased", leases), ("leases left", lapses), ("messages postponed", postponed), ("reports too late", lateReports),
            ("messages sent again", duplicates),
        ]
    }

    var description: String { parts.map { "\($0.name) \($0.count)" }.joined(separator: ", ") }

    /// Kinds of which there was none.
    var unseen: [String] { parts.filter { $0.count == 0 }.map(\.name) }
}
