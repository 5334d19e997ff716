/// Who did what and when, in the order in which it was done, page by page.
package enum ListHistory: Operation {
    package typealias Request = ListHistoryRequest
    package typealias Response = ListHistoryResponse
    package static var opcode: Opcode { .historyList }
}

/// Asks for `history.list`.
package struct ListHistoryRequest: WireMessage {
    /// Only what concerns this organisation.
    package var orq: UInt64?
    /// Only what was done to this ticket.
    package var ticketID: UInt64?
    /// Only what was done to the ticket with this code.
    package var ticketCode: String?
    /// Only what was done to this slot, or moved into it or out of it.
    package var slotID: UInt64?
    /// Only what was done to this reservation.
    package var reservationID: UInt64?
    /// Most entries of the page; 500 is the default and the most.
    package var limit: UInt64?
    /// The page begins behind this entry.
    package var afterHistoryID: UInt64?

    package init(
        orq: UInt64? = nil, ticketID: UInt64? = nil, ticketCode: String? = nil, slotID: UInt64? = nil, reservationID: UInt64? = nil,
        limit: UInt64? = nil, afterHistoryID: UInt64? = nil
    ) {
        self.orq = orq
        self.ticketID = ticketID
        self.ticketCode = ticketCode
        self.slotID = slotID
        self.reservationID = reservationID
        self.limit = limit
        self.afterHistoryID = afterHistoryID
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        orq = try reader.optionalInteger(.orq)
        ticketID = try reader.optionalInteger(.ticketID)
        ticketCode = try reader.optionalString(.ticketCode)
        slotID = try reader.optionalInteger(.slotID)
        reservationID = try reader.optionalInteger(.reservationID)
        limit = try reader.optionalInteger(.limit)
        afterHistoryID = try reader.optionalInteger(.afterHistoryID)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.orq, orq)
        writer.write(.ticketID, ticketID)
        writer.write(.ticketCode, ticketCode)
        writer.write(.slotID, slotID)
        writer.write(.reservationID, reservationID)
        writer.write(.limit, limit)
        writer.write(.afterHistoryID, afterHistoryID)
    }
}

/// Answers `history.list`.
package struct ListHistoryResponse: WireMessage {
    /// Whether there may be another page.
    package var more: Bool
    /// The entries, oldest first.
    package var history: [HistoryEntryMessage]
    /// Where the next page begins.
    package var afterHistoryID: UInt64?

    package init(more: Bool, history: [HistoryEntryMessage] = [], afterHistoryID: UInt64? = nil) {
        self.more = more
        self.history = history
        self.afterHistoryID = afterHistoryID
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        more = try reader.bool(.more)
        history = try reader.messages(.history, HistoryEntryMessage.self)
        afterHistoryID = try reader.optionalInteger(.afterHistoryID)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.more, more)
        writer.write(.history, history)
        writer.write(.afterHistoryID, afterHistoryID)
    }
}
