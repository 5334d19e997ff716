import ReservationCore

@testable import ReservationDaemon

/// Every way in which a command can end. A run of some length must have seen all of them, or it proves nothing about those it missed.
enum OutcomeKind: String, CaseIterable, Sendable {
    case validated, contactVerified, available, created, replayed, healthy, unhealthy, tickets, imported, importProblems, organizations
    case organization, months, noMonths, slots, moreSlots, generated, status, findings, alive
    case slotsChanged, slotsUnchanged, slotsDeleted, noSlotsDeleted, slotInUse
    case leased, nothingDue, reported, message, messages, noMessages, moreMessages, leaseLost, alreadySent, messageNotFound,
        reservationNotFound
    case lifeTicket, checkedIn, checkedInAgain, cancelledReservation, cancelledBefore, movedReservation, movedNowhere, reservation, history
    case reservations, moreReservations, noReservations
    case notReserved, wrongDay, checkedInBefore
    case ticketNotFound, slotNotFound, organizationNotFound, resultTooLarge, alreadyReserved, notActivated, ticketExpired, alreadyUsed
    case slotFull, fullWithoutAlternatives, slotClosed, slotStarted, keyReused, alreadyExists, belowBooked, organizationMismatch
    case unknownTimeZone, timeZoneStays, visitTooLate, swept
    case erased, nobodyErased, leftUpcoming, contactErased
    case unavailable, deadlineExceeded, cancelled, outcomeUnknown, defect
    /// Given by the edges, which decode, and never by the ledger.
    case notTheLedgers

    init(_ outcome: Outcome) {
        self =
            switch outcome {
            case .validated: .validated
            case .contactVerified: .contactVerified
            case .available: .available
            case .created: .created
            case .replayed: .replayed
            case .health(let writable): writable ? .healthy : .unhealthy
            case .tickets: .tickets
            case .imported(_, _, let problems): problems.isEmpty ? .imported : .importProblems
            case .organizations: .organizations
            case .organization: .organization
            case .months(let months, _, _): months.isEmpty ? .noMonths : .months
            case .slots(_, let more): more ? .moreSlots : .slots
            case .generated: .generated
            case .status: .status
            case .findings: .findings
            case .alive: .alive
            case .outbox(let outcome): Self(outcome)
            // Made beside the ledger.
            case .backup: .notTheLedgers
            case .life(let outcome): Self(outcome)
            // Asked by connections, which the run has none of.
            case .events: .notTheLedgers
            case .swept: .swept
            case .personalData(.exported): .notTheLedgers
            case .personalData(.erased(let report)):
                report.upcoming > 0 ? .leftUpcoming : report.reservations + report.emptied > 0 ? .erased : .nobodyErased
            case .calendar(.changed(let count, _, _)): count > 0 ? .slotsChanged : .slotsUnchanged
            case .calendar(.deleted(let count, _, _)): count > 0 ? .slotsDeleted : .noSlotsDeleted
            case .refused(let refusal): Self(refusal)
            case .failed(let fault): Self(fault)
            }
    }

    private init(_ outcome: LifeOutcome) {
        self =
            switch outcome {
            case .ticket: .lifeTicket
            case .checkedIn(let entry): entry.isRepeated ? .checkedInAgain : .checkedIn
            case .cancelled(let change): change.isChanged ? .cancelledReservation : .cancelledBefore
            case .moved(let moved): moved.change.isChanged ? .movedReservation : .movedNowhere
            case .reservation: .reservation
            case .history: .history
            // The ledger chooses ids at random, so the model cannot tell their order; stores are compared with one another instead.
            case .tickets: .notTheLedgers
            case .reservations(let list):
                list.next != nil ? .moreReservations : list.rows.isEmpty ? .noReservations : .reservations
            }
    }

