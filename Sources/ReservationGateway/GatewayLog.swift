import Logging
import ReservationClient
import ReservationLog
import ReservationQR
import ReservationWire

extension EventName {
    static let httpRequest: EventName = "http.request"
    static let ledgerRefused: EventName = "ledger.refused"
    static let ledgerUnreachable: EventName = "ledger.unreachable"
    static let qrCodeMissing: EventName = "qr.code.missing"
}

/// What the gateway writes down. The daemon reports the outcome of every request that reaches it, under the names of the card's section 7;
/// so here those names stand only for requests that end at the edge, and each outcome is in the journal once. Nothing of the request
/// is written but ids, and no value that was not accepted.
extension Gateway {
    /// One line a request: below `info` for successes, which the daemon reports already.
    func recordAccess(_ reply: Reply, _ exchange: Exchange, _ route: Route?, took seconds: Double) {
        let level: Logger.Level = reply.status >= 500 ? .warning : reply.status >= 400 ? .info : .debug
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

    func recordValidationFailure(_ exchange: Exchange, _ failure: PublicFailure) {
        logger.record(.info, .ticketValidationFailed, fields(exchange, [.reason: "\(failure.status.code)"]))
    }

    func recordFormFailure(_ exchange: Exchange, _ event: EventName, _ failure: PublicFailure) {
        var facts: [LogKey: Logger.MetadataValue] = [
            .reason: "\(failure.status.code)",
            .validationErrors: "\(failure.validationErrors.map(\.field).joined(separator: ","))",
        ]
        if let ticketID = failure.ticketID { facts[.ticketID] = "\(ticketID)" }
        logger.record(.info, event, fields(exchange, facts))
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

    private func fields(_ exchange: Exchange, _ own: [LogKey: Logger.MetadataValue]) -> [LogKey: Logger.MetadataValue] {
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
