/// Numbers as people read them.
enum StatusText {
    /// `1,234,567`.
    static func number(_ value: Double) -> String {
        let digits = Array(String(Int64(value.rounded())))
        var text = ""
        for (index, digit) in digits.enumerated() {
            if index > 0, digits[index - 1] != "-", (digits.count - index) % 3 == 0 { text += "," }
            text.append(digit)
        }
        return text
    }

    /// `0.42 ms`, `17 ms`, `3.1 s`, `25 min`, `3 h`.
    static func seconds(_ value: Double) -> String {
        switch value {
        case ..<1: "\(significant(value * 1000)) ms"
        case ..<120: "\(significant(value)) s"
        case ..<7200: "\(Int((value / 60).rounded())) min"
        case ..<172_800: "\(Int((value / 3600).rounded())) h"
        default: "\(Int((value / 86_400).rounded())) days"
        }
    }

    static func bytes(_ value: Double) -> String {
        var (value, unit) = (value, 0)
        let units = ["B", "KiB", "MiB", "GiB", "TiB"]
        while value >= 1024, unit < units.count - 1 {
            value /= 1024
            unit += 1
        }
        return "\(significant(value)) \(units[unit])"
    }

    /// `12 %`.
    static func percent(_ part: Double, of whole: Double) -> String {
        whole > 0 ? "\(significant(100 * part / whole)) %" : "–"
    }

    /// Two digits, more before the point.
    static func significant(_ value: Double) -> String {
        let places = value >= 10 || value == 0 ? 0 : value >= 1 ? 1 : 2
        return fixed(value, places)
    }

    /// A number in a drawing: one place behind the point.
    static func coordinate(_ value: Double) -> String { fixed(value, 1) }

    private static func fixed(_ value: Double, _ places: Int) -> String {
        let scale = [1.0, 10, 100][places]
        let scaled = Int64((abs(value) * scale).rounded())
        let sign = value < 0 && scaled > 0 ? "-" : ""
        guard places > 0 else { return "\(sign)\(scaled)" }
        let fraction = String(scaled % Int64(scale))
        return "\(sign)\(scaled / Int64(scale)).\(String(repeating: "0", count: places - fraction.count))\(fraction)"
    }
}