    private init(_ outcome: OutboxOutcome) {
        self =
            switch outcome {
            case .leased(let deliveries): deliveries.isEmpty ? .nothingDue : .leased
            case .reported: .reported
            case .entry: .message
            case .page(let page): page.next != nil ? .moreMessages : page.entries.isEmpty ? .noMessages : .messages
            }
    }

    private init(_ refusal: Refusal) {
        self =
            switch refusal {
            case .ticketNotFound: .ticketNotFound
            case .slotNotFound: .slotNotFound
            case .organizationNotFound: .organizationNotFound
            case .resultTooLarge: .resultTooLarge
            case .ticketAlreadyReserved: .alreadyReserved
            case .ticketNotActivated: .notActivated
            case .ticketExpired: .ticketExpired
            case .visitTooLate: .visitTooLate
            case .ticketAlreadyUsed: .alreadyUsed
            case .contactErased: .contactErased
            case .checkedIn: .checkedInBefore
            case .notReserved: .notReserved
            case .wrongDay: .wrongDay
            case .slotFull(let alternatives): alternatives.isEmpty ? .fullWithoutAlternatives : .slotFull
            case .slotClosed(let started): started ? .slotStarted : .slotClosed
            case .idempotencyKeyReused: .keyReused
            case .alreadyExists: .alreadyExists
            case .capacityBelowBooked: .belowBooked
            case .leaseLost: .leaseLost
            case .alreadySent: .alreadySent
            case .slotInUse: .slotInUse
            case .outboxEntryNotFound: .messageNotFound
            case .reservationNotFound: .reservationNotFound
            case .organizationMismatch: .organizationMismatch
            case .invalidRequest(let problems): problems.contains { $0.message.contains("slots") } ? .timeZoneStays : .unknownTimeZone
            case .invalidTicketCode, .invalidContact, .ticketCodeRequired: .notTheLedgers
            case .backupFailed, .backupRunning, .backupNotFound, .eventsTrimmed, .eventsAhead: .notTheLedgers
            }
    }

    private init(_ fault: Fault) {
        self =
            switch fault {
            case .unavailable: .unavailable
            case .deadlineExceeded: .deadlineExceeded
            case .cancelled: .cancelled
            // Only who waits, and in a group nobody does.
            case .overloaded: .notTheLedgers
            // The model's disk can always empty its log.
            case .logNotEmptied: .notTheLedgers
            case .outcomeUnknown: .outcomeUnknown
            case .defect: .defect
            }
    }
}

/// What else must have happened for a run to prove something.
enum ModelEvent: String, CaseIterable, Sendable {
    case restarted, endedByFault, foundStored, foundNotStored, restoredCounters, couldNotRestore, forgotRecords, forgotMessages
    case replayedAfterRestart, replayedMove, replayedMoveOfFormer, sharedByConnections
}

struct ModelCoverage: Sendable {
    private(set) var outcomes: [OutcomeKind: Int] = [:]
    private(set) var events: [ModelEvent: Int] = [:]

    mutating func count(_ outcome: Outcome) { outcomes[OutcomeKind(outcome), default: 0] += 1 }

    mutating func count(_ event: ModelEvent) { events[event, default: 0] += 1 }

    mutating func add(_ other: ModelCoverage) {
        outcomes.merge(other.outcomes) { $0 + $1 }
        events.merge(other.events) { $0 + $1 }
    }

    /// What never happened, by name.
    var missing: [String] {
        OutcomeKind.allCases.filter { $0 != .notTheLedgers && outcomes[$0] == nil }.map(\.rawValue)
            + ModelEvent.allCases.filter { events[$0] == nil }.map(\.rawValue)
    }

    var summary: String {
        let parts =
            OutcomeKind.allCases.map { ($0.rawValue, outcomes[$0] ?? 0) } + ModelEvent.allCases.map { ($0.rawValue, events[$0] ?? 0) }
        return parts.filter { $0.1 > 0 }.map { "\($0.0) \($0.1)" }.joined(separator: ", ")
    }
}
