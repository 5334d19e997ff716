import ReservationCore

@testable import ReservationDaemon

/// What the ledger must do, said a second time (DESIGN, sections 2 and 3) and as simply as can be: values in plain memory, every search
/// a walk through everything. It shares no rule with `BookingRules` and no table with the ledger, so that neither can hide the other's
/// mistake; it only uses the same types to say what is asked and answered.
struct ReferenceModel: Sendable {
    let words: ModelVocabulary
    /// What must survive a restart.
    var tables = ModelTables() {
        didSet { hasStored = true }
    }
    /// Whether anything was to be stored since this was last reset; the same value again counts.
    var hasStored = false
    var now = Instant(seconds: ModelVocabulary.monday)
    /// Whether the last thing heard from the store was that it takes writes.
    var isWritable = true
    /// The process was told to end: nothing is decided any more.
    var hasEnded = false
    /// Old idempotency records are forgotten in the ledger's first idle moment.
    var sweepIsDue = true
    /// Up to where an idle ledger has looked for messages to forget. It does not survive a restart.
    var forgottenUpTo: OutboxID?
    /// Writing a reservation for this ticket fails.
    var doomedTicket: TicketID?
    var doomWasMet = false

    init(words: ModelVocabulary) {
        self.words = words
    }
}

struct ModelTables: Equatable, Sendable {
    var organizations: [ModelOrganization] = []
    /// By id.
    var slots: [ModelSlot] = []
    /// Ids are given out in sequence, and none is given out again.
    var lastSlot: Int64 = 0
    /// What stored answers may still name.
    var removedSlots: [ModelSlot] = []
    var tickets: [ModelTicket] = []
    /// Dead ones too.
    var reservations: [ModelReservation] = []
    /// Oldest first.
    var records: [ModelRecord] = []
    /// By id, which rises by one with each.
    var messages: [ModelMessage] = []
    /// Oldest first; the place is the id less one.
    var history: [ModelNote] = []
    /// Messages that were sent and are forgotten.
    var forgottenSent = 0
}

struct ModelOrganization: Equatable, Sendable {
    var organization: Organization
    var logo: Logo?
    /// Seconds east of UTC.
    var offset: Int64
}

struct ModelSlot: Equatable, Sendable {
    var id: SlotID
    var organization: OrganizationID
    var date: CalendarDate
    var start: TimeOfDay
    var end: TimeOfDay
    var startsAt: Instant
    var capacity: Int
    var booked = 0
    var isClosed = false
    var createdAt: Instant
    var updatedAt: Instant

    var isFull: Bool { booked >= capacity }

    /// As the ledger shows it.
    var shown: Slot {
        Slot(
            id: id, organization: organization, date: date, startTime: start, endTime: end, startsAt: startsAt, totalCapacity: capacity,
            bookedCount: booked, status: isClosed ? .closed : isFull ? .full : .active, createdAt: createdAt, updatedAt: updatedAt)
    }
}

struct ModelTicket: Equatable, Sendable {
    /// Its place in the table.
    var number: Int
    /// Chosen by the ledger and not seen yet when nil.
    var id: TicketID?
    var code: TicketCode?
    var organization: OrganizationID
    var product: Int64
    var order: Int64
    var status: TicketStatus
    /// The live one.
    var reservation: Int?
    /// Of one that was let in here.
    var verification = Verification(at: nil, by: nil)
    var validUntil: CalendarDate?
    var createdAt: Instant
    var updatedAt: Instant
}

struct ModelReservation: Equatable, Sendable {
    /// Its place in the table.
    var number: Int
    /// Chosen by the store and not seen yet when nil.
    var id: ReservationID?
    var ticket: Int
    var slot: SlotID
    /// The one that was booked first, which the stored answer names for ever.
    var bookedSlot: SlotID
    var status = ReservationStatus.reserved
    var sequence = 0
    var contact: Contact
    var language: Language
    var reservedAt: Instant
    /// The bytes of the stored answer, where they were seen.
    var reply: [UInt8]?
}

struct ModelRecord: Equatable, Sendable {
    var key: IdempotencyKey
    /// Nil for a move.
    var request: BookingRules.Request?
    var move: ModelMove?
    var reservation: Int
    var createdAt: Instant
}

/// A move that was made under a key.
struct ModelMove: Equatable, Sendable {
    /// Nil where the ticket was named.
    var named: ReservationID?
    var to: SlotID
    var from: SlotID
    var sequence: Int
}

extension ReferenceModel {
    /// What one command answers and changes, after all before it in its group.
    mutating func apply(_ command: Command) -> Prediction {
        switch command {
        case .validate(let organization, let code, _): validate(code, in: organization)
        case .verifyContact(let organization, let ticket, let code, let contact, _):
            verify(contact, ticket: ticket, code: code, in: organization)
        case .available(let organization, let period): available(period, in: organization)
        case .create(let request, let key): create(request, key: key)
        case .health: .health(writable: isWritable)
        case .issue(let order): issue(order)
        case .importTickets(let drafts, let isDryRun): importTickets(drafts, isDryRun: isDryRun)
        case .showTicket(let reference): show(reference)
        case .addOrganization(let draft): add(draft)
        case .listOrganizations: .organizations(tables.organizations.map(\.organization).sorted { $0.id < $1.id })
        case .showOrganization(let id): showOrganization(id)
        case .setOrganization(let change): set(change)
        case .months(let organization): months(of: organization)
        case .createSlot(let draft): createSlot(draft)
        case .generateSlots(let plan): generate(plan)
        case .listSlots(let query): list(query)
        case .setSlotOpen(let id, let open, let reason): setOpen(open, slot: id, reason: reason)
        case .setSlotCapacity(let id, let capacity): setCapacity(capacity, slot: id)
        case .outbox(let command): apply(command)
        case .life(let command): apply(command)
        case .calendar(let command): apply(command)
        case .status: .status(writable: isWritable, sizes)
        case .doctor, .repair: .sound
        case .heartbeat, .metrics: .alive
        // Asked by connections, which the run has none of.
        case .events: .alive
        case .sweep(.expireTickets): sweepTickets()
        // No organisation of the run has a period.
        case .sweep(.eraseContacts): .swept
        case .personalData(.erase(let order, let erasure)): erase(order, erasure)
        case .personalData(.export): .alive
        // A server has these done beside the ledger.
        case .backup: .refused(.backupFailed("Backups are made by a daemon that listens on sockets."))
        }
    }

    var sizes: ModelSizes {
        ModelSizes(
            organizations: tables.organizations.count, slots: tables.slots.count, tickets: tables.tickets.count,
            reservations: tables.tickets.count { $0.reservation != nil }, outbox: outboxStatistics)
    }

    /// Records are kept for a day; after that an idle ledger forgets them, the oldest first and only so many at a time.
    mutating func sweep(limit: Int) {
        let horizon = now.seconds - 24 * 3600
        let old = tables.records.prefix(limit).filter { $0.createdAt.seconds < horizon }
        if !old.isEmpty { tables.records.removeAll { record in old.contains { $0.key == record.key } } }
        forgetMessages(limit: limit)
    }
}
