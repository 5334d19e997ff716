import Histogram

/// How long answers took, in microseconds, from an HdrHistogram with three digits.
struct Latencies: Sendable {
    let p50: Double
    let p95: Double
    let p99: Double
    let p999: Double
    let max: Double

    /// - Parameter nanoseconds: each answer's.
    init(_ nanoseconds: [Int64]) {
        var histogram = Histogram<UInt32>(highestTrackableValue: 3_600_000_000_000, numberOfSignificantValueDigits: .three)
        for value in nanoseconds { histogram.record(UInt64(clamping: value)) }
        func microseconds(_ percentile: Double) -> Double { Double(histogram.valueAtPercentile(percentile)) / 1000 }
        p50 = microseconds(50)
        p95 = microseconds(95)
        p99 = microseconds(99)
        p999 = microseconds(99.9)
        max = Double(histogram.max) / 1000
    }
}
