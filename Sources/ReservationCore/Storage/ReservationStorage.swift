/// Durable state in domain terms, as the ledger needs it. One caller at a time, on the ledger's executor; every call blocks.
///
/// A write belongs to the batch that ``begin()`` opened; nobody may hear of it before ``commit()`` returned. SQLite is the first store
/// behind this; the tests of the ledger run against any.
package protocol ReservationStorage {
    // MARK: start

    func loadOrganizations() throws(StorageFailure) -> [Organization]
    /// Every slot.
    ///
    /// - Parameter startsAt: judges when a slot starts, in its organisation's time zone; it is not stored, since zones change their rules.
    func loadSlots(startsAt: (OrganizationID, CalendarDate, TimeOfDay) -> Instant) throws(StorageFailure) -> [Slot]
    /// Slots whose stored count of bookings is not the count of their live reservations, or exceeds the capacity.
    func counterMismatches() throws(StorageFailure) -> [CounterMismatch]

    // MARK: a batch

    func begin() throws(StorageFailure)
    func commit() throws(StorageFailure)
    /// Ends the batch without a trace. Harmless when none is open.
    func rollback()

    // MARK: organisations and slots

    /// - Returns: false when the id is taken.
    func insert(_ organization: Organization) throws(StorageFailure) -> Bool
    /// Writes all but the id, the logo and the time of its making.
    func update(_ organization: Organization) throws(StorageFailure)
    func logo(of organization: OrganizationID) throws(StorageFailure) -> Logo?
    /// Keeps the logo in place of any earlier one, or takes that away with nil.
    func setLogo(_ logo: Logo?, of organization: OrganizationID) throws(StorageFailure)
    /// The id is larger than that of any slot there has been and that the history tells of.
    ///
    /// - Returns: nil when the organisation has a slot on that date at that time already.
    func insertSlot(_ draft: SlotDraft, now: Instant) throws(StorageFailure) -> SlotID?
    /// Whether a reservation refers to it, live or cancelled.
    func hasReservations(in slot: SlotID) throws(StorageFailure) -> Bool
    /// Takes a slot away to which no reservation refers. Its id is never given to another.
    func removeSlot(_ id: SlotID) throws(StorageFailure)
    /// Writes capacity, count, status and time of change.
    func update(_ slot: Slot) throws(StorageFailure)
    /// Capacity, count, status and time of change as they are stored, put into `slot`; for restoring counters after a failed batch.
    func refreshed(_ slot: Slot) throws(StorageFailure) -> Slot?

    // MARK: tickets and reservations

    /// - Returns: false when the id, or the code within the organisation, is taken.
    func insert(_ ticket: Ticket) throws(StorageFailure) -> Bool
    func ticket(_ id: TicketID) throws(StorageFailure) -> Ticket?
    func ticket(_ code: TicketCode, in organization: OrganizationID) throws(StorageFailure) -> Ticket?
    /// The same code may have been issued by several organisations.
    func tickets(_ code: TicketCode) throws(StorageFailure) -> [Ticket]
    func tickets(_ query: TicketQuery) throws(StorageFailure) -> TicketPage
    func liveReservation(of ticket: TicketID) throws(StorageFailure) -> Reservation?
    /// Writes the reservation, marks the ticket RESERVED and queues the confirmation. The slot's count is the caller's, see ``update(_:)``.
    func recordReservation(_ request: BookingRules.Request, now: Instant) throws(StorageFailure) -> ReservationID

    /// Whether it is live or not.
    func reservation(_ id: ReservationID) throws(StorageFailure) -> Reservation?
    func reservations(_ query: ReservationQuery) throws(StorageFailure) -> ReservationPage
    /// The latest of a ticket's reservations that were cancelled.
    func cancelledReservation(of ticket: TicketID) throws(StorageFailure) -> Reservation?
    /// When a `VERIFIED` ticket was let in, and by whom; both are missing where it was used before it came here.
    func verification(of ticket: TicketID) throws(StorageFailure) -> Verification
    /// Makes a ticket that holds no place `ACTIVATED` or `EXPIRED`.
    func setStatus(_ status: TicketStatus, of ticket: TicketID, now: Instant) throws(StorageFailure)
    /// Tickets that hold no place and whose last day was before `day`, up to `limit` of them.
    func overdueTickets(of organization: OrganizationID, on day: CalendarDate, limit: Int) throws(StorageFailure) -> [Ticket]
    /// Marks ticket and reservation `VERIFIED`.
    func recordCheckIn(_ reservation: Reservation, by operator: OperatorID?, now: Instant) throws(StorageFailure)
    /// Writes the status and the sequence of a reservation that is cancelled, and makes its ticket `ACTIVATED` and nobody's again. The
    /// slot's count is the caller's, and so are the messages.
    func recordCancellation(_ cancelled: Reservation, now: Instant) throws(StorageFailure)
    /// Writes the slot and the sequence of a reservation that is moved. The slots' counts are the caller's, and so are the messages.
    func recordMove(_ moved: Reservation, now: Instant) throws(StorageFailure)

    // MARK: history

    func insert(_ note: HistoryNote) throws(StorageFailure)
    func history(_ query: HistoryQuery) throws(StorageFailure) -> HistoryPage

    // MARK: events

    func eventBounds() throws(StorageFailure) -> EventBounds
    /// Keeps what happened, in order.
    ///
    /// - Parameter position: of the latest event before these.
    func append(_ events: [PortalEvent], behind position: Int64, at instant: Instant) throws(StorageFailure)
    /// Up to `limit` events behind `position`, in order.
    func events(behind position: Int64, limit: Int) throws(StorageFailure) -> [PlacedEvent]
    /// Looks through the oldest events, up to `limit` commits' worth, and forgets those that happened before `instant`; the latest of all
    /// are kept, however old.
    ///
    /// - Returns: how many commits' worth are forgotten.
    func removeEvents(before instant: Instant, limit: Int) throws(StorageFailure) -> Int

    // MARK: idempotency

    func idempotencyRecord(_ key: IdempotencyKey) throws(StorageFailure) -> IdempotencyRecord?
    func insert(_ record: IdempotencyRecord, under key: IdempotencyKey, now: Instant) throws(StorageFailure)
    /// Forgets up to `limit` records created before `instant`; returns how many.
    func removeIdempotencyRecords(before instant: Instant, limit: Int) throws(StorageFailure) -> Int

    // MARK: outbox

    /// Entries that are due, those first that have been so longest.
    func dueOutboxEntries(at now: Instant, limit: Int) throws(StorageFailure) -> [OutboxEntry]
    /// When the next entry is due; nil when none is to be sent.
    func nextOutboxDue() throws(StorageFailure) -> Instant?
    func outboxEntry(_ id: OutboxID) throws(StorageFailure) -> OutboxEntry?
    func outboxEntries(_ query: OutboxQuery, now: Instant) throws(StorageFailure) -> OutboxPage
    /// Writes state, attempts, lease, error, provider's name and times.
    func update(_ entry: OutboxEntry) throws(StorageFailure)
    /// Queues another confirmation.
    ///
    /// - Returns: nil when there is no live reservation of that id.
    func queueConfirmation(of reservation: ReservationID, now: Instant) throws(StorageFailure) -> OutboxEntry?
    /// Queues a message about a reservation, live or not.
    func queueMessage(_ purpose: MessagePurpose, of reservation: ReservationID, now: Instant) throws(StorageFailure)
    /// Messages about a reservation that are still to be sent, those that a mailer has included.
    func unsentOutboxEntries(of reservation: ReservationID) throws(StorageFailure) -> [OutboxEntry]
    /// Looks through up to `limit` entries behind the given one and forgets those of them that were sent or cancelled before `instant`.
    ///
    /// - Returns: the last entry that it looked at; nil when it has come to entries that are younger, or to the end.
    func removeOutboxEntries(behind id: OutboxID?, before instant: Instant, limit: Int) throws(StorageFailure) -> OutboxID?

    // MARK: personal data

    /// Tickets that bear the person's name. A ticket with a reservation bears that one's; there should be no others.
    ///
    /// - Parameter examined: how many may be looked at.
    func tickets(of person: PersonalSubject, behind id: TicketID?, examined: Int) throws(StorageFailure) -> PersonsTicketPage
    /// Puts placeholders in place of a reservation's contact, and takes the contact from the ticket unless another has reserved it since.
    func eraseContact(of reservation: Reservation) throws(StorageFailure)
    /// Takes the contact from a ticket.
    func eraseContact(of ticket: TicketID) throws(StorageFailure)
    /// Puts ``HistoryNote/erasedReason`` in place of reasons in a ticket's history that hold one of the texts.
    ///
    /// - Returns: how many.
    func eraseReasons(of ticket: TicketID, holding texts: [String]) throws(StorageFailure) -> Int
    /// The same in all of the history, as far as it is looked at.
    func eraseReasons(holding text: String, behind id: HistoryID?, examined: Int) throws(StorageFailure) -> Emptied<HistoryID>
    /// Takes back what is to be sent to somebody who was erased, and from every message to them what others said of it: why it was not
    /// sent, how the provider calls it, what the request was called.
    ///
    /// - Parameter examined: how many messages are looked at.
    func emptyOutbox(behind id: OutboxID?, examined: Int, now: Instant) throws(StorageFailure) -> Emptied<OutboxID>
    /// Leaves nothing in the log of what was written before, outside any batch.
    func emptyLog() throws(StorageFailure)

    // MARK: upkeep

    /// Moves committed pages from the log into the database when the log has grown beyond `pages`, outside any batch.
    func checkpoint(ifLogExceeds pages: Int)
    /// Why the last checkpoint did not succeed; nil after one that did. Nothing is lost, it is tried again, but the log grows.
    var checkpointFailure: StorageFailure? { get }
    func statistics() throws(StorageFailure) -> StorageStatistics
    /// Every check of the store itself and of the invariants; takes seconds on a large database.
    func examine() throws(StorageFailure) -> [Finding]
    /// Leaves all that was committed where it stays when nobody comes again; outside any batch, before the process ends.
    func settle() throws(StorageFailure)

    // MARK: a copy

    /// Begins to copy everything into the empty file at `path`; ends a copy that is under way. Outside any batch.
    func beginCopy(into path: String) throws(StorageFailure)
    /// Goes on with the copy, outside any batch. What is committed meanwhile is in the copy too: once complete it is the store as it was
    /// at that moment.
    ///
    /// - Parameter pages: about how many pages of the store to copy.
    /// - Throws: when the copy cannot be continued; the store itself is not concerned. ``endCopy()`` must follow.
    func continueCopy(pages: Int) throws(StorageFailure) -> CopyProgress
    /// Lets go of the copy's file, complete or not. Harmless when no copy is being made.
    func endCopy()
}

