/// Takes a person's contact away wherever it is kept, page by page.
package enum ErasePersonalData: Operation {
    package typealias Request = ErasePersonalDataRequest
    package typealias Response = ErasePersonalDataResponse
    package static var opcode: Opcode { .personalDataErase }
}

/// Asks for `personal_data.erase`. At most one of the positions is given, as the page before said it.
package struct ErasePersonalDataRequest: WireMessage {
    /// Whose data is meant: whoever is reached there. Either this or the phone number.
    package var customerEmail: String?
    /// Whose data is meant: whoever is called there.
    package var customerPhone: String?
    /// The page is of messages and begins behind this one; 0 begins with the first.
    package var afterOutboxID: UInt64?
    /// Who does it, by the number that the venue gave them.
    package var operatorID: UInt64?
    /// The page is of the history and begins behind this line; 0 begins with the first.
    package var afterHistoryID: UInt64?
    /// The page is of reservations and begins behind this one.
    package var afterReservationID: UInt64?
    /// Whether only to tell what would be erased.
    package var dryRun: Bool?
    /// The page is of tickets and begins behind this one; 0 begins with the first.
    package var afterTicketID: UInt64?
    /// Whether reservations are erased as well whose visit is still to come.
    package var includeUpcoming: Bool?

    package init(
        customerEmail: String? = nil, customerPhone: String? = nil, afterOutboxID: UInt64? = nil, operatorID: UInt64? = nil,
        afterHistoryID: UInt64? = nil, afterReservationID: UInt64? = nil, dryRun: Bool? = nil, afterTicketID: UInt64? = nil,
        includeUpcoming: Bool? = nil
    ) {
        self.customerEmail = customerEmail
        self.customerPhone = customerPhone
        self.afterOutboxID = afterOutboxID
        self.operatorID = operatorID
        self.afterHistoryID = afterHistoryID
        self.afterReservationID = afterReservationID
        self.dryRun = dryRun
        self.afterTicketID = afterTicketID
        self.includeUpcoming = includeUpcoming
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        customerEmail = try reader.optionalString(.customerEmail)
        customerPhone = try reader.optionalString(.customerPhone)
        afterOutboxID = try reader.optionalInteger(.afterOutboxID)
        operatorID = try reader.optionalInteger(.operatorID)
        afterHistoryID = try reader.optionalInteger(.afterHistoryID)
        afterReservationID = try reader.optionalInteger(.afterReservationID)
        dryRun = try reader.optionalBool(.dryRun)
        afterTicketID = try reader.optionalInteger(.afterTicketID)
        includeUpcoming = try reader.optionalBool(.includeUpcoming)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.customerEmail, customerEmail)
        writer.write(.customerPhone, customerPhone)
        writer.write(.afterOutboxID, afterOutboxID)
        writer.write(.operatorID, operatorID)
        writer.write(.afterHistoryID, afterHistoryID)
        writer.write(.afterReservationID, afterReservationID)
        writer.write(.dryRun, dryRun)
        writer.write(.afterTicketID, afterTicketID)
        writer.write(.includeUpcoming, includeUpcoming)
    }
}

/// Answers `personal_data.erase`: what this page did. With more to come one of the positions is there.
package struct ErasePersonalDataResponse: WireMessage {
    /// Whether there is another page; this one may be empty all the same.
    package var more: Bool
    /// The next page is of messages and begins behind this one.
    package var afterOutboxID: UInt64?
    /// Tickets from which the contact was taken, beside those of the reservations.
    package var ticketCount: UInt64
    /// The next page is of the history and begins behind this line.
    package var afterHistoryID: UInt64?
    /// The next page is of reservations and begins behind this one.
    package var afterReservationID: UInt64?
    /// The next page is of tickets and begins behind this one.
    package var afterTicketID: UInt64?
    /// Reservations whose contact was erased.
    package var erasedCount: UInt64
    /// Reservations that were left since the visit is still to come.
    package var upcomingCount: UInt64
    /// Messages that were taken back or emptied, and reasons in the history.
    package var emptiedCount: UInt64

    package init(
        more: Bool, afterOutboxID: UInt64? = nil, ticketCount: UInt64, afterHistoryID: UInt64? = nil, afterReservationID: UInt64? = nil,
        afterTicketID: UInt64? = nil, erasedCount: UInt64, upcomingCount: UInt64, emptiedCount: UInt64
    ) {
        self.more = more
        self.afterOutboxID = afterOutboxID
        self.ticketCount = ticketCount
        self.afterHistoryID = afterHistoryID
        self.afterReservationID = afterReservationID
        self.afterTicketID = afterTicketID
        self.erasedCount = erasedCount
        self.upcomingCount = upcomingCount
        self.emptiedCount = emptiedCount
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        more = try reader.bool(.more)
        afterOutboxID = try reader.optionalInteger(.afterOutboxID)
        ticketCount = try reader.integer(.ticketCount)
        afterHistoryID = try reader.optionalInteger(.afterHistoryID)
        afterReservationID = try reader.optionalInteger(.afterReservationID)
        afterTicketID = try reader.optionalInteger(.afterTicketID)
        erasedCount = try reader.integer(.erasedCount)
        upcomingCount = try reader.integer(.upcomingCount)
        emptiedCount = try reader.integer(.emptiedCount)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.more, more)
        writer.write(.afterOutboxID, afterOutboxID)
        writer.write(.ticketCount, ticketCount)
        writer.write(.afterHistoryID, afterHistoryID)
        writer.write(.afterReservationID, afterReservationID)
        writer.write(.afterTicketID, afterTicketID)
        writer.write(.erasedCount, erasedCount)
        writer.write(.upcomingCount, upcomingCount)
        writer.write(.emptiedCount, emptiedCount)
    }
}
