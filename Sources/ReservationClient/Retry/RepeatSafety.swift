import ReservationWire

/// What comes of carrying an operation out twice, when nobody knows whether the first time happened.
enum RepeatSafety: Hashable, Sendable {
    /// Changes nothing, so it may be asked as often as one likes.
    case reads
    /// A second time leaves what the first time made.
    case idempotent
    /// The daemon tells a second time from a first by the idempotency key, if the request has one.
    case keyed
    /// The same where the request names whom or what it is about, see ``allowsRepeating(_:)``; else as `never`.
    case named
    /// A second time does something else than the first, or says something else.
    case never

    /// The one table of the client; every row has its reason.
    init(of opcode: Opcode) {
        switch opcode {
        // Checks and lists.
        case .ticketValidate, .contactVerify, .slotsAvailable, .daemonHealth, .slotsMonths, .organizationGet, .slotsWatch, .ticketsShow,
            .organizationList, .slotsList, .outboxList, .outboxShow, .reservationsShow, .reservationsList, .ticketsList, .historyList,
            .daemonStatus, .metricsRead, .eventsSubscribe, .personalDataExport:
            self = .reads
        // A repair leaves nothing to repair; only what it tells of differs.
        case .daemonDoctor: self = .idempotent
        // The stored reply comes back for the same key; without one a second create is refused as reserved, which reads as a failure.
        case .reservationCreate: self = .keyed
        // As a create; without a key a second time would undo what another has done meanwhile.
        case .reservationsMove: self = .keyed
        // Sets the status; what has been done with the ticket since stays.
        case .ticketsActivate, .ticketsExpire: self = .idempotent
        // The same operator is let hear the same answer again for a minute; without a number nobody can be told from another.
        case .ticketsCheckIn: self = .named
        // The same reservation stays cancelled; the same ticket may have been reserved again meanwhile.
        case .reservationsCancel: self = .named
        // An identical ticket that exists is counted and left alone; only the two counts tell the difference.
        case .ticketsImport: self = .idempotent
        // Existing slots are left alone and counted.
        case .slotsGenerate: self = .idempotent
        // Sets the state, whatever it was.
        case .slotsSetState, .slotsSetStates: self = .idempotent
        // Sets the number, whatever it was.
        case .slotsSetCapacity: self = .idempotent
        // Sets what it names, whatever it was.
        case .organizationSet: self = .idempotent
        // Under the same lease the same report leaves the same entry.
        case .outboxDone, .outboxRetry, .outboxDeadLetter: self = .idempotent
        // The latest report stands in place of the one before.
        case .metricsReport: self = .idempotent
        // Leaves the entry waiting, or cancelled, whatever it was.
        case .outboxRequeue, .outboxCancel: self = .idempotent
        // A second time leases other entries; those of the first are held until their lease is over.
        case .outboxLease: self = .never
        // Each time queues another message.
        case .reservationsResend: self = .never
        // Each time issues other tickets; with an id or a code of the caller's a second time is refused as existing.
        case .ticketsIssue: self = .never
        // What was erased is found no more; only the counts differ, which may then be too low.
        case .personalDataErase: self = .idempotent
        // A second time is refused as existing, which reads as a failure.
        case .organizationAdd: self = .never
        // A second time is refused as existing, which reads as a failure.
        case .slotsCreate: self = .never
        // A second time finds none, or fewer, which reads as a failure.
        case .slotsDelete: self = .never
        // A second time is refused while the first is under way, and makes another backup afterwards.
        case .daemonBackup: self = .never
        }
    }

    /// Whether a request whose fate is unknown may be sent again.
    func allowsRepeating(_ request: some WireMessage) -> Bool {
        switch self {
        case .reads, .idempotent: true
        case .keyed:
            (request as? CreateReservationRequest)?.idempotencyKey != nil || (request as? MoveReservationRequest)?.idempotencyKey != nil
        case .named:
            (request as? CheckInRequest)?.operatorID != nil || (request as? CancelReservationRequest)?.reservationID != nil
        case .never: false
        }
    }

    /// Whether the operation can have changed anything.
    var changesSomething: Bool { self != .reads }
}
