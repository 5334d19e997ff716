import Synchronization

/// Bounds how often one address may do something in a minute.
///
/// A sliding window: what happened in this minute, and in the minute before weighted by how much of it still lies within the last 60
/// seconds.
final class AddressLimit: Sendable {
    static let windowSeconds = 60.0
    /// Most addresses remembered of a minute. When there are more, the minute ends early: memory stays bounded, and the limit gets coarser
    /// only for those who attack from tens of thousands of addresses.
    static let addresses = 65_536

    /// An address has reached the limit.
    struct Refusal: Hashable, Sendable {
        /// Whole seconds after which it may go on, at least 1.
        var seconds: Int
        /// Whether it is the address's first one in this minute, so that what is said of it is said once.
        var isFirst: Bool
    }

    private struct State {
        var windowStart = 0.0
        var current: [IPAddress: Int] = [:]
        var previous: [IPAddress: Int] = [:]
        /// Who was refused in this minute. All of them stand in one of the two others, which bounds their number.
        var refused: Set<IPAddress> = []
    }

    /// How often in a minute.
    let perMinute: Int
    private let state = Mutex(State())

    init(perMinute: Int) {
        self.perMinute = perMinute
    }

    /// Whether an address is at its limit; nil when it is not. Counts nothing: for what is counted only when its outcome is known. Requests
    /// that are under way together may then pass together; what is bounded is the rate.
    ///
    /// - Parameters:
    ///   - subscriber: see ``IPAddress/subscriber``.
    ///   - now: seconds on a clock that never goes back.
    func refusal(of subscriber: IPAddress, now: Double) -> Refusal? {
        state.withLock { state in
            Self.turn(&state, now: now)
            return refusal(of: subscriber, &state, now: now)
        }
    }

    /// Counts once.
    func count(_ subscriber: IPAddress, now: Double) {
        state.withLock { state in
            Self.turn(&state, now: now)
            Self.count(subscriber, &state, now: now)
        }
    }

    /// Counts once unless the address is at its limit; of those who ask together no more pass than may.
    func take(_ subscriber: IPAddress, now: Double) -> Refusal? {
        state.withLock { state in
            Self.turn(&state, now: now)
            if let refusal = refusal(of: subscriber, &state, now: now) { return refusal }
            Self.count(subscriber, &state, now: now)
            return nil
        }
    }

    /// Takes back what was counted a moment ago.
    func giveBack(_ subscriber: IPAddress, now: Double) {
        state.withLock { state in
            Self.turn(&state, now: now)
            if !Self.lower(&state.current, subscriber) { Self.lower(&state.previous, subscriber) }
        }
    }

    /// How many addresses are remembered.
    var rememberedAddresses: Int { state.withLock { $0.current.count + $0.previous.count } }

    private func refusal(of subscriber: IPAddress, _ state: inout State, now: Double) -> Refusal? {
        let current = Double(state.current[subscriber] ?? 0)
        let previous = Double(state.previous[subscriber] ?? 0)
        if current == 0 && previous == 0 { return nil }
        let passed = (now - state.windowStart) / Self.windowSeconds
        let limit = Double(perMinute)
        guard previous * (1 - passed) + current >= limit else { return nil }
        // When the sum falls below the limit: within this window as the previous one fades, or within the next as this one does.
        let part = current < limit ? 1 - (limit - current) / previous - passed : 1 - passed + (1 - limit / current)
        let isFirst = state.refused.insert(subscriber).inserted
        return Refusal(seconds: max(1, Int((part * Self.windowSeconds).rounded(.down)) + 1), isFirst: isFirst)
    }

    private static func count(_ subscriber: IPAddress, _ state: inout State, now: Double) {
        if state.current.count >= addresses, state.current[subscriber] == nil { begin(&state, at: now, remembering: true) }
        state.current[subscriber, default: 0] += 1
    }

    private static func turn(_ state: inout State, now: Double) {
        let passed = now - state.windowStart
        guard passed >= windowSeconds else { return }
        let start = state.windowStart + (passed / windowSeconds).rounded(.down) * windowSeconds
        begin(&state, at: start, remembering: passed < 2 * windowSeconds)
    }

    private static func begin(_ state: inout State, at start: Double, remembering: Bool) {
        state.previous = remembering ? state.current : [:]
        state.current = [:]
        state.refused = []
        state.windowStart = start
    }

    @discardableResult
    private static func lower(_ counts: inout [IPAddress: Int], _ subscriber: IPAddress) -> Bool {
        guard let count = counts[subscriber] else { return false }
        counts[subscriber] = count > 1 ? count - 1 : nil
        return true
    }
}
