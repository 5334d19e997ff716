import ReservationCore

/// Gives the fields of one message, asked for in ascending order of their tags.
///
/// Each function throws when the field is there and not of the registry's form; those without "optional" in the name also when it is absent.
package protocol FieldReader {
    /// Of type uint.
    mutating func optionalInteger(_ tag: FieldTag) throws(PayloadError) -> UInt64?
    /// Of type bool.
    mutating func optionalBool(_ tag: FieldTag) throws(PayloadError) -> Bool?
    /// Of type string.
    mutating func optionalString(_ tag: FieldTag) throws(PayloadError) -> String?
    /// A field of type bytes that has exactly 16 of them.
    mutating func optionalBytes16(_ tag: FieldTag) throws(PayloadError) -> UInt128?
    /// Of type bytes, however many.
    mutating func optionalBytes(_ tag: FieldTag) throws(PayloadError) -> [UInt8]?
    /// Of type date.
    mutating func optionalDate(_ tag: FieldTag) throws(PayloadError) -> CalendarDate?
    /// Of type time.
    mutating func optionalTime(_ tag: FieldTag) throws(PayloadError) -> TimeOfDay?
    /// A nested message.
    mutating func optionalMessage<Message: WireMessage>(_ tag: FieldTag, _: Message.Type) throws(PayloadError) -> Message?
    /// A repeated field; empty when it is absent.
    mutating func messages<Message: WireMessage>(_ tag: FieldTag, _: Message.Type) throws(PayloadError) -> [Message]
    /// A repeated field; empty when it is absent.
    mutating func strings(_ tag: FieldTag) throws(PayloadError) -> [String]
    /// Refuses what is left over and must not be ignored.
    mutating func finish() throws(PayloadError)
}

extension FieldReader {
    mutating func integer(_ tag: FieldTag) throws(PayloadError) -> UInt64 {
        guard let value = try optionalInteger(tag) else { throw .missing(tag) }
        return value
    }

    mutating func bool(_ tag: FieldTag) throws(PayloadError) -> Bool {
        guard let value = try optionalBool(tag) else { throw .missing(tag) }
        return value
    }

    mutating func string(_ tag: FieldTag) throws(PayloadError) -> String {
        guard let value = try optionalString(tag) else { throw .missing(tag) }
        return value
    }

    mutating func bytes16(_ tag: FieldTag) throws(PayloadError) -> UInt128 {
        guard let value = try optionalBytes16(tag) else { throw .missing(tag) }
        return value
    }

    mutating func date(_ tag: FieldTag) throws(PayloadError) -> CalendarDate {
        guard let value = try optionalDate(tag) else { throw .missing(tag) }
        return value
    }

    mutating func time(_ tag: FieldTag) throws(PayloadError) -> TimeOfDay {
        guard let value = try optionalTime(tag) else { throw .missing(tag) }
        return value
    }

    mutating func instant(_ tag: FieldTag) throws(PayloadError) -> Instant {
        // At most 2^53 − 1, so it fits.
        Instant(seconds: Int64(try integer(tag)))
    }

    mutating func message<Message: WireMessage>(_ tag: FieldTag, _ type: Message.Type) throws(PayloadError) -> Message {
        guard let value = try optionalMessage(tag, type) else { throw .missing(tag) }
        return value
    }
}
