/// Records of comma-separated values (RFC 4180): fields in quotes where they need them, lines that end with CR and LF.
enum CSVWriter {
    static func line(_ fields: [String]) -> String {
        fields.map(field).joined(separator: ",") + "\r\n"
    }

    static func field(_ text: String) -> String {
        let safe = harmless(text)
        guard safe.utf8.contains(where: { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }) else { return safe }
        return "\"\(safe.replacing("\"", with: "\"\""))\""
    }

    /// A spreadsheet takes a cell that begins with one of these for a formula, which may run a program (OWASP, "CSV Injection"); behind an
    /// apostrophe it is text. A telephone number keeps its plus: of digits, and asterisks where it is masked, no formula can be made that
    /// does anything, and other programs want the number as it is. Control characters are shown, not sent to a terminal.
    static func harmless(_ text: String) -> String {
        guard let first = text.utf8.first else { return text }
        let isTelephone = first == 0x2B && text.utf8.dropFirst().allSatisfy { (0x30...0x39).contains($0) || $0 == 0x2A }
        let isFormula = "=+-@\t\r\n".utf8.contains(first) && !isTelephone
        return (isFormula ? "'" : "") + PrintableText.escaped(text)
    }
}
