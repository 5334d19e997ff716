import ReservationCore

/// Slots in the order of their ids, page by page.
package enum ListSlots: Operation {
    package typealias Request = ListSlotsRequest
    package typealias Response = ListSlotsResponse
    package static var opcode: Opcode { .slotsList }
}

/// Asks for `slots.list`.
package struct ListSlotsRequest: WireMessage {
    /// The organisation.
    package var orq: UInt64?
    /// The first day, included.
    package var dateFrom: CalendarDate?
    /// The last day, included.
    package var dateTo: CalendarDate?
    /// The page begins behind this slot.
    package var afterSlotID: UInt64?
    /// Most slots of the page; 2000 is the default and the most.
    package var limit: UInt64?

    package init(
        orq: UInt64? = nil, dateFrom: CalendarDate? = nil, dateTo: CalendarDate? = nil, afterSlotID: UInt64? = nil,
        limit: UInt64? = nil
    ) {
        self.orq = orq
        self.dateFrom = dateFrom
        self.dateTo = dateTo
        self.afterSlotID = afterSlotID
        self.limit = limit
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        orq = try reader.optionalInteger(.orq)
        dateFrom = try reader.optionalDate(.dateFrom)
        dateTo = try reader.optionalDate(.dateTo)
        afterSlotID = try reader.optionalInteger(.afterSlotID)
        limit = try reader.optionalInteger(.limit)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.orq, orq)
        writer.write(.dateFrom, dateFrom)
        writer.write(.dateTo, dateTo)
        writer.write(.afterSlotID, afterSlotID)
        writer.write(.limit, limit)
    }
}

/// Answers `slots.list`.
package struct ListSlotsResponse: WireMessage {
    /// Whether another page follows.
    package var more: Bool
    /// The slots, as they are now.
    package var slots: [SlotMessage]

    package init(more: Bool, slots: [SlotMessage] = []) {
        self.more = more
        self.slots = slots
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        more = try reader.bool(.more)
        slots = try reader.messages(.slots, SlotMessage.self)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.more, more)
        writer.write(.slots, slots)
    }
}
