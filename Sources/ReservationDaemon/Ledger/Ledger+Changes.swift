import NIOCore
import ReservationCore
import ReservationWire

/// What becomes of a reservation: cancelled, moved. Rows, counters, messages and history change together or not at all: everything is of
/// the running group, and a group that fails takes the counters of every slot that it touched from the database again.
extension Ledger {
    private func find(_ selector: ReservationSelector) throws(StorageFailure) -> Found<(Reservation, Ticket)> {
        switch selector {
        case .id(let id):
            guard let reservation = try store.reservation(id), let ticket = try store.ticket(reservation.ticket) else {
                return .none(.reservationNotFound)
            }
            return .one((reservation, ticket))
        case .ticket(let selector):
            switch try find(selector) {
            case .none(let refusal): return .none(refusal)
            case .one(let ticket):
                if let live = try store.liveReservation(of: ticket.id) { return .one((live, ticket)) }
                guard let cancelled = try store.cancelledReservation(of: ticket.id) else { return .none(.notReserved) }
                return .one((cancelled, ticket))
            }
        }
    }

    func cancel(_ selector: ReservationSelector, _ occasion: Occasion, from caller: Caller, now: Instant) throws(StorageFailure) -> Outcome
    {
        let reservation: Reservation
        let ticket: Ticket
        switch try find(selector) {
        case .none(let refusal): return .refused(refusal)
        case .one(let found): (reservation, ticket) = found
        }
        let slot = try slot(of: reservation)
        switch reservation.status {
        case .verified: return .refused(.checkedIn(try store.verification(of: ticket.id)))
        // Asked for once more it answers the same.
        case .cancelled:
            return .life(
                .cancelled(ChangedReservation(ticketCode: ticket.code, reservation: reservation, slot: slot, isChanged: false)))
        case .reserved: break
        }
        let cancelled = LifeRules.cancelling(reservation)
        try takeBackMessages(of: reservation.id, now: now)
        try store.recordCancellation(cancelled, now: now)
        if !reservation.isErased { try store.queueMessage(.cancellation, of: reservation.id, now: now) }
        try remember(
            HistoryNote(
                at: now, action: .cancelled, caller: caller, operatorID: occasion.operatorID, organization: ticket.organization,
                ticket: ticket.id, reservation: reservation.id, slot: slot.id, reason: occasion.reason))
        let released = try releasing(slot, of: reservation, now: now)
        change(released, was: slot)
        return .life(
            .cancelled(ChangedReservation(ticketCode: ticket.code, reservation: cancelled, slot: released, isChanged: true)))
    }

    func move(
        _ selector: ReservationSelector, to target: SlotID, _ occasion: Occasion, key: CallersKey?, from caller: Caller, now: Instant
    ) throws(StorageFailure) -> Outcome {
        let reservation: Reservation
        let ticket: Ticket
        switch try find(selector) {
        case .none(let refusal): return .refused(refusal)
        case .one(let found): (reservation, ticket) = found
        }
        let key = key.map { IdempotencyKey(role: $0.role, organization: reservation.organization, value: $0.value) }
        let fingerprint = Self.fingerprint(ofMoving: selector, of: ticket.id, to: target)
        if let key, let record = try store.idempotencyRecord(key) {
            return record.fingerprint == fingerprint ? .replayed(record.reply) : .refused(.idempotencyKeyReused)
        }
        guard let wanted = slots[target] else { return .refused(.slotNotFound) }
        guard wanted.organization == reservation.organization else { return .refused(.organizationMismatch) }
        switch reservation.status {
        case .cancelled: return .refused(.reservationNotFound)
        case .verified: return .refused(.checkedIn(try store.verification(of: ticket.id)))
        case .reserved: break
        }
        let source = try slot(of: reservation)
        var change = ChangedReservation(ticketCode: ticket.code, reservation: reservation, slot: wanted, isChanged: false)
        if source.id != wanted.id {
            if let until = ticket.validUntil, !ticket.allows(wanted) { return .refused(.visitTooLate(until)) }
            let allowsStarted = organizations[wanted.organization]?.organization.allowsStarted ?? false
            let decision = BookingRules.admission(to: wanted, allowsStarted: allowsStarted, now: now)
            guard decision == .accepted else {
                return .refused(try refusal(for: decision, ticket: ticket, slot: wanted, allowsStarted: allowsStarted, now: now))
            }
            try remember(
                HistoryNote(
                    at: now, action: .moved, caller: caller, operatorID: occasion.operatorID, organization: ticket.organization,
                    ticket: ticket.id, reservation: reservation.id, slot: wanted.id, previousSlot: source.id, reason: occasion.reason))
            change = try move(reservation, ticket, from: source, to: wanted, now: now)
        }
        var moved = MovedReservation(change: change, previousSlot: source.id)
        if let key {
            var buffer = ByteBuffer()
            Payload.encode(MoveReservationResponse(moved), as: .tlv, into: &buffer)
            let payload = Array(buffer.readableBytesView)
            try store.insert(IdempotencyRecord(fingerprint: fingerprint, reply: payload), under: key, now: now)
            hasWritten = true
            moved.payload = payload
        }
        return .life(.moved(moved))
    }

