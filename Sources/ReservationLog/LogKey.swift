import Logging

/// The name of a field of a log entry. One list for all programs, so that a query written for one finds the others' entries too.
///
/// The order here is the order in which the fields of a line are written.
package enum LogKey: UInt8, CaseIterable, Sendable {
    case requestID
    case program
    case version
    case method
    case path
    case httpStatus
    case remoteAddress
    case operation
    case role
    case peer
    case result
    case reason
    case organization
    case ticketID
    /// ``Logger`` never sees a whole ticket code: the caller masks it (`TicketCode.masked`).
    case ticketCode
    case slotID
    case slotDate
    case reservationID
    case outboxID
    /// Masked by the caller (`EmailAddress.masked`).
    case customerEmail
    /// Masked by the caller (`PhoneNumber.masked`).
    case customerPhone
    case attempt
    /// Until the next attempt, whole seconds.
    case nextAttemptSeconds
    case transport
    /// The name under which a mail provider knows a message.
    case providerID
    case validationErrors
    /// Names of fields, without their values.
    case changedFields
    case replayed
    case socket
    case listen
    case database
    case instanceID
    case connection
    case count
    case limit
    case batchSize
    /// Microseconds, a whole number.
    case durationMicroseconds
    case error
    case hint

    /// As it stands in a line; in the journal it is in capitals.
    package var name: String {
        switch self {
        case .requestID: "request_id"
        case .program: "program"
        case .version: "version"
        case .method: "method"
        case .path: "path"
        case .httpStatus: "http_status"
        case .remoteAddress: "remote_address"
        case .operation: "operation"
        case .role: "role"
        case .peer: "peer"
        case .result: "result"
        case .reason: "reason"
        case .organization: "orq"
        case .ticketID: "ticket_id"
        case .ticketCode: "ticket_code"
        case .slotID: "slot_id"
        case .slotDate: "slot_date"
        case .reservationID: "reservation_id"
        case .outboxID: "outbox_id"
        case .customerEmail: "customer_email"
        case .customerPhone: "customer_phone"
        case .attempt: "attempt"
        case .nextAttemptSeconds: "next_attempt_s"
        case .transport: "transport"
        case .providerID: "provider_id"
        case .validationErrors: "validation_errors"
        case .changedFields: "changed_fields"
        case .replayed: "replayed"
        case .socket: "socket"
        case .listen: "listen"
        case .database: "database"
        case .instanceID: "instance_id"
        case .connection: "connection"
        case .count: "count"
        case .limit: "limit"
        case .batchSize: "batch_size"
        case .durationMicroseconds: "duration_us"
        case .error: "error"
        case .hint: "hint"
        }
    }
}

extension LogFields {
    /// Stands where a value had to be masked and was none: whatever a sender wrote in its place is not repeated.
    package static var unreadable: String { "***" }
}

extension Logger {
    /// Writes one entry whose message is an event's name and whose facts are fields.
    ///
    /// - Parameters:
    ///   - fields: evaluated only when `level` is written; no value may hold an unmasked address, number or ticket code.
    package func record(
        _ level: Logger.Level, _ event: EventName, _ fields: @autoclosure () -> LogFields = [:],
        file: String = #fileID, function: String = #function, line: UInt = #line
    ) {
        guard level >= logLevel else { return }
        let message = Logger.Message(stringLiteral: event.text)
        log(level: level, message, metadata: fields().metadata, file: file, function: function, line: line)
    }

    /// A field that every entry of this logger carries.
    package subscript(key: LogKey) -> Logger.MetadataValue? {
        get { self[metadataKey: key.name] }
        set { self[metadataKey: key.name] = newValue }
    }
}
