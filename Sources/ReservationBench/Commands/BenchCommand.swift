import ArgumentParser

/// The benchmark's load program.
package struct BenchCommand: AsyncParsableCommand {
    package static let configuration = CommandConfiguration(
        commandName: "reservation-bench",
        abstract: "Measures a running reservationd, or anything that speaks the public HTTP contract.",
        discussion: "deploy/benchmark.sh runs it for every figure that the project promises.",
        subcommands: [LoadCommand.self, StockCommand.self])

    package init() {}
}
