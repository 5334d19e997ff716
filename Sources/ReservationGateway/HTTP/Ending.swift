import Synchronization

/// Whether the process is coming to its end, for all connections: each hears with its next answer that it was the last.
final class Ending: Sendable {
    private let hasBegun = Atomic(false)

    /// Read once an answer.
    var isOn: Bool { hasBegun.load(ordering: .relaxed) }

    func begin() {
        hasBegun.store(true, ordering: .relaxed)
    }
}
