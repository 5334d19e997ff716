import Synchronization

/// Bounds how many ticket codes one address can try: only validations that failed count, so that no honest visitor is ever stopped for
/// what others behind the same address do successfully.
///
/// A sliding window: failures of this minute, and those of the minute before weighted by how much of it still lies within the last 60
/// seconds. Requests that are under way together may pass together; what is bounded is the rate.
final class FailedValidationLimit: Sendable {
    static let windowSeconds = 60.0
    /// Most addresses remembered of a minute. When more fail, the minute ends early: memory stays bounded, and the limit gets coarser only
    /// for those who attack from a hundred thousand addresses.
    static let addresses = 65_536

    private struct State {
        var windowStart = 0.0
        var current: [IPAddress: Int] = [:]
        var previous: [IPAddress: Int] = [:]
    }

    private let limit: Int
    private let state = Mutex(State())

    init(perMinute limit: Int) {
        self.limit = limit
    }

    /// - Parameters:
    ///   - subscriber: see ``IPAddress/subscriber``.
    ///   - now: seconds on a clock that never goes back.
    /// - Returns: nil when the address may try, else the whole seconds after which it may again, at least 1.
    func secondsToWait(_ subscriber: IPAddress, now: Double) -> Int? {
        state.withLock { state in
            Self.turn(&state, now: now)
            let current = Double(state.current[subscriber] ?? 0)
            let previous = Double(state.previous[subscriber] ?? 0)
            if current == 0 && previous == 0 { return nil }
            let passed = (now - state.windowStart) / Self.windowSeconds
            let limit = Double(limit)
            guard previous * (1 - passed) + current >= limit else { return nil }
            // When the sum falls below the limit: within this window as the previous one fades, or within the next as this one does.
            let part = current < limit ? 1 - (limit - current) / previous - passed : 1 - passed + (1 - limit / current)
            return max(1, Int((part * Self.windowSeconds).rounded(.down)) + 1)
        }
    }

    /// Counts a failed validation.
    func countFailure(_ subscriber: IPAddress, now: Double) {
        state.withLock { state in
            Self.turn(&state, now: now)
            if state.current.count >= Self.addresses, state.current[subscriber] == nil {
                state.previous = state.current
                state.current = [:]
                state.windowStart = now
            }
            state.current[subscriber, default: 0] += 1
        }
    }

    /// How many addresses are remembered.
    var rememberedAddresses: Int { state.withLock { $0.current.count + $0.previous.count } }

    private static func turn(_ state: inout State, now: Double) {
        let passed = now - state.windowStart
        guard passed >= windowSeconds else { return }
        state.previous = passed < 2 * windowSeconds ? state.current : [:]
        state.current = [:]
        state.windowStart += (passed / windowSeconds).rounded(.down) * windowSeconds
    }
}
