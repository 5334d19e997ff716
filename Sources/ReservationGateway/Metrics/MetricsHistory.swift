import Synchronization

/// A few totals every ten seconds, for the last three hours: enough for a line and for what has just happened, in memory of a fixed size.
package final class MetricsHistory: Sendable {
    package static let interval = Duration.seconds(10)
    static let length = 1080

    /// What had been counted at a moment.
    struct Sample: Sendable, Equatable {
        /// Seconds on a clock that never goes back.
        var at: Double
        var validated = 0.0
        var refusedCodes = 0.0
        var reserved = 0.0
        var slotFull = 0.0
        var attempts = 0.0
    }

    private let samples = Mutex<[Sample]>([])

    package init() {}

    func add(_ sample: Sample) {
        samples.withLock { samples in
            if samples.count >= Self.length { samples.removeFirst(samples.count - Self.length + 1) }
            samples.append(sample)
        }
    }

    /// From the oldest on.
    var all: [Sample] { samples.withLock { $0 } }

    /// What has come since then.
    ///
    /// - Parameter seconds: before the last sample; where there is none so old, the oldest counts.
    func growth(over seconds: Double) -> Sample? {
        samples.withLock { samples in
            guard let last = samples.last, let first = samples.first(where: { $0.at >= last.at - seconds }), first.at < last.at else {
                return nil
            }
            return Sample(
                at: last.at - first.at, validated: last.validated - first.validated, refusedCodes: last.refusedCodes - first.refusedCodes,
                reserved: last.reserved - first.reserved, slotFull: last.slotFull - first.slotFull, attempts: last.attempts - first.attempts
            )
        }
    }
}
