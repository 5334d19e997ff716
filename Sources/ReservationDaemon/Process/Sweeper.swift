import NIOCore
import ReservationWire

/// Has the ledger do what is due by the date alone, once a minute and in small bites: each is a request like any other and is committed
/// with the bookings of its group.
final class Sweeper: OutcomeSink {
    /// Between two bites of the same kind, so that most of the time is left to bookings.
    private static let pause = TimeAmount.milliseconds(20)

    private let ledger: Ledger
    private let eventLoop: any EventLoop

    init(ledger: Ledger, eventLoop: any EventLoop) {
        self.ledger = ledger
        self.eventLoop = eventLoop
    }

    func start(every interval: TimeAmount = .minutes(1)) -> RepeatedTask {
        eventLoop.scheduleRepeatedTask(initialDelay: .zero, delay: interval) { _ in
            for kind in SweepCommand.allCases { self.sweep(kind) }
        }
    }

    private func sweep(_ kind: SweepCommand) {
        // One that is refused because the queue is full is made up for in a minute.
        _ = ledger.submit(
            [
                Submission(
                    requestID: 0, opcode: .ticketsExpire, encoding: .none, command: .sweep(kind), deadline: .distantFuture,
                    receivedAt: .now())
            ], for: self)
    }

    func deliver(_ answered: [(Submission, Outcome)]) {
        for case (let submission, .swept(more: true)) in answered {
            guard case .sweep(let kind) = submission.command else { continue }
            eventLoop.scheduleTask(in: Self.pause) { self.sweep(kind) }
        }
    }
}
