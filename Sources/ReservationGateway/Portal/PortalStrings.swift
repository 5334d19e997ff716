import NIOCore
import ReservationWire

/// The sentences of a language that the gateway itself needs. The others are the page's.
struct PortalStrings: Sendable {
    /// The whole file, for the page.
    let json: String
    private let object: JSONObject?

    private static let all: [PortalLanguage: PortalStrings] = Dictionary(
        uniqueKeysWithValues: PortalLanguage.allCases.map { ($0, PortalStrings(PageFiles.strings[$0] ?? [])) })

    static func of(_ language: PortalLanguage) -> PortalStrings { all[language] ?? PortalStrings([]) }

    private init(_ bytes: [UInt8]) {
        json = String(decoding: bytes, as: UTF8.self)
        object = try? JSONValue.parse(ByteBuffer(bytes: bytes)).object
    }

    /// - Parameter organization: its name, put in the place of `{organization}`.
    func sentence(_ key: String, organization: String = "") -> String {
        (object?[key]?.string ?? key).replacing("{organization}", with: organization)
    }
}
