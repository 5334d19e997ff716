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
    static let ticketChanged: EventName = "ticket.changed"
    static let ticketCheckedIn: EventName = "ticket.checked_in"
    static let ticketCheckInRefused: EventName = "ticket.check_in.refused"
    static let reservationCancelled: EventName = "reservation.cancelled"
    static let reservationMoved: EventName = "reservation.moved"
}

/// What the journal says of each request, in the words of the card's section 7. Addresses, numbers and codes are masked.
extension Logger {
    /// A request that never reached the ledger because its form is not acceptable.
    func recordFormRefusal(_ refusal: Refusal, of opcode: Opcode) {
        let reason = Status(refusal).name
        switch opcode {
        case .ticketValidate: record(.info, .ticketValidationFailed, [.reason: "\(reason)"])
        case .contactVerify: record(.info, .contactVerificationFailed, [.reason: "\(reason)", .validationErrors: "\(refusal.fields)"])
        case .reservationCreate: record(.info, .reservationCreationFailed, [.reason: "\(reason)", .validationErrors: "\(refusal.fields)"])
        default: record(.info, .requestFailed, [.operation: "\(opcode.name)", .reason: "\(reason)"])
        }
    }

    func record(_ outcome: Outcome, of submission: Submission) {
        switch submission.command {
        case .create(let request, _): record(outcome, of: request)
        case .validate(_, let code):
            guard let reason = outcome.failureReason else {
                return record(.info, .ticketValidationRequested, [.ticketCode: "\(code.masked)", .result: "valid"])
            }
            record(.info, .ticketValidationFailed, [.ticketCode: "\(code.masked)", .reason: "\(reason)"])
        case .verifyContact(_, let ticket, _, let contact):
            guard let reason = outcome.failureReason else {
                return record(
                    .info, .contactVerificationRequested,
                    [.ticketID: "\(ticket)", .customerEmail: "\(contact.email.masked)", .customerPhone: "\(contact.phone.masked)"])
            }
            record(.info, .contactVerificationFailed, [.ticketID: "\(ticket)", .reason: "\(reason)"])
        case .heartbeat, .health, .available, .months, .showOrganization, .status, .doctor, .listOrganizations, .listSlots, .showTicket:
            recordFailure(outcome, of: submission.opcode)
        case .outbox(let command): record(outcome, of: command, opcode: submission.opcode)
        case .life(let command): record(outcome, of: command, opcode: submission.opcode)
        case .setOrganization(let change):
            guard case .organization(let organization, _) = outcome else { return recordFailure(outcome, of: submission.opcode) }
            record(.notice, .organizationChanged, [.organization: "\(organization.id)", .changedFields: "\(change.fields)"])
        case .issue, .importTickets, .addOrganization, .createSlot, .generateSlots, .setSlotOpen, .setSlotCapacity:
            recordAdministration(outcome, of: submission.opcode)
        }
    }

    private func record(_ outcome: Outcome, of request: BookingRules.Request) {
        switch outcome {
        case .created(let created):
            record(
                .info, .reservationCreationSuccess,
                [
                    .reservationID: "\(created.id)", .ticketID: "\(request.ticket)", .slotID: "\(request.slot)",
                    .slotDate: "\(created.slot.date)", .customerEmail: "\(request.contact.email.masked)",
                ])
        case .replayed:
            record(
                .info, .reservationCreationSuccess,
                [.ticketID: "\(request.ticket)", .slotID: "\(request.slot)", .replayed: "true"])
        default:
            record(
                outcome.isFault ? .warning : .info, .reservationCreationFailed,
                [.ticketID: "\(request.ticket)", .slotID: "\(request.slot)", .reason: "\(outcome.failureReason ?? "UNKNOWN")"])
        }
    }

    /// What a mailer does is the mailer's to tell, but for what needs an operator: that is told here too, should the mailer be gone.
    private func record(_ outcome: Outcome, of command: OutboxCommand, opcode: Opcode) {
        switch (command, outcome) {
        case (.report(_, _, .givenUp), .outbox(.reported(let entry))):
            record(.error, .outboxDeadLetter, [.outboxID: "\(entry.id)", .reservationID: "\(entry.reservation.id)"])
        case (.requeue, .outbox(.entry(let entry))), (.cancel, .outbox(.entry(let entry))), (.resend, .outbox(.entry(let entry))):
            record(
                .notice, .outboxChanged,
                [
                    .operation: "\(opcode.name)", .outboxID: "\(entry.id)", .reservationID: "\(entry.reservation.id)",
                    .result: "\(entry.state.rawValue)",
                ])
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
        case .generated(let created, let existing):
            record(.notice, .slotsChanged, [.operation: "\(opcode.name)", .count: "\(created)", .result: "existing \(existing)"])
        default: recordFailure(outcome, of: opcode)
        }
    }
}

extension Outcome {
    /// The status that is no success, by its name in the registry; nil for a success.
    var failureReason: String? {
        switch self {
        case .refused(let refusal): Status(refusal).name
        case .failed(let fault): fault.status.name
        default: nil
        }
    }

    var isFault: Bool {
        if case .failed = self { return true }
        return false
    }
}

extension Refusal {
    /// Names of the fields that were not accepted; never their values.
    fileprivate var fields: String {
        switch self {
        case .invalidContact(let problems), .invalidRequest(let problems): problems.map(\.field).joined(separator: ",")
        default: ""
        }
    }
}
