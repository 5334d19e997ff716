/// Runs every check of the store and the invariants on a copy; takes seconds on a large database, and disturbs no booking.
package enum Doctor: Operation {
    package typealias Request = DoctorRequest
    package typealias Response = DoctorResponse
    package static var opcode: Opcode { .daemonDoctor }
}

/// Asks for `daemon.doctor`.
package struct DoctorRequest: WireMessage {
    /// Whether wrong counts of places and wrong FULL or ACTIVE of slots are to be corrected before the checks.
    package var repair: Bool?

    package init(repair: Bool? = nil) {
        self.repair = repair
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        repair = try reader.optionalBool(.repair)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.repair, repair)
    }
}

/// Answers `daemon.doctor`.
package struct DoctorResponse: WireMessage {
    /// One for each check; before them, one for each slot that was repaired.
    package var findings: [FindingMessage]

    package init(findings: [FindingMessage] = []) {
        self.findings = findings
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        findings = try reader.messages(.findings, FindingMessage.self)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.findings, findings)
    }
}
