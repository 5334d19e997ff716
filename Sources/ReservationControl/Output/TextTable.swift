/// Rows under headings, each column as wide as its widest cell.
struct TextTable {
    struct Column {
        let heading: String
        let isNumber: Bool

        static func text(_ heading: String) -> Column { Column(heading: heading, isNumber: false) }
        /// Aligned to the right.
        static func number(_ heading: String) -> Column { Column(heading: heading, isNumber: true) }
    }

    private let columns: [Column]
    private var rows: [[String]] = []

    init(_ columns: [Column]) {
        self.columns = columns
    }

    /// - Parameter cells: one a column; may hold anything, see ``PrintableText``.
    mutating func add(_ cells: [String]) {
        rows.append(cells.map { PrintableText.escaped($0) })
    }

    /// Lines that each end with a line feed, without spaces before it.
    var text: String {
        var widths: [Int]?
        return text(withHeadings: true, widths: &widths)
    }

    /// One part of a table that is printed in several.
    ///
    /// - Parameter widths: of the columns so far, and with these rows.
    func text(withHeadings hasHeadings: Bool, widths known: inout [Int]?) -> String {
        var widths = known ?? columns.map { Self.width($0.heading) }
        for row in rows {
            for (index, cell) in row.enumerated() { widths[index] = max(widths[index], Self.width(cell)) }
        }
        known = widths
        var result = ""
        for row in (hasHeadings ? [columns.map(\.heading)] : []) + rows {
            var line = ""
            for (index, cell) in row.enumerated() {
                let padding = String(repeating: " ", count: widths[index] - Self.width(cell))
                line += (index == 0 ? "" : "  ") + (columns[index].isNumber ? padding + cell : cell + padding)
            }
            while line.hasSuffix(" ") { line.removeLast() }
            result += line + "\n"
        }
        return result
    }

    /// `name: value` lines with the values under one another.
    static func keyValues(_ pairs: [(String, String)]) -> String {
        let widest = pairs.map { width($0.0) }.max() ?? 0
        return pairs.map { name, value in
            "\(name):\(String(repeating: " ", count: widest - width(name) + 1))\(PrintableText.escaped(value))\n"
        }.joined()
    }

    /// Terminal cells: letters of East Asian scripts and pictures take two.
    private static func width(_ text: String) -> Int {
        text.reduce(0) { sum, character in
            guard let scalar = character.unicodeScalars.first else { return sum }
            switch scalar.value {
            case 0x1100...0x115F, 0x2E80...0xA4CF, 0xAC00...0xD7A3, 0xF900...0xFAFF, 0xFE30...0xFE6F, 0xFF00...0xFF60, 0xFFE0...0xFFE6,
                0x1F300...0x1FAFF, 0x20000...0x3FFFD:
                return sum + 2
            default: return sum + 1
            }
        }
    }
}
