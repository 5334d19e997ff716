import ReservationCore

@testable import ReservationDaemon

extension ReferenceModel {
    /// DESIGN, section 3: slot exists, ticket exists, organisation, ticket status, slot closed or started, slot full.
    mutating func create(_ request: BookingRules.Request, key: IdempotencyKey?) -> Prediction {
        if let record = tables.records.first(where: { $0.key == key }) {
            let isSame = record.request?.isSame(as: request) ?? false
            return isSame ? .replayed(reservation: record.reservation) : .refused(.idempotencyKeyReused)
        }
        guard let place = tables.slots.firstIndex(where: { $0.id == request.slot }) else { return .refused(.slotNotFound) }
        guard let number = tables.tickets.firstIndex(where: { $0.id == request.ticket }) else { return .refused(.ticketNotFound) }
        let (slot, ticket) = (tables.slots[place], tables.tickets[number])
        if request.code != nil && request.code != ticket.code { return .refused(.ticketNotFound) }
        if ticket.organization != slot.organization { return .refused(.organizationMismatch) }
        if ticket.organization != request.organization { return .refused(.ticketNotFound) }
        if let refusal = refusal(for: ticket) { return .refused(refusal) }
        if let until = ticket.validUntil, slot.date > until { return .refused(.visitTooLate(until)) }
        if slot.isClosed { return .refused(.slotClosed(started: false)) }
        if hasStarted(slot) { return .refused(.slotClosed(started: true)) }
        if slot.isFull { return .refused(.slotFull(alternatives(to: slot, until: ticket.validUntil))) }
        if request.ticket == doomedTicket {
            doomWasMet = true
            return .failed(.defect)
        }
        let reservation = ModelReservation(
            number: tables.reservations.count, ticket: number, slot: slot.id, bookedSlot: slot.id, contact: request.contact,
            language: request.language,
            reservedAt: now)
        tables.reservations.append(reservation)
        queueMessage(of: reservation.number, for: request.name)
        tables.tickets[number].reservation = reservation.number
        tables.tickets[number].status = .reserved
        tables.tickets[number].updatedAt = now
        tables.slots[place].booked += 1
        tables.slots[place].updatedAt = now
        if let key {
            tables.records.append(ModelRecord(key: key, request: request, reservation: reservation.number, createdAt: now))
        }
        return .created(reservation: reservation.number, slot: tables.slots[place].shown, hasKey: key != nil)
    }

    func validate(_ code: TicketCode, in organization: OrganizationID) -> Prediction {
        guard let ticket = tables.tickets.first(where: { $0.code == code && $0.organization == organization }) else {
            return .refused(.ticketNotFound)
        }
        return refusal(for: ticket).map { .refused($0) } ?? .validated(ticket)
    }

    /// Without a code nothing is said about the ticket.
    func verify(_ contact: Contact, ticket id: TicketID, code: TicketCode?, in organization: OrganizationID) -> Prediction {
        let isKnown = tables.tickets.contains { $0.id == id && $0.code == code && $0.organization == organization }
        return code == nil || isKnown ? .contactVerified(contact) : .refused(.ticketNotFound)
    }

    /// Why a ticket cannot be used; nil for one that can.
    func refusal(for ticket: ModelTicket) -> Refusal? {
        switch current(ticket).status {
        case .activated: nil
        case .pendingPayment: .ticketNotActivated
        case .expired: .ticketExpired
        case .verified: .ticketAlreadyUsed
        case .reserved: .ticketAlreadyReserved(ticket.reservation.flatMap { slot(tables.reservations[$0].slot)?.date })
        }
    }

    /// As its last day makes it: over when that is, unless it holds a place or was used.
    func current(_ ticket: ModelTicket) -> ModelTicket {
        guard let until = ticket.validUntil, ticket.status == .activated || ticket.status == .pendingPayment,
            let offset = organization(ticket.organization)?.offset, currentMonth(offset: offset) != nil,
            (now.seconds + offset) / 86_400 > Int64(until.dayNumber)
        else { return ticket }
        var ended = ticket
        ended.status = .expired
        return ended
    }

    /// A slot that has started cannot be booked unless its organisation allows it.
    func hasStarted(_ slot: ModelSlot) -> Bool {
        let allowsStarted = organization(slot.organization)?.organization.allowsStarted ?? false
        return now >= slot.startsAt && !allowsStarted
    }

    /// The same date first, then a day around it, nearest start first; of two that are as near, the earlier. At most five.
    func alternatives(to wanted: ModelSlot, until lastDay: CalendarDate?) -> [Slot] {
        func distance(_ slot: ModelSlot) -> Int64 { abs(slot.startsAt.seconds - wanted.startsAt.seconds) }
        let bookable = tables.slots.filter {
            $0.organization == wanted.organization && $0.id != wanted.id && !$0.isClosed && !$0.isFull && !hasStarted($0)
                && $0.date <= lastDay ?? $0.date
        }
        let byNearness = bookable.sorted { (distance($0), $0.startsAt) < (distance($1), $1.startsAt) }
        let sameDay = byNearness.filter { $0.date == wanted.date }
        let nextDays = byNearness.filter { abs($0.date.dayNumber - wanted.date.dayNumber) == 1 }
        return (sameDay + nextDays).prefix(5).map(\.shown)
    }
}
