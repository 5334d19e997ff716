import Synchronization

/// Counts the calls that have begun and not ended, so that no more than a bound of them take memory; and the connections.
final class CallGauge: Sendable {
    private let count = Atomic<Int>(0)
    private let made = Atomic<Int>(0)
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    /// Calls that have begun and not ended.
    var current: Int { count.load(ordering: .relaxed) }

    /// Connections that were made so far.
    var connectionsMade: Int { made.load(ordering: .relaxed) }

    func noteConnection() {
        made.add(1, ordering: .relaxed)
    }

    /// - Returns: false when the bound is reached; then nothing is counted.
    func begin() -> Bool {
        if count.add(1, ordering: .relaxed).newValue <= limit { return true }
        count.subtract(1, ordering: .relaxed)
        return false
    }

    func end() {
        count.subtract(1, ordering: .relaxed)
    }
}
