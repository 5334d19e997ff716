import NIOCore
import ReservationCore

/// Writes fields as the members of an object.
package struct JSONFieldWriter: FieldWriter {
    var json: JSONWriter

    init(_ json: JSONWriter) {
        self.json = json
    }

    package mutating func write(_ tag: FieldTag, _ value: UInt64) {
        json.key(tag.name)
        json.integer(value)
    }

    package mutating func write(_ tag: FieldTag, _ value: Bool) {
        json.key(tag.name)
        json.bool(value)
    }

    package mutating func write(_ tag: FieldTag, _ value: String) {
        json.key(tag.name)
        json.string(value)
    }

    package mutating func write(_ tag: FieldTag, _ value: UInt128) {
        write(tag, LowercaseHex.text(value))
    }

    package mutating func write(_ tag: FieldTag, _ value: [UInt8]) {
        write(tag, LowercaseHex.text(value))
    }

    package mutating func write(_ tag: FieldTag, _ value: CalendarDate) {
        write(tag, value.description)
    }

    package mutating func write(_ tag: FieldTag, _ value: TimeOfDay) {
        write(tag, value.description)
    }

    package mutating func write(_ tag: FieldTag, _ value: some WireMessage) {
        json.key(tag.name)
        object(value)
    }

    package mutating func write(_ tag: FieldTag, _ values: [some WireMessage]) {
        guard !values.isEmpty else { return }
        json.key(tag.name)
        json.beginArray()
        for value in values { object(value) }
        json.endArray()
    }

    package mutating func write(_ tag: FieldTag, _ values: [String]) {
        guard !values.isEmpty else { return }
        json.key(tag.name)
        json.beginArray()
        for value in values { json.string(value) }
        json.endArray()
    }

    private mutating func object(_ value: some WireMessage) {
        json.beginObject()
        value.write(to: &self)
        json.endObject()
    }
}
