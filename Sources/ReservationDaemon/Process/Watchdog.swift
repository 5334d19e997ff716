import NIOCore
import ReservationProcess
import ReservationWire

/// Tells systemd that the service lives, each time by way of the ledger: a queue, a thread or a disk that hangs stops the signs of life,
/// and systemd starts the daemon afresh.
final class Watchdog: OutcomeSink {
    private let ledger: Ledger
    private let sign: @Sendable () -> Void

    init(ledger: Ledger, sign: @escaping @Sendable () -> Void = ServiceManager.alive) {
        self.ledger = ledger
        self.sign = sign
    }

    /// Sends a heartbeat three times in every interval that systemd allows.
    func start(every interval: TimeAmount, on eventLoop: any EventLoop) -> RepeatedTask {
        let period = TimeAmount.nanoseconds(max(1_000_000, interval.nanoseconds / 3))
        return eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: period) { _ in self.beat() }
    }

    func beat() {
        let now = NIODeadline.now()
        // A heartbeat that is refused because the queue is full shows that the ledger is busy, not that it lives; the next will tell.
        _ = ledger.submit(
            [
                Submission(
                    requestID: 0, opcode: .daemonHealth, encoding: .none, command: .heartbeat, deadline: .distantFuture, receivedAt: now)
            ], for: self)
    }

    func deliver(_ answered: [(Submission, Outcome)]) {
        for case (_, .alive) in answered { sign() }
    }
}
