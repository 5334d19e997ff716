import Logging
import NIOCore
import ReservationCore
import ReservationLog
import ReservationWire

/// What the journal says of the three requests that a customer makes, in the words of the card's section 7: who asked is always told,
/// and of each that did not end well also why. A value that is none is told as ``LogFields/unreadable``.
extension Logger {
    func recordValidation(of code: TicketCode, _ name: RequestName?, _ outcome: Outcome) {
        guard let reason = outcome.failureReason else {
            return record(.info, .ticketValidationRequested, named(name, [.ticketCode: "\(code.masked)", .result: "valid"]))
        }
        // One line: guessed codes come by the thousand.
        var facts: LogFields = [.ticketCode: "\(code.masked)", .reason: "\(reason)"]
        // Without an answer it is not known whether the ticket could be used.
        if !outcome.isFault { facts[.result] = "invalid" }
        record(outcome.isFault ? .warning : .info, .ticketValidationFailed, named(name, facts))
    }

    func recordVerification(of contact: Contact, ticket: TicketID, _ name: RequestName?, _ outcome: Outcome) {
        record(
            .info, .contactVerificationRequested,
            named(
                name,
                [.ticketID: "\(ticket)", .customerEmail: "\(contact.email.masked)", .customerPhone: "\(contact.phone.masked)"]))
        guard let reason = outcome.failureReason else { return }
        record(
            outcome.isFault ? .warning : .info, .contactVerificationFailed,
            // The form is good, so what a refusal is about can only be the code, which is not the ticket's.
            named(
                name,
                [
                    .ticketID: "\(ticket)", .reason: "\(reason)",
                    .validationErrors: outcome.isFault ? "" : "\(FieldTag.ticketCode.name)",
                ]))
    }

    func recordCreation(_ request: BookingRules.Request, _ outcome: Outcome) {
        switch outcome {
        case .created(let created):
            record(
                .info, .reservationCreationSuccess,
                named(
                    request.name,
                    [
                        .reservationID: "\(created.id)", .ticketID: "\(request.ticket)", .slotID: "\(request.slot)",
                        .slotDate: "\(created.slot.date)", .customerEmail: "\(request.contact.email.masked)",
                    ]))
        case .replayed(let payload):
            record(.info, .reservationCreationSuccess, named(request.name, Self.replayed(payload, request)))
        default:
            record(
                outcome.isFault ? .warning : .info, .reservationCreationFailed,
                named(
                    request.name,
                    [.ticketID: "\(request.ticket)", .slotID: "\(request.slot)", .reason: "\(outcome.failureReason ?? "UNKNOWN")"]))
        }
    }

    private static func replayed(_ payload: [UInt8], _ request: BookingRules.Request) -> LogFields {
        var facts: LogFields = [
            .ticketID: "\(request.ticket)", .slotID: "\(request.slot)", .customerEmail: "\(request.contact.email.masked)",
            .replayed: "true",
        ]
        do throws(PayloadError) {
            let response = try Payload.decode(CreateReservationResponse.self, from: ByteBuffer(bytes: payload), as: .tlv)
            facts[.reservationID] = "\(response.reservationID)"
            facts[.slotDate] = "\(response.slot.date)"
        } catch {
            facts[.error] = "\(error.message)"
        }
        return facts
    }

    // MARK: what never reached the ledger

    /// Of such a request only what is of good form is told.
    func recordFormRefusal(_ refusal: Refusal, of request: AcceptedRequest) {
        guard logLevel <= .info else { return }
        let reason = Status(refusal).name
        switch request.opcode {
        case .ticketValidate:
            let body = try? request.message(ValidateTicketRequest.self)
            let (name, code) = (body?.name, Self.masked(body?.ticketCode, TicketCode.init, \.masked))
            record(.info, .ticketValidationRequested, named(name, [.ticketCode: code, .result: "invalid"]))
            record(.info, .ticketValidationFailed, named(name, [.ticketCode: code, .reason: "\(reason)"]))
        case .contactVerify:
            let body = try? request.message(VerifyContactRequest.self)
            let (name, ticket) = (body?.name, "\(body?.ticketID ?? 0)")
            record(
                .info, .contactVerificationRequested,
                named(
                    name,
                    [
                        .ticketID: "\(ticket)", .customerEmail: Self.masked(body?.customerEmail, EmailAddress.init, \.masked),
                        .customerPhone: Self.masked(body?.customerPhone, { PhoneNumber($0) }, \.masked),
                    ]))
            record(
                .info, .contactVerificationFailed,
                named(name, [.ticketID: "\(ticket)", .reason: "\(reason)", .validationErrors: "\(refusal.fields)"]))
        case .reservationCreate:
            let body = try? request.message(CreateReservationRequest.self)
            record(
                .info, .reservationCreationFailed,
                named(
                    body?.name,
                    [
                        .ticketID: "\(body?.ticketID ?? 0)", .slotID: "\(body?.slotID ?? 0)", .reason: "\(reason)",
                        .validationErrors: "\(refusal.fields)",
                    ]))
        default: record(.info, .requestFailed, [.operation: "\(request.opcode.name)", .reason: "\(reason)"])
        }
    }

    private static func masked<Value>(
        _ text: String?, _ make: (String) -> Value?, _ masked: (Value) -> String
    ) -> String {
        text.flatMap(make).map { "\(masked($0))" } ?? LogFields.unreadable
    }

    func named(_ name: RequestName?, _ facts: LogFields) -> LogFields {
        guard let name else { return facts }
        var named = facts
        named[.requestID] = "\(name)"
        return named
    }
}

extension ValidateTicketRequest {
    fileprivate var name: RequestName? { requestID.flatMap { RequestName($0) } }
}

extension VerifyContactRequest {
    fileprivate var name: RequestName? { requestID.flatMap { RequestName($0) } }
}

extension CreateReservationRequest {
    fileprivate var name: RequestName? { requestID.flatMap { RequestName($0) } }
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
        case .invalidTicketCode: FieldTag.ticketCode.name
        default: ""
        }
    }
}
