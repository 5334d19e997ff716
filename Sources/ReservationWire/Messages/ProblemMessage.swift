/// Why one row of an import cannot be used; then nothing of the import was written.
package struct ProblemMessage: WireMessage {
    /// For the person who reads the answer.
    package var message: String
    /// Index of the row, from 0.
    package var row: UInt64

    package init(message: String, row: UInt64) {
        self.message = message
        self.row = row
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        message = try reader.string(.message)
        row = try reader.integer(.row)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.message, message)
        writer.write(.row, row)
    }
}
