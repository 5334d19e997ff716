import Logging
import ReservationCore
import ReservationLog
import ReservationWire

extension EventName {
    static let connectionRefused: EventName = "connection.refused"
    static let connectionCut: EventName = "connection.cut"
    static let connectionLimitReached: EventName = "connection.limit.reached"
    static let connectionLimitPassed: EventName = "connection.limit.passed"
    static let ticketsIssued: EventName = "tickets.issued"
    static let ticketsImported: EventName = "tickets.imported"
    static let organizationAdded: EventName = "organization.added"
    static let organizationChanged: EventName = "organization.changed"
    static let slotsChanged: EventName = "slots.changed"
    static let requestFailed: EventName = "request.failed"
    static let outboxDeadLetter: EventName = "outbox.dead_letter"
    static let outboxChanged: EventName = "outbox.changed"
    static let countersRepaired: EventName = "counters.repaired"
    static let ticketChanged: EventName = "ticket.changed"
    static let ticketCheckedIn: EventName = "ticket.checked_in"
    static let ticketCheckInRefused: EventName = "ticket.check_in.refused"
    static let reservationCancelled: EventName = "reservation.cancelled"
    static let reservationMoved: EventName = "reservation.moved"
    static let personalDataExported: EventName = "personal_data.exported"
    static let personalDataErased: EventName = "personal_data.erased"
}

/// What the journal says of each request. Addresses, numbers and codes are masked.
extension Logger {
    func record(_ outcome: Outcome, of submission: Submission) {
        switch submission.command {
        case .create(let request, _): recordCreation(request, outcome)
        case .validate(_, let code, let name): recordValidation(of: code, name, outcome)
        case .verifyContact(_, let ticket, _, let contact, let name): recordVerification(of: contact, ticket: ticket, name, outcome)
        case .heartbeat, .health, .available, .months, .showOrganization, .status, .doctor, .listOrganizations, .listSlots, .showTicket,
            .metrics, .backup, .events, .sweep:
            recordFailure(outcome, of: submission.opcode)
        case .outbox(let command): record(outcome, of: command, opcode: submission.opcode)
        case .life(let command): record(outcome, of: command, opcode: submission.opcode)
        case .personalData(let command): record(outcome, of: command, opcode: submission.opcode)
        case .setOrganization(let change):
            guard case .organization(let organization, _) = outcome else { return recordFailure(outcome, of: submission.opcode) }
            record(.notice, .organizationChanged, [.organization: "\(organization.id)", .changedFields: "\(change.fields)"])
        case .repair:
            guard case .findings(let findings) = outcome else { return recordFailure(outcome, of: submission.opcode) }
            let repaired = findings.count { $0.check == Ledger.repairCheck }
            if repaired > 0 { record(.warning, .countersRepaired, [.count: "\(repaired)"]) }
        case .issue, .importTickets, .addOrganization, .createSlot, .generateSlots, .setSlotOpen, .setSlotCapacity, .calendar:
            recordAdministration(outcome, of: submission.opcode)
        }
    }

    /// What a mailer does is the mailer's to tell, but for what needs an operator: that is told here too, should the mailer be gone.
    private func record(_ outcome: Outcome, of command: OutboxCommand, opcode: Opcode) {
        switch (command, outcome) {
        case (.report(_, _, .givenUp), .outbox(.reported(let entry))):
            record(
                .error, .outboxDeadLetter,
                named(entry.requestName, [.outboxID: "\(entry.id)", .reservationID: "\(entry.reservation.id)"]))
        case (.requeue, .outbox(.entry(let entry))), (.cancel, .outbox(.entry(let entry))), (.resend, .outbox(.entry(let entry))):
            record(
                .notice, .outboxChanged,
                named(
                    entry.requestName,
                    [
                        .operation: "\(opcode.name)", .outboxID: "\(entry.id)", .reservationID: "\(entry.reservation.id)",
                        .result: "\(entry.state.rawValue)",
                    ]))
        // A mailer that ends takes back what it waited for.
        case (.lease, .failed(.cancelled)): break
        default: recordFailure(outcome, of: opcode)
        }
    }

    func recordFailure(_ outcome: Outcome, of opcode: Opcode) {
        guard let reason = outcome.failureReason else { return }
        record(outcome.isFault ? .warning : .info, .requestFailed, [.operation: "\(opcode.name)", .reason: "\(reason)"])
    }

    private func recordAdministration(_ outcome: Outcome, of opcode: Opcode) {
        switch outcome {
        case .tickets(let tickets):
            record(.notice, .ticketsIssued, [.count: "\(tickets.count)"])
        case .imported(let created, let existing, let problems):
            record(.notice, .ticketsImported, [.count: "\(created)", .result: "existing \(existing), problems \(problems.count)"])
        case .organizations(let organizations):
            record(.notice, .organizationAdded, [.organization: "\(organizations.first.map { "\($0.id)" } ?? "")"])
        case .slots(let slots, _):
            record(.notice, .slotsChanged, [.operation: "\(opcode.name)", .slotID: "\(slots.first.map { "\($0.id)" } ?? "")"])
        case .calendar(.changed(let count, let unchanged, _)):
            record(.notice, .slotsChanged, [.operation: "\(opcode.name)", .count: "\(count)", .result: "unchanged \(unchanged)"])
        case .calendar(.deleted(let count, let inUse, _)):
            record(.notice, .slotsChanged, [.operation: "\(opcode.name)", .count: "\(count)", .result: "in use \(inUse)"])
        case .generated(let created, let existing, _):
            record(.notice, .slotsChanged, [.operation: "\(opcode.name)", .count: "\(created)", .result: "existing \(existing)"])
        default: recordFailure(outcome, of: opcode)
        }
    }
}
