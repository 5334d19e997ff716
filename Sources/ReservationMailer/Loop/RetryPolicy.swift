import ReservationCore

/// When a message that could not be sent is tried again, and when that is given up: a pure rule.
package struct RetryPolicy: Hashable, Sendable {
    /// The bound of the first pause; it doubles from attempt to attempt.
    package var base: Duration
    /// What the bound grows to.
    package var longest: Duration
    /// From when it was queued first; what is older is given up when it fails.
    package var giveUpAfter: Duration

    package init(base: Duration = .seconds(5), longest: Duration = .seconds(3600), giveUpAfter: Duration = .seconds(24 * 3600)) {
        self.base = base
        self.longest = longest
        self.giveUpAfter = giveUpAfter
    }

    package enum Decision: Hashable, Sendable {
        case again(after: Duration)
        case giveUp
    }

    /// - Parameters:
    ///   - attempt: the one that failed, 1 for the first.
    ///   - asked: what the provider asked for; never undercut.
    ///   - draw: how chance picks one of a range.
    package func decision(
        attempt: Int, firstQueuedAt: Instant, now: Instant, asked: Duration?, draw: (ClosedRange<Int64>) -> Int64 = { .random(in: $0) }
    ) -> Decision {
        if .seconds(now.seconds - firstQueuedAt.seconds) >= giveUpAfter { return .giveUp }
        return .again(after: (asked ?? .zero) + pause(attempt: attempt, draw: draw))
    }

    /// Drawn evenly below the bound ("full jitter"): after an outage the messages that it has gathered do not come all at once.
    package func pause(attempt: Int, draw: (ClosedRange<Int64>) -> Int64 = { .random(in: $0) }) -> Duration {
        let doublings = min(max(attempt, 1) - 1, 30)
        let bound = min(longest, base * (1 << doublings))
        return .milliseconds(draw(0...max(0, Int64(bound / .milliseconds(1)))))
    }
}