    private func move(
        _ reservation: Reservation, _ ticket: Ticket, from source: Slot, to wanted: Slot, now: Instant
    ) throws(StorageFailure) -> ChangedReservation {
        let moved = LifeRules.moving(reservation, to: wanted.id)
        try takeBackMessages(of: reservation.id, now: now)
        try store.recordMove(moved, now: now)
        if !reservation.isErased { try store.queueMessage(.change, of: reservation.id, now: now) }
        change(try releasing(source, of: reservation, now: now), was: source)
        let booked = BookingRules.booking(wanted, now: now)
        change(booked, was: wanted)
        return ChangedReservation(ticketCode: ticket.code, reservation: moved, slot: booked, isChanged: true)
    }

    /// A count that knows of no visitor where there is one would let too many in: the daemon ends, and its start compares all of them.
    private func releasing(_ slot: Slot, of reservation: Reservation, now: Instant) throws(StorageFailure) -> Slot {
        guard let released = BookingRules.releasing(slot, now: now) else {
            throw .corrupt("slot \(slot.id) counts no visitor, and reservation \(reservation.id) has a place in it")
        }
        return released
    }

    /// What waits to be sent would tell what is not so any more. One that a mailer has may be on its way all the same; what is queued
    /// now comes after it.
    ///
    /// - Returns: how many.
    @discardableResult
    func takeBackMessages(of reservation: ReservationID, now: Instant) throws(StorageFailure) -> Int {
        let unsent = try store.unsentOutboxEntries(of: reservation)
        for entry in unsent {
            if let cancelled = OutboxRules.cancelling(entry, now: now) { try store.update(cancelled) }
        }
        hasWritten = true
        return unsent.count
    }

    func slot(of reservation: Reservation) throws(StorageFailure) -> Slot {
        guard let slot = slots[reservation.slot] else {
            throw .corrupt("slot \(reservation.slot) is in the database but not in memory")
        }
        return slot
    }

    /// Of what was asked for, not of what it met: asked again the ticket may hold another reservation, and the request is the same.
    /// Begins with a word, so that it is never that of a booking.
    private static func fingerprint(ofMoving selector: ReservationSelector, of ticket: TicketID, to slot: SlotID) -> UInt128 {
        var fingerprint = Fingerprint()
        switch selector {
        case .id(let reservation):
            fingerprint.mix("move".utf8)
            fingerprint.mix(String(reservation.rawValue).utf8)
        case .ticket:
            fingerprint.mix("move of ticket".utf8)
            fingerprint.mix(String(ticket.rawValue).utf8)
        }
        fingerprint.mix(String(slot.rawValue).utf8)
        return fingerprint.hash
    }
}
