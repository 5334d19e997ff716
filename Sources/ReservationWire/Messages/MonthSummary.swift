/// What a calendar needs to know of a month before anybody opens it.
package struct MonthSummary: WireMessage {
    /// `YYYY-MM`.
    package var month: String
    /// How many places can be booked now.
    package var availableCount: UInt64
    /// How many slots there are; closed ones do not count.
    package var slotCount: UInt64

    package init(month: String, availableCount: UInt64, slotCount: UInt64) {
        self.month = month
        self.availableCount = availableCount
        self.slotCount = slotCount
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        month = try reader.string(.month)
        availableCount = try reader.integer(.availableCount)
        slotCount = try reader.integer(.slotCount)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.month, month)
        writer.write(.availableCount, availableCount)
        writer.write(.slotCount, slotCount)
    }
}
