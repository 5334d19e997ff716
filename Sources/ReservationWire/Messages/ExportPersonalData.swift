/// All that is known of one person, page by page: reservations, then tickets, then messages.
package enum ExportPersonalData: Operation {
    package typealias Request = ExportPersonalDataRequest
    package typealias Response = ExportPersonalDataResponse
    package static var opcode: Opcode { .personalDataExport }
}

/// Asks for `personal_data.export`. At most one of the positions is given, as the page before said it.
package struct ExportPersonalDataRequest: WireMessage {
    /// Whose data is meant: whoever is reached there. Either this or the phone number.
    package var customerEmail: String?
    /// Whose data is meant: whoever is called there.
    package var customerPhone: String?
    /// The page is of messages and begins behind this one; 0 begins with the first.
    package var afterOutboxID: UInt64?
    /// The page is of reservations and begins behind this one.
    package var afterReservationID: UInt64?
    /// The page is of tickets and begins behind this one; 0 begins with the first.
    package var afterTicketID: UInt64?

    package init(
        customerEmail: String? = nil, customerPhone: String? = nil, afterOutboxID: UInt64? = nil, afterReservationID: UInt64? = nil,
        afterTicketID: UInt64? = nil
    ) {
        self.customerEmail = customerEmail
        self.customerPhone = customerPhone
        self.afterOutboxID = afterOutboxID
        self.afterReservationID = afterReservationID
        self.afterTicketID = afterTicketID
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        customerEmail = try reader.optionalString(.customerEmail)
        customerPhone = try reader.optionalString(.customerPhone)
        afterOutboxID = try reader.optionalInteger(.afterOutboxID)
        afterReservationID = try reader.optionalInteger(.afterReservationID)
        afterTicketID = try reader.optionalInteger(.afterTicketID)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.customerEmail, customerEmail)
        writer.write(.customerPhone, customerPhone)
        writer.write(.afterOutboxID, afterOutboxID)
        writer.write(.afterReservationID, afterReservationID)
        writer.write(.afterTicketID, afterTicketID)
    }
}

/// Answers `personal_data.export`. With more to come one of the positions is there.
package struct ExportPersonalDataResponse: WireMessage {
    /// Whether there is another page; this one may be empty all the same.
    package var more: Bool
    /// Messages to the person, sent or not.
    package var entries: [OutboxEntryMessage]
    /// The next page is of messages and begins behind this one.
    package var afterOutboxID: UInt64?
    /// What was done to the tickets of this page's reservations.
    package var history: [HistoryEntryMessage]
    /// The person's reservations, contacts in full.
    package var reservations: [ListedReservationMessage]
    /// The next page is of reservations and begins behind this one.
    package var afterReservationID: UInt64?
    /// The next page is of tickets and begins behind this one.
    package var afterTicketID: UInt64?
    /// Tickets that bear the person's contact without a reservation that does.
    package var personsTickets: [PersonsTicketMessage]

    package init(
        more: Bool, entries: [OutboxEntryMessage] = [], afterOutboxID: UInt64? = nil, history: [HistoryEntryMessage] = [],
        reservations: [ListedReservationMessage] = [], afterReservationID: UInt64? = nil, afterTicketID: UInt64? = nil,
        personsTickets: [PersonsTicketMessage] = []
    ) {
        self.more = more
        self.entries = entries
        self.afterOutboxID = afterOutboxID
        self.history = history
        self.reservations = reservations
        self.afterReservationID = afterReservationID
        self.afterTicketID = afterTicketID
        self.personsTickets = personsTickets
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        more = try reader.bool(.more)
        entries = try reader.messages(.entries, OutboxEntryMessage.self)
        afterOutboxID = try reader.optionalInteger(.afterOutboxID)
        history = try reader.messages(.history, HistoryEntryMessage.self)
        reservations = try reader.messages(.reservations, ListedReservationMessage.self)
        afterReservationID = try reader.optionalInteger(.afterReservationID)
        afterTicketID = try reader.optionalInteger(.afterTicketID)
        personsTickets = try reader.messages(.personsTickets, PersonsTicketMessage.self)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.more, more)
        writer.write(.entries, entries)
        writer.write(.afterOutboxID, afterOutboxID)
        writer.write(.history, history)
        writer.write(.reservations, reservations)
        writer.write(.afterReservationID, afterReservationID)
        writer.write(.afterTicketID, afterTicketID)
        writer.write(.personsTickets, personsTickets)
    }
}
