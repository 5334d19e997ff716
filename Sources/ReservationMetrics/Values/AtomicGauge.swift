import CoreMetrics

/// What swift-metrics' `Gauge` and `Meter` set.
final class AtomicGauge: RecorderHandler, MeterHandler, MetricSeries {
    /// The bits of a Double: 0.0 has none.
    private let cell = AtomicCells(count: 1)

    func record(_ value: Int64) { record(Double(value)) }

    func record(_ value: Double) { cell.store(Int64(bitPattern: value.bitPattern), at: 0) }

    func set(_ value: Int64) { record(value) }

    func set(_ value: Double) { record(value) }

    func increment(by amount: Double) {
        while true {
            let old = cell.load(0)
            let new = Double(bitPattern: UInt64(bitPattern: old)) + amount
            if cell.exchange(old, for: Int64(bitPattern: new.bitPattern), at: 0) { return }
        }
    }

    func decrement(by amount: Double) { increment(by: -amount) }

    func append(_ labels: [MetricLabel], to samples: inout [MetricSample]) {
        samples.append(MetricSample(labels: labels, value: Double(bitPattern: UInt64(bitPattern: cell.load(0)))))
    }
}
