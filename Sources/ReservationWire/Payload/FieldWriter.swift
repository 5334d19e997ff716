import ReservationCore

/// Takes the fields of one message in ascending order of their tags.
package protocol FieldWriter {
    /// Of type uint.
    mutating func write(_ tag: FieldTag, _ value: UInt64)
    /// Of type bool.
    mutating func write(_ tag: FieldTag, _ value: Bool)
    /// Of type string.
    mutating func write(_ tag: FieldTag, _ value: String)
    /// The field is of type bytes and has 16 of them.
    mutating func write(_ tag: FieldTag, _ value: UInt128)
    /// Of type bytes, however many.
    mutating func write(_ tag: FieldTag, _ value: [UInt8])
    /// Of type date.
    mutating func write(_ tag: FieldTag, _ value: CalendarDate)
    /// Of type time.
    mutating func write(_ tag: FieldTag, _ value: TimeOfDay)
    /// A nested message.
    mutating func write(_ tag: FieldTag, _ value: some WireMessage)
    /// A repeated field; nothing is written when it is empty.
    mutating func write(_ tag: FieldTag, _ values: [some WireMessage])
    /// A repeated field; nothing is written when it is empty.
    mutating func write(_ tag: FieldTag, _ values: [String])
}

extension FieldWriter {
    /// Timestamps travel as unsigned seconds; nothing before 1970 occurs.
    mutating func write(_ tag: FieldTag, _ value: Instant) {
        write(tag, UInt64(max(0, value.seconds)))
    }

    mutating func write(_ tag: FieldTag, _ value: UInt64?) {
        if let value { write(tag, value) }
    }

    mutating func write(_ tag: FieldTag, _ value: Bool?) {
        if let value { write(tag, value) }
    }

    mutating func write(_ tag: FieldTag, _ value: String?) {
        if let value { write(tag, value) }
    }

    mutating func write(_ tag: FieldTag, _ value: UInt128?) {
        if let value { write(tag, value) }
    }

    mutating func write(_ tag: FieldTag, _ value: [UInt8]?) {
        if let value { write(tag, value) }
    }

    mutating func write(_ tag: FieldTag, _ value: CalendarDate?) {
        if let value { write(tag, value) }
    }

    mutating func write(_ tag: FieldTag, _ value: (some WireMessage)?) {
        if let value { write(tag, value) }
    }
}
