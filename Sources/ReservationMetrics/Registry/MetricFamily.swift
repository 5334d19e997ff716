/// A metric under its name: what it means and of what kind it is.
package struct MetricFamily: Sendable, Hashable {
    package enum Kind: Sendable, Hashable {
        case counter
        case gauge
        case histogram(HistogramBuckets)

        /// In the exposition.
        var word: String {
            switch self {
            case .counter: "counter"
            case .gauge: "gauge"
            case .histogram: "histogram"
            }
        }
    }

    package let name: String
    package let help: String
    package let kind: Kind

    private init(_ name: String, _ help: String, _ kind: Kind) {
        self.name = name
        self.help = help
        self.kind = kind
    }

    /// What only rises while the process lives.
    package static func counter(_ name: String, _ help: String) -> MetricFamily { MetricFamily(name, help, .counter) }

    /// What rises and falls.
    package static func gauge(_ name: String, _ help: String) -> MetricFamily { MetricFamily(name, help, .gauge) }

    /// How often values lay below each bound.
    package static func histogram(_ name: String, _ help: String, _ buckets: HistogramBuckets = .latency) -> MetricFamily {
        MetricFamily(name, help, .histogram(buckets))
    }
}