extension ReservationStorage {
    package func settle() throws(StorageFailure) {}
    package func emptyLog() throws(StorageFailure) {}
    package func beginCopy(into path: String) throws(StorageFailure) { throw .unavailable("This store cannot be copied into a file") }
    package func continueCopy(pages: Int) throws(StorageFailure) -> CopyProgress {
        throw .unavailable("This store cannot be copied into a file")
    }
    package func endCopy() {}
}

/// How far a copy of the store is.
package struct CopyProgress: Hashable, Sendable {
    package var pagesDone: Int
    /// As of now: the store may grow while it is copied.
    package var pagesTotal: Int
    package var isComplete: Bool

    package init(pagesDone: Int, pagesTotal: Int, isComplete: Bool) {
        self.pagesDone = pagesDone
        self.pagesTotal = pagesTotal
        self.isComplete = isComplete
    }
}

/// A slot before it has an id.
package struct SlotDraft: Hashable, Sendable {
    package let organization: OrganizationID
    package let date: CalendarDate
    package let startTime: TimeOfDay
    package let endTime: TimeOfDay
    package let totalCapacity: Int

    package init(organization: OrganizationID, date: CalendarDate, startTime: TimeOfDay, endTime: TimeOfDay, totalCapacity: Int) {
        self.organization = organization
        self.date = date
        self.startTime = startTime
        self.endTime = endTime
        self.totalCapacity = totalCapacity
    }
}

