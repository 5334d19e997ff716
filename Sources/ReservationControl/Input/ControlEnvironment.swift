import Glibc

/// The environment variables that stand in for options that were not typed.
package struct ControlEnvironment: Sendable {
    private let lookUp: @Sendable (String) -> String?

    package init(_ values: [String: String]) {
        lookUp = { values[$0] }
    }

    private init(lookUp: @escaping @Sendable (String) -> String?) {
        self.lookUp = lookUp
    }

    /// Of this process. Nothing in it changes its environment, so reading it from several threads is safe.
    package static let process = ControlEnvironment { name in
        getenv(name).map { String(cString: $0) }
    }

    /// - Returns: nil when it is not set or empty.
    package subscript(_ name: String) -> String? {
        guard let value = lookUp(name), !value.isEmpty else { return nil }
        return value
    }
}
