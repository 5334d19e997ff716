import Testing

/// What the simulation is worth: each promise is broken once, through the seams, and must be found broken.
@Suite("broken promises are found out")
struct WeaknessTests {
    /// More than ten times as many as it took for the one that hides best.
    static let patience = 3_000

    @Test("by the storage", arguments: StorageWeakness.allCases)
    func storage(weakness: StorageWeakness) throws {
        try expectFound(Simulation.Weaknesses(storage: weakness), named: "\(weakness)")
    }

    @Test("by the client", arguments: ClientWeakness.allCases)
    func client(weakness: ClientWeakness) throws {
        try expectFound(Simulation.Weaknesses(client: weakness), named: "\(weakness)")
    }

    @Test("by the watcher", arguments: WatcherWeakness.allCases)
    func watcher(weakness: WatcherWeakness) throws {
        try expectFound(Simulation.Weaknesses(watcher: weakness), named: "\(weakness)")
    }

    @Test("by a mailer", arguments: MailerWeakness.allCases)
    func mailer(weakness: MailerWeakness) throws {
        try expectFound(Simulation.Weaknesses(mailer: weakness), named: "\(weakness)")
    }

    private func expectFound(_ weaknesses: Simulation.Weaknesses, named name: String) throws {
        let first = SeedRun.fromEnvironment().first
        let run = SeedRun(first: first, count: Self.patience, weaknesses: weaknesses)
        let report = try #require(try run.firstFailure(), "no seed from \(first) on shows that a party \(name)")
        print("simulation: \(name) was found after \(report.seed - first + 1) seeds: \(report.violations.first ?? "")")
    }
}
