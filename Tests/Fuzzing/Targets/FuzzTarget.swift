/// A property that must hold whatever the bytes are.
///
/// libFuzzer looks for bytes that break it (Tests/Fuzzing/fuzz.sh); the ordinary test suite replays the bytes that it found interesting.
protocol FuzzTarget: SendableMetatype {
    /// Names the corpus as well: lower case with hyphens.
    static var name: String { get }

    /// - Throws: ``Finding``. A trap, a sanitizer's report and a run that does not end are findings, too.
    static func check(_ bytes: [UInt8]) throws
}

/// Everything that is fuzzed.
enum FuzzTargets {
    static let all: [any FuzzTarget.Type] =
        [FrameTarget.self, PayloadTarget.self, JSONTarget.self]
        + [ServerSessionTarget.self, ClientSessionTarget.self, ConversationTarget.self]
        + [ValueTarget.self, TimeZoneTarget.self, CSVTarget.self]
        + [CommandTarget.self, GatewayTarget.self, HTTPTarget.self]

    static let names = all.map { $0.name }

    static func named(_ name: String) -> (any FuzzTarget.Type)? { all.first { $0.name == name } }
}

/// A property that does not hold.
struct Finding: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

/// - Parameter claim: what ought to be, for whoever reads the finding.
func require(_ holds: Bool, _ claim: @autoclosure () -> String) throws(Finding) {
    guard holds else { throw Finding(claim()) }
}
