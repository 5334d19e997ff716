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
    /// Whether only to tell what would be done.
    package var dryRun: Bool?

    package init(tickets: [ImportRow] = [], dryRun: Bool? = nil) {
        self.tickets = tickets
        self.dryRun = dryRun
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        tickets = try reader.messages(.tickets, ImportRow.self)
        dryRun = try reader.optionalBool(.dryRun)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.tickets, tickets)
        writer.write(.dryRun, dryRun)
    }
}

/// Answers `tickets.import`.
package struct ImportTicketsResponse: WireMessage {
    /// How many were made, or would be.
    package var createdCount: UInt64
    /// How many were there already.
    package var existingCount: UInt64
    /// Empty when the import was done, or could be. Where it is only tried, the counts are of the rows without any.
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
