import ReservationCore

@testable import ReservationDaemon

/// A store that hands every call on to another; what differs from it says only where.
class ForwardingStorage: ReservationStorage {
    private let base: any ReservationStorage

    init(_ base: sending any ReservationStorage) {
        self.base = base
    }

    func loadOrganizations() throws(StorageFailure) -> [Organization] { try base.loadOrganizations() }
    func loadSlots(startsAt: (OrganizationID, CalendarDate, TimeOfDay) -> Instant) throws(StorageFailure) -> [Slot] {
        try base.loadSlots(startsAt: startsAt)
    }
    func counterMismatches() throws(StorageFailure) -> [CounterMismatch] { try base.counterMismatches() }

    func begin() throws(StorageFailure) { try base.begin() }
    func commit() throws(StorageFailure) { try base.commit() }
    func rollback() { base.rollback() }

    func insert(_ organization: Organization) throws(StorageFailure) -> Bool { try base.insert(organization) }
    func update(_ organization: Organization) throws(StorageFailure) { try base.update(organization) }
    func logo(of organization: OrganizationID) throws(StorageFailure) -> Logo? { try base.logo(of: organization) }
    func setLogo(_ logo: Logo?, of organization: OrganizationID) throws(StorageFailure) { try base.setLogo(logo, of: organization) }
    func insertSlot(_ draft: SlotDraft, now: Instant) throws(StorageFailure) -> SlotID? { try base.insertSlot(draft, now: now) }
    func update(_ slot: Slot) throws(StorageFailure) { try base.update(slot) }
    func refreshed(_ slot: Slot) throws(StorageFailure) -> Slot? { try base.refreshed(slot) }

    func hasReservations(in slot: SlotID) throws(StorageFailure) -> Bool { try base.hasReservations(in: slot) }
    func removeSlot(_ id: SlotID) throws(StorageFailure) { try base.removeSlot(id) }

    func insert(_ ticket: Ticket) throws(StorageFailure) -> Bool { try base.insert(ticket) }
    func ticket(_ id: TicketID) throws(StorageFailure) -> Ticket? { try base.ticket(id) }
    func ticket(_ code: TicketCode, in organization: OrganizationID) throws(StorageFailure) -> Ticket? {
        try base.ticket(code, in: organization)
    }
    func tickets(_ code: TicketCode) throws(StorageFailure) -> [Ticket] { try base.tickets(code) }
    func tickets(_ query: TicketQuery) throws(StorageFailure) -> TicketPage { try base.tickets(query) }
    func liveReservation(of ticket: TicketID) throws(StorageFailure) -> Reservation? { try base.liveReservation(of: ticket) }
    func recordReservation(_ request: BookingRules.Request, now: Instant) throws(StorageFailure) -> ReservationID {
        try base.recordReservation(request, now: now)
    }

    func reservation(_ id: ReservationID) throws(StorageFailure) -> Reservation? { try base.reservation(id) }
    func reservations(_ query: ReservationQuery) throws(StorageFailure) -> ReservationPage { try base.reservations(query) }
    func cancelledReservation(of ticket: TicketID) throws(StorageFailure) -> Reservation? {
        try base.cancelledReservation(of: ticket)
    }
    func verification(of ticket: TicketID) throws(StorageFailure) -> Verification { try base.verification(of: ticket) }
    func setStatus(_ status: TicketStatus, of ticket: TicketID, now: Instant) throws(StorageFailure) {
        try base.setStatus(status, of: ticket, now: now)
    }
    func overdueTickets(of organization: OrganizationID, on day: CalendarDate, limit: Int) throws(StorageFailure) -> [Ticket] {
        try base.overdueTickets(of: organization, on: day, limit: limit)
    }
    func recordCheckIn(_ reservation: Reservation, by operator: OperatorID?, now: Instant) throws(StorageFailure) {
        try base.recordCheckIn(reservation, by: `operator`, now: now)
    }
    func recordCancellation(_ cancelled: Reservation, now: Instant) throws(StorageFailure) {
        try base.recordCancellation(cancelled, now: now)
    }
    func recordMove(_ moved: Reservation, now: Instant) throws(StorageFailure) { try base.recordMove(moved, now: now) }

    func insert(_ note: HistoryNote) throws(StorageFailure) { try base.insert(note) }
    func history(_ query: HistoryQuery) throws(StorageFailure) -> HistoryPage { try base.history(query) }

