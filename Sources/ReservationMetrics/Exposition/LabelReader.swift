/// Reads `{name="value",…}`.
struct LabelReader {
    private(set) var rest: Substring

    init(_ text: Substring) {
        rest = text
    }

    mutating func read(atMost limit: Int) throws(LineProblem) -> [MetricLabel] {
        guard rest.first == "{" else { return [] }
        rest.removeFirst()
        var labels: [MetricLabel] = []
        repeat {
            guard labels.count < limit else { throw LineProblem("more than \(limit) labels") }
            let label = try readOne()
            guard !labels.contains(where: { $0.name == label.name }) else { throw LineProblem("a label stands here a second time") }
            labels.append(label)
        } while take(",")
        guard take("}") else { throw LineProblem("labels that do not end") }
        return labels
    }

    private mutating func readOne() throws(LineProblem) -> MetricLabel {
        let name = rest.prefix { $0 != "=" }
        guard MetricText.isLabelName(name) else { throw LineProblem("not the name of a label") }
        rest = rest[name.endIndex...].dropFirst()
        guard take("\"") else { throw LineProblem("a label without a value") }
        var end = rest.startIndex
        var isEscaped = false
        // By scalars: a mark that combines with the quote would hide it from a reader of characters.
        while end < rest.endIndex, isEscaped || rest.unicodeScalars[end] != "\"" {
            isEscaped = !isEscaped && rest.unicodeScalars[end] == "\\"
            end = rest.unicodeScalars.index(after: end)
        }
        guard end < rest.endIndex else { throw LineProblem("a label's value that does not end") }
        let value = try Self.unescaped(rest[..<end], quote: true)
        rest = rest[rest.unicodeScalars.index(after: end)...]
        return MetricLabel(String(name), value)
    }

    private mutating func take(_ mark: Unicode.Scalar) -> Bool {
        guard rest.unicodeScalars.first == mark else { return false }
        rest = rest[rest.unicodeScalars.index(after: rest.startIndex)...]
        return true
    }

    static func unescaped(_ text: Substring, quote: Bool) throws(LineProblem) -> String {
        guard text.utf8.contains(0x5C) else { return String(text) }
        var plain = ""
        var isEscaped = false
        for scalar in text.unicodeScalars {
            guard isEscaped else {
                if scalar == "\\" { isEscaped = true } else { plain.unicodeScalars.append(scalar) }
                continue
            }
            isEscaped = false
            switch scalar {
            case "n": plain += "\n"
            case "\\": plain += "\\"
            case "\"" where quote: plain += "\""
            default: throw LineProblem("an escape that does not exist")
            }
        }
        guard !isEscaped else { throw LineProblem("an escape that does not end") }
        return plain
    }
}
