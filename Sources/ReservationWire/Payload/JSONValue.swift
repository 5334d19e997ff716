import NIOCore

/// Any JSON document, as RFC 8259 has it, with what RSV/1 adds: strict UTF-8, no duplicate keys, bounded depth.
package enum JSONValue: Hashable, Sendable {
    case null
    case bool(Bool)
    /// A number without minus, fraction or exponent, at most 2^53 − 1.
    case integer(UInt64)
    /// Any other well-formed number; no field has such a value.
    case otherNumber
    case string(String)
    case array([JSONValue])
    case object(JSONObject)

    /// Reads one document with white space around it at most.
    ///
    /// - Parameter maximumDepth: how deep objects and arrays may nest; the outermost is depth 1.
    package static func parse(
        _ bytes: ByteBuffer, maximumDepth: Int = WireLimits.maxDepth
    ) throws(JSONError) -> JSONValue {
        try bytes.withUnsafeReadableBytes { bytes in
            Result { () throws(JSONError) -> JSONValue in
                var parser = JSONParser(bytes, maximumDepth: maximumDepth)
                return try parser.document()
            }
        }.get()
    }

    /// The value of that kind; nil when it is of another.
    package var bool: Bool? { if case .bool(let value) = self { value } else { nil } }
    /// The value of that kind; nil when it is of another.
    package var integer: UInt64? { if case .integer(let value) = self { value } else { nil } }
    /// The value of that kind; nil when it is of another.
    package var string: String? { if case .string(let value) = self { value } else { nil } }
    /// The value of that kind; nil when it is of another.
    package var array: [JSONValue]? { if case .array(let value) = self { value } else { nil } }
    /// The value of that kind; nil when it is of another.
    package var object: JSONObject? { if case .object(let value) = self { value } else { nil } }
    /// Whether it is the literal `null`.
    package var isNull: Bool { self == .null }
}

/// The members of an object in the order in which they were written; no key occurs twice.
package struct JSONObject: Hashable, Sendable {
    /// A key and its value.
    package struct Member: Hashable, Sendable {
        package let key: String
        package let value: JSONValue
    }

    /// In the order of the document.
    package let members: [Member]

    /// The member of that key; nil when there is none.
    package subscript(key: String) -> JSONValue? {
        // Objects of this protocol have a handful of members; a dictionary would cost more than it saves.
        for member in members where member.key == key { return member.value }
        return nil
    }
}

/// Why bytes are not the JSON that is accepted here.
package struct JSONError: Error, Hashable {
    /// In our words: never the peer's bytes.
    package let reason: String
    /// Bytes before the place of the fault.
    package let offset: Int

    package init(reason: String, offset: Int) {
        self.reason = reason
        self.offset = offset
    }
}