/// Names one request of one caller, so that asking twice acts once.
package struct IdempotencyKey: Hashable, Sendable {
    /// The socket's role: keys of different roles never meet.
    package let role: Role
    package let organization: OrganizationID
    package let value: UInt128

    package init(role: Role, organization: OrganizationID, value: UInt128) {
        self.role = role
        self.organization = organization
        self.value = value
    }
}

/// What an accepted request under an idempotency key was and what was answered.
package struct IdempotencyRecord: Hashable, Sendable {
    /// Tells the request apart from any other under the same key.
    package let fingerprint: UInt128
    /// The answer's payload, byte for byte.
    package let reply: [UInt8]

    package init(fingerprint: UInt128, reply: [UInt8]) {
        self.fingerprint = fingerprint
        self.reply = reply
    }
}

/// Which socket a caller came by, and so what it may do.
package enum Role: UInt8, CaseIterable, Sendable {
    case gateway = 1
    case service = 2
    case admin = 3

    /// As it appears in socket names and logs.
    package var name: String {
        switch self {
        case .gateway: "gateway"
        case .service: "service"
        case .admin: "admin"
        }
    }
}

/// A slot whose counter does not tell the truth.
package struct CounterMismatch: Hashable, Sendable {
    package let slot: SlotID
    package let bookedCount: Int
    package let liveReservations: Int
    package let totalCapacity: Int

    package init(slot: SlotID, bookedCount: Int, liveReservations: Int, totalCapacity: Int) {
        self.slot = slot
        self.bookedCount = bookedCount
        self.liveReservations = liveReservations
        self.totalCapacity = totalCapacity
    }
}

/// Sizes an operator wants to see.
package struct StorageStatistics: Hashable, Sendable {
    package var tickets: Int
    package var outbox: OutboxStatistics
    package var databaseBytes: Int

    package init(tickets: Int, outbox: OutboxStatistics, databaseBytes: Int) {
        self.tickets = tickets
        self.outbox = outbox
        self.databaseBytes = databaseBytes
    }
}

/// One check and how it went.
package struct Finding: Hashable, Sendable {
    package let check: String
    package let passed: Bool
    package let detail: String

    package init(check: String, passed: Bool, detail: String) {
        self.check = check
        self.passed = passed
        self.detail = detail
    }
}
