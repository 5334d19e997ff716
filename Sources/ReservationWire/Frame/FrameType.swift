/// Byte 4 of a frame (`frame_types` of the registry). Other values below 0x80 are a connection error, from 0x80 on frames are skipped.
package enum FrameType: UInt8, CaseIterable, Sendable {
    case hello = 1
    case helloAck = 2
    case request = 3
    case response = 4
    case error = 5
    case cancel = 6
    case ping = 7
    case pong = 8
    case goAway = 9
    case event = 10

    /// From here on types are for extensions that an older peer may skip.
    static let firstSkippable: UInt8 = 0x80

    /// The registry's name, `HELLO_ACK`.
    package var name: String {
        switch self {
        case .hello: "HELLO"
        case .helloAck: "HELLO_ACK"
        case .request: "REQUEST"
        case .response: "RESPONSE"
        case .error: "ERROR"
        case .cancel: "CANCEL"
        case .ping: "PING"
        case .pong: "PONG"
        case .goAway: "GOAWAY"
        case .event: "EVENT"
        }
    }
}

/// Byte 5 of a frame. A receiver must understand the low nibble and may ignore the high one.
package enum FrameFlags {
    /// A stored answer, given again for the same idempotency key.
    package static let replayed: UInt8 = 0x10
    /// No flag of the low nibble exists in version 1.
    static let mustUnderstand: UInt8 = 0x0F
}
