/// What an EVENT tells a watcher.
package struct SlotsChanged: WireMessage {
    /// As they are now.
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
