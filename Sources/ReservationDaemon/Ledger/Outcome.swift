import ReservationCore
import ReservationWire

/// How a command ended. Handed out only after the batch it ran in was committed.
enum Outcome: Sendable {
    case validated(Ticket)
    case contactVerified(Contact)
    case available(month: YearMonth, timeZone: String, slots: [Slot])
    case created(CreatedReservation)
    /// The stored payload of an earlier acceptance under the same key, as TLV.
    case replayed([UInt8])
    case health(writable: Bool)
    case months([MonthCount], today: CalendarDate, timeZone: String)
    case organization(Organization, logo: Logo?)
    case tickets([TicketWithReservation])
    case imported(created: Int, existing: Int, problems: [ImportProblem])
    case organizations([Organization])
    case slots([Slot], more: Bool)
    case generated(created: Int, existing: Int, missing: [MissingSlotTime])
    case status(LedgerStatus)
    case findings([Finding])
    case alive
    case backup(BackupState)
    case outbox(OutboxOutcome)
    case life(LifeOutcome)
    case events(EventOutcome)
    /// - Parameter more: there is more to do at once.
    case swept(more: Bool)
    case calendar(CalendarOutcome)
    case personalData(PersonalDataOutcome)

    /// An ordinary "no".
    case refused(Refusal)
    /// No answer could be reached; nothing was done, unless the fault says otherwise.
    case failed(Fault)
}

/// Why no answer could be reached.
enum Fault: Sendable, Hashable {
    /// The store cannot be written now; nothing was done.
    case unavailable
    /// What was erased is gone from the database and is still in its log, which cannot be emptied now.
    case logNotEmptied
    /// The time was up before the command was begun; nothing was done.
    case deadlineExceeded
    /// The caller took it back before it was begun; nothing was done.
    case cancelled
    /// Too many wait already; nothing was done.
    case overloaded
    /// The device failed during the commit: it may or may not be stored.
    case outcomeUnknown
    /// A defect of ours; nothing was done.
    case defect
}

/// An accepted booking.
struct CreatedReservation: Sendable {
    var id: ReservationID
    var ticket: Ticket
    var slot: Slot
    var reservedAt: Instant
    /// The answer's payload as TLV, when it was stored under an idempotency key.
    var payload: [UInt8]?

    var response: CreateReservationResponse {
        CreateReservationResponse(
            orq: UInt64(ticket.organization.rawValue), ticketID: UInt64(ticket.id.rawValue), ticketCode: ticket.code.text,
            slotID: UInt64(slot.id.rawValue), reservationID: UInt64(id.rawValue), reservedAt: reservedAt, slot: SlotTime(slot),
            confirmationQueued: true)
    }
}

/// A month's slots that are not closed.
struct MonthCount: Sendable, Hashable {
    var month: YearMonth
    var slots: Int
    /// Places that can be booked now.
    var availablePlaces: Int
}

struct TicketWithReservation: Sendable {
    var ticket: Ticket
    var reservation: Reservation?
    var slot: Slot?
}

/// Why one row of an import cannot be taken.
struct ImportProblem: Sendable {
    /// From 0.
    var row: Int
    var message: String
}

/// What the ledger knows about itself.
struct LedgerStatus: Sendable {
    var writable: Bool
    var organizations: Int
    var slots: Int
    var reservations: Int
    var storage: StorageStatistics
    /// Messages that mailers hold.
    var leasedMessages: Int
    /// For how long the oldest of the messages that are to be sent has been so, in seconds.
    var oldestMessageSeconds: Int64?
    var requests: UInt64
    var batches: UInt64
    var commits: UInt64
    var commitMicroseconds: UInt64
}

extension Outcome? {
    /// Whether the request was decided, so that what it changed stands.
    var isAnswer: Bool {
        switch self {
        case .failed, nil: false
        default: true
        }
    }
}
