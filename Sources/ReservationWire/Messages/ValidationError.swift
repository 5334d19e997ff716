import ReservationCore

/// What is wrong with one field of a request.
package struct ValidationError: WireMessage {
    /// For the person who reads the answer.
    package var message: String
    /// The registry's name of the field.
    package var field: String

    package init(message: String, field: String) {
        self.message = message
        self.field = field
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        message = try reader.string(.message)
        field = try reader.string(.field)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.message, message)
        writer.write(.field, field)
    }
}

extension ValidationError {
    /// The message of a domain value.
    package init(_ problem: FieldProblem) {
        self.init(message: problem.message, field: problem.field)
    }
}
