/// Takes a message back that has not been sent.
package enum CancelOutboxEntry: Operation {
    package typealias Request = CancelOutboxEntryRequest
    package typealias Response = OutboxEntriesResponse
    package static var opcode: Opcode { .outboxCancel }
}

/// Asks for `outbox.cancel`.
package struct CancelOutboxEntryRequest: WireMessage {
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
