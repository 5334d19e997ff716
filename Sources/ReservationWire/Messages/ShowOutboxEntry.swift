/// One entry of the outbox.
package enum ShowOutboxEntry: Operation {
    package typealias Request = ShowOutboxEntryRequest
    package typealias Response = OutboxEntriesResponse
    package static var opcode: Opcode { .outboxShow }
}

/// Asks for `outbox.show`.
package struct ShowOutboxEntryRequest: WireMessage {
    /// The entry.
    package var outboxID: UInt64

    package init(outboxID: UInt64) {
        self.outboxID = outboxID
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        outboxID = try reader.integer(.outboxID)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.outboxID, outboxID)
    }
}
