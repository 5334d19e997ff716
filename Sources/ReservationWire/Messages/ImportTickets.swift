/// Takes tickets over from elsewhere, all or none of them.
package enum ImportTickets: Operation {
    package typealias Request = ImportTicketsRequest
    package typealias Response = ImportTicketsResponse
    package static var opcode: Opcode { .ticketsImport }
}

/// Asks for `tickets.import`.
package struct ImportTicketsRequest: WireMessage {
    /// The tickets.
    package var tickets: [ImportRow]

    package init(tickets: [ImportRow] = []) {
        self.tickets = tickets
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        tickets = try reader.messages(.tickets, ImportRow.self)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.tickets, tickets)
    }
}

/// Answers `tickets.import`.
package struct ImportTicketsResponse: WireMessage {
    /// How many were made.
    package var createdCount: UInt64
    /// How many were there already.
    package var existingCount: UInt64
    /// Empty when the import was done.
    package var problems: [ProblemMessage]

    package init(createdCount: UInt64, existingCount: UInt64, problems: [ProblemMessage] = []) {
        self.createdCount = createdCount
        self.existingCount = existingCount
        self.problems = problems
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        createdCount = try reader.integer(.createdCount)
        existingCount = try reader.integer(.existingCount)
        problems = try reader.messages(.problems, ProblemMessage.self)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.createdCount, createdCount)
        writer.write(.existingCount, existingCount)
        writer.write(.problems, problems)
    }
}
