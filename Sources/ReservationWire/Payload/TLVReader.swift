import ReservationCore

/// Reads TLV elements in one pass over the received bytes; nothing is built but the values asked for.
///
/// It looks at the bytes through a pointer (whoever makes the reader keeps them in place meanwhile), since asking the
/// buffer for each integer costs more than decoding it. ``peek()`` is the only place that moves on by a length from the wire, and checks it
/// against the end; everything else reads within an element that it returned.
///
/// Since fields are asked for in ascending order, an element with a lower tag than the one asked for does not belong to the message: it is
/// skipped, or refused when its critical bit is set.
package struct TLVReader: FieldReader {
    private let bytes: UnsafeRawBufferPointer
    /// Where the next element begins.
    private var position: Int
    private let end: Int
    private let depth: Int
    /// The low 15 bits of the last element's tag.
    private var lastTag: UInt16 = 0
    /// Whether the last element was a field that may occur once.
    private var lastWasSingle = false

    private struct Element {
        let tag: UInt16
        let isCritical: Bool
        let start: Int
        let end: Int
        var count: Int { end - start }
    }

    init(_ payload: UnsafeRawBufferPointer) {
        self.init(payload, from: 0, to: payload.count, depth: 1)
    }

    private init(_ bytes: UnsafeRawBufferPointer, from position: Int, to end: Int, depth: Int) {
        self.bytes = bytes
        self.position = position
        self.end = end
        self.depth = depth
    }

    package mutating func optionalInteger(_ tag: FieldTag) throws(PayloadError) -> UInt64? {
        guard let element = try take(tag) else { return nil }
        guard (1...8).contains(element.count) else { throw PayloadError(tag, "an integer has 1 to 8 bytes") }
        var value: UInt64 = 0
        for byte in bytes[element.start..<element.end] { value = value << 8 | UInt64(byte) }
        guard element.count == 1 || value >> UInt64(8 * (element.count - 1)) != 0 else {
            throw PayloadError(tag, "an integer has no leading zero byte")
        }
        guard value <= WireLimits.maxInteger else { throw PayloadError(tag, "an integer is at most 2^53 - 1") }
        return value
    }

    package mutating func optionalBool(_ tag: FieldTag) throws(PayloadError) -> Bool? {
        guard let element = try take(tag) else { return nil }
        guard element.count == 1, bytes[element.start] <= 1 else { throw PayloadError(tag, "a boolean is one byte, 0 or 1") }
        return bytes[element.start] == 1
    }

    package mutating func optionalString(_ tag: FieldTag) throws(PayloadError) -> String? {
        guard let element = try take(tag) else { return nil }
        return try text(tag, element)
    }

    package mutating func optionalBytes16(_ tag: FieldTag) throws(PayloadError) -> UInt128? {
        guard let element = try take(tag) else { return nil }
        guard element.count == 16 else { throw PayloadError(tag, "must have exactly 16 bytes") }
        return UInt128(bigEndian: bytes.loadUnaligned(fromByteOffset: element.start, as: UInt128.self))
    }

    package mutating func optionalBytes(_ tag: FieldTag) throws(PayloadError) -> [UInt8]? {
        try take(tag).map { Array(content($0)) }
    }

    package mutating func optionalDate(_ tag: FieldTag) throws(PayloadError) -> CalendarDate? {
        guard let element = try take(tag) else { return nil }
        guard let date = CalendarDate(wire: content(element)) else {
            throw PayloadError(tag, "is no date YYYY-MM-DD")
        }
        return date
    }

    package mutating func optionalTime(_ tag: FieldTag) throws(PayloadError) -> TimeOfDay? {
        guard let element = try take(tag) else { return nil }
        guard let time = TimeOfDay(wire: content(element)) else { throw PayloadError(tag, "is no time HH:MM:SS") }
        return time
    }

    package mutating func optionalMessage<Message: WireMessage>(
        _ tag: FieldTag, _ type: Message.Type
    ) throws(PayloadError) -> Message? {
        guard let element = try take(tag) else { return nil }
        return try nested(element, type)
    }

    package mutating func messages<Message: WireMessage>(_ tag: FieldTag, _ type: Message.Type) throws(PayloadError) -> [Message] {
        var messages: [Message] = []
        while let element = try take(tag, isRepeated: true) { messages.append(try nested(element, type)) }
        return messages
    }

    package mutating func strings(_ tag: FieldTag) throws(PayloadError) -> [String] {
        var strings: [String] = []
        while let element = try take(tag, isRepeated: true) { strings.append(try text(tag, element)) }
        return strings
    }

    package mutating func finish() throws(PayloadError) {
        while let element = try peek() { try skip(element) }
    }

    // MARK: elements

    private static var truncated: PayloadError { PayloadError(field: nil, reason: "a TLV element is cut short") }

    private func content(_ element: Element) -> UnsafeRawBufferPointer {
        UnsafeRawBufferPointer(rebasing: bytes[element.start..<element.end])
    }

    private func text(_ tag: FieldTag, _ element: Element) throws(PayloadError) -> String {
        guard let text = String(strictUTF8: content(element)) else { throw PayloadError(tag, "is not UTF-8") }
        return text
    }

    private func nested<Message: WireMessage>(_ element: Element, _: Message.Type) throws(PayloadError) -> Message {
        guard depth < WireLimits.maxDepth else { throw PayloadError(field: nil, reason: "messages nest at most 8 deep") }
        var reader = TLVReader(bytes, from: element.start, to: element.end, depth: depth + 1)
        let message = try Message(from: &reader)
        try reader.finish()
        return message
    }

    /// Consumes the element of that field, and what is to be skipped before it.
    private mutating func take(_ wanted: FieldTag, isRepeated: Bool = false) throws(PayloadError) -> Element? {
        while let element = try peek() {
            guard element.tag <= wanted.rawValue else { return nil }
            guard element.tag == wanted.rawValue else {
                try skip(element)
                continue
            }
            position = element.end
            lastTag = element.tag
            lastWasSingle = !isRepeated
            return element
        }
        return nil
    }

    /// The element at the position, its place in the order checked.
    private func peek() throws(PayloadError) -> Element? {
        guard position < end else { return nil }
        let start = position + WireLimits.elementHeaderBytes
        guard start <= end else { throw Self.truncated }
        let raw = UInt16(bigEndian: bytes.loadUnaligned(fromByteOffset: position, as: UInt16.self))
        let length = Int(UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: position + 2, as: UInt32.self)))
        guard length <= end - start else { throw Self.truncated }
        let tag = raw & ~WireLimits.criticalBit
        guard tag >= lastTag else { throw PayloadError(field: nil, reason: "tags must ascend") }
        guard tag != lastTag || !lastWasSingle else {
            throw PayloadError(field: FieldTag(rawValue: tag)?.name, reason: "is given twice")
        }
        return Element(tag: tag, isCritical: raw != tag, start: start, end: start + length)
    }

    private mutating func skip(_ element: Element) throws(PayloadError) {
        guard !element.isCritical else {
            throw PayloadError(field: FieldTag(rawValue: element.tag)?.name, reason: "a critical field that is not known here")
        }
        position = element.end
        lastTag = element.tag
        lastWasSingle = false
    }
}
