/// Entries of the outbox in the order of their ids, page by page.
package enum ListOutbox: Operation {
    package typealias Request = ListOutboxRequest
    package typealias Response = ListOutboxResponse
    package static var opcode: Opcode { .outboxList }
}

/// Asks for `outbox.list`.
package struct ListOutboxRequest: WireMessage {
    /// The organisation.
    package var orq: UInt64?
    /// Only entries that stand so.
    package var status: String?
    /// Most entries of the page; 500 is the default and the most.
    package var limit: UInt64?
    /// The page begins behind this entry.
    package var afterOutboxID: UInt64?

    package init(orq: UInt64? = nil, status: String? = nil, limit: UInt64? = nil, afterOutboxID: UInt64? = nil) {
        self.orq = orq
        self.status = status
        self.limit = limit
        self.afterOutboxID = afterOutboxID
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        orq = try reader.optionalInteger(.orq)
        status = try reader.optionalString(.status)
        limit = try reader.optionalInteger(.limit)
        afterOutboxID = try reader.optionalInteger(.afterOutboxID)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.orq, orq)
        writer.write(.status, status)
        writer.write(.limit, limit)
        writer.write(.afterOutboxID, afterOutboxID)
    }
}

/// Answers `outbox.list`.
package struct ListOutboxResponse: WireMessage {
    /// Whether there may be another page.
    package var more: Bool
    /// The entries, as they are now.
    package var entries: [OutboxEntryMessage]
    /// Where the next page begins.
    package var afterOutboxID: UInt64?

    package init(more: Bool, entries: [OutboxEntryMessage] = [], afterOutboxID: UInt64? = nil) {
        self.more = more
        self.entries = entries
        self.afterOutboxID = afterOutboxID
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        more = try reader.bool(.more)
        entries = try reader.messages(.entries, OutboxEntryMessage.self)
        afterOutboxID = try reader.optionalInteger(.afterOutboxID)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.more, more)
        writer.write(.entries, entries)
        writer.write(.afterOutboxID, afterOutboxID)
    }
}
