import ReservationCore

/// Opens or closes slots of many days, page by page.
package enum SetSlotStates: Operation {
    package typealias Request = SetSlotStatesRequest
    package typealias Response = SetSlotStatesResponse
    package static var opcode: Opcode { .slotsSetStates }
}

/// Asks for `slots.set_states`.
package struct SetSlotStatesRequest: WireMessage {
    /// The organisation.
    package var orq: UInt64
    /// `ACTIVE` or `CLOSED`.
    package var status: String
    /// The first day, included.
    package var dateFrom: CalendarDate
    /// The last day, included.
    package var dateTo: CalendarDate
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
        orq: UInt64, status: String, dateFrom: CalendarDate, dateTo: CalendarDate, weekdays: [String] = [], times: [TimeRange] = [],
        afterSlotID: UInt64? = nil, reason: String? = nil, dryRun: Bool? = nil
    ) {
        self.orq = orq
        self.status = status
        self.dateFrom = dateFrom
        self.dateTo = dateTo
        self.weekdays = weekdays
        self.times = times
        self.afterSlotID = afterSlotID
        self.reason = reason
        self.dryRun = dryRun
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        orq = try reader.integer(.orq)
        status = try reader.string(.status)
        dateFrom = try reader.date(.dateFrom)
        dateTo = try reader.date(.dateTo)
        weekdays = try reader.strings(.weekdays)
        times = try reader.messages(.times, TimeRange.self)
        afterSlotID = try reader.optionalInteger(.afterSlotID)
        reason = try reader.optionalString(.reason)
        dryRun = try reader.optionalBool(.dryRun)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.orq, orq)
        writer.write(.status, status)
        writer.write(.dateFrom, dateFrom)
        writer.write(.dateTo, dateTo)
        writer.write(.weekdays, weekdays)
        writer.write(.times, times)
        writer.write(.afterSlotID, afterSlotID)
        writer.write(.reason, reason)
        writer.write(.dryRun, dryRun)
    }
}

/// Answers `slots.set_states`.
package struct SetSlotStatesResponse: WireMessage {
    /// Where the next page begins.
    package var afterSlotID: UInt64?
    /// Whether there may be more to do.
    package var more: Bool
    /// How many were changed, or would be.
    package var changedCount: UInt64
    /// How many stood so already.
    package var unchangedCount: UInt64

    package init(afterSlotID: UInt64? = nil, more: Bool, changedCount: UInt64, unchangedCount: UInt64) {
        self.afterSlotID = afterSlotID
        self.more = more
        self.changedCount = changedCount
        self.unchangedCount = unchangedCount
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        afterSlotID = try reader.optionalInteger(.afterSlotID)
        more = try reader.bool(.more)
        changedCount = try reader.integer(.changedCount)
        unchangedCount = try reader.integer(.unchangedCount)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.afterSlotID, afterSlotID)
        writer.write(.more, more)
        writer.write(.changedCount, changedCount)
        writer.write(.unchangedCount, unchangedCount)
    }
}
