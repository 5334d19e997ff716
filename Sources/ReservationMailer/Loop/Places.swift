import Synchronization

/// How many more deliveries may be at hand: bounds what one mailer has leased.
final class Places: Sendable {
    private struct State {
        var free: Int
        var waiter: (atLeast: Int, continuation: CheckedContinuation<Int, Never>)?
    }

    private let state: Mutex<State>

    init(_ count: Int) {
        state = Mutex(State(free: count))
    }

    /// Waits until so many are free. For one task at a time.
    ///
    /// - Returns: how many there are; they stay free until they are taken.
    func free(atLeast count: Int) async -> Int {
        await withCheckedContinuation { continuation in
            let free: Int? = state.withLock { state in
                if state.free >= count { return state.free }
                state.waiter = (count, continuation)
                return nil
            }
            if let free { continuation.resume(returning: free) }
        }
    }

    func take(_ count: Int) {
        state.withLock { $0.free -= count }
    }

    func giveBack() {
        let woken: (continuation: CheckedContinuation<Int, Never>, free: Int)? = state.withLock { state in
            state.free += 1
            guard let waiter = state.waiter, state.free >= waiter.atLeast else { return nil }
            state.waiter = nil
            return (waiter.continuation, state.free)
        }
        if let woken { woken.continuation.resume(returning: woken.free) }
    }
}
