import ReservationCore

extension Ledger {
    func execute(_ command: OutboxCommand, now: Instant) throws(StorageFailure) -> Outcome {
        switch command {
        case .lease(let order): return try lease(order, now: now)
        case .report(let id, let lease, let report):
            guard let entry = try store.outboxEntry(id) else { return .refused(.outboxEntryNotFound) }
            guard var reported = OutboxRules.reporting(report, under: lease, on: entry, now: now) else { return .refused(.leaseLost) }
            // It was on its way when they were erased; what the provider says of it may name them.
            if entry.reservation.isErased, reported != entry { (reported.providerID, reported.lastError) = (nil, nil) }
            try write(reported, over: entry, report)
            return .outbox(.reported(reported))
        case .list(let query):
            var page = try store.outboxEntries(query, now: now)
            for index in page.entries.indices { page.entries[index] = Self.shown(page.entries[index], now: now) }
            return .outbox(.page(page))
        case .show(let id):
            guard let entry = try store.outboxEntry(id) else { return .refused(.outboxEntryNotFound) }
            return .outbox(.entry(Self.shown(entry, now: now)))
        case .requeue(let id):
            // What was taken back since there is nothing to confirm any more stays so.
            if let entry = try store.outboxEntry(id), entry.state != .sent {
                if entry.reservation.isErased { return .refused(.contactErased) }
                if entry.reservation.status == .cancelled, entry.purpose != .cancellation { return .refused(.reservationNotFound) }
            }
            return try change(id, now: now, by: OutboxRules.requeueing)
        case .cancel(let id): return try change(id, now: now, by: OutboxRules.cancelling)
        case .resend(let reservation):
            if let found = try store.reservation(reservation), found.isErased { return .refused(.contactErased) }
            guard let entry = try store.queueConfirmation(of: reservation, now: now) else { return .refused(.reservationNotFound) }
            hasWritten = true
            return .outbox(.entry(entry))
        }
    }

    /// Handed out only when the leases are committed, so that no other life of the daemon hands the same out again.
    private func lease(_ order: LeaseOrder, now: Instant) throws(StorageFailure) -> Outcome {
        var deliveries: [Delivery] = []
        for entry in try store.dueOutboxEntries(at: now, limit: order.limit) {
            // None is queued for who was erased; should one be there all the same, nobody is to be written to.
            if entry.reservation.isErased, let cancelled = OutboxRules.cancelling(entry, now: now) {
                try write(cancelled, over: entry)
                continue
            }
            let leased = OutboxRules.leasing(entry, milliseconds: order.leaseMilliseconds, now: now)
            try write(leased, over: entry)
            deliveries.append(try delivery(of: leased))
        }
        return .outbox(.leased(deliveries))
    }

    private func delivery(of entry: OutboxEntry) throws(StorageFailure) -> Delivery {
        guard let slot = slots[entry.reservation.slot], let state = organizations[slot.organization] else {
            throw .corrupt("slot \(entry.reservation.slot) is in the database but not in memory")
        }
        return Delivery(
            entry: entry, slot: slot, endsAt: state.zone.instant(of: slot.date, slot.endTime), organization: state.organization)
    }

    /// - Parameter rule: nil for an entry that was sent.
    private func change(
        _ id: OutboxID, now: Instant, by rule: (OutboxEntry, Instant) -> OutboxEntry?
    ) throws(StorageFailure) -> Outcome {
        guard let entry = try store.outboxEntry(id) else { return .refused(.outboxEntryNotFound) }
        guard let changed = rule(entry, now) else { return .refused(.alreadySent) }
        try write(changed, over: entry)
        return .outbox(.entry(Self.shown(changed, now: now)))
    }

    /// A report that is repeated changes nothing and costs no commit.
    ///
    /// - Parameter report: of the mailer, if it is one.
    private func write(_ entry: OutboxEntry, over old: OutboxEntry, _ report: OutboxRules.Report? = nil) throws(StorageFailure) {
        guard entry != old else { return }
        try store.update(entry)
        outboxTally.note(entry, report)
        hasWritten = true
    }

    /// With the state that it has at this moment.
    private static func shown(_ entry: OutboxEntry, now: Instant) -> OutboxEntry {
        var shown = entry
        shown.state = OutboxRules.state(of: entry, now: now)
        return shown
    }
}
