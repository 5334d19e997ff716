/// Asks to be told of slots that change, for as long as the connection lasts.
package enum WatchSlots: Operation {
    package typealias Request = WatchSlotsRequest
    package typealias Response = WatchSlotsResponse
    package static var opcode: Opcode { .slotsWatch }
}

/// Asks for `slots.watch`.
package struct WatchSlotsRequest: WireMessage {
    package init() {}

    package init(from reader: inout some FieldReader) {}

    package func write(to writer: inout some FieldWriter) {}
}

/// Answers `slots.watch`: it has begun.
package struct WatchSlotsResponse: WireMessage {
    package init() {}

    package init(from reader: inout some FieldReader) {}

    package func write(to writer: inout some FieldWriter) {}
}
