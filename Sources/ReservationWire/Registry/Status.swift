/// How a request or a connection ended; numbers and names are those of `statuses` in `proto-spec/registry.json` and are never reused.
///
/// The high byte is the class, by which a client understands a status that it does not know.
package enum Status: UInt16, CaseIterable, Sendable {
    /// In every RESPONSE.
    case ok = 0
    /// A header that breaks a rule no other status names.
    case malformedFrame = 257
    /// No common version; the error names the range.
    case unsupportedVersion = 258
    /// Something else than HELLO came first.
    case helloExpected = 259
    /// No HELLO in time.
    case helloTimeout = 260
    /// The header announces more than a payload may have.
    case frameTooLarge = 261
    /// A type below 0x80 that does not exist.
    case unknownFrameType = 262
    /// A flag in the low nibble, which must be understood.
    case unknownFlag = 263
    /// An encoding that does not exist or does not fit the frame's type.
    case unknownEncoding = 264
    /// A request id of 0 or not above every earlier one.
    case requestIDNotAscending = 265
    /// A frame began and was not whole in time.
    case frameTimeout = 266
    /// A type that this side never sends, or not now.
    case unexpectedFrame = 267
    /// The payload is not what the registry says the message is.
    case malformedPayload = 268
    /// Well-formed and yet unusable; see the validation errors.
    case invalidRequest = 513
    /// Not the form of a ticket code.
    case invalidTicketCode = 514
    /// Bad e-mail or phone; see the validation errors.
    case invalidContact = 515
    /// No such ticket, or none of this organisation.
    case ticketNotFound = 516
    /// No such slot.
    case slotNotFound = 517
    /// No such organisation.
    case organizationNotFound = 518
    /// The answer would not fit one frame; ask for less.
    case resultTooLarge = 519
    /// No such reservation, or one that is live no more.
    case reservationNotFound = 520
    /// No such entry, or one that was sent so long ago that it is gone.
    case outboxEntryNotFound = 521
    /// The ticket has a live reservation; see the reserved date.
    case ticketAlreadyReserved = 769
    /// The ticket is not paid.
    case ticketNotActivated = 770
    /// The ticket's time is over.
    case ticketExpired = 771
    /// The ticket was scanned at the gate.
    case ticketAlreadyUsed = 772
    /// No place left; see the alternative slots.
    case slotFull = 773
    /// Closed by the operator, or started.
    case slotClosed = 774
    /// The key belongs to another request.
    case idempotencyKeyReused = 775
    /// What was to be made is there.
    case alreadyExists = 776
    /// More places are booked than the capacity would allow.
    case capacityBelowBooked = 777
    /// What was leased has passed to another, or is no longer to be sent.
    case leaseLost = 778
    /// The message is with its receiver and cannot be taken back.
    case alreadySent = 779
    /// The ticket holds no place, or holds none any more.
    case notReserved = 780
    /// The visit is for another day; see the reserved date and how far it is.
    case wrongDay = 781
    /// Reservations refer to the slot, live or cancelled.
    case slotInUse = 785
    /// What comes behind the position is not kept any more; see the oldest position.
    case eventsTrimmed = 790
    /// No event has the position yet; see the newest position.
    case eventsAhead = 791
    /// The visit would be after the ticket's last day; see there.
    case visitTooLate = 792
    /// Who made the reservation was erased; there is nobody to write to.
    case contactErased = 793
    /// Ticket and slot belong to different organisations.
    case organizationMismatch = 1025
    /// The daemon was told to insist on the ticket code.
    case ticketCodeRequired = 1026
    /// Not on this socket.
    case operationNotPermitted = 1027
    /// A bound was reached; nothing was done, ask again after the hint.
    case overloaded = 1281
    /// The store cannot write now; nothing was done.
    case unavailable = 1282
    /// The caller's time ran out before anything was done.
    case deadlineExceeded = 1283
    /// The caller took the request back before anything was done.
    case cancelled = 1284
    /// The daemon takes no more connections.
    case tooManyConnections = 1285
    /// The write may or may not have happened; ask again with the same idempotency key.
    case outcomeUnknown = 1537
    /// A defect of the daemon.
    case `internal` = 1793
    /// The backup was not made; nothing of it is left.
    case backupFailed = 1794
    /// One is being made already.
    case backupRunning = 1795
    /// The daemon knows nothing of that backup: it was asked of an earlier life, or others have followed.
    case backupNotFound = 1796
    /// No such opcode.
    case unknownOperation = 2049

    /// The registry's name, `SLOT_FULL`.
    package var name: String {
        switch self {
        case .ok: "OK"
        case .malformedFrame: "MALFORMED_FRAME"
        case .unsupportedVersion: "UNSUPPORTED_VERSION"
        case .helloExpected: "HELLO_EXPECTED"
        case .helloTimeout: "HELLO_TIMEOUT"
        case .frameTooLarge: "FRAME_TOO_LARGE"
        case .unknownFrameType: "UNKNOWN_FRAME_TYPE"
        case .unknownFlag: "UNKNOWN_FLAG"
        case .unknownEncoding: "UNKNOWN_ENCODING"
        case .requestIDNotAscending: "REQUEST_ID_NOT_ASCENDING"
        case .frameTimeout: "FRAME_TIMEOUT"
        case .unexpectedFrame: "UNEXPECTED_FRAME"
        case .malformedPayload: "MALFORMED_PAYLOAD"
        case .invalidRequest: "INVALID_REQUEST"
        case .invalidTicketCode: "INVALID_TICKET_CODE"
        case .invalidContact: "INVALID_CONTACT"
        case .ticketNotFound: "TICKET_NOT_FOUND"
        case .slotNotFound: "SLOT_NOT_FOUND"
        case .organizationNotFound: "ORGANIZATION_NOT_FOUND"
        case .resultTooLarge: "RESULT_TOO_LARGE"
        case .reservationNotFound: "RESERVATION_NOT_FOUND"
        case .outboxEntryNotFound: "OUTBOX_ENTRY_NOT_FOUND"
        case .ticketAlreadyReserved: "TICKET_ALREADY_RESERVED"
        case .ticketNotActivated: "TICKET_NOT_ACTIVATED"
        case .ticketExpired: "TICKET_EXPIRED"
        case .ticketAlreadyUsed: "TICKET_ALREADY_USED"
        case .slotFull: "SLOT_FULL"
        case .slotClosed: "SLOT_CLOSED"
        case .idempotencyKeyReused: "IDEMPOTENCY_KEY_REUSED"
        case .alreadyExists: "ALREADY_EXISTS"
        case .capacityBelowBooked: "CAPACITY_BELOW_BOOKED"
        case .leaseLost: "LEASE_LOST"
        case .alreadySent: "ALREADY_SENT"
        case .notReserved: "NOT_RESERVED"
        case .wrongDay: "WRONG_DAY"
        case .slotInUse: "SLOT_IN_USE"
        case .eventsTrimmed: "EVENTS_TRIMMED"
        case .eventsAhead: "EVENTS_AHEAD"
        case .visitTooLate: "VISIT_TOO_LATE"
        case .contactErased: "CONTACT_ERASED"
        case .organizationMismatch: "ORGANIZATION_MISMATCH"
        case .ticketCodeRequired: "TICKET_CODE_REQUIRED"
        case .operationNotPermitted: "OPERATION_NOT_PERMITTED"
        case .overloaded: "OVERLOADED"
        case .unavailable: "UNAVAILABLE"
        case .deadlineExceeded: "DEADLINE_EXCEEDED"
        case .cancelled: "CANCELLED"
        case .tooManyConnections: "TOO_MANY_CONNECTIONS"
        case .outcomeUnknown: "OUTCOME_UNKNOWN"
        case .internal: "INTERNAL"
        case .backupFailed: "BACKUP_FAILED"
        case .backupRunning: "BACKUP_RUNNING"
        case .backupNotFound: "BACKUP_NOT_FOUND"
        case .unknownOperation: "UNKNOWN_OPERATION"
        }
    }

    /// What kind of end this is.
    package var statusClass: StatusClass {
        // Every status of the registry lies in a class of the registry; a test walks through them.
        StatusClass(rawValue: UInt8(rawValue >> 8)) ?? .internal
    }

    /// The status itself, or for a number that this side does not know, as a newer peer may send, a plain one of its class.
    ///
    /// - Returns: nil when the class is unknown as well.
    package init?(nearestTo raw: UInt16) {
        if let known = Status(rawValue: raw) {
            self = known
            return
        }
        guard let statusClass = StatusClass(rawValue: UInt8(raw >> 8)) else { return nil }
        switch statusClass {
        case .ok: return nil
        case .protocol: self = .malformedFrame
        case .invalid: self = .invalidRequest
        case .conflict: self = .alreadyExists
        case .permission: self = .operationNotPermitted
        case .overloaded: self = .unavailable
        case .outcomeUnknown: self = .outcomeUnknown
        case .internal: self = .internal
        case .unimplemented: self = .unknownOperation
        }
    }
}

/// The high byte of a status (`status_classes` of the registry).
package enum StatusClass: UInt8, CaseIterable, Sendable {
    case ok = 0
    case `protocol` = 1
    case invalid = 2
    case conflict = 3
    case permission = 4
    case overloaded = 5
    case outcomeUnknown = 6
    case `internal` = 7
    case unimplemented = 8

    /// The registry's name, `outcome unknown`.
    package var name: String {
        switch self {
        case .ok: "ok"
        case .protocol: "protocol"
        case .invalid: "invalid"
        case .conflict: "conflict"
        case .permission: "permission"
        case .overloaded: "overloaded"
        case .outcomeUnknown: "outcome unknown"
        case .internal: "internal"
        case .unimplemented: "unimplemented"
        }
    }
}
