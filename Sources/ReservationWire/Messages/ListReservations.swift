import ReservationCore

/// Reservations, live or cancelled, page by page.
package enum ListReservations: Operation {
    package typealias Request = ListReservationsRequest
    package typealias Response = ListReservationsResponse
    package static var opcode: Opcode { .reservationsList }
}

/// Asks for `reservations.list`.
package struct ListReservationsRequest: WireMessage {
    /// Only of this organisation.
    package var orq: UInt64?
    /// Only of this slot; not together with dates.
    package var slotID: UInt64?
    /// Only those that are `RESERVED`, `CANCELLED` or `VERIFIED`.
    package var status: String?
    /// Only of slots from this day on.
    package var dateFrom: CalendarDate?
    /// Only of slots up to this day, included.
    package var dateTo: CalendarDate?
    /// Where a list with dates goes on: as the page before said.
    package var afterSlotID: UInt64?
    /// Most reservations of the page; 250 is the default and the most.
    package var limit: UInt64?
    /// Whether addresses, phone numbers and ticket codes are wanted in full.
    package var contacts: Bool?
    /// Where the list goes on: as the page before said.
    package var afterReservationID: UInt64?

    package init(
        orq: UInt64? = nil, slotID: UInt64? = nil, status: String? = nil, dateFrom: CalendarDate? = nil, dateTo: CalendarDate? = nil,
        afterSlotID: UInt64? = nil, limit: UInt64? = nil, contacts: Bool? = nil, afterReservationID: UInt64? = nil
    ) {
        self.orq = orq
        self.slotID = slotID
        self.status = status
        self.dateFrom = dateFrom
        self.dateTo = dateTo
        self.afterSlotID = afterSlotID
        self.limit = limit
        self.contacts = contacts
        self.afterReservationID = afterReservationID
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        orq = try reader.optionalInteger(.orq)
        slotID = try reader.optionalInteger(.slotID)
        status = try reader.optionalString(.status)
        dateFrom = try reader.optionalDate(.dateFrom)
        dateTo = try reader.optionalDate(.dateTo)
        afterSlotID = try reader.optionalInteger(.afterSlotID)
        limit = try reader.optionalInteger(.limit)
        contacts = try reader.optionalBool(.contacts)
        afterReservationID = try reader.optionalInteger(.afterReservationID)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.orq, orq)
        writer.write(.slotID, slotID)
        writer.write(.status, status)
        writer.write(.dateFrom, dateFrom)
        writer.write(.dateTo, dateTo)
        writer.write(.afterSlotID, afterSlotID)
        writer.write(.limit, limit)
        writer.write(.contacts, contacts)
        writer.write(.afterReservationID, afterReservationID)
    }
}

/// Answers `reservations.list`.
package struct ListReservationsResponse: WireMessage {
    /// Where the next page of a list with dates begins.
    package var afterSlotID: UInt64?
    /// Whether there may be another page; this one may be empty all the same.
    package var more: Bool
    /// The reservations, as they are now.
    package var reservations: [ListedReservationMessage]
    /// Where the next page begins.
    package var afterReservationID: UInt64?

    package init(afterSlotID: UInt64? = nil, more: Bool, reservations: [ListedReservationMessage] = [], afterReservationID: UInt64? = nil) {
        self.afterSlotID = afterSlotID
        self.more = more
        self.reservations = reservations
        self.afterReservationID = afterReservationID
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        afterSlotID = try reader.optionalInteger(.afterSlotID)
        more = try reader.bool(.more)
        reservations = try reader.messages(.reservations, ListedReservationMessage.self)
        afterReservationID = try reader.optionalInteger(.afterReservationID)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.afterSlotID, afterSlotID)
        writer.write(.more, more)
        writer.write(.reservations, reservations)
        writer.write(.afterReservationID, afterReservationID)
    }
}
