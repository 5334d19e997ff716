import ReservationCore

/// The payload of every ERROR frame.
package struct ErrorReply: WireMessage {
    /// Lowest version of the protocol.
    package var versionMin: UInt64?
    /// Highest version of the protocol.
    package var versionMax: UInt64?
    /// For the person who reads the answer.
    package var message: String
    /// The day that the ticket is reserved for.
    package var reservedDate: CalendarDate?
    /// With SLOT_FULL.
    package var alternativeSlots: [AlternativeSlot]
    /// With the INVALID statuses.
    package var validationErrors: [ValidationError]
    /// When asking again makes sense, in milliseconds.
    package var retryAfterMilliseconds: UInt64?
    /// With TICKET_ALREADY_USED at the gate: when the visitor was let in.
    package var verifiedAt: Instant?
    /// With TICKET_ALREADY_USED at the gate: by which operator.
    package var verifiedBy: UInt64?
    /// With WRONG_DAY: so many days before the visit.
    package var daysEarly: UInt64?
    /// With WRONG_DAY: so many days after the visit.
    package var daysLate: UInt64?
    /// With EVENTS_TRIMMED and EVENTS_AHEAD: behind this position everything is kept.
    package var oldestPosition: UInt64?
    /// With EVENTS_TRIMMED and EVENTS_AHEAD: the position of the latest event.
    package var newestPosition: UInt64?
    /// With VISIT_TOO_LATE: the ticket's last day.
    package var validUntil: CalendarDate?

    package init(
        versionMin: UInt64? = nil, versionMax: UInt64? = nil, message: String, reservedDate: CalendarDate? = nil,
        alternativeSlots: [AlternativeSlot] = [], validationErrors: [ValidationError] = [], retryAfterMilliseconds: UInt64? = nil,
        verifiedAt: Instant? = nil, verifiedBy: UInt64? = nil, daysEarly: UInt64? = nil, daysLate: UInt64? = nil,
        oldestPosition: UInt64? = nil, newestPosition: UInt64? = nil, validUntil: CalendarDate? = nil
    ) {
        self.versionMin = versionMin
        self.versionMax = versionMax
        self.message = message
        self.reservedDate = reservedDate
        self.alternativeSlots = alternativeSlots
        self.validationErrors = validationErrors
        self.retryAfterMilliseconds = retryAfterMilliseconds
        self.verifiedAt = verifiedAt
        self.verifiedBy = verifiedBy
        self.daysEarly = daysEarly
        self.daysLate = daysLate
        self.oldestPosition = oldestPosition
        self.newestPosition = newestPosition
        self.validUntil = validUntil
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        versionMin = try reader.optionalInteger(.versionMin)
        versionMax = try reader.optionalInteger(.versionMax)
        message = try reader.string(.message)
        reservedDate = try reader.optionalDate(.reservedDate)
        alternativeSlots = try reader.messages(.alternativeSlots, AlternativeSlot.self)
        validationErrors = try reader.messages(.validationErrors, ValidationError.self)
        retryAfterMilliseconds = try reader.optionalInteger(.retryAfterMilliseconds)
        verifiedAt = try reader.optionalInteger(.verifiedAt).map { Instant(seconds: Int64($0)) }
        verifiedBy = try reader.optionalInteger(.verifiedBy)
        daysEarly = try reader.optionalInteger(.daysEarly)
        daysLate = try reader.optionalInteger(.daysLate)
        oldestPosition = try reader.optionalInteger(.oldestPosition)
        newestPosition = try reader.optionalInteger(.newestPosition)
        validUntil = try reader.optionalDate(.validUntil)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.versionMin, versionMin)
        writer.write(.versionMax, versionMax)
        writer.write(.message, message)
        writer.write(.reservedDate, reservedDate)
        writer.write(.alternativeSlots, alternativeSlots)
        writer.write(.validationErrors, validationErrors)
        writer.write(.retryAfterMilliseconds, retryAfterMilliseconds)
        if let verifiedAt { writer.write(.verifiedAt, verifiedAt) }
        writer.write(.verifiedBy, verifiedBy)
        writer.write(.daysEarly, daysEarly)
        writer.write(.daysLate, daysLate)
        writer.write(.oldestPosition, oldestPosition)
        writer.write(.newestPosition, newestPosition)
        writer.write(.validUntil, validUntil)
    }
}

extension ErrorReply {
    /// What the caller of a refused request is told.
    package init(_ refusal: Refusal) {
        self.init(message: refusal.message)
        switch refusal {
        case .invalidRequest(let problems), .invalidContact(let problems): validationErrors = problems.map { ValidationError($0) }
        case .ticketAlreadyReserved(let date): reservedDate = date
        case .slotFull(let alternatives): alternativeSlots = alternatives.map { AlternativeSlot($0) }
        case .checkedIn(let verification):
            verifiedAt = verification.at
            verifiedBy = verification.by.map { UInt64($0.rawValue) }
        case .wrongDay(let visit, let days):
            reservedDate = visit
            if days > 0 { daysEarly = UInt64(days) } else { daysLate = UInt64(-days) }
        case .visitTooLate(let until): validUntil = until
        case .eventsTrimmed(let bounds), .eventsAhead(let bounds):
            oldestPosition = UInt64(bounds.oldest)
            newestPosition = UInt64(bounds.newest)
        default: break
        }
    }
}
