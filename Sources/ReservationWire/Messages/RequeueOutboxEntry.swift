/// Lets a message be tried again at once.
package enum RequeueOutboxEntry: Operation {
    package typealias Request = RequeueOutboxEntryRequest
    package typealias Response = OutboxEntriesResponse
    package static var opcode: Opcode { .outboxRequeue }
}

/// Asks for `outbox.requeue`.
package struct RequeueOutboxEntryRequest: WireMessage {
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
