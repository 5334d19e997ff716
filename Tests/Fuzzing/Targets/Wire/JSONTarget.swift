import NIOCore
import ReservationWire

/// A JSON document is refused at a place within it, or written and read again as itself.
enum JSONTarget: FuzzTarget {
    static let name = "json"

    static func check(_ bytes: [UInt8]) throws {
        let document: JSONValue
        do throws(JSONError) {
            document = try JSONValue.parse(ByteBuffer(bytes: bytes))
        } catch {
            return try require((0...bytes.count).contains(error.offset), "the fault lies within the document")
        }
        try require(depth(document) <= WireLimits.maxDepth, "nesting is bounded")
        let canonical = write(document)
        let again: JSONValue
        do throws(JSONError) {
            again = try JSONValue.parse(canonical)
        } catch {
            throw Finding("what was written is refused: \(error.reason)")
        }
        try require(again == document, "a document that was written is read as the same")
        try require(write(again) == canonical, "the canonical form is stable")
    }

    private static func write(_ document: JSONValue) -> ByteBuffer {
        var writer = JSONWriter()
        write(document, to: &writer)
        return writer.buffer
    }

    private static func write(_ value: JSONValue, to writer: inout JSONWriter) {
        switch value {
        case .null: writer.null()
        case .bool(let value): writer.bool(value)
        case .integer(let value): writer.integer(value)
        case .otherNumber: writer.integer(-1)
        case .string(let text): writer.string(text)
        case .array(let values):
            writer.beginArray()
            for value in values { write(value, to: &writer) }
            writer.endArray()
        case .object(let object):
            writer.beginObject()
            for member in object.members {
                writer.key(member.key)
                write(member.value, to: &writer)
            }
            writer.endObject()
        }
    }

    private static func depth(_ value: JSONValue) -> Int {
        switch value {
        case .array(let values): 1 + (values.map(depth).max() ?? 0)
        case .object(let object): 1 + (object.members.map { depth($0.value) }.max() ?? 0)
        default: 0
        }
    }
}
