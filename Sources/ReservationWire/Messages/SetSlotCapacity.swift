/// Changes how many places a slot has.
package enum SetSlotCapacity: Operation {
    package typealias Request = SetSlotCapacityRequest
    package typealias Response = SetSlotCapacityResponse
    package static var opcode: Opcode { .slotsSetCapacity }
}

/// Asks for `slots.set_capacity`.
package struct SetSlotCapacityRequest: WireMessage {
    /// The slot.
    package var slotID: UInt64
    /// How many places there are.
    package var totalCapacity: UInt64

    package init(slotID: UInt64, totalCapacity: UInt64) {
        self.slotID = slotID
        self.totalCapacity = totalCapacity
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        slotID = try reader.integer(.slotID)
        totalCapacity = try reader.integer(.totalCapacity)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.slotID, slotID)
        writer.write(.totalCapacity, totalCapacity)
    }
}

/// Answers `slots.set_capacity`.
package struct SetSlotCapacityResponse: WireMessage {
    /// The slots, as they are now.
    package var slots: [SlotMessage]

    package init(slots: [SlotMessage] = []) {
        self.slots = slots
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        slots = try reader.messages(.slots, SlotMessage.self)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.slots, slots)
    }
}
