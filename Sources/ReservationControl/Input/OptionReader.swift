/// Finds the value of an option: what was typed, else its environment variable.
///
/// Options that mean the same everywhere (`--socket`, `--json`, `--timeout`, `--orq`) are `RESERVATION_SOCKET` and so on. Others carry
/// the noun, `RESERVATION_SLOTS_FROM`, so that a file of variables shared with other programs (a mailer's sender, say) sets none of them.
struct OptionReader {
    private static let common: Set<String> = ["socket", "json", "timeout", "orq"]

    let environment: ControlEnvironment
    /// First word of the command, `slots`.
    let noun: String

    func variable(for option: String) -> String {
        let name = Self.common.contains(option) ? option : "\(noun)-\(option)"
        return "RESERVATION_" + String(name.uppercased().map { $0 == "-" ? "_" : $0 })
    }

    func optional<Value>(_ typed: String?, _ option: String, _ kind: ValueKind<Value>) throws(ControlFailure) -> Value? {
        if let typed { return try parse(typed, "--\(option)", kind) }
        let variable = variable(for: option)
        guard let text = environment[variable] else { return nil }
        return try parse(text, variable, kind)
    }

    func required<Value>(_ typed: String?, _ option: String, _ kind: ValueKind<Value>) throws(ControlFailure) -> Value {
        guard let value = try optional(typed, option, kind) else {
            throw ControlFailure(.usage, "--\(option) is missing: give \(kind.expected), or set \(variable(for: option))")
        }
        return value
    }

    func flag(_ typed: Bool, _ option: String) throws(ControlFailure) -> Bool {
        if typed { return true }
        return try optional(nil, option, .yesOrNo) ?? false
    }

    /// A word of the command line that is not an option.
    func argument<Value>(_ typed: String, _ name: String, _ kind: ValueKind<Value>) throws(ControlFailure) -> Value {
        try parse(typed, name, kind)
    }

    private func parse<Value>(_ text: String, _ source: String, _ kind: ValueKind<Value>) throws(ControlFailure) -> Value {
        guard let value = kind.parse(text) else {
            throw ControlFailure(.usage, "\(source) is “\(PrintableText.excerpt(text))”: it must be \(kind.expected)")
        }
        return value
    }
}
