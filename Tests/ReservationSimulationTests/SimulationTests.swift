import Foundation
import Testing

@Suite("daemon and clients in one simulated world")
struct SimulationTests {
    @Test("whatever breaks, every seed keeps the promises to every caller")
    func seeds() async throws {
        let run = SeedRun.fromEnvironment()
        print("simulation: \(run.count) seeds from RESERVATION_SEED=\(run.first)")
        // One seed alone is run to be looked at.
        if run.count == 1 { print(try Simulation(seed: run.first).run().description) }
        let begun = ContinuousClock.now
        let result = try await run.perform()
        print("simulation: \(result.counts) in \(ContinuousClock.now - begun)")
        for failure in result.failures.prefix(3) { Issue.record("\(failure.description)") }
        #expect(result.failures.isEmpty, "\(result.failures.count) of \(run.count) seeds: \(result.failures.prefix(20).map(\.seed))")
        guard run.count >= 1000 else { return }
        #expect(result.counts.unseen.isEmpty, "not one of these was seen, so nothing was proven about them")
    }

    @Test("nothing of a run stays in memory: no connection, no daemon that was killed, no client that gave up")
    func memory() throws {
        let first = SeedRun.fromEnvironment().first
        for seed in first..<first + 200 {
            let report = try Simulation(seed: seed).run()
            #expect(report.remains.names.isEmpty, "seed \(seed) leaves \(report.remains.names)")
        }
    }

    @Test("the same seed is the same run, step by step")
    func determinism() throws {
        let first = SeedRun.fromEnvironment().first
        for seed in first..<first + 200 {
            let once = try Simulation(seed: seed).run()
            let again = try Simulation(seed: seed).run()
            #expect(once.trace.hash == again.trace.hash, "seed \(seed)")
            guard once.trace.hash == again.trace.hash else { return }
        }
    }
}
