import ReservationCore
import Synchronization

/// What goes wrong next, set by a test while the ledger runs.
final class FaultPlan: Sendable {
    private struct State {
        var commits: [StorageFailure] = []
        var records: [TicketID: StorageFailure] = [:]
        var refreshes: StorageFailure?
        var forgetsVisitors = false
        var emptying: StorageFailure?
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

    /// How many failures of commits are still to come.
    var remainingCommitFailures: Int { state.withLock { $0.commits.count } }

    /// Writing a reservation for this ticket fails, as a broken constraint would; with nil it succeeds again.
    func failRecording(_ ticket: TicketID, with failure: StorageFailure?) {
        state.withLock { $0.records[ticket] = failure }
    }

    /// Reading a slot's counters again fails; with nil it succeeds again.
    func failRefreshing(with failure: StorageFailure?) {
        state.withLock { $0.refreshes = failure }
    }

    /// A slot's counters that are read again count no visitor, whoever has a place.
    func forgetVisitors() {
        state.withLock { $0.forgetsVisitors = true }
    }

    /// Emptying the log fails; with nil it succeeds again.
    func failEmptyingLog(with failure: StorageFailure?) {
        state.withLock { $0.emptying = failure }
    }

    fileprivate func nextCommit() -> (StorageFailure, storedAnyway: Bool)? {
        state.withLock { state in
            state.commits.isEmpty ? nil : (state.commits.removeFirst(), state.commitsAnyway)
        }
    }

    fileprivate func recording(_ ticket: TicketID) -> StorageFailure? { state.withLock { $0.records[ticket] } }
    fileprivate func refreshing() -> StorageFailure? { state.withLock { $0.refreshes } }
    fileprivate var forgetsVisitors: Bool { state.withLock { $0.forgetsVisitors } }
    fileprivate func emptyingLog() -> StorageFailure? { state.withLock { $0.emptying } }
}

/// A store whose faults a test decides; everything else is the real one's.
final class FaultyStorage: ForwardingStorage {
    private let plan: FaultPlan
    private var wrote = false

    init(_ base: sending any ReservationStorage, plan: FaultPlan) {
        self.plan = plan
        super.init(base)
    }

    override func begin() throws(StorageFailure) {
        wrote = false
        try super.begin()
    }

    override func commit() throws(StorageFailure) {
        if wrote, let (failure, storedAnyway) = plan.nextCommit() {
            if storedAnyway { try super.commit() }
            throw failure
        }
        try super.commit()
    }

    override func insert(_ organization: Organization) throws(StorageFailure) -> Bool {
        wrote = true
        return try super.insert(organization)
    }

    override func update(_ organization: Organization) throws(StorageFailure) {
        wrote = true
        try super.update(organization)
    }

    override func setLogo(_ logo: Logo?, of organization: OrganizationID) throws(StorageFailure) {
        wrote = true
        try super.setLogo(logo, of: organization)
    }

    override func insertSlot(_ draft: SlotDraft, now: Instant) throws(StorageFailure) -> SlotID? {
        wrote = true
        return try super.insertSlot(draft, now: now)
    }

    override func update(_ slot: Slot) throws(StorageFailure) {
        wrote = true
        try super.update(slot)
    }

    override func refreshed(_ slot: Slot) throws(StorageFailure) -> Slot? {
        if let failure = plan.refreshing() { throw failure }
        var refreshed = try super.refreshed(slot)
        if plan.forgetsVisitors { refreshed?.bookedCount = 0 }
        return refreshed
    }

    override func emptyLog() throws(StorageFailure) {
        if let failure = plan.emptyingLog() { throw failure }
        try super.emptyLog()
    }

    override func insert(_ ticket: Ticket) throws(StorageFailure) -> Bool {
        wrote = true
        return try super.insert(ticket)
    }

    override func recordReservation(_ request: BookingRules.Request, now: Instant) throws(StorageFailure) -> ReservationID {
        wrote = true
        if let failure = plan.recording(request.ticket) { throw failure }
        return try super.recordReservation(request, now: now)
    }

    override func insert(_ record: IdempotencyRecord, under key: IdempotencyKey, now: Instant) throws(StorageFailure) {
        wrote = true
        try super.insert(record, under: key, now: now)
    }

    override func update(_ entry: OutboxEntry) throws(StorageFailure) {
        wrote = true
        try super.update(entry)
    }

    override func queueConfirmation(of reservation: ReservationID, now: Instant) throws(StorageFailure) -> OutboxEntry? {
        wrote = true
        return try super.queueConfirmation(of: reservation, now: now)
    }

    // What changes a ticket or a reservation always writes its line of the history as well.

    override func insert(_ note: HistoryNote) throws(StorageFailure) {
        wrote = true
        try super.insert(note)
    }

    // What empties words writes only where there are any.

    override func eraseReasons(holding text: String, behind id: HistoryID?, examined: Int) throws(StorageFailure) -> Emptied<HistoryID> {
        let emptied = try super.eraseReasons(holding: text, behind: id, examined: examined)
        wrote = wrote || emptied.count > 0
        return emptied
    }

    override func emptyOutbox(behind id: OutboxID?, examined: Int, now: Instant) throws(StorageFailure) -> Emptied<OutboxID> {
        let emptied = try super.emptyOutbox(behind: id, examined: examined, now: now)
        wrote = wrote || emptied.count > 0
        return emptied
    }
}
