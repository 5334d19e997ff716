import Testing

@testable import ReservationDaemon

@Suite("The ledger and its reference model")
struct ModelTests {
    @Test("the ledger answers and holds what the model predicts, whatever comes in whatever order")
    func agreement() throws {
        let options = try ModelOptions()
        var search = ModelSearch(in: try ModelFolder())
        let start = ContinuousClock.now
        if let finding = try search.run(steps: options.steps, seed: options.seed) {
            Issue.record(Comment(rawValue: finding.report))
            return
        }
        print(
            "model: \(search.steps) steps in \(search.runs) runs from seed \(options.seed) in \(ContinuousClock.now - start): "
                + search.coverage.summary)
        // A generator that never fills a slot proves nothing about full slots.
        if search.steps >= 10_000 { #expect(search.coverage.missing == []) }
    }

    @Test("a store that is wrong is found within some thousand steps, and what shows it is short", arguments: Mutation.allCases)
    func finds(mutation: Mutation) throws {
        var search = ModelSearch(in: try ModelFolder(), mutation: mutation)
        let options = try ModelOptions()
        let finding = try #require(try search.run(steps: 20_000, seed: options.seed), "seed \(options.seed)")
        print("model: \(mutation) was found after \(search.steps) steps:", finding.shortest.source)
        #expect(finding.shortest.count <= 6, "\(finding.report)")
        // It is the mutation that is found, not something that was wrong before.
        #expect(try ModelRun.run(finding.shortest, in: search.folder).failure == nil)
    }
}
