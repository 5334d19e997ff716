import ReservationCore

/// One line of the history.
package struct HistoryEntryMessage: WireMessage {
    /// The socket that it was asked for by: `gateway`, `service` or `admin`; `system` for what the daemon
    /// did of itself.
    package var role: String
    /// The organisation.
    package var orq: UInt64?
    /// The ticket; whoever knows the number may reserve it.
    package var ticketID: UInt64?
    /// The slot; of a move the one that the place is in since.
    package var slotID: UInt64?
    /// The reservation; not a secret.
    package var reservationID: UInt64?
    /// What exactly, in words.
    package var detail: String?
    /// Who does it, by the number that the venue gave them.
    package var operatorID: UInt64?
    /// Why, for the history.
    package var reason: String?
    /// The slot that the place was in before.
    package var previousSlotID: UInt64?
    /// The entry.
    package var historyID: UInt64
    /// What was done, `CANCELLED` for instance.
    package var action: String
    /// When.
    package var at: Instant
    /// The user of the program that asked, by the number the kernel gives.
    package var uid: UInt64?

    package init(
        role: String, orq: UInt64? = nil, ticketID: UInt64? = nil, slotID: UInt64? = nil, reservationID: UInt64? = nil,
        detail: String? = nil, operatorID: UInt64? = nil, reason: String? = nil, previousSlotID: UInt64? = nil, historyID: UInt64,
        action: String, at: Instant, uid: UInt64? = nil
    ) {
        self.role = role
        self.orq = orq
        self.ticketID = ticketID
        self.slotID = slotID
        self.reservationID = reservationID
        self.detail = detail
        self.operatorID = operatorID
        self.reason = reason
        self.previousSlotID = previousSlotID
        self.historyID = historyID
        self.action = action
        self.at = at
        self.uid = uid
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        role = try reader.string(.role)
        orq = try reader.optionalInteger(.orq)
        ticketID = try reader.optionalInteger(.ticketID)
        slotID = try reader.optionalInteger(.slotID)
        reservationID = try reader.optionalInteger(.reservationID)
        detail = try reader.optionalString(.detail)
        operatorID = try reader.optionalInteger(.operatorID)
        reason = try reader.optionalString(.reason)
        previousSlotID = try reader.optionalInteger(.previousSlotID)
        historyID = try reader.integer(.historyID)
        action = try reader.string(.action)
        at = try reader.instant(.at)
        uid = try reader.optionalInteger(.uid)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.role, role)
        writer.write(.orq, orq)
        writer.write(.ticketID, ticketID)
        writer.write(.slotID, slotID)
        writer.write(.reservationID, reservationID)
        writer.write(.detail, detail)
        writer.write(.operatorID, operatorID)
        writer.write(.reason, reason)
        writer.write(.previousSlotID, previousSlotID)
        writer.write(.historyID, historyID)
        writer.write(.action, action)
        writer.write(.at, at)
        writer.write(.uid, uid)
    }
}
