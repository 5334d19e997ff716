import ReservationCore

/// Reservations in one SQLite file, held by one connection and locked for as long as the store lives.
///
/// Not `Sendable`: it belongs to whoever made it, and is handed to the ledger's actor once. Every call blocks on the disk.
package final class SQLiteReservationStore: ReservationStorage {
    /// Memory for database pages unless told otherwise: enough for the inner pages of 10^6 tickets and the leaves that bookings share.
    package static let defaultCacheBytes = 24 << 20

    let connection: Connection
    /// SQLite's name for the way to the operating system, see ``Connection/init(path:busyTimeoutMilliseconds:vfs:)``.
    private let vfs: String?
    private var copy: DatabaseCopy?
    private let batch: BatchStatements
    private let organizations: OrganizationTable
    private let slots: SlotTable
    private let tickets: TicketTable
    private let reservations: ReservationTable
    private let lists: ReservationListing
    private let idempotency: IdempotencyTable
    private let outbox: OutboxTable
    private let historyTable: HistoryTable
    let eventTable: EventTable
    let erasure: ErasureStatements
    private let sizes: SizeStatements
    private let queuesNotices: Bool
    /// A write of the open batch happened in part; such a batch must not be committed.
    private var isSpoiled = false
    /// Why the last checkpoint did not succeed, nil after one that did. It is tried again; nothing is lost, the log only grows.
    package private(set) var checkpointFailure: StorageFailure?

    /// Opens or makes the database, brings its schema up to date and takes its lock.
    ///
    /// - Parameters:
    ///   - path: always a file, never one of SQLite's special names. Made with mode 0600 when missing; its directory is not.
    ///   - cacheBytes: memory for database pages.
    ///   - busyTimeoutMilliseconds: how long to wait for another process to let the file go, such as a predecessor that is stopping.
    ///   - queuesNotices: whether a reservation queues a notice by SMS beside the confirmation by e-mail.
    package convenience init(
        path: String, cacheBytes: Int = defaultCacheBytes, busyTimeoutMilliseconds: Int = 1000, queuesNotices: Bool = false
    ) throws(StoreOpenError) {
        try self.init(
            path: path, cacheBytes: cacheBytes, busyTimeoutMilliseconds: busyTimeoutMilliseconds, queuesNotices: queuesNotices, vfs: nil
        ) {
            file throws(StoreOpenError) in try InheritedLog(of: file).settle()
        }
    }

    /// - Parameters:
    ///   - vfs: see ``Connection/init(path:busyTimeoutMilliseconds:vfs:)``.
    ///   - settleLog: does with that VFS what ``InheritedLog/settle()`` does with the system's files.
    init(
        path: String, cacheBytes: Int = defaultCacheBytes, busyTimeoutMilliseconds: Int, queuesNotices: Bool = false, vfs: String?,
        settleLog: (DatabaseFile) throws(StoreOpenError) -> Void
    ) throws(StoreOpenError) {
        let file = DatabaseFile(path: path)
        try file.prepare()
        try settleLog(file)
        let connection = try Connection(path: file.path, busyTimeoutMilliseconds: Int32(clamping: busyTimeoutMilliseconds), vfs: vfs)
        try ConnectionSettings(path: file.path, cacheBytes: cacheBytes).apply(to: connection)
        try SchemaUpgrade(path: file.path).run(on: connection)
        do {
            batch = try BatchStatements(on: connection)
            organizations = try OrganizationTable(on: connection)
            slots = try SlotTable(on: connection)
            tickets = try TicketTable(on: connection)
            reservations = try ReservationTable(on: connection)
            lists = try ReservationListing(on: connection)
            idempotency = try IdempotencyTable(on: connection)
            outbox = try OutboxTable(on: connection)
            historyTable = try HistoryTable(on: connection)
            eventTable = try EventTable(on: connection)
            erasure = try ErasureStatements(on: connection)
            sizes = try SizeStatements(on: connection)
        } catch {
            throw StoreOpenError(error, path: file.path)
        }
        self.connection = connection
        self.queuesNotices = queuesNotices
        self.vfs = vfs
    }

    // MARK: start

    package func loadOrganizations() throws(StorageFailure) -> [Organization] { try organizations.load() }

    package func loadSlots(startsAt: (OrganizationID, CalendarDate, TimeOfDay) -> Instant) throws(StorageFailure) -> [Slot] {
        try slots.load(startsAt: startsAt)
    }

    package func counterMismatches() throws(StorageFailure) -> [CounterMismatch] { try slots.counterMismatches() }

    // MARK: a batch

    package func begin() throws(StorageFailure) {
        try batch.begin.run()
        isSpoiled = false
    }

    package func commit() throws(StorageFailure) {
        guard !isSpoiled else { throw .defect("A write of this batch happened in part; the batch must be rolled back") }
        try batch.commit.run()
    }

    package func rollback() {
        isSpoiled = false
        // After some faults SQLite has rolled back by itself. A ROLLBACK that fails has done its work all the same:
        // <https://sqlite.org/lang_transaction.html>, section 3.
        guard connection.isInTransaction else { return }
        try? batch.rollback.run()
    }

    // MARK: organisations and slots

    package func insert(_ organization: Organization) throws(StorageFailure) -> Bool {
        try requireBatch()
        try organizations.insert(organization)
        return connection.changes == 1
    }

    package func update(_ organization: Organization) throws(StorageFailure) {
        try requireBatch()
        try organizations.update(organization)
        guard connection.changes == 1 else { throw .defect("There is no organization \(organization.id) to update") }
    }

    package func logo(of organization: OrganizationID) throws(StorageFailure) -> Logo? { try organizations.logo(of: organization) }

    package func setLogo(_ logo: Logo?, of organization: OrganizationID) throws(StorageFailure) {
        try requireBatch()
        try organizations.setLogo(logo, of: organization)
    }

    package func insertSlot(_ draft: SlotDraft, now: Instant) throws(StorageFailure) -> SlotID? {
        try requireBatch()
        try slots.insert(draft, now: now)
        guard connection.changes == 1 else { return nil }
        return SlotID(connection.lastInsertedRow)
    }

    package func hasReservations(in slot: SlotID) throws(StorageFailure) -> Bool { try slots.hasReservations(slot) }

    package func removeSlot(_ id: SlotID) throws(StorageFailure) {
        try requireBatch()
        try slots.remove(id)
        guard connection.changes == 1 else { throw .defect("There is no slot \(id) to remove") }
    }

    package func update(_ slot: Slot) throws(StorageFailure) {
        try requireBatch()
        try slots.update(slot)
        guard connection.changes == 1 else { throw .defect("There is no slot \(slot.id) to update") }
    }

    package func refreshed(_ slot: Slot) throws(StorageFailure) -> Slot? { try slots.refreshed(slot) }

    // MARK: tickets and reservations

    package func insert(_ ticket: Ticket) throws(StorageFailure) -> Bool {
        try requireBatch()
        try tickets.insert(ticket)
        return connection.changes == 1
    }

    package func ticket(_ id: TicketID) throws(StorageFailure) -> Ticket? { try tickets.find(id) }

    package func ticket(_ code: TicketCode, in organization: OrganizationID) throws(StorageFailure) -> Ticket? {
        try tickets.find(code, in: organization)
    }

    package func tickets(_ code: TicketCode) throws(StorageFailure) -> [Ticket] { try tickets.all(code) }

    package func tickets(_ query: TicketQuery) throws(StorageFailure) -> TicketPage { try tickets.page(query) }

    package func liveReservation(of ticket: TicketID) throws(StorageFailure) -> Reservation? { try reservations.live(of: ticket) }

    /// As ``ReservationStorage/recordReservation(_:now:)`` says. A `.defect` whose batch still commits left nothing of this request.
    package func recordReservation(_ request: BookingRules.Request, now: Instant) throws(StorageFailure) -> ReservationID {
        try requireBatch()
        // First what other rows can forbid (one live reservation a ticket, ticket and slot exist): SQLite undoes a lone statement.
        try reservations.insert(request, now: now)
        let row = connection.lastInsertedRow
        // From here on the reservation stands alone until both other rows are written.
        isSpoiled = true
        try tickets.reserve(request, now: now)
        guard connection.changes == 1 else {
            try reservations.remove(row)
            isSpoiled = false
            throw .defect("Ticket \(request.ticket) was not ACTIVATED in organization \(request.organization)")
        }
        try outbox.queueConfirmation(of: row, for: request.name, now: now)
        if queuesNotices { try outbox.queueNotice(of: row, for: request.name, now: now) }
        isSpoiled = false
        guard let id = ReservationID(row) else { throw .unreadable("reservation", row) }
        return id
    }

    package func reservation(_ id: ReservationID) throws(StorageFailure) -> Reservation? { try reservations.find(id) }

    package func reservations(_ query: ReservationQuery) throws(StorageFailure) -> ReservationPage { try lists.page(query) }

    package func cancelledReservation(of ticket: TicketID) throws(StorageFailure) -> Reservation? {
        try reservations.cancelled(of: ticket)
    }

    package func verification(of ticket: TicketID) throws(StorageFailure) -> Verification { try tickets.verification(of: ticket) }

    package func setStatus(_ status: TicketStatus, of ticket: TicketID, now: Instant) throws(StorageFailure) {
        try requireBatch()
        try tickets.setStatus(status, of: ticket, now: now)
        guard connection.changes == 1 else { throw .defect("Ticket \(ticket) holds a place, or does not exist") }
    }

    package func overdueTickets(of organization: OrganizationID, on day: CalendarDate, limit: Int) throws(StorageFailure) -> [Ticket] {
        try tickets.overdue(in: organization, on: day, limit: limit)
    }

    /// Both rows or, when it throws, none that can be committed.
    package func recordCheckIn(_ reservation: Reservation, by operator: OperatorID?, now: Instant) throws(StorageFailure) {
        try requireBatch()
        try reservations.change(reservation, to: .verified, now: now)
        guard connection.changes == 1 else { throw .defect("Reservation \(reservation.id) was not RESERVED") }
        isSpoiled = true
        try tickets.verify(reservation.ticket, by: `operator`, now: now)
        guard connection.changes == 1 else { throw .defect("Ticket \(reservation.ticket) was not RESERVED") }
        isSpoiled = false
    }

    /// Both rows or, when it throws, none that can be committed.
    package func recordCancellation(_ cancelled: Reservation, now: Instant) throws(StorageFailure) {
        try requireBatch()
        try reservations.change(cancelled, to: .cancelled, now: now)
        guard connection.changes == 1 else { throw .defect("Reservation \(cancelled.id) was not RESERVED") }
        isSpoiled = true
        try tickets.release(cancelled.ticket, now: now)
        guard connection.changes == 1 else { throw .defect("Ticket \(cancelled.ticket) was not RESERVED") }
        isSpoiled = false
    }

    package func recordMove(_ moved: Reservation, now: Instant) throws(StorageFailure) {
        try requireBatch()
        try reservations.change(moved, to: .reserved, now: now)
        guard connection.changes == 1 else { throw .defect("Reservation \(moved.id) was not RESERVED") }
    }

    // MARK: history

    package func insert(_ note: HistoryNote) throws(StorageFailure) {
        try requireBatch()
        try historyTable.insert(note)
    }

    package func history(_ query: HistoryQuery) throws(StorageFailure) -> HistoryPage { try historyTable.page(query) }

    // MARK: idempotency

    package func idempotencyRecord(_ key: IdempotencyKey) throws(StorageFailure) -> IdempotencyRecord? { try idempotency.find(key) }

    package func insert(_ record: IdempotencyRecord, under key: IdempotencyKey, now: Instant) throws(StorageFailure) {
        try requireBatch()
        try idempotency.insert(record, under: key, now: now)
    }

    package func removeIdempotencyRecords(before instant: Instant, limit: Int) throws(StorageFailure) -> Int {
        try requireBatch()
        try idempotency.remove(before: instant, limit: limit)
        return connection.changes
    }

    // MARK: outbox

    package func dueOutboxEntries(at now: Instant, limit: Int) throws(StorageFailure) -> [OutboxEntry] {
        try outbox.due(at: now, limit: limit)
    }

    package func nextOutboxDue() throws(StorageFailure) -> Instant? { try outbox.nextDue() }

    package func outboxEntry(_ id: OutboxID) throws(StorageFailure) -> OutboxEntry? { try outbox.find(id) }

    package func outboxEntries(_ query: OutboxQuery, now: Instant) throws(StorageFailure) -> OutboxPage { try outbox.page(query, now: now) }

    package func update(_ entry: OutboxEntry) throws(StorageFailure) {
        try requireBatch()
        try outbox.update(entry)
        guard connection.changes == 1 else { throw .defect("There is no outbox entry \(entry.id) to update") }
    }

    package func queueConfirmation(of reservation: ReservationID, now: Instant) throws(StorageFailure) -> OutboxEntry? {
        try requireBatch()
        guard try outbox.isLive(reservation) else { return nil }
        try outbox.queueConfirmation(of: reservation.rawValue, for: nil, now: now)
        let row = connection.lastInsertedRow
        guard let id = OutboxID(row), let entry = try outbox.find(id) else { throw .unreadable("message", row) }
        return entry
    }

    package func queueMessage(_ purpose: MessagePurpose, of reservation: ReservationID, now: Instant) throws(StorageFailure) {
        try requireBatch()
        try outbox.queue(purpose, of: reservation, now: now)
    }

    package func unsentOutboxEntries(of reservation: ReservationID) throws(StorageFailure) -> [OutboxEntry] {
        try outbox.unsent(of: reservation)
    }

    package func removeOutboxEntries(
        behind id: OutboxID?, before instant: Instant, limit: Int
    ) throws(StorageFailure) -> OutboxID? {
        try requireBatch()
        return try outbox.remove(behind: id, before: instant, limit: limit)
    }

    // MARK: upkeep

    package func checkpoint(ifLogExceeds pages: Int) {
        guard connection.pagesInLog > pages, !connection.isInTransaction else { return }
        do {
            try connection.checkpoint()
            checkpointFailure = nil
        } catch {
            checkpointFailure = error
        }
    }

    package func statistics() throws(StorageFailure) -> StorageStatistics { try sizes.read() }

    package func settle() throws(StorageFailure) {
        copy = nil
        guard !connection.isInTransaction else { throw .defect("The store is settled outside batches") }
        try connection.checkpointAndTruncate()
    }

    // MARK: a copy

    package func beginCopy(into path: String) throws(StorageFailure) {
        // The one before lets go of its file first: it may be the same.
        copy = nil
        copy = try DatabaseCopy(of: connection, into: path, vfs: vfs)
    }

    package func continueCopy(pages: Int) throws(StorageFailure) -> CopyProgress {
        guard let copy else { throw .defect("No copy has been begun") }
        guard !connection.isInTransaction else { throw .defect("A copy goes on outside batches") }
        return try copy.step(pages: pages)
    }

    package func endCopy() { copy = nil }

    /// Outside a batch SQLite would commit each statement for itself, and somebody could hear of half a batch.
    func requireBatch() throws(StorageFailure) {
        guard connection.isInTransaction else { throw .defect("A write outside any batch") }
    }
}
