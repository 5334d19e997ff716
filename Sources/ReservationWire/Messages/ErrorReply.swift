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

    package init(
        versionMin: UInt64? = nil, versionMax: UInt64? = nil, message: String, reservedDate: CalendarDate? = nil,
        alternativeSlots: [AlternativeSlot] = [], validationErrors: [ValidationError] = [], retryAfterMilliseconds: UInt64? = nil
    ) {
        self.versionMin = versionMin
        self.versionMax = versionMax
        self.message = message
        self.reservedDate = reservedDate
        self.alternativeSlots = alternativeSlots
        self.validationErrors = validationErrors
        self.retryAfterMilliseconds = retryAfterMilliseconds
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        versionMin = try reader.optionalInteger(.versionMin)
        versionMax = try reader.optionalInteger(.versionMax)
        message = try reader.string(.message)
        reservedDate = try reader.optionalDate(.reservedDate)
        alternativeSlots = try reader.messages(.alternativeSlots, AlternativeSlot.self)
        validationErrors = try reader.messages(.validationErrors, ValidationError.self)
        retryAfterMilliseconds = try reader.optionalInteger(.retryAfterMilliseconds)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.versionMin, versionMin)
        writer.write(.versionMax, versionMax)
        writer.write(.message, message)
        writer.write(.reservedDate, reservedDate)
        writer.write(.alternativeSlots, alternativeSlots)
        writer.write(.validationErrors, validationErrors)
        writer.write(.retryAfterMilliseconds, retryAfterMilliseconds)
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
        default: break
        }
    }
}
