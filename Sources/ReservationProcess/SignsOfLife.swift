import NIOCore

/// Tells systemd that a program lives, each time by way of everything it works with: each event loop, and the pool on which tasks run. One
/// that hangs stops the signs, and systemd starts the program afresh.
package struct SignsOfLife: Sendable {
    private let group: any EventLoopGroup
    private let sign: @Sendable () -> Void

    package init(_ group: any EventLoopGroup, sign: @escaping @Sendable () -> Void = ServiceManager.alive) {
        self.group = group
        self.sign = sign
    }

    /// Gives three signs in every interval that systemd allows, until the task is cancelled.
    ///
    /// - Parameter interval: nil when systemd asks for none (``ServiceManager/watchdogInterval``).
    /// - Returns: nil then.
    package func begin(every interval: TimeAmount?) -> RepeatedTask? {
        guard let interval else { return nil }
        let period = TimeAmount.nanoseconds(max(1_000_000, interval.nanoseconds / 3))
        // The next one is not due before the last has come round.
        return group.next().scheduleRepeatedAsyncTask(initialDelay: .zero, delay: period) { _ in self.give() }
    }

    private func give() -> EventLoopFuture<Void> {
        let own = group.next()
        var ways = group.makeIterator().map { $0.submit {} }
        ways.append(own.makeFutureWithTask {})
        return EventLoopFuture.andAllSucceed(ways, on: own).map { sign() }
    }
}
