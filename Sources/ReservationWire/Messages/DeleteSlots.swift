import ReservationCore

/// Removes slots to which nothing refers: one, or those of many days, page by page.
package enum DeleteSlots: Operation {
    package typealias Request = DeleteSlotsRequest
    package typealias Response = DeleteSlotsResponse
    package static var opcode: Opcode { .slotsDelete }
}

/// Asks for `slots.delete`.
package struct DeleteSlotsRequest: WireMessage {
    /// The organisation, with dates.
    package var orq: UInt64?
    /// The slot; not together with dates.
    package var slotID: UInt64?
    /// The first day, included.
    package var dateFrom: CalendarDate?
    /// The last day, included.
    package var dateTo: CalendarDate?
    /// `mon` to `sun`; every day if there is none.
    package var weekdays: [String]
    /// Only slots of these starts and ends; any if there is none.
    package var times: [TimeRange]
    /// Slots up to and including this one have been seen to.
    package var afterSlotID: UInt64?
    /// Why, for the history.
    package var reason: String?
    /// Whether only to tell what would be done.
    package var dryRun: Bool?

    package init(
        orq: UInt64? = nil, slotID: UInt64? = nil, dateFrom: CalendarDate? = nil, dateTo: CalendarDate? = nil, weekdays: [String] = [],
        times: [TimeRange] = [], afterSlotID: UInt64? = nil, reason: String? = nil, dryRun: Bool? = nil
    ) {
        self.orq = orq
        self.slotID = slotID
        self.dateFrom = dateFrom
        self.dateTo = dateTo
        self.weekdays = weekdays
        self.times = times
        self.afterSlotID = afterSlotID
        self.reason = reason
        self.dryRun = dryRun
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        orq = try reader.optionalInteger(.orq)
        slotID = try reader.optionalInteger(.slotID)
        dateFrom = try reader.optionalDate(.dateFrom)
        dateTo = try reader.optionalDate(.dateTo)
        weekdays = try reader.strings(.weekdays)
        times = try reader.messages(.times, TimeRange.self)
        afterSlotID = try reader.optionalInteger(.afterSlotID)
        reason = try reader.optionalString(.reason)
        dryRun = try reader.optionalBool(.dryRun)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.orq, orq)
        writer.write(.slotID, slotID)
        writer.write(.dateFrom, dateFrom)
        writer.write(.dateTo, dateTo)
        writer.write(.weekdays, weekdays)
        writer.write(.times, times)
        writer.write(.afterSlotID, afterSlotID)
        writer.write(.reason, reason)
        writer.write(.dryRun, dryRun)
    }
}

/// Answers `slots.delete`.
package struct DeleteSlotsResponse: WireMessage {
    /// Where the next page begins.
    package var afterSlotID: UInt64?
    /// Whether there may be more to do.
    package var more: Bool
    /// How many were removed, or would be.
    package var deletedCount: UInt64
    /// How many were left alone since reservations refer to them.
    package var inUseCount: UInt64

    package init(afterSlotID: UInt64? = nil, more: Bool, deletedCount: UInt64, inUseCount: UInt64) {
        self.afterSlotID = afterSlotID
        self.more = more
        self.deletedCount = deletedCount
        self.inUseCount = inUseCount
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        afterSlotID = try reader.optionalInteger(.afterSlotID)
        more = try reader.bool(.more)
        deletedCount = try reader.integer(.deletedCount)
        inUseCount = try reader.integer(.inUseCount)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.afterSlotID, afterSlotID)
        writer.write(.more, more)
        writer.write(.deletedCount, deletedCount)
        writer.write(.inUseCount, inUseCount)
    }
}
