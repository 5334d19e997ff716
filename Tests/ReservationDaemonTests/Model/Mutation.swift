import ReservationCore

@testable import ReservationDaemon

/// Ways in which a store could be wrong, to show that the model test finds them. What fails below it fails as for any store.
enum Mutation: CaseIterable, Sendable {
    /// A commit that reports success and reaches the disk with the next batch.
    case commitsLate
    /// An idempotency record that stays when its batch is rolled back.
    case keepsRecord
    /// An idempotency record that is written after its batch, in one of its own.
    case writesRecordLater
    /// Of the slots that one batch changes the second is not written.
    case losesUpdate
    /// Counters read again after a failure are those of the failed batch.
    case refreshesFromMemory
    /// A ticket read in a batch is believed after the batch was rolled back.
    case cachesTickets
    /// A lease is handed out and not written down.
    case leasesInMemory
    /// Every message is due at once again, whatever the mailer said.
    case forgetsPauses

    func applied(to store: sending any ReservationStorage) -> sending any ReservationStorage {
        switch self {
        case .commitsLate: LateStorage(store)
        case .keepsRecord: KeptRecordStorage(store)
        case .writesRecordLater: LaterRecordStorage(store)
        case .losesUpdate: ForgetfulStorage(store)
        case .refreshesFromMemory: StaleStorage(store)
        case .cachesTickets: CachingStorage(store)
        case .leasesInMemory: LeaselessStorage(store)
        case .forgetsPauses: HastyStorage(store)
        }
    }
}

private final class LateStorage: ForwardingStorage {
    private var isOwing = false

    override func begin() throws(StorageFailure) {
        if isOwing { try super.commit() }
        isOwing = false
        try super.begin()
    }

    override func commit() throws(StorageFailure) { isOwing = true }

    override func rollback() {
        isOwing = false
        super.rollback()
    }
}

private final class KeptRecordStorage: ForwardingStorage {
    private var loose: [(IdempotencyKey, IdempotencyRecord, Instant)] = []

    override func insert(_ record: IdempotencyRecord, under key: IdempotencyKey, now: Instant) throws(StorageFailure) {
        loose.append((key, record, now))
        try super.insert(record, under: key, now: now)
    }

    override func commit() throws(StorageFailure) {
        loose = []
        try super.commit()
    }

    override func rollback() {
        super.rollback()
        let kept = loose
        loose = []
        do throws(StorageFailure) {
            try super.begin()
            for (key, record, now) in kept { try super.insert(record, under: key, now: now) }
            try super.commit()
        } catch {
            super.rollback()
        }
    }
}

private final class LaterRecordStorage: ForwardingStorage {
    private var later: [(IdempotencyKey, IdempotencyRecord, Instant)] = []

    override func begin() throws(StorageFailure) {
        later = []
        try super.begin()
    }

    override func insert(_ record: IdempotencyRecord, under key: IdempotencyKey, now: Instant) throws(StorageFailure) {
        later.append((key, record, now))
    }

    override func idempotencyRecord(_ key: IdempotencyKey) throws(StorageFailure) -> IdempotencyRecord? {
        let stored = try super.idempotencyRecord(key)
        return later.first { $0.0 == key }?.1 ?? stored
    }

    override func commit() throws(StorageFailure) {
        try super.commit()
        guard !later.isEmpty else { return }
        try super.begin()
        for (key, record, now) in later { try super.insert(record, under: key, now: now) }
        later = []
        try super.commit()
    }
}

private final class ForgetfulStorage: ForwardingStorage {
    private var updates = 0

    override func begin() throws(StorageFailure) {
        updates = 0
        try super.begin()
    }

    override func update(_ slot: Slot) throws(StorageFailure) {
        updates += 1
        if updates != 2 { try super.update(slot) }
    }
}

private final class StaleStorage: ForwardingStorage {
    override func refreshed(_ slot: Slot) throws(StorageFailure) -> Slot? { slot }
}

private final class CachingStorage: ForwardingStorage {
    private var tickets: [TicketID: Ticket] = [:]

    override func ticket(_ id: TicketID) throws(StorageFailure) -> Ticket? {
        if let cached = tickets[id] { return cached }
        let ticket = try super.ticket(id)
        tickets[id] = ticket
        return ticket
    }

    override func recordReservation(_ request: BookingRules.Request, now: Instant) throws(StorageFailure) -> ReservationID {
        let id = try super.recordReservation(request, now: now)
        tickets[request.ticket] = try super.ticket(request.ticket)
        return id
    }
}

private final class LeaselessStorage: ForwardingStorage {
    override func update(_ entry: OutboxEntry) throws(StorageFailure) {
        if entry.state != .leased { try super.update(entry) }
    }
}

private final class HastyStorage: ForwardingStorage {
    override func update(_ entry: OutboxEntry) throws(StorageFailure) {
        var hasty = entry
        if entry.state == .queued { hasty.dueAt = entry.updatedAt }
        try super.update(hasty)
    }
}
