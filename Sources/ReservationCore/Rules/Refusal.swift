/// An ordinary "no": nothing changed, and asking again the same way changes nothing.
///
/// Faults (a disk that cannot be written) are errors and are not here.
package enum Refusal: Hashable, Sendable {
    case invalidRequest([FieldProblem])
    case invalidTicketCode
    case invalidContact([FieldProblem])
    case ticketNotFound
    case slotNotFound
    case organizationNotFound
    case resultTooLarge
    case reservationNotFound
    case outboxEntryNotFound
    /// The date is the reserved slot's, where a live reservation says so.
    case ticketAlreadyReserved(CalendarDate?)
    case ticketNotActivated
    case ticketExpired
    /// The visit would be after the ticket's last day.
    case visitTooLate(CalendarDate)
    case ticketAlreadyUsed
    /// There is nobody to write to.
    case contactErased
    /// The visitor is in already; who, and when, where it is known.
    case checkedIn(Verification)
    case slotFull([Slot])
    case slotClosed(started: Bool)
    case idempotencyKeyReused
    case alreadyExists(String)
    case capacityBelowBooked(booked: Int)
    case leaseLost
    case alreadySent
    /// - Parameter live: how many hold a place in it; with none, cancelled ones refer to it.
    case slotInUse(live: Int)
    case notReserved
    /// - Parameter days: until the visit; negative when it is over.
    case wrongDay(visit: CalendarDate, days: Int)
    case organizationMismatch
    case ticketCodeRequired
    /// Why, and what to do.
    case backupFailed(String)
    /// Where it is being made.
    case backupRunning(path: String)
    case backupNotFound
    /// What comes next is not kept any more.
    case eventsTrimmed(EventBounds)
    /// Nothing has that position yet.
    case eventsAhead(EventBounds)

    /// What happened and what to do, for the person who reads the answer.
    package var message: String {
        switch self {
        case .invalidRequest(let problems):
            problems.first.map { "The request cannot be used: \($0.field): \($0.message)" } ?? "The request cannot be used."
        case .invalidTicketCode: "This is not a ticket code. It looks like TKT-2025-ABC123-DEF456; check for missing characters."
        case .invalidContact: "Please enter a valid email and phone number."
        case .ticketNotFound: "No such ticket. Check the code on your ticket or ask the venue."
        case .slotNotFound: "No such time slot. Load the calendar again and choose another."
        case .organizationNotFound: "No such organization."
        case .resultTooLarge: "The answer would be too large. Ask for a single date instead of a month."
        case .reservationNotFound: "No such reservation."
        case .outboxEntryNotFound: "No such entry in the outbox."
        case .ticketAlreadyReserved(let date?): "This ticket is already reserved for \(date)."
        case .ticketAlreadyReserved(nil): "This ticket is already reserved."
        case .ticketNotActivated: "This ticket is not paid yet. Complete the payment first."
        case .visitTooLate(let until): "This ticket is valid until \(until). Please select a time slot on that day or before."
        case .ticketExpired: "This ticket has expired. Ask the venue."
        case .ticketAlreadyUsed, .checkedIn: "This ticket has already been used."
        case .contactErased: "Who made this reservation was erased: there is nobody to write to."
        case .slotFull: "This time slot is full. Please select another time."
        case .slotClosed(started: true): "This time slot has already started. Please select another time."
        case .slotClosed(started: false): "This time slot is closed. Please select another time."
        case .idempotencyKeyReused: "This Idempotency-Key was used for another request. Use a new key for a new request."
        case .alreadyExists(let what): "\(what) exists already."
        case .capacityBelowBooked(let booked): "\(booked) places are booked already; the capacity cannot be lower."
        case .leaseLost: "The lease has passed to another, or the message is no longer to be sent."
        case .alreadySent: "This message was sent already. To send the confirmation once more, resend the reservation."
        case .slotInUse(live: 0): "Cancelled reservations refer to this slot; it stays for their record. Close it instead."
        case .slotInUse(let live):
            "\(live) \(live == 1 ? "reservation holds" : "reservations hold") a place in this slot. Move or cancel them first, or close it."
        case .notReserved: "This ticket has no reservation. Reserve a time slot first."
        case .wrongDay(let visit, let days):
            "The visit is for \(visit), \(abs(days)) \(abs(days) == 1 ? "day" : "days") \(days > 0 ? "from now" : "ago")."
        case .organizationMismatch: "This ticket is for another organization than this time slot."
        case .ticketCodeRequired: "The ticket code is required."
        case .backupFailed(let reason): reason
        case .backupRunning(let path): "A backup is being made already, to \(path). Wait until it is done."
        case .backupNotFound:
            "The daemon knows nothing of this backup: it was started anew meanwhile, and what was not done is lost. Ask for another."
        case .eventsTrimmed(let bounds):
            "What happened behind this position is not kept any more; events are kept behind position \(bounds.oldest). Read the present "
                + "state of what you follow, then subscribe from the oldest or from now."
        case .eventsAhead(let bounds):
            "No event has this position yet, the latest is \(bounds.newest): the database was put back to an earlier state. Read the "
                + "present state of what you follow, then subscribe from now."
        }
    }
}

/// What is wrong with one field of a request.
package struct FieldProblem: Hashable, Sendable {
    /// The field's name in the contract the caller used.
    package var field: String
    package var message: String

    package init(field: String, message: String) {
        self.field = field
        self.message = message
    }
}
