/// Opens or closes a slot.
package enum SetSlotState: Operation {
    package typealias Request = SetSlotStateRequest
    package typealias Response = SetSlotStateResponse
    package static var opcode: Opcode { .slotsSetState }
}

/// Asks for `slots.set_state`.
package struct SetSlotStateRequest: WireMessage {
    /// The slot.
    package var slotID: UInt64
    /// `ACTIVE` or `CLOSED`.
    package var status: String
    /// Why, for the history.
    package var reason: String?

    package init(slotID: UInt64, status: String, reason: String? = nil) {
        self.slotID = slotID
        self.status = status
        self.reason = reason
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        slotID = try reader.integer(.slotID)
        status = try reader.string(.status)
        reason = try reader.optionalString(.reason)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.slotID, slotID)
        writer.write(.status, status)
        writer.write(.reason, reason)
    }
}

/// Answers `slots.set_state`.
package struct SetSlotStateResponse: WireMessage {
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
