import Logging

/// The name of a field of a log entry. One list for all programs, so that a query written for one finds the others' entries too.
///
/// The order here is the order in which the fields of a line are written.
package enum LogKey: String, CaseIterable, Sendable {
    case requestID = "request_id"
    case program
    case version
    case method
    case path
    case httpStatus = "http_status"
    case remoteAddress = "remote_address"
    case operation
    case role
    case peer
    case result
    case reason
    case organization = "orq"
    case ticketID = "ticket_id"
    /// ``Logger`` never sees a whole ticket code: the caller masks it (`TicketCode.masked`).
    case ticketCode = "ticket_code"
    case slotID = "slot_id"
    case slotDate = "slot_date"
    case reservationID = "reservation_id"
    case outboxID = "outbox_id"
    /// Masked by the caller (`EmailAddress.masked`).
    case customerEmail = "customer_email"
    /// Masked by the caller (`PhoneNumber.masked`).
    case customerPhone = "customer_phone"
    case attempt
    /// Until the next attempt, whole seconds.
    case nextAttemptSeconds = "next_attempt_s"
    case transport
    /// The name under which a mail provider knows a message.
    case providerID = "provider_id"
    case validationErrors = "validation_errors"
    /// Names of fields, without their values.
    case changedFields = "changed_fields"
    case replayed
    case socket
    case listen
    case database
    case instanceID = "instance_id"
    case connection
    case count
    case limit
    case batchSize = "batch_size"
    /// Microseconds, a whole number.
    case durationMicroseconds = "duration_us"
    case error
    case hint
}

extension Logger.MetadataValue {
    /// Stands where a value had to be masked and was none: whatever a sender wrote in its place is not repeated.
    package static var unreadable: Logger.MetadataValue { "***" }
}

extension Logger {
    /// Writes one entry whose message is an event's name and whose facts are fields.
    ///
    /// - Parameters:
    ///   - fields: evaluated only when `level` is written; no value may hold an unmasked address, number or ticket code.
    package func record(
        _ level: Logger.Level, _ event: EventName, _ fields: @autoclosure () -> [LogKey: Logger.MetadataValue] = [:],
        file: String = #fileID, function: String = #function, line: UInt = #line
    ) {
        guard level >= logLevel else { return }
        var metadata = Logger.Metadata()
        for (key, value) in fields() { metadata[key.rawValue] = value }
        log(level: level, Logger.Message(stringLiteral: event.text), metadata: metadata, file: file, function: function, line: line)
    }

    /// A field that every entry of this logger carries.
    package subscript(key: LogKey) -> Logger.MetadataValue? {
        get { self[metadataKey: key.rawValue] }
        set { self[metadataKey: key.rawValue] = newValue }
    }
}
