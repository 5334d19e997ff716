import CoreMetrics

/// What swift-metrics' `Counter` adds to.
final class AtomicCounter: CounterHandler, MetricSeries {
    private let cell = AtomicCells(count: 1)

    func increment(by amount: Int64) {
        // A counter never falls.
        if amount > 0 { cell.add(amount, at: 0) }
    }

    /// Counts since the process began; what reads it takes a smaller number for a new process.
    func reset() {}

    func append(_ labels: [MetricLabel], to samples: inout [MetricSample]) {
        samples.append(MetricSample(labels: labels, value: Double(cell.load(0))))
    }
}
