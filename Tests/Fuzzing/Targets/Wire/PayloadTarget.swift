import NIOCore
import ReservationWire

/// A payload is refused, or it is a message whose canonical bytes are the same in either encoding after any number of readings.
///
/// Bytes are compared, not messages: `==` of strings takes different spellings of one character as equal.
enum PayloadTarget: FuzzTarget {
    static let name = "payloads"

    static func check(_ bytes: [UInt8]) throws {
        var input = InputCursor(bytes)
        let type = MessageTypes.pick(&input)
        let encoding: Encoding = input.byte() & 1 == 0 ? .tlv : .json
        try check(type, input.rest(), encoding)
    }

    private static func check<Message: WireMessage>(_: Message.Type, _ payload: [UInt8], _ encoding: Encoding) throws {
        let message: Message
        do throws(PayloadError) {
            message = try Payload.decode(Message.self, from: ByteBuffer(bytes: payload), as: encoding)
        } catch {
            return try require(!error.message.isEmpty, "a refusal says why")
        }
        let tlv = encode(message, as: .tlv)
        let json = encode(message, as: .json)
        try require(encoding == .json || tlv.readableBytes <= payload.count, "the canonical form is the shortest")
        for (canonical, encoding) in [(tlv, Encoding.tlv), (json, .json)] {
            let again: Message
            do throws(PayloadError) {
                again = try Payload.decode(Message.self, from: canonical, as: encoding)
            } catch {
                throw Finding("what was written as \(encoding.name) is refused: \(error.message)")
            }
            try require(again == message, "what was written as \(encoding.name) is read as the same message")
            try require(encode(again, as: .tlv) == tlv, "read as \(encoding.name), it is written as the same TLV")
            try require(encode(again, as: .json) == json, "read as \(encoding.name), it is written as the same JSON")
        }
    }

    /// Behind other bytes, as in the buffer of a connection.
    private static func encode(_ message: some WireMessage, as encoding: Encoding) -> ByteBuffer {
        var buffer = ByteBuffer(string: "before")
        Payload.encode(message, as: encoding, into: &buffer)
        buffer.moveReaderIndex(forwardBy: 6)
        return buffer
    }
}
