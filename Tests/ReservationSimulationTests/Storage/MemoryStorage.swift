import NIOCore
import ReservationCore

/// A store in memory that keeps the promises of the one on SQLite: transactions, unique keys, checks, and nothing durable before the
/// commit. One daemon's connection to a ``SimulatedDisk``; what it does after its process was killed leaves no trace.
final class MemoryStorage: ReservationStorage {
    private let disk: SimulatedDisk
    private let process: SimulatedProcess
    let weakness: StorageWeakness?
    /// What this connection sees, the open batch included.
    var state: StoredState
    /// What it saw last outside a batch. Older than the disk after a failed commit that the device kept all the same.
    private var committed: StoredState
    private var isInBatch = false
    private var hasWritten = false

    init(disk: SimulatedDisk, process: SimulatedProcess, weakness: StorageWeakness? = nil) {
        self.disk = disk
        self.process = process
        self.weakness = weakness
        state = disk.state
        committed = disk.state
    }

    // MARK: a batch

    func begin() throws(StorageFailure) {
        try look(.begin)
        guard !isInBatch else { throw .defect("A batch within a batch") }
        isInBatch = true
        hasWritten = false
    }

    func commit() throws(StorageFailure) {
        guard process.isAlive else { throw Self.gone }
        guard isInBatch else { throw .defect("A commit without a batch") }
        switch disk.fault(at: .commit, writes: hasWritten) {
        case nil: finish(store: true)
        case .unavailable:
            if weakness == .reportsFullDiskAfterStoring { disk.store(state) }
            throw .unavailable("simulated")
        case .deviceFailed(let stored):
            if stored { disk.store(state) }
            throw .deviceFailed("simulated")
        case .crash(let stored):
            if stored { finish(store: true) }
            disk.onCrash()
            throw Self.gone
        }
    }

    private func finish(store: Bool) {
        isInBatch = false
        committed = state
        guard hasWritten else { return }
        if weakness == .acknowledgesBeforeSync {
            // Like a commit that does not wait for the disk: the log is synced a moment later, if there is a later.
            let (late, disk, process) = (state, disk, process)
            disk.world.plan(at: disk.world.now + .milliseconds(20)) { if process.isAlive { disk.store(late) } }
        } else {
            disk.store(state)
        }
    }

    func rollback() {
        guard isInBatch else { return }
        isInBatch = false
        if weakness != .keepsWhatWasRolledBack { state = committed }
    }

    // MARK: faults

    private static let gone = StorageFailure.unavailable("the process is gone")

    func look(_ moment: SimulatedDisk.Moment = .read) throws(StorageFailure) {
        guard process.isAlive else { throw Self.gone }
        switch disk.fault(at: moment, writes: hasWritten) {
        case nil: break
        case .unavailable: throw .unavailable("simulated")
        case .deviceFailed: throw .deviceFailed("simulated")
        case .crash:
            disk.onCrash()
            throw Self.gone
        }
    }

    func beginWrite() throws(StorageFailure) {
        guard isInBatch else { throw .defect("A write outside any batch") }
        try look(.write)
        hasWritten = true
    }

    // MARK: start and upkeep

    func loadOrganizations() throws(StorageFailure) -> [Organization] {
        try look()
        return state.organizations.sorted { $0.id < $1.id }
    }

    func loadSlots(startsAt: (OrganizationID, CalendarDate, TimeOfDay) -> Instant) throws(StorageFailure) -> [Slot] {
        try look()
        return state.slots.map { slot in
            Slot(
                id: slot.id, organization: slot.organization, date: slot.date, startTime: slot.startTime, endTime: slot.endTime,
                startsAt: startsAt(slot.organization, slot.date, slot.startTime), totalCapacity: slot.totalCapacity,
                bookedCount: slot.bookedCount, status: slot.status, createdAt: slot.createdAt, updatedAt: slot.updatedAt)
        }
    }

    func counterMismatches() throws(StorageFailure) -> [CounterMismatch] {
        try look()
        return state.slots.compactMap { slot in
            let live = state.liveCount(slot.id)
            guard live != slot.bookedCount || slot.bookedCount > slot.totalCapacity else { return nil }
            return CounterMismatch(
                slot: slot.id, bookedCount: slot.bookedCount, liveReservations: live, totalCapacity: slot.totalCapacity)
        }
    }

    var checkpointFailure: StorageFailure? { nil }

