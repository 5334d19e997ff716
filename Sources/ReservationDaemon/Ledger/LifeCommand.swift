import ReservationCore

/// What is asked of tickets and reservations after the sale and after the booking.
enum LifeCommand: Sendable {
    case activate(TicketSelector, by: OperatorID?)
    case expire(TicketSelector, by: OperatorID?)
    case checkIn(TicketSelector, by: OperatorID?, anyDay: Bool)
    case cancel(ReservationSelector, Occasion)
    /// - Parameter key: without its organisation, which is the reservation's.
    case move(ReservationSelector, to: SlotID, Occasion, key: CallersKey?)
    case show(ReservationID)
    case history(HistoryOrder)
    case list(ReservationOrder)
    case listTickets(TicketQuery, showsCodes: Bool)

    var writes: Bool {
        switch self {
        case .activate, .expire, .checkIn, .cancel, .move: true
        case .show, .history, .list, .listTickets: false
        }
    }
}

/// One ticket, by its id or its code.
struct TicketSelector: Hashable, Sendable {
    enum Name: Hashable, Sendable {
        case id(TicketID)
        case code(TicketCode)
    }

    var name: Name
    /// The ticket's; needed only where several organisations have issued the code.
    var organization: OrganizationID?
}

/// One reservation, by its id or by the ticket that holds it.
enum ReservationSelector: Hashable, Sendable {
    case id(ReservationID)
    case ticket(TicketSelector)
}

/// Who of the venue wants it, and why.
struct Occasion: Hashable, Sendable {
    var operatorID: OperatorID?
    var reason: String?
}

/// An idempotency key before it is known which organisation's it is.
struct CallersKey: Hashable, Sendable {
    var role: Role
    var value: UInt128
}

/// What of the history is wanted.
struct HistoryOrder: Hashable, Sendable {
    var ticket: TicketSelector?
    var query: HistoryQuery
}

/// How such a command ended.
enum LifeOutcome: Sendable {
    case ticket(TicketWithReservation)
    case checkedIn(CheckedIn)
    case cancelled(ChangedReservation)
    case moved(MovedReservation)
    case reservation(ShownReservation)
    case history(HistoryPage)
    case reservations(ReservationList)
    case tickets(TicketPage, showsCodes: Bool)
}

/// A visitor who may come in.
struct CheckedIn: Sendable {
    var ticket: Ticket
    var reservation: Reservation
    var slot: Slot
    var verification: Verification
    /// The same operator has let them in a moment ago.
    var isRepeated: Bool
}

struct ChangedReservation: Sendable {
    var ticketCode: TicketCode
    var reservation: Reservation
    var slot: Slot
    /// Whether this command made it so.
    var isChanged: Bool
}

struct MovedReservation: Sendable {
    var change: ChangedReservation
    var previousSlot: SlotID
    /// The answer's payload as TLV, when it was stored under an idempotency key.
    var payload: [UInt8]?
}

struct ShownReservation: Sendable {
    var ticketCode: TicketCode
    var reservation: Reservation
    var slot: Slot
    var verification: Verification
}
