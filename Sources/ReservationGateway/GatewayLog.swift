import Logging
import ReservationClient
import ReservationCore
import ReservationLog
import ReservationQR
import ReservationWire

extension EventName {
    static let httpRequest: EventName = "http.request"
    static let ledgerRefused: EventName = "ledger.refused"
    static let ledgerUnreachable: EventName = "ledger.unreachable"
    static let qrCodeMissing: EventName = "qr.code.missing"
    static let addressLimited: EventName = "address.limited"
}

/// What the gateway writes down. The daemon reports the outcome of every request that reaches it, under the names of the card's section 7;
/// so here those names stand only for requests that end at the edge, and each outcome is in the journal once. Nothing of the request
/// is written but ids, and no value that was not accepted.
extension Gateway {
    /// From here on an operator wants to know (card, section 7: a reservation takes less than a second).
    private static let slowSeconds = 1.0

    /// One line a request: below `info` for quick successes, which the daemon reports already, and for what a rate limit turned away, so
    /// that a flood of requests is none of lines.
    func recordAccess(_ reply: Reply, _ exchange: Exchange, _ route: Route?, took seconds: Double) {
        let isQuiet = reply.status < 400 || reply.status == PublicStatus.rateLimited.http
        let level: Logger.Level = reply.status >= 500 ? .warning : seconds >= Self.slowSeconds ? .notice : isQuiet ? .debug : .info
        logger.record(
            level, .httpRequest,
            fields(
                exchange,
                [
                    .method: "\(Self.method(exchange.request.method))", .path: "\(route?.rawValue ?? "unknown")",
                    .httpStatus: "\(reply.status)", .durationMicroseconds: "\(Int(seconds * 1e6))",
                    .reason: reply.code.map { "\($0)" } ?? "OK", .replayed: "\(reply.isReplayed)",
                ]))
    }

    /// - Parameter isDecided: whether what was sent was looked at and found to be no code.
    func recordValidationFailure(_ exchange: Exchange, _ failure: PublicFailure, isDecided: Bool) {
        if isDecided {
            logger.record(.info, .ticketValidationRequested, fields(exchange, [.ticketCode: LogFields.unreadable, .result: "invalid"]))
        }
        logger.record(
            .info, .ticketValidationFailed, fields(exchange, [.ticketCode: LogFields.unreadable, .reason: "\(failure.status.code)"]))
    }

    func recordContactFailure(_ exchange: Exchange, _ failure: PublicFailure) {
        logger.record(
            .info, .contactVerificationRequested,
            fields(exchange, subject(failure, [.customerEmail: LogFields.unreadable, .customerPhone: LogFields.unreadable])))
        logger.record(
            .info, .contactVerificationFailed,
            fields(
                exchange, subject(failure, [.reason: "\(failure.status.code)", .validationErrors: "\(failure.wrongFields)"])))
    }

    func recordCreationFailure(_ exchange: Exchange, _ failure: PublicFailure) {
        logger.record(
            .info, .reservationCreationFailed,
            fields(
                exchange, subject(failure, [.reason: "\(failure.status.code)", .validationErrors: "\(failure.wrongFields)"])))
    }

    private func subject(
        _ failure: PublicFailure, _ own: LogFields
    ) -> LogFields {
        var facts = own
        if let ticketID = failure.ticketID { facts[.ticketID] = "\(ticketID)" }
        if let slotID = failure.slotID { facts[.slotID] = "\(slotID)" }
        return facts
    }

    /// A customer's request of which the daemon has written nothing, because it did not get to it or because nobody knows.
    func recordUndecided(_ exchange: Exchange, _ request: some WireMessage, _ failure: PublicFailure) {
        let reason = "\(failure.status.code)"
        switch request {
        case let request as ValidateTicketRequest:
            let code = TicketCode(request.ticketCode).map { "\($0.masked)" } ?? LogFields.unreadable
            logger.record(.warning, .ticketValidationFailed, fields(exchange, [.ticketCode: code, .reason: reason]))
        case let request as VerifyContactRequest:
            logger.record(
                .warning, .contactVerificationFailed,
                fields(exchange, [.ticketID: "\(request.ticketID)", .reason: reason, .validationErrors: ""]))
        case let request as CreateReservationRequest:
            logger.record(
                .warning, .reservationCreationFailed,
                fields(exchange, [.ticketID: "\(request.ticketID)", .slotID: "\(request.slotID)", .reason: reason]))
        default: break
        }
    }

    /// One line an address and minute; those who come with a /64 network have one together.
    func recordLimit(_ exchange: Exchange, _ kind: RateLimits.Kind, _ refusal: AddressLimit.Refusal) {
        guard refusal.isFirst else { return }
        let limit = kind == .validation ? rateLimits.failedValidations : rateLimits.creations
        logger.record(
            .notice, .addressLimited,
            fields(
                exchange,
                [
                    .operation: "\((kind == .validation ? Opcode.ticketValidate : .reservationCreate).name)",
                    .limit: "\(limit?.perMinute ?? 0)", .nextAttemptSeconds: "\(refusal.seconds)",
                    .reason: "\(PublicStatus.rateLimited.code)",
                ]))
    }

    func recordCreationStart(_ exchange: Exchange, _ request: CreateReservationRequest) {
        logger.record(
            .info, .reservationCreationStarted, fields(exchange, [.ticketID: "\(request.ticketID)", .slotID: "\(request.slotID)"]))
    }

    /// Ordinary refusals are in the daemon's log; what is worth a line here is what an operator must look at.
    func recordRefusal(_ exchange: Exchange, _ operation: Opcode, _ status: Status, _ failure: PublicFailure) {
        guard failure.status.http >= 500 else { return }
        logger.record(.warning, .ledgerRefused, fields(exchange, [.operation: "\(operation.name)", .reason: "\(status.name)"]))
    }

    func recordNoAnswer(_ exchange: Exchange, _ operation: Opcode, _ error: ClientError) {
        logger.record(
            .warning, .ledgerUnreachable,
            fields(exchange, [.operation: "\(operation.name)", .reason: "\(error.code.rawValue)", .error: "\(error)"]))
    }

    func recordMissingQRCode(_ exchange: Exchange, _ reservation: UInt64, _ error: QRError) {
        logger.record(.error, .qrCodeMissing, fields(exchange, [.reservationID: "\(reservation)", .error: "\(error)"]))
    }

    private func fields(_ exchange: Exchange, _ own: LogFields) -> LogFields {
        var fields = own
        fields[.requestID] = "\(exchange.id)"
        if let client = exchange.client { fields[.remoteAddress] = "\(client)" }
        return fields
    }

    /// A method is the sender's own text unless it is one of the usual ones.
    private static func method(_ method: String) -> String {
        switch method {
        case "GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS": method
        default: "other"
        }
    }
}

extension PublicFailure {
    /// Names of the fields that were not accepted; never their values.
    fileprivate var wrongFields: String {
        switch status.code {
        case Status.invalidTicketCode.name, Status.ticketCodeRequired.name: FieldTag.ticketCode.name
        default: validationErrors.map(\.field).joined(separator: ",")
        }
    }
}