    func checkpoint(ifLogExceeds pages: Int) {}

    func statistics() throws(StorageFailure) -> StorageStatistics {
        try look()
        return StorageStatistics(tickets: state.tickets.count, outbox: state.outboxStatistics, databaseBytes: 0)
    }

    func examine() throws(StorageFailure) -> [Finding] {
        try look()
        let complaints = state.complaints
        return [Finding(check: "the state is sound", passed: complaints.isEmpty, detail: complaints.joined(separator: "; "))]
    }
}

// MARK: - rows

extension MemoryStorage {
    func insert(_ organization: Organization) throws(StorageFailure) -> Bool {
        try beginWrite()
        guard !state.organizations.contains(where: { $0.id == organization.id }) else { return false }
        state.organizations.append(organization)
        return true
    }

    func update(_ organization: Organization) throws(StorageFailure) {
        try beginWrite()
        guard let index = state.organizations.firstIndex(where: { $0.id == organization.id }) else { throw .defect("no such organization") }
        let kept = state.organizations[index]
        state.organizations[index] = Organization(
            id: kept.id, name: organization.name, timeZone: organization.timeZone, allowsStarted: organization.allowsStarted,
            profile: organization.profile, createdAt: kept.createdAt, updatedAt: organization.updatedAt)
    }

    func logo(of organization: OrganizationID) throws(StorageFailure) -> Logo? {
        try look()
        return state.logos[organization]
    }

    func setLogo(_ logo: Logo?, of organization: OrganizationID) throws(StorageFailure) {
        try beginWrite()
        guard logo == nil || state.organizations.contains(where: { $0.id == organization }) else { throw .defect("FOREIGN KEY orq") }
        state.logos[organization] = logo
    }

    func insertSlot(_ draft: SlotDraft, now: Instant) throws(StorageFailure) -> SlotID? {
        try beginWrite()
        let isTaken = state.slots.contains {
            $0.organization == draft.organization && $0.date == draft.date && $0.startTime == draft.startTime
        }
        guard (1...Limits.slotCapacity).contains(draft.totalCapacity) else { throw .defect("CHECK total_capacity") }
        if isTaken { return nil }
        guard state.organizations.contains(where: { $0.id == draft.organization }) else { throw .defect("FOREIGN KEY orq") }
        let told = state.history.compactMap { $0.note.slot?.rawValue }.max() ?? 0
        guard let id = SlotID(max(state.slots.last?.id.rawValue ?? 0, told) + 1) else { throw .defect("CHECK id") }
        state.slots.append(
            Slot(
                id: id, organization: draft.organization, date: draft.date, startTime: draft.startTime, endTime: draft.endTime,
                startsAt: Instant(seconds: 0), totalCapacity: draft.totalCapacity, bookedCount: 0, status: .active, createdAt: now,
                updatedAt: now))
        return id
    }

    func hasReservations(in slot: SlotID) throws(StorageFailure) -> Bool {
        try look()
        return state.reservations.contains { $0.slot == slot }
    }

    func removeSlot(_ id: SlotID) throws(StorageFailure) {
        try beginWrite()
        guard let index = state.slots.firstIndex(where: { $0.id == id }) else { throw .defect("no such slot") }
        guard !state.reservations.contains(where: { $0.slot == id }) else { throw .defect("FOREIGN KEY slot_id") }
        state.slots.remove(at: index)
    }

    func update(_ slot: Slot) throws(StorageFailure) {
        try beginWrite()
        guard let index = state.slots.firstIndex(where: { $0.id == slot.id }) else { throw .defect("no such slot") }
        guard (1...Limits.slotCapacity).contains(slot.totalCapacity), (0...slot.totalCapacity).contains(slot.bookedCount),
            slot.status == .closed || (slot.status == .full) == (slot.bookedCount == slot.totalCapacity)
        else { throw .defect("CHECK of reservation_slots") }
        state.slots[index].totalCapacity = slot.totalCapacity
        state.slots[index].bookedCount = slot.bookedCount
        state.slots[index].status = slot.status
        state.slots[index].updatedAt = slot.updatedAt
    }

    func refreshed(_ slot: Slot) throws(StorageFailure) -> Slot? {
        try look()
        guard let stored = state.slot(slot.id) else { return nil }
        if weakness == .doesNotRestoreCounters { return slot }
        var refreshed = slot
        refreshed.totalCapacity = stored.totalCapacity
        refreshed.bookedCount = stored.bookedCount
        refreshed.status = stored.status
        refreshed.updatedAt = stored.updatedAt
        return refreshed
    }

