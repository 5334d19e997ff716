import ReservationCore

/// What is asked about the data of one person.
enum PersonalDataCommand: Hashable, Sendable {
    case export(PersonalDataOrder)
    case erase(PersonalDataOrder, Erasure)

    /// Also a dry run: it need not tell what may be taken back.
    var writes: Bool {
        switch self {
        case .export: false
        case .erase: true
        }
    }
}

/// Whose data, and which page of it.
struct PersonalDataOrder: Hashable, Sendable {
    /// Rows are looked through in this order, since no index leads from a person to them.
    enum Position: Hashable, Sendable {
        case reservations(behind: ReservationID?)
        case tickets(behind: TicketID?)
        case messages(behind: OutboxID?)
        /// Only of an erasure.
        case history(behind: HistoryID?)
    }

    var person: PersonalSubject
    var position = Position.reservations(behind: nil)
}

/// How somebody is to be erased.
struct Erasure: Hashable, Sendable {
    /// Also from reservations whose visit is still to come.
    var includesUpcoming = false
    var isDryRun = false
    var operatorID: OperatorID?
}

/// How such a command ended.
enum PersonalDataOutcome: Sendable {
    case exported(PersonalDataPage)
    case erased(ErasureReport)
}

/// A page of what is known of somebody.
struct PersonalDataPage: Sendable {
    var reservations: [(ListedReservation, Slot)] = []
    /// What was done to the tickets of these reservations.
    var history: [HistoryEntry] = []
    var tickets: [PersonsTicket] = []
    var messages: [OutboxEntry] = []
    /// Where the next page begins; nil after the last.
    var next: PersonalDataOrder.Position?
}

/// What one page of an erasure did.
struct ErasureReport: Hashable, Sendable {
    /// Reservations whose contact is erased.
    var reservations = 0
    /// Reservations that were left, since the visit is still to come.
    var upcoming = 0
    /// Tickets that bore the contact without a reservation that did.
    var tickets = 0
    /// Messages that were taken back or emptied, and reasons in the history.
    var emptied = 0
    /// Where the next page begins; nil after the last.
    var next: PersonalDataOrder.Position?
}
