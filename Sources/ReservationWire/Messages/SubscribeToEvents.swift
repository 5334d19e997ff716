/// Asks to be told of what happens, in order and without a gap, for as long as the connection lasts.
package enum SubscribeToEvents: Operation {
    package typealias Request = SubscribeToEventsRequest
    package typealias Response = SubscribeToEventsResponse
    package static var opcode: Opcode { .eventsSubscribe }
}

/// Asks for `events.subscribe`.
package struct SubscribeToEventsRequest: WireMessage {
    /// Behind the event of this position, 0 before the first of all; absent: from now on.
    package var position: UInt64?
    /// From the oldest event that is kept; not together with `position`.
    package var oldest: Bool?

    package init(position: UInt64? = nil, oldest: Bool? = nil) {
        self.position = position
        self.oldest = oldest
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        position = try reader.optionalInteger(.position)
        oldest = try reader.optionalBool(.oldest)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.position, position)
        writer.write(.oldest, oldest)
    }
}

/// Answers `events.subscribe`: it has begun.
package struct SubscribeToEventsResponse: WireMessage {
    /// Behind this position the events come.
    package var position: UInt64
    /// Behind this position everything is kept.
    package var oldestPosition: UInt64
    /// The position of the latest event; 0 before the first.
    package var newestPosition: UInt64

    package init(position: UInt64, oldestPosition: UInt64, newestPosition: UInt64) {
        self.position = position
        self.oldestPosition = oldestPosition
        self.newestPosition = newestPosition
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        position = try reader.integer(.position)
        oldestPosition = try reader.integer(.oldestPosition)
        newestPosition = try reader.integer(.newestPosition)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.position, position)
        writer.write(.oldestPosition, oldestPosition)
        writer.write(.newestPosition, newestPosition)
    }
}
