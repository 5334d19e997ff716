import ReservationCore
import Synchronization

/// What goes wrong next, set by a test while the ledger runs.
final class FaultPlan: Sendable {
    private struct State {
        var commits: [StorageFailure] = []
        var records: [TicketID: StorageFailure] = [:]
        var refreshes: StorageFailure?
        /// The commit reaches the disk although it reports the failure, as a failed fsync may.
        var commitsAnyway = false
    }
    private let state = Mutex(State())

    /// The next commits of groups that wrote something fail one after the other.
    func failCommits(_ failures: [StorageFailure], storedAnyway: Bool = false) {
        state.withLock { state in
            state.commits = failures
            state.commitsAnyway = storedAnyway
        }
    }

    /// Writing a reservation for this ticket fails, as a broken constraint would.
    func failRecording(_ ticket: TicketID, with failure: StorageFailure) {
        state.withLock { $0.records[ticket] = failure }
    }

    func failRefreshing(with failure: StorageFailure) {
        state.withLock { $0.refreshes = failure }
    }

    fileprivate func nextCommit() -> (StorageFailure, storedAnyway: Bool)? {
        state.withLock { state in
            state.commits.isEmpty ? nil : (state.commits.removeFirst(), state.commitsAnyway)
        }
    }

    fileprivate func recording(_ ticket: TicketID) -> StorageFailure? { state.withLock { $0.records[ticket] } }
    fileprivate func refreshing() -> StorageFailure? { state.withLock { $0.refreshes } }
}

/// A store whose faults a test decides; everything else is the real one's.
final class FaultyStorage: ReservationStorage {
    private let base: any ReservationStorage
    private let plan: FaultPlan
    private var wrote = false

    init(_ base: sending any ReservationStorage, plan: FaultPlan) {
        self.base = base
        self.plan = plan
    }

    func begin() throws(StorageFailure) {
        wrote = false
        try base.begin()
    }

    func commit() throws(StorageFailure) {
        if wrote, let (failure, storedAnyway) = plan.nextCommit() {
            if storedAnyway { try base.commit() }
            throw failure
        }
        try base.commit()
    }

    func rollback() { base.rollback() }

    func insert(_ organization: Organization) throws(StorageFailure) -> Bool {
        wrote = true
        return try base.insert(organization)
    }

    func insertSlot(_ draft: SlotDraft, now: Instant) throws(StorageFailure) -> SlotID? {
        wrote = true
        return try base.insertSlot(draft, now: now)
    }

    func update(_ slot: Slot) throws(StorageFailure) {
        wrote = true
        try base.update(slot)
    }

    func refreshed(_ slot: Slot) throws(StorageFailure) -> Slot? {
        if let failure = plan.refreshing() { throw failure }
        return try base.refreshed(slot)
    }

    func insert(_ ticket: Ticket) throws(StorageFailure) -> Bool {
        wrote = true
        return try base.insert(ticket)
    }

    func recordReservation(_ request: BookingRules.Request, now: Instant) throws(StorageFailure) -> ReservationID {
        wrote = true
        if let failure = plan.recording(request.ticket) { throw failure }
        return try base.recordReservation(request, now: now)
    }

    func insert(_ record: IdempotencyRecord, under key: IdempotencyKey, now: Instant) throws(StorageFailure) {
        wrote = true
        try base.insert(record, under: key, now: now)
    }

    func loadOrganizations() throws(StorageFailure) -> [Organization] { try base.loadOrganizations() }
    func loadSlots(startsAt: (OrganizationID, CalendarDate, TimeOfDay) -> Instant) throws(StorageFailure) -> [Slot] {
        try base.loadSlots(startsAt: startsAt)
    }
    func counterMismatches() throws(StorageFailure) -> [CounterMismatch] { try base.counterMismatches() }
    func ticket(_ id: TicketID) throws(StorageFailure) -> Ticket? { try base.ticket(id) }
    func ticket(_ code: TicketCode, in organization: OrganizationID) throws(StorageFailure) -> Ticket? {
        try base.ticket(code, in: organization)
    }
    func tickets(_ code: TicketCode) throws(StorageFailure) -> [Ticket] { try base.tickets(code) }
    func liveReservation(of ticket: TicketID) throws(StorageFailure) -> Reservation? { try base.liveReservation(of: ticket) }
    func idempotencyRecord(_ key: IdempotencyKey) throws(StorageFailure) -> IdempotencyRecord? { try base.idempotencyRecord(key) }
    func removeIdempotencyRecords(before instant: Instant, limit: Int) throws(StorageFailure) -> Int {
        try base.removeIdempotencyRecords(before: instant, limit: limit)
    }
    func checkpoint(ifLogExceeds pages: Int) { base.checkpoint(ifLogExceeds: pages) }
    var checkpointFailure: StorageFailure? { base.checkpointFailure }
    func statistics() throws(StorageFailure) -> StorageStatistics { try base.statistics() }
    func examine() throws(StorageFailure) -> [Finding] { try base.examine() }
}
