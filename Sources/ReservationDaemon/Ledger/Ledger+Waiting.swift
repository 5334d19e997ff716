import NIOCore
import ReservationCore

/// How mailers wait for something to be due. Nothing is done while nothing happens: each group that commits looks whether the first of
/// them can be served, and one alarm covers the next retry, the next lease that is over and the first mailer whose patience is.
extension Ledger {
    /// When the next message is due; nil also when the store cannot say.
    func nextDue() -> Instant? {
        do throws(StorageFailure) {
            return try store.nextOutboxDue()
        } catch {
            note(GroupFailure(failure: error, duringCommit: false))
            return nil
        }
    }

    /// Takes back what this connection waits for: it will not read an answer, or wants no more of them.
    nonisolated func endWaiting(of sink: any OutcomeSink) {
        cancelLeases(of: sink)
        executor.submit { self.assumeIsolated { $0.answerWaiters(with: .outbox(.leased([]))) { $0.sink === sink } } }
    }

    /// Answers every mailer that waits, and lets none wait from now on: the daemon is to stop.
    nonisolated func endWaiting() {
        executor.submit {
            self.assumeIsolated { ledger in
                ledger.mayWait = false
                ledger.answerWaiters(with: .outbox(.leased([]))) { _ in true }
            }
        }
    }

    func answerWaiters(with outcome: Outcome, where isWanted: (LeaseWaiters.Waiter) -> Bool) {
        for waiter in waiters.remove(where: isWanted) { waiter.sink.deliver([(waiter.submission, outcome)]) }
    }

    /// Keeps those back that found nothing and have patience.
    ///
    /// - Returns: what is to be answered now.
    func keepingWaiters(_ answered: [(Submission, Outcome)], of sink: any OutcomeSink) -> [(Submission, Outcome)] {
        guard mayWait, answered.contains(where: { $0.0.patience != nil && $0.1.isNothingDue }) else { return answered }
        let now = settings.uptime()
        return answered.compactMap { submission, outcome in
            guard outcome.isNothingDue, let patience = submission.patience else { return (submission, outcome) }
            let until = submission.receivedAt + patience
            guard until > now else { return (submission, outcome) }
            let isKept = waiters.add(LeaseWaiters.Waiter(sink: sink, submission: submission, until: until))
            return isKept ? nil : (submission, .failed(.overloaded))
        }
    }

    /// The first mailer, when there is something for it. One at a time: it may take all there is.
    func nextServed() -> SubmissionQueue.Group? {
        guard !waiters.isEmpty else { return nil }
        let elapsed = settings.uptime()
        answerWaiters(with: .outbox(.leased([]))) { $0.until <= elapsed }
        guard let due = nextDue(), due <= settings.clock() else { return nil }
        return waiters.removeFirst()?.group
    }

    /// Sets the alarm for what happens next, unless it is set for an earlier moment; then that will set it anew.
    func setAlarm() {
        guard let first = waiters.first else { return }
        // The clock shows the second that has begun, so what is due by it is never early.
        let pause = nextDue().map { min(max(0, $0.seconds - settings.clock().seconds), Int64(Limits.longestWaitMilliseconds / 1000)) }
        let moment = min(first.until, pause.map { settings.uptime() + .seconds($0) } ?? first.until)
        if let alarm, alarm <= moment { return }
        alarm = moment
        first.sink.remind(at: moment) { [weak self] in
            guard let self else { return }
            executor.submit { self.assumeIsolated { $0.ring(for: moment) } }
        }
    }
}

extension Submission {
    /// How long it waits until something is due; nil for what does not wait.
    fileprivate var patience: TimeAmount? {
        guard case .outbox(.lease(let order)) = command, order.waitMilliseconds > 0 else { return nil }
        return .milliseconds(order.waitMilliseconds)
    }
}

extension Outcome {
    fileprivate var isNothingDue: Bool {
        if case .outbox(.leased(let deliveries)) = self { return deliveries.isEmpty }
        return false
    }
}
