import ReservationCore

/// What an EVENT tells a subscriber.
package struct EventsHappened: WireMessage {
    /// In order, each one position behind the one before.
    package var events: [EventMessage]

    package init(events: [EventMessage] = []) {
        self.events = events
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        events = try reader.messages(.events, EventMessage.self)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.events, events)
    }
}

/// One thing that happened.
package struct EventMessage: WireMessage {
    /// The organisation.
    package var orq: UInt64
    /// The ticket; whoever knows the number may reserve it.
    package var ticketID: UInt64?
    /// The slot; of a move the one that the place is in since.
    package var slotID: UInt64?
    /// The reservation; not a secret.
    package var reservationID: UInt64?
    /// What happened, `RESERVED` for instance.
    package var kind: String
    /// The slot that the place was in before.
    package var previousSlotID: UInt64?
    /// When.
    package var at: Instant
    /// Its place among all events.
    package var position: UInt64

    package init(
        orq: UInt64, ticketID: UInt64? = nil, slotID: UInt64? = nil, reservationID: UInt64? = nil, kind: String,
        previousSlotID: UInt64? = nil, at: Instant, position: UInt64
    ) {
        self.orq = orq
        self.ticketID = ticketID
        self.slotID = slotID
        self.reservationID = reservationID
        self.kind = kind
        self.previousSlotID = previousSlotID
        self.at = at
        self.position = position
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        orq = try reader.integer(.orq)
        ticketID = try reader.optionalInteger(.ticketID)
        slotID = try reader.optionalInteger(.slotID)
        reservationID = try reader.optionalInteger(.reservationID)
        kind = try reader.string(.kind)
        previousSlotID = try reader.optionalInteger(.previousSlotID)
        at = try reader.instant(.at)
        position = try reader.integer(.position)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.orq, orq)
        writer.write(.ticketID, ticketID)
        writer.write(.slotID, slotID)
        writer.write(.reservationID, reservationID)
        writer.write(.kind, kind)
        writer.write(.previousSlotID, previousSlotID)
        writer.write(.at, at)
        writer.write(.position, position)
    }
}

extension EventMessage {
    /// The message of a domain value.
    package init(_ placed: PlacedEvent) {
        let event = placed.event
        self.init(
            orq: UInt64(event.organization.rawValue), ticketID: event.ticket.map { UInt64($0.rawValue) },
            slotID: event.slot.map { UInt64($0.rawValue) }, reservationID: event.reservation.map { UInt64($0.rawValue) },
            kind: event.kind.name, previousSlotID: event.previousSlot.map { UInt64($0.rawValue) }, at: placed.at,
            position: UInt64(placed.position))
    }
}
