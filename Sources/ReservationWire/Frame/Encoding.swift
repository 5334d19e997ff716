/// How a payload is written (`encodings` of the registry). The answer uses the request's.
package enum Encoding: UInt8, CaseIterable, Sendable {
    /// No message: CANCEL, PING and PONG.
    case none = 0
    /// Tag, length, value.
    case tlv = 1
    /// One JSON object.
    case json = 2

    /// The registry's name, `TLV`.
    package var name: String {
        switch self {
        case .none: "NONE"
        case .tlv: "TLV"
        case .json: "JSON"
        }
    }
}
