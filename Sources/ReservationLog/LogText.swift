/// How text of unknown origin is put into a line, so that no value can pretend to be another field, another line or a terminal command.
enum LogText {
    /// Longer values are cut: a log is not where to keep a request.
    static let valueBytes = 2048

    /// Appends `text` as it stands, or in double quotes with escapes when it could be misread.
    static func append(_ text: String, to line: inout [UInt8]) {
        var text = text
        // Bare is only what has no space, quote, `=` or anything beyond printable ASCII.
        let isBare: Bool? = text.utf8.withContiguousStorageIfAvailable { bytes in
            !bytes.isEmpty && bytes.count <= valueBytes
                && bytes.allSatisfy { $0 > 0x20 && $0 < 0x7F && $0 != 0x22 && $0 != 0x3D && $0 != 0x5C }
        }
        if isBare == true {
            line.append(contentsOf: text.utf8)
            return
        }
        let isCut = text.utf8.count > valueBytes
        if isCut { text = String(decoding: text.utf8.prefix(valueBytes), as: UTF8.self) }
        line.append(0x22)
        for scalar in text.unicodeScalars { append(scalar, to: &line) }
        if isCut { line.append(contentsOf: "…".utf8) }
        line.append(0x22)
    }

    private static func append(_ scalar: Unicode.Scalar, to line: inout [UInt8]) {
        switch scalar {
        case "\"": line.append(contentsOf: "\\\"".utf8)
        case "\\": line.append(contentsOf: "\\\\".utf8)
        case "\n": line.append(contentsOf: "\\n".utf8)
        case "\r": line.append(contentsOf: "\\r".utf8)
        case "\t": line.append(contentsOf: "\\t".utf8)
        default:
            if isHarmless(scalar) {
                line.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
            } else {
                line.append(contentsOf: "\\u{\(String(scalar.value, radix: 16))}".utf8)
            }
        }
    }

    /// Neither a control character nor one that turns the direction of writing or breaks the line.
    private static func isHarmless(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.value >= 0x20 && scalar.value < 0x7F { return true }
        switch scalar.properties.generalCategory {
        case .control, .format, .lineSeparator, .paragraphSeparator, .surrogate, .unassigned, .privateUse: return false
        default: return true
        }
    }
}