    func eventBounds() throws(StorageFailure) -> EventBounds { try base.eventBounds() }
    func append(_ events: [PortalEvent], behind position: Int64, at instant: Instant) throws(StorageFailure) {
        try base.append(events, behind: position, at: instant)
    }
    func events(behind position: Int64, limit: Int) throws(StorageFailure) -> [PlacedEvent] {
        try base.events(behind: position, limit: limit)
    }
    func removeEvents(before instant: Instant, limit: Int) throws(StorageFailure) -> Int {
        try base.removeEvents(before: instant, limit: limit)
    }

    func idempotencyRecord(_ key: IdempotencyKey) throws(StorageFailure) -> IdempotencyRecord? { try base.idempotencyRecord(key) }
    func insert(_ record: IdempotencyRecord, under key: IdempotencyKey, now: Instant) throws(StorageFailure) {
        try base.insert(record, under: key, now: now)
    }
    func removeIdempotencyRecords(before instant: Instant, limit: Int) throws(StorageFailure) -> Int {
        try base.removeIdempotencyRecords(before: instant, limit: limit)
    }

    func dueOutboxEntries(at now: Instant, limit: Int) throws(StorageFailure) -> [OutboxEntry] {
        try base.dueOutboxEntries(at: now, limit: limit)
    }
    func nextOutboxDue() throws(StorageFailure) -> Instant? { try base.nextOutboxDue() }
    func outboxEntry(_ id: OutboxID) throws(StorageFailure) -> OutboxEntry? { try base.outboxEntry(id) }
    func outboxEntries(_ query: OutboxQuery, now: Instant) throws(StorageFailure) -> OutboxPage {
        try base.outboxEntries(query, now: now)
    }
    func update(_ entry: OutboxEntry) throws(StorageFailure) { try base.update(entry) }
    func queueConfirmation(of reservation: ReservationID, now: Instant) throws(StorageFailure) -> OutboxEntry? {
        try base.queueConfirmation(of: reservation, now: now)
    }
    func queueMessage(_ purpose: MessagePurpose, of reservation: ReservationID, now: Instant) throws(StorageFailure) {
        try base.queueMessage(purpose, of: reservation, now: now)
    }
    func unsentOutboxEntries(of reservation: ReservationID) throws(StorageFailure) -> [OutboxEntry] {
        try base.unsentOutboxEntries(of: reservation)
    }
    func removeOutboxEntries(
        behind id: OutboxID?, before instant: Instant, limit: Int
    ) throws(StorageFailure) -> OutboxID? {
        try base.removeOutboxEntries(behind: id, before: instant, limit: limit)
    }

    func tickets(of person: PersonalSubject, behind id: TicketID?, examined: Int) throws(StorageFailure) -> PersonsTicketPage {
        try base.tickets(of: person, behind: id, examined: examined)
    }
    func eraseContact(of reservation: Reservation) throws(StorageFailure) { try base.eraseContact(of: reservation) }
    func eraseContact(of ticket: TicketID) throws(StorageFailure) { try base.eraseContact(of: ticket) }
    func eraseReasons(of ticket: TicketID, holding texts: [String]) throws(StorageFailure) -> Int {
        try base.eraseReasons(of: ticket, holding: texts)
    }
    func eraseReasons(holding text: String, behind id: HistoryID?, examined: Int) throws(StorageFailure) -> Emptied<HistoryID> {
        try base.eraseReasons(holding: text, behind: id, examined: examined)
    }
    func emptyOutbox(behind id: OutboxID?, examined: Int, now: Instant) throws(StorageFailure) -> Emptied<OutboxID> {
        try base.emptyOutbox(behind: id, examined: examined, now: now)
    }
    func emptyLog() throws(StorageFailure) { try base.emptyLog() }

    func checkpoint(ifLogExceeds pages: Int) { base.checkpoint(ifLogExceeds: pages) }
    var checkpointFailure: StorageFailure? { base.checkpointFailure }
    func statistics() throws(StorageFailure) -> StorageStatistics { try base.statistics() }
    func examine() throws(StorageFailure) -> [Finding] { try base.examine() }
    func settle() throws(StorageFailure) { try base.settle() }

    func beginCopy(into path: String) throws(StorageFailure) { try base.beginCopy(into: path) }
    func continueCopy(pages: Int) throws(StorageFailure) -> CopyProgress { try base.continueCopy(pages: pages) }
    func endCopy() { base.endCopy() }
}
