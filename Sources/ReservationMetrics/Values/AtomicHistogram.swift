import CoreMetrics

/// What swift-metrics' `Timer` and `Recorder` observe into: two atomic additions an observation.
final class AtomicHistogram: TimerHandler, RecorderHandler, MetricSeries {
    private let buckets: HistogramBuckets
    /// One for each bound, one for what lies above all, and the sum.
    private let cells: AtomicCells

    init(_ buckets: HistogramBuckets) {
        self.buckets = buckets
        cells = AtomicCells(count: buckets.bounds.count + 2)
    }

    func recordNanoseconds(_ duration: Int64) { observe(duration) }

    func record(_ value: Int64) { observe(value) }

    func record(_ value: Double) { observe(Int64(value.rounded())) }

    private func observe(_ value: Int64) {
        let value = max(0, value)
        cells.add(1, at: buckets.index(of: value))
        cells.add(value, at: buckets.bounds.count + 1)
    }

    func append(_ labels: [MetricLabel], to samples: inout [MetricSample]) {
        var count: Int64 = 0
        for index in 0...buckets.bounds.count {
            count += cells.load(index)
            samples.append(
                MetricSample(part: .bucket, labels: labels + [MetricLabel("le", buckets.label(index))], value: Double(count)))
        }
        samples.append(
            MetricSample(part: .sum, labels: labels, value: Double(cells.load(buckets.bounds.count + 1)) / buckets.unitsPerValue))
        // Of the buckets, so that the two always agree.
        samples.append(MetricSample(part: .count, labels: labels, value: Double(count)))
    }
}

/// The upper bounds of a histogram.
package struct HistogramBuckets: Sendable, Hashable {
    /// In the unit that is recorded, ascending.
    let bounds: [Int64]
    /// How many of these units are one of what is shown.
    let unitsPerValue: Double

    /// Recorded in nanoseconds, shown in seconds.
    package static func seconds(_ bounds: [Double]) -> HistogramBuckets {
        HistogramBuckets(bounds: bounds.map { Int64(($0 * 1e9).rounded()) }, unitsPerValue: 1e9)
    }

    /// Recorded as it is shown.
    package static func numbers(_ bounds: [Int64]) -> HistogramBuckets {
        HistogramBuckets(bounds: bounds, unitsPerValue: 1)
    }

    /// From a tenth of a millisecond to ten seconds: what a request or a commit takes, with two or three steps a decade.
    package static let latency = seconds([
        0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10,
    ])

    /// The first bound that is not below the value; one past the last for what is above all.
    @inline(__always)
    func index(of value: Int64) -> Int {
        var index = 0
        while index < bounds.count, bounds[index] < value { index += 1 }
        return index
    }

    func label(_ index: Int) -> String {
        index < bounds.count ? MetricText.number(Double(bounds[index]) / unitsPerValue) : "+Inf"
    }
}
