import NIOCore
import ReservationClient
import ReservationCore
import ReservationWire

/// Everything that a reply with `"success":false` says.
struct PublicFailure: Error, Equatable {
    var status: PublicStatus
    /// For the person who reads it; never anything of the request.
    var message: String
    /// With TICKET_ALREADY_RESERVED; there it is written even when nil, as null.
    var reservedDate: CalendarDate?
    /// The ticket's last day.
    var validUntil: CalendarDate?
    /// With SLOT_FULL, where it is written even when empty.
    var alternativeSlots: [AlternativeSlot] = []
    /// With INVALID_REQUEST and INVALID_CONTACT; `field` is the HTTP request's name.
    var validationErrors: [FieldProblem] = []
    /// Seconds, for the header `Retry-After`.
    var retryAfter: Int?
    /// Methods, for the header `Allow`.
    var allow: String?
    /// What the request was about, where that much of it could be read; for the log alone.
    var ticketID: UInt64?
    var slotID: UInt64?

    init(_ status: PublicStatus, _ message: String) {
        self.status = status
        self.message = message
    }

    /// The same failure, with what it was about; 0 stands for what could not be read.
    func about(ticketID: UInt64, slotID: UInt64 = 0) -> PublicFailure {
        var failure = self
        failure.ticketID = ticketID == 0 ? nil : ticketID
        failure.slotID = slotID == 0 ? nil : slotID
        return failure
    }

    static func invalidRequest(_ problems: [FieldProblem]) -> PublicFailure {
        failure(.invalidRequest(problems))
    }

    static func invalidRequest(_ field: String, _ message: String) -> PublicFailure {
        invalidRequest([FieldProblem(field: field, message: message)])
    }

    /// A refusal that the gateway finds itself, in the words of the domain.
    static func failure(_ refusal: Refusal, of operation: Opcode? = nil) -> PublicFailure {
        PublicFailure(Status(refusal), ErrorReply(refusal), of: operation)
    }

    static let payloadTooLarge = PublicFailure(.payloadTooLarge, "The request's body is too large.")
    static let unsupportedMediaType = PublicFailure(.unsupportedMediaType, "Send the body as Content-Type: application/json.")
    static let notFound = PublicFailure(.notFound, "There is nothing at this address.")

    static func methodNotAllowed(_ allow: String) -> PublicFailure {
        var failure = PublicFailure(.methodNotAllowed, "This address answers to \(allow) only.")
        failure.allow = allow
        return failure
    }

    static func rateLimited(_ kind: RateLimits.Kind, seconds: Int) -> PublicFailure {
        let message =
            switch kind {
            case .validation: "Too many attempts with codes that are not valid. Please try again later."
            case .creation: "Too many bookings from your network address. Please try again later."
            }
        var failure = PublicFailure(.rateLimited, message)
        failure.retryAfter = seconds
        return failure
    }

    static let unavailable = PublicFailure(.unavailable, ErrorReply(message: ""), of: nil)
    static let `internal` = PublicFailure(.internal, ErrorReply(message: ""), of: nil)
}

extension PublicFailure {
    /// What the daemon refused. Its words go to the visitor where they are about the visitor's request; where they are about the
    /// machinery, ours do.
    init(_ status: Status, _ reply: ErrorReply, of operation: Opcode?) {
        self.init(PublicStatus(status, of: operation), reply.message)
        switch status.statusClass {
        case .overloaded:
            message = "The reservation service is busy or restarting. Please try again in a moment."
            retryAfter = Self.seconds(reply.retryAfterMilliseconds)
        case .outcomeUnknown:
            message = "It is not certain whether this was done. Ask again with the same Idempotency-Key: it will be done once."
            retryAfter = Self.seconds(reply.retryAfterMilliseconds)
        case .protocol where status == .malformedPayload:
            message = "The request cannot be used."
        case .protocol, .internal, .unimplemented:
            message = "Something went wrong on our side. Please try again later."
        case .ok, .invalid, .conflict, .permission:
            reservedDate = reply.reservedDate
            validUntil = reply.validUntil
            alternativeSlots = reply.alternativeSlots
        }
        validationErrors = reply.validationErrors.map { FieldProblem(field: $0.field, message: $0.message) }
    }

    /// No answer of the daemon.
    init(_ error: ClientError) {
        switch error.code {
        case .unreachable, .notPermitted, .deadlineExceeded, .cancelled, .closed:
            // A create whose answer is missing may have been made; the key makes asking again safe.
            self.init(error.mayHaveExecuted ? .outcomeUnknown : .unavailable, ErrorReply(message: ""), of: nil)
        case .outcomeUnknown:
            self.init(.outcomeUnknown, ErrorReply(message: ""), of: nil)
        case .protocolViolation, .unsupportedVersion, .requestTooLarge:
            self.init(.internal, ErrorReply(message: ""), of: nil)
        }
    }

    /// Whole seconds, rounded up, one at least: `Retry-After` has no fractions (RFC 9110, section 10.2.3).
    private static func seconds(_ milliseconds: UInt64?) -> Int {
        guard let milliseconds else { return 1 }
        return max(1, Int(clamping: milliseconds.addingReportingOverflow(999).partialValue / 1000))
    }
}

extension PublicFailure {
    /// `{"success":false,"error":{…}}`.
    var body: ByteBuffer {
        var json = JSONWriter()
        json.beginObject()
        json.key("success")
        json.bool(false)
        json.key("error")
        json.beginObject()
        json.key("code")
        json.string(status.code)
        json.key("message")
        json.string(message)
        switch status.code {
        case Status.ticketAlreadyReserved.name: write(reservedDate, as: "reserved_date", &json)
        case Status.visitTooLate.name: write(validUntil, as: "valid_until", &json)
        case Status.slotFull.name: writeAlternatives(&json)
        case Status.invalidRequest.name, Status.invalidContact.name: writeProblems(&json)
        default: break
        }
        json.endObject()
        json.endObject()
        return json.buffer
    }

    private func write(_ date: CalendarDate?, as key: String, _ json: inout JSONWriter) {
        json.key(key)
        if let date { json.string(date.description) } else { json.null() }
    }

    private func writeAlternatives(_ json: inout JSONWriter) {
        json.key("alternative_slots")
        json.beginArray()
        for slot in alternativeSlots {
            json.beginObject()
            json.key("slot_id")
            json.integer(slot.slotID)
            json.key("date")
            json.string(slot.date.description)
            json.key("start_time")
            json.string(slot.startTime.description)
            json.key("end_time")
            json.string(slot.endTime.description)
            json.key("available_count")
            json.integer(slot.totalCapacity > slot.bookedCount ? slot.totalCapacity - slot.bookedCount : 0)
            json.endObject()
        }
        json.endArray()
    }

    private func writeProblems(_ json: inout JSONWriter) {
        json.key("validation_errors")
        json.beginArray()
        for problem in validationErrors {
            json.beginObject()
            json.key("field")
            json.string(problem.field)
            json.key("message")
            json.string(problem.message)
            json.endObject()
        }
        json.endArray()
    }
}
