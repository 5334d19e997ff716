import ReservationCore
import Synchronization

@testable import ReservationMailer

/// The outbox as the daemon keeps it: states, leases that end, and reports that are taken under the lease in force alone.
final class MemoryOutbox: Outbox {
    enum Status: Hashable {
        case queued
        case leased
        case sent(String?)
        case dead(String)
    }

    private struct Row {
        var delivery: Delivery
        var status = Status.queued
        var dueAt = ContinuousClock.now
        var leaseID: UInt64 = 0
        var leaseEnds = ContinuousClock.now
        var attempts = 0
        var reasons: [String] = []
    }

    private struct State {
        var rows: [UInt64: Row] = [:]
        var nextLease: UInt64 = 1
        /// Calls that fail before the daemon answers again.
        var outage = 0
        var leases: [Int] = []
    }

    private let state = Mutex(State())

    init(_ deliveries: [Delivery]) {
        state.withLock { state in
            for delivery in deliveries { state.rows[delivery.outboxID] = Row(delivery: delivery) }
        }
    }

    func lease(limit: Int, for duration: Duration, waiting patience: Duration) async throws -> [Delivery] {
        let until = ContinuousClock.now + patience
        while true {
            try Task.checkCancellation()
            let lent = try take(limit, for: duration)
            if !lent.isEmpty || ContinuousClock.now >= until { return lent }
            try await Task.sleep(for: .milliseconds(1))
        }
    }

    private func take(_ limit: Int, for duration: Duration) throws -> [Delivery] {
        try state.withLock { state in
            try Self.answer(&state)
            let now = ContinuousClock.now
            var lent: [Delivery] = []
            for id in state.rows.keys.sorted() where lent.count < limit {
                guard var row = state.rows[id] else { continue }
                let isDue = row.status == .queued && row.dueAt <= now || row.status == .leased && row.leaseEnds <= now
                guard isDue else { continue }
                row.attempts += 1
                row.leaseID = state.nextLease
                state.nextLease += 1
                row.status = .leased
                row.leaseEnds = now + duration
                lent.append(row.delivery.lent(as: row.leaseID, attempt: row.attempts))
                state.rows[id] = row
            }
            if !lent.isEmpty { state.leases.append(limit) }
            return lent
        }
    }

    private static func answer(_ state: inout State) throws {
        guard state.outage == 0 else {
            state.outage -= 1
            throw OutboxError.unavailable("the daemon restarts")
        }
    }

    private func report(_ delivery: Delivery, _ change: (inout Row) -> Void) throws {
        try state.withLock { state in
            try Self.answer(&state)
            guard var row = state.rows[delivery.outboxID], row.status == .leased, row.leaseID == delivery.leaseID else {
                throw OutboxError.leaseLost
            }
            change(&row)
            state.rows[delivery.outboxID] = row
        }
    }

    func done(_ delivery: Delivery, providerID: String?) async throws {
        try report(delivery) { $0.status = .sent(providerID) }
    }

    func retry(_ delivery: Delivery, after pause: Duration, reason: String) async throws {
        try report(delivery) { row in
            row.status = .queued
            row.dueAt = ContinuousClock.now + pause
            row.reasons.append(reason)
        }
    }

    func deadLetter(_ delivery: Delivery, reason: String) async throws {
        try report(delivery) { $0.status = .dead(reason) }
    }

    /// The next calls fail as they do while the daemon is restarted.
    func goAway(calls: Int) { state.withLock { $0.outage = calls } }

    func status(_ outboxID: UInt64) -> Status? { state.withLock { $0.rows[outboxID]?.status } }
    func reasons(_ outboxID: UInt64) -> [String] { state.withLock { $0.rows[outboxID]?.reasons ?? [] } }
    func attempts(_ outboxID: UInt64) -> Int { state.withLock { $0.rows[outboxID]?.attempts ?? 0 } }
    /// The limits of the calls that lent something.
    var leaseLimits: [Int] { state.withLock { $0.leases } }
    var sent: Int { state.withLock { $0.rows.values.count { if case .sent = $0.status { true } else { false } } } }
    var queued: Int { state.withLock { $0.rows.values.count { $0.status == .queued } } }
}

extension Delivery {
    fileprivate func lent(as leaseID: UInt64, attempt: Int) -> Delivery {
        Delivery(
            outboxID: outboxID, leaseID: leaseID, attempt: attempt, kind: kind, firstQueuedAt: firstQueuedAt, language: language,
            reservation: reservation, ticketCode: ticketCode, email: email, phone: phone, visit: visit, organization: organization,
            requestName: requestName)
    }
}
