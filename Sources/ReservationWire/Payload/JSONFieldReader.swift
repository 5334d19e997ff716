import NIOCore
import ReservationCore

/// Reads fields from an object's members, in whatever order they were written. Unknown keys are ignored; `null` is the same as absent.
package struct JSONFieldReader: FieldReader {
    private let object: JSONObject

    init(_ payload: ByteBuffer) throws(PayloadError) {
        let value: JSONValue
        do {
            value = try JSONValue.parse(payload)
        } catch {
            throw PayloadError(field: nil, reason: "not JSON as it is accepted here: \(error.reason) (byte \(error.offset))")
        }
        guard let object = value.object else { throw PayloadError(field: nil, reason: "the payload must be an object") }
        self.object = object
    }

    private init(_ object: JSONObject) {
        self.object = object
    }

    package mutating func optionalInteger(_ tag: FieldTag) throws(PayloadError) -> UInt64? {
        guard let value = member(tag) else { return nil }
        guard let integer = value.integer else { throw PayloadError(tag, "must be an integer from 0 to 2^53 - 1") }
        return integer
    }

    package mutating func optionalBool(_ tag: FieldTag) throws(PayloadError) -> Bool? {
        guard let value = member(tag) else { return nil }
        guard let bool = value.bool else { throw PayloadError(tag, "must be true or false") }
        return bool
    }

    package mutating func optionalString(_ tag: FieldTag) throws(PayloadError) -> String? {
        guard let value = member(tag) else { return nil }
        guard let string = value.string else { throw PayloadError(tag, "must be a string") }
        return string
    }

    package mutating func optionalBytes16(_ tag: FieldTag) throws(PayloadError) -> UInt128? {
        guard let text = try optionalString(tag) else { return nil }
        guard let value = LowercaseHex.value(text) else { throw PayloadError(tag, "must be 16 bytes as 32 lower-case hexadecimal digits") }
        return value
    }

    package mutating func optionalBytes(_ tag: FieldTag) throws(PayloadError) -> [UInt8]? {
        guard let text = try optionalString(tag) else { return nil }
        guard let bytes = LowercaseHex.bytes(text) else { throw PayloadError(tag, "must be bytes as lower-case hexadecimal digits") }
        return bytes
    }

    package mutating func optionalDate(_ tag: FieldTag) throws(PayloadError) -> CalendarDate? {
        guard let text = try optionalString(tag) else { return nil }
        guard let date = CalendarDate(text) else { throw PayloadError(tag, "is no date YYYY-MM-DD") }
        return date
    }

    package mutating func optionalTime(_ tag: FieldTag) throws(PayloadError) -> TimeOfDay? {
        guard let text = try optionalString(tag) else { return nil }
        guard let time = TimeOfDay(text) else { throw PayloadError(tag, "is no time HH:MM:SS") }
        return time
    }

    package mutating func optionalMessage<Message: WireMessage>(
        _ tag: FieldTag, _ type: Message.Type
    ) throws(PayloadError) -> Message? {
        guard let value = member(tag) else { return nil }
        return try message(tag, value, type)
    }

    package mutating func messages<Message: WireMessage>(_ tag: FieldTag, _ type: Message.Type) throws(PayloadError) -> [Message] {
        var messages: [Message] = []
        for value in try array(tag) { messages.append(try message(tag, value, type)) }
        return messages
    }

    package mutating func strings(_ tag: FieldTag) throws(PayloadError) -> [String] {
        var strings: [String] = []
        for value in try array(tag) {
            guard let string = value.string else { throw PayloadError(tag, "must be an array of strings") }
            strings.append(string)
        }
        return strings
    }

    package mutating func finish() {
        // Whatever was not asked for is ignored; that it is well-formed was seen while parsing.
    }

    // MARK: members

    private func member(_ tag: FieldTag) -> JSONValue? {
        guard let value = object[tag.name], !value.isNull else { return nil }
        return value
    }

    private func array(_ tag: FieldTag) throws(PayloadError) -> [JSONValue] {
        guard let value = member(tag) else { return [] }
        guard let array = value.array else { throw PayloadError(tag, "must be an array") }
        return array
    }

    private func message<Message: WireMessage>(_ tag: FieldTag, _ value: JSONValue, _: Message.Type) throws(PayloadError) -> Message {
        guard let object = value.object else { throw PayloadError(tag, "must be an object") }
        var reader = JSONFieldReader(object)
        let message = try Message(from: &reader)
        reader.finish()
        return message
    }
}
