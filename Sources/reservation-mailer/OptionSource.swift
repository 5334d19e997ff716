import ArgumentParser
import Glibc
import ReservationCore

/// Where a setting comes from when the command line does not say: the environment.
struct OptionSource: Sendable {
    /// Gives a variable by the rest of its name after `RESERVATION_MAILER_`.
    let environment: @Sendable (String) -> String?

    static let process = OptionSource { name in
        getenv("RESERVATION_MAILER_\(name)").map { String(cString: $0) }
    }

    /// An empty variable is none: units and containers set them so.
    func text(_ option: String?, _ name: String) -> String? {
        if let option { return option }
        return environment(name).flatMap { $0.isEmpty ? nil : $0 }
    }

    func needed(_ option: String?, _ name: String, _ what: String) throws -> String {
        guard let text = text(option, name), !text.isEmpty else {
            throw ValidationError("\(Self.option(name)) (or RESERVATION_MAILER_\(name)) is needed: \(what)")
        }
        return text
    }

    func number(_ option: String?, _ name: String, in range: ClosedRange<Int>, default fallback: Int) throws -> Int {
        guard let text = text(option, name) else { return fallback }
        guard let value = Int(text), range.contains(value) else {
            throw ValidationError("\(Self.option(name)) must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    func address(_ option: String?, _ name: String, _ what: String) throws -> EmailAddress {
        guard let address = EmailAddress(try needed(option, name, what)) else {
            throw ValidationError("\(Self.option(name)) is no e-mail address")
        }
        return address
    }

    /// `TIMEOUT_SECONDS` is `--timeout-seconds`.
    static func option(_ variable: String) -> String { "--\(variable.lowercased().replacing("_", with: "-"))" }
}