    func insert(_ ticket: Ticket) throws(StorageFailure) -> Bool {
        try beginWrite()
        let isTaken = state.tickets.contains { $0.id == ticket.id || ($0.code == ticket.code && $0.organization == ticket.organization) }
        if isTaken { return false }
        guard state.organizations.contains(where: { $0.id == ticket.organization }) else { throw .defect("FOREIGN KEY orq") }
        state.tickets.append(ticket)
        return true
    }

    func ticket(_ id: TicketID) throws(StorageFailure) -> Ticket? {
        try look()
        return state.ticket(id)
    }

    func ticket(_ code: TicketCode, in organization: OrganizationID) throws(StorageFailure) -> Ticket? {
        try look()
        return state.tickets.first { $0.code == code && $0.organization == organization }
    }

    func tickets(_ code: TicketCode) throws(StorageFailure) -> [Ticket] {
        try look()
        return state.tickets.filter { $0.code == code }.sorted { $0.organization < $1.organization }
    }

    func liveReservation(of ticket: TicketID) throws(StorageFailure) -> Reservation? {
        try look()
        return state.reservation(of: ticket)
    }

    func recordReservation(_ request: BookingRules.Request, now: Instant) throws(StorageFailure) -> ReservationID {
        try beginWrite()
        guard state.reservation(of: request.ticket) == nil else { throw .defect("UNIQUE live_reservation_of_ticket") }
        guard state.slot(request.slot) != nil else { throw .defect("FOREIGN KEY slot_id") }
        guard let index = state.tickets.firstIndex(where: { $0.id == request.ticket }) else { throw .defect("FOREIGN KEY ticket_id") }
        guard state.tickets[index].status == .activated, state.tickets[index].organization == request.organization else {
            throw .defect("the ticket was not ACTIVATED")
        }
        guard let id = ReservationID((state.reservations.last?.id.rawValue ?? 0) + 1) else { throw .defect("CHECK id") }
        state.tickets[index].status = .reserved
        state.tickets[index].updatedAt = now
        let reservation = Reservation(
            id: id, ticket: request.ticket, slot: request.slot, organization: request.organization, email: request.contact.email,
            phone: request.contact.phone, status: .reserved, reservedAt: now, language: request.language)
        state.reservations.append(reservation)
        if weakness != .losesConfirmations { _ = try queue(.confirmation, reservation, for: request.name, now: now) }
        return id
    }

    func idempotencyRecord(_ key: IdempotencyKey) throws(StorageFailure) -> IdempotencyRecord? {
        try look()
        return state.record(key)?.record
    }

    func insert(_ record: IdempotencyRecord, under key: IdempotencyKey, now: Instant) throws(StorageFailure) {
        try beginWrite()
        guard state.record(key) == nil else { throw .defect("UNIQUE idempotency_record_of_key") }
        let row = StoredState.Record(key: key, record: record, createdAt: now)
        state.records.append(row)
        if weakness == .keepsRecordsOutsideTransaction {
            committed.records.append(row)
            disk.store(committed)
        }
    }

    func removeIdempotencyRecords(before instant: Instant, limit: Int) throws(StorageFailure) -> Int {
        try beginWrite()
        let oldest = state.records.prefix(max(0, limit))
        let kept = oldest.filter { $0.createdAt >= instant }
        let count = oldest.count - kept.count
        state.records.replaceSubrange(..<oldest.endIndex, with: kept)
        return count
    }
}

/// A promise that a store breaks on purpose, to see that it is found out.
enum StorageWeakness: CaseIterable, Sendable {
    /// Says that a batch is committed before it is on the disk.
    case acknowledgesBeforeSync
    /// Keeps idempotency records in a transaction of their own.
    case keepsRecordsOutsideTransaction
    /// Says that nothing was stored, and it was.
    case reportsFullDiskAfterStoring
    /// Leaves rows of a batch that failed to the next one.
    case keepsWhatWasRolledBack
    /// Gives the counters back as they are in memory, so that those of a failed batch stay.
    case doesNotRestoreCounters
    /// Forgets to queue confirmations.
    case losesConfirmations
    /// Does not write down until when a message is leased.
    case forgetsLeaseTime
}
