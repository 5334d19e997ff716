import NIOCore
import ReservationWire

/// What a command says on standard output: text for people, or one JSON document.
package enum Report: Sendable {
    case text(String)
    case json(ByteBuffer)

    /// A message of the registry as the whole document.
    static func json(_ message: some WireMessage) -> Report {
        var document = ByteBuffer()
        Payload.encode(message, as: .json, into: &document)
        return .json(document)
    }

    /// The bytes to print, ending with a line feed unless there are none.
    package var bytes: ByteBuffer {
        switch self {
        case .text(let text):
            return ByteBuffer(string: text)
        case .json(let document):
            var printed = PrintableText.escapedJSON(document)
            printed.writeString("\n")
            return printed
        }
    }
}

/// Builds one JSON object under the registry's field names. Arrays are there even when they are empty, so that a script can rely on them.
struct JSONDocument {
    private var buffer = ByteBuffer(string: "{")
    private var isEmpty = true

    mutating func array(_ field: FieldTag, _ messages: [some WireMessage]) {
        key(field)
        buffer.writeString("[")
        for (index, message) in messages.enumerated() {
            if index > 0 { buffer.writeString(",") }
            Payload.encode(message, as: .json, into: &buffer)
        }
        buffer.writeString("]")
    }

    mutating func object(_ field: FieldTag, _ message: some WireMessage) {
        key(field)
        Payload.encode(message, as: .json, into: &buffer)
    }

    mutating func integer(_ field: FieldTag, _ value: UInt64) {
        key(field)
        buffer.writeString(String(value))
    }

    private mutating func key(_ field: FieldTag) {
        if !isEmpty { buffer.writeString(",") }
        isEmpty = false
        // Names of fields need no escapes.
        buffer.writeString("\"\(field.name)\":")
    }

    consuming func report() -> Report {
        buffer.writeString("}")
        return .json(buffer)
    }

    /// An object with one array.
    static func report(_ field: FieldTag, _ messages: [some WireMessage]) -> Report {
        var document = JSONDocument()
        document.array(field, messages)
        return document.report()
    }
}
