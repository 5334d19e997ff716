import CoreMetrics
import NIOCore
import ReservationMetrics
import Synchronization

/// What only the ledger knows, shown as gauges.
final class LedgerGaugeHandles: Sendable {
    private let writable: Gauge
    private let pending: Gauge
    private let leased: Gauge
    private let deadLetters: Gauge
    private let outboxAge: Gauge
    private let tickets: Gauge
    private let reservations: Gauge
    private let databaseBytes: Gauge

    init(_ registry: MetricRegistry) {
        writable = registry.gauge(.writable)
        writable.record(1)
        pending = registry.gauge(.outboxEntries, ("state", "pending"))
        leased = registry.gauge(.outboxEntries, ("state", "leased"))
        deadLetters = registry.gauge(.outboxEntries, ("state", "dead_letter"))
        outboxAge = registry.gauge(.outboxAge)
        tickets = registry.gauge(.tickets)
        reservations = registry.gauge(.reservations)
        databaseBytes = registry.gauge(.databaseBytes)
    }

    func show(_ status: LedgerStatus) {
        let outbox = status.storage.outbox
        writable.record(status.writable ? 1 : 0)
        pending.record(max(0, outbox.pending - status.leasedMessages))
        leased.record(status.leasedMessages)
        deadLetters.record(outbox.failed)
        outboxAge.record(status.oldestMessageSeconds ?? 0)
        tickets.record(status.storage.tickets)
        reservations.record(status.reservations)
        databaseBytes.record(status.storage.databaseBytes)
    }
}

/// Keeps those gauges fresh while somebody reads them: asks the ledger at most once a second, and waits for it only a moment, so that a
/// daemon whose queue is full or whose disk hangs still tells the rest.
final class LedgerGauges: OutcomeSink {
    static let freshness = TimeAmount.seconds(1)
    static let patience = TimeAmount.milliseconds(250)

    private struct State {
        var readAt: NIODeadline?
        var isAsked = false
        var waiting: [UInt64: @Sendable () -> Void] = [:]
        var lastWaiter: UInt64 = 0
    }

    private let ledger: Ledger
    private let handles: LedgerGaugeHandles
    private let state = Mutex(State())

    init(ledger: Ledger, handles: LedgerGaugeHandles) {
        self.ledger = ledger
        self.handles = handles
    }

    /// Calls `work` when the gauges are fresh or when it has waited long enough: on whatever thread, once.
    func refresh(on loop: any EventLoop, then work: @escaping @Sendable () -> Void) {
        let now = loop.now
        let (waiter, mustAsk): (UInt64?, Bool) = state.withLock { state in
            if let readAt = state.readAt, now - readAt < Self.freshness { return (nil, false) }
            state.lastWaiter += 1
            state.waiting[state.lastWaiter] = work
            defer { state.isAsked = true }
            return (state.lastWaiter, !state.isAsked)
        }
        guard let waiter else { return work() }
        loop.scheduleTask(in: Self.patience) { self.state.withLock { $0.waiting.removeValue(forKey: waiter) }?() }
        guard mustAsk else { return }
        let question = Submission(
            requestID: 0, opcode: .daemonStatus, encoding: .none, command: .status, deadline: .distantFuture, receivedAt: now)
        if !ledger.submit([question], for: self) { end(at: nil) }
    }

    func deliver(_ answered: [(Submission, Outcome)]) {
        for case (_, .status(let status)) in answered { handles.show(status) }
        end(at: ledger.settings.uptime())
    }

    /// - Parameter readAt: nil when the ledger took no question.
    private func end(at readAt: NIODeadline?) {
        let waiting = state.withLock { state in
            state.isAsked = false
            state.readAt = readAt ?? state.readAt
            defer { state.waiting.removeAll() }
            return state.waiting.values
        }
        for work in waiting { work() }
    }
}
