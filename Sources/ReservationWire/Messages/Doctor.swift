/// Runs every check of the store and the invariants; takes seconds on a large database.
package enum Doctor: Operation {
    package typealias Request = DoctorRequest
    package typealias Response = DoctorResponse
    package static var opcode: Opcode { .daemonDoctor }
}

/// Asks for `daemon.doctor`.
package struct DoctorRequest: WireMessage {
    package init() {}

    package init(from reader: inout some FieldReader) {}

    package func write(to writer: inout some FieldWriter) {}
}

/// Answers `daemon.doctor`.
package struct DoctorResponse: WireMessage {
    /// One for each check.
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
