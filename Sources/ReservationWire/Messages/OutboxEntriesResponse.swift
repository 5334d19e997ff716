/// Answers what is about one entry: the entry as it is now.
package struct OutboxEntriesResponse: WireMessage {
    /// Exactly one.
    package var entries: [OutboxEntryMessage]

    package init(entries: [OutboxEntryMessage] = []) {
        self.entries = entries
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        entries = try reader.messages(.entries, OutboxEntryMessage.self)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.entries, entries)
    }
}
