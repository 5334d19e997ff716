/// Runs one random sequence after another until ledger and model part or enough steps are done.
struct ModelSearch {
    let folder: ModelFolder
    var mutation: Mutation?
    private(set) var coverage = ModelCoverage()
    private(set) var steps = 0
    private(set) var runs = 0

    init(in folder: ModelFolder, mutation: Mutation? = nil) {
        self.folder = folder
        self.mutation = mutation
    }

    /// A sequence on which ledger and model part, made as short as it goes.
    struct Finding: Error {
        var seed: UInt64
        var step: Int
        var reason: String
        var shortest: [ModelStep]

        /// What a developer needs in order to see it again.
        var report: String {
            """
            The ledger and the model part in step \(step); run it again with RESERVATION_SEED=\(seed).
            As short as it goes:
            \(reason)
            Paste into ModelRegressionTests: \(shortest.source)
            """
        }
    }

    /// - Parameter seed: of the first run; each run after it has the next.
    mutating func run(steps limit: Int, seed first: UInt64) throws -> Finding? {
        while steps < limit {
            let seed = first &+ UInt64(runs)
            var generator = StepGenerator(seed: seed)
            let sequence = generator.sequence()
            let result = try ModelRun.run(sequence, in: folder, mutation: mutation)
            runs += 1
            steps += sequence.count
            coverage.add(result.coverage)
            guard let failure = result.failure else { continue }
            let shortest = try shrink(Array(sequence.prefix(failure.step + 1)))
            let reason = try ModelRun.run(shortest, in: folder, mutation: mutation).failure?.reason ?? failure.reason
            return Finding(seed: seed, step: failure.step, reason: reason, shortest: shortest)
        }
        return nil
    }

    private func shrink(_ steps: [ModelStep]) throws -> [ModelStep] {
        var shrinker = StepShrinker { [folder, mutation] steps in
            try ModelRun.run(steps, in: folder, mutation: mutation).failure?.step
        }
        return try shrinker.shrink(steps)
    }
}
