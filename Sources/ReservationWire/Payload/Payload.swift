import NIOCore

/// Turns messages into payloads and back.
package enum Payload {
    /// Appends the message.
    ///
    /// - Parameter encoding: TLV or JSON; with `.none` nothing is appended.
    package static func encode(_ message: some WireMessage, as encoding: Encoding, into buffer: inout ByteBuffer) {
        switch encoding {
        case .none: break
        case .tlv: message.writeTLV(into: &buffer)
        case .json: message.writeJSON(into: &buffer)
        }
    }

    /// Reads a payload whole.
    ///
    /// - Throws: why it is not that message; the protocol's answer to it is MALFORMED_PAYLOAD.
    package static func decode<Message: WireMessage>(
        _: Message.Type, from payload: ByteBuffer, as encoding: Encoding
    ) throws(PayloadError) -> Message {
        switch encoding {
        case .none: throw PayloadError(field: nil, reason: "a message needs an encoding")
        case .tlv: try Message.readTLV(payload)
        case .json: try Message.readJSON(payload)
        }
    }
}
