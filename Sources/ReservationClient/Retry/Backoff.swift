import NIOCore

/// Pauses between attempts to connect: the bound doubles from attempt to attempt, the pause is drawn below it ("full jitter").
struct Backoff {
    private let first: Int64
    private let last: Int64
    private var bound: Int64

    /// - Parameter range: the first bound and the one it grows to.
    init(_ range: ClosedRange<Duration>) {
        self.first = max(1, TimeAmount(clamping: range.lowerBound).nanoseconds)
        self.last = max(first, TimeAmount(clamping: range.upperBound).nanoseconds)
        self.bound = first
    }

    /// How long to wait before the next attempt.
    mutating func next(using generator: inout some RandomNumberGenerator) -> TimeAmount {
        let pause = Int64.random(in: 0...bound, using: &generator)
        bound = bound > last / 2 ? last : bound * 2
        return .nanoseconds(pause)
    }

    /// The daemon answered: the next pause is short again.
    mutating func reset() {
        bound = first
    }
}

extension TimeAmount {
    /// A duration held between 0 and a year, so that adding it to a point in time cannot overflow.
    init(clamping duration: Duration) {
        self = TimeAmount(min(max(duration, .zero), .seconds(31_536_000)))
    }
}
