/// A histogram's buckets, for what can be told from them.
package struct Distribution: Sendable, Equatable {
    /// Upper bounds and how many values lay up to each, ascending; the last bound is infinite.
    package private(set) var buckets: [(bound: Double, count: Double)] = []
    package private(set) var sum = 0.0

    package init() {}

    /// The sum of all series of a histogram that have these labels.
    package init(_ family: ExposedFamily?, where isWanted: (MetricSample) -> Bool = { _ in true }) {
        var counts: [Double: Double] = [:]
        for sample in family?.samples ?? [] where isWanted(sample) {
            switch sample.part {
            case .bucket:
                guard let text = sample["le"], let bound = text == "+Inf" ? .infinity : Double(text) else { continue }
                counts[bound, default: 0] += sample.value
            case .sum: sum += sample.value
            case .count, .value: break
            }
        }
        buckets = counts.sorted { $0.key < $1.key }.map { ($0.key, $0.value) }
    }

    package var count: Double { buckets.last?.count ?? 0 }

    /// How many values lay in each bucket alone.
    package var parts: [(bound: Double, count: Double)] {
        buckets.indices.map { (buckets[$0].bound, buckets[$0].count - ($0 > 0 ? buckets[$0 - 1].count : 0)) }
    }

    /// As Prometheus' `histogram_quantile` estimates it: evenly spread within a bucket; the last finite bound for what lies above it.
    ///
    /// - Returns: nil when nothing was observed.
    package func quantile(_ quantile: Double) -> Double? {
        guard count > 0, let index = buckets.firstIndex(where: { $0.count >= quantile * count }) else { return nil }
        let lower = index > 0 ? buckets[index - 1].bound : 0
        let upper = buckets[index].bound
        guard upper.isFinite else { return lower }
        let below = index > 0 ? buckets[index - 1].count : 0
        let inside = buckets[index].count - below
        return inside > 0 ? lower + (upper - lower) * (quantile * count - below) / inside : upper
    }

    package static func == (left: Distribution, right: Distribution) -> Bool {
        left.sum == right.sum && left.buckets.elementsEqual(right.buckets) { $0 == $1 }
    }
}
