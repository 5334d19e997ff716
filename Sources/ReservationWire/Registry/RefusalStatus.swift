import ReservationCore

extension Status {
    /// The status under which a refusal travels.
    package init(_ refusal: Refusal) {
        self =
            switch refusal {
            case .invalidRequest: .invalidRequest
            case .invalidTicketCode: .invalidTicketCode
            case .invalidContact: .invalidContact
            case .ticketNotFound: .ticketNotFound
            case .slotNotFound: .slotNotFound
            case .organizationNotFound: .organizationNotFound
            case .resultTooLarge: .resultTooLarge
            case .reservationNotFound: .reservationNotFound
            case .outboxEntryNotFound: .outboxEntryNotFound
            case .ticketAlreadyReserved: .ticketAlreadyReserved
            case .ticketNotActivated: .ticketNotActivated
            case .ticketExpired: .ticketExpired
            case .visitTooLate: .visitTooLate
            case .contactErased: .contactErased
            case .ticketAlreadyUsed, .checkedIn: .ticketAlreadyUsed
            case .slotFull: .slotFull
            case .slotClosed: .slotClosed
            case .idempotencyKeyReused: .idempotencyKeyReused
            case .alreadyExists: .alreadyExists
            case .capacityBelowBooked: .capacityBelowBooked
            case .leaseLost: .leaseLost
            case .alreadySent: .alreadySent
            case .slotInUse: .slotInUse
            case .notReserved: .notReserved
            case .wrongDay: .wrongDay
            case .organizationMismatch: .organizationMismatch
            case .ticketCodeRequired: .ticketCodeRequired
            case .backupFailed: .backupFailed
            case .backupRunning: .backupRunning
            case .backupNotFound: .backupNotFound
            case .eventsTrimmed: .eventsTrimmed
            case .eventsAhead: .eventsAhead
            }
    }
}
