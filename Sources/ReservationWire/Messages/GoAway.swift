/// No more requests: the sender is about to close, or wants the other to.
package struct GoAway: WireMessage {
    /// The highest id that was accepted, 0 if none: requests above it are never executed.
    package var lastRequestID: UInt64
    /// For the person who reads the answer.
    package var message: String?

    package init(lastRequestID: UInt64, message: String? = nil) {
        self.lastRequestID = lastRequestID
        self.message = message
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        lastRequestID = try reader.integer(.lastRequestID)
        message = try reader.optionalString(.message)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.lastRequestID, lastRequestID)
        writer.write(.message, message)
    }
}
