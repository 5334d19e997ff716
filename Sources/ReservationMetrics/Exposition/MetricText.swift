/// How names, labels and numbers stand in the text format.
enum MetricText {
    /// `[a-zA-Z_:][a-zA-Z0-9_:]*`, with an underscore for everything else, as swift-metrics' labels may hold dots.
    static func name(_ label: String) -> String { token(label, allowsColon: true) }

    /// `[a-zA-Z_][a-zA-Z0-9_]*`.
    static func labelName(_ label: String) -> String { token(label, allowsColon: false) }

    static func isName(_ text: some StringProtocol) -> Bool { isToken(text, allowsColon: true) }

    static func isLabelName(_ text: some StringProtocol) -> Bool { isToken(text, allowsColon: false) }

    /// In a HELP line a backslash and a line feed are escaped.
    static func help(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
    }

    static func append(_ labels: [MetricLabel], to text: inout String) {
        guard !labels.isEmpty else { return }
        for (index, label) in labels.enumerated() {
            text += index == 0 ? "{" : ","
            text += label.name
            text += "=\""
            for scalar in label.value.unicodeScalars {
                switch scalar {
                case "\\": text += "\\\\"
                case "\"": text += "\\\""
                case "\n": text += "\\n"
                default: text.unicodeScalars.append(scalar)
                }
            }
            text += "\""
        }
        text += "}"
    }

    /// Whole numbers without a fraction.
    static func number(_ value: Double) -> String {
        if value.isNaN { return "NaN" }
        if value.isInfinite { return value < 0 ? "-Inf" : "+Inf" }
        if value == value.rounded(), abs(value) < 9e15 { return String(Int64(value)) }
        return value.description
    }

    private static func token(_ text: String, allowsColon: Bool) -> String {
        var token = ""
        for byte in text.utf8 {
            let isAllowed = isTokenByte(byte, allowsColon: allowsColon) && (!token.isEmpty || !(0x30...0x39).contains(byte))
            token.unicodeScalars.append(isAllowed ? Unicode.Scalar(byte) : "_")
        }
        return token.isEmpty ? "_" : token
    }

    private static func isToken(_ text: some StringProtocol, allowsColon: Bool) -> Bool {
        guard let first = text.utf8.first, !(0x30...0x39).contains(first) else { return false }
        return text.utf8.allSatisfy { isTokenByte($0, allowsColon: allowsColon) }
    }

    private static func isTokenByte(_ byte: UInt8, allowsColon: Bool) -> Bool {
        switch byte {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, 0x5F: true
        case 0x3A: allowsColon
        default: false
        }
    }
}
