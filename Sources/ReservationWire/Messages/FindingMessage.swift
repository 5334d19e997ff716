import ReservationCore

/// One check of the doctor and how it went.
package struct FindingMessage: WireMessage {
    /// What was looked at.
    package var check: String
    /// Whether the check passed.
    package var ok: Bool
    /// What was found.
    package var detail: String

    package init(check: String, ok: Bool, detail: String) {
        self.check = check
        self.ok = ok
        self.detail = detail
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        check = try reader.string(.check)
        ok = try reader.bool(.ok)
        detail = try reader.string(.detail)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.check, check)
        writer.write(.ok, ok)
        writer.write(.detail, detail)
    }
}

extension FindingMessage {
    /// The message of a domain value.
    package init(_ finding: Finding) {
        self.init(check: finding.check, ok: finding.passed, detail: finding.detail)
    }
}
