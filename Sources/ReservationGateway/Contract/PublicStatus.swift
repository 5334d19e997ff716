import ReservationWire

/// How an outcome of the daemon appears in HTTP: `http`, `public` and `http_by_operation` of `proto-spec/registry.json`, which a test
/// compares with this table.
struct PublicStatus: Hashable, Sendable {
    let http: Int
    /// `error.code` of the reply.
    let code: String

    init(_ http: Int, _ code: String) {
        self.http = http
        self.code = code
    }

    init(_ status: Status, of operation: Opcode?) {
        self.init(Self.http(status, operation), Self.code(status))
    }

    static let rateLimited = PublicStatus(429, "RATE_LIMITED")
    static let payloadTooLarge = PublicStatus(413, "PAYLOAD_TOO_LARGE")
    static let unsupportedMediaType = PublicStatus(415, "UNSUPPORTED_MEDIA_TYPE")
    static let methodNotAllowed = PublicStatus(405, "METHOD_NOT_ALLOWED")
    static let notFound = PublicStatus(404, "NOT_FOUND")
    /// The codes that only HTTP has.
    static let httpOnly = [rateLimited, payloadTooLarge, unsupportedMediaType, methodNotAllowed, notFound]

    private static func http(_ status: Status, _ operation: Opcode?) -> Int {
        switch status {
        case .ok: 200
        case .malformedPayload, .invalidRequest, .invalidTicketCode, .invalidContact, .resultTooLarge: 400
        // The card's validate answers 400 for every ticket that cannot be used, but 409 for a reserved one.
        case .ticketNotFound: operation == .ticketValidate ? 400 : 404
        case .ticketNotActivated, .ticketExpired, .ticketAlreadyUsed: operation == .ticketValidate ? 400 : 409
        case .slotNotFound, .organizationNotFound, .reservationNotFound, .outboxEntryNotFound: 404
        case .ticketAlreadyReserved, .slotFull, .slotClosed, .visitTooLate, .alreadyExists, .capacityBelowBooked, .leaseLost, .alreadySent,
            .notReserved, .wrongDay, .slotInUse, .eventsTrimmed, .eventsAhead, .contactErased:
            409
        case .idempotencyKeyReused: 422
        case .organizationMismatch, .ticketCodeRequired, .operationNotPermitted: 403
        case .overloaded, .unavailable, .deadlineExceeded, .cancelled, .tooManyConnections, .outcomeUnknown: 503
        case .malformedFrame, .unsupportedVersion, .helloExpected, .helloTimeout, .frameTooLarge, .unknownFrameType, .unknownFlag,
            .unknownEncoding, .requestIDNotAscending, .frameTimeout, .unexpectedFrame, .internal, .unknownOperation, .backupFailed,
            .backupRunning, .backupNotFound:
            500
        }
    }

    private static func code(_ status: Status) -> String {
        switch status {
        case .malformedPayload, .resultTooLarge: Status.invalidRequest.name
        case .overloaded, .deadlineExceeded, .cancelled, .tooManyConnections, .outcomeUnknown: Status.unavailable.name
        case .malformedFrame, .unsupportedVersion, .helloExpected, .helloTimeout, .frameTooLarge, .unknownFrameType, .unknownFlag,
            .unknownEncoding, .requestIDNotAscending, .frameTimeout, .unexpectedFrame, .unknownOperation, .backupFailed, .backupRunning,
            .backupNotFound:
            Status.internal.name
        default: status.name
        }
    }
}
