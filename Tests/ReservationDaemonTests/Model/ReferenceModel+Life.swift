import NIOCore
import ReservationCore
import ReservationWire

@testable import ReservationDaemon

/// A line of the history as it must be.
struct ModelNote: Equatable, Sendable {
    var action: HistoryAction
    var at: Instant
    var organization: OrganizationID
    var operatorID: OperatorID?
    /// Its place in the table; so is the reservation's.
    var ticket: Int?
    var reservation: Int?
    var slot: SlotID?
    var previousSlot: SlotID?
    var reason: String?
    /// The daemon did it of itself.
    var isSystem = false
}

/// Paid, let in, expired, cancelled, moved (proto-spec, sections 20.289 to 20.293 and 22).
extension ReferenceModel {
    mutating func apply(_ command: LifeCommand) -> Prediction {
        switch command {
        case .activate(let selector, let operatorID):
            guard let number = ticket(selector) else { return .refused(.ticketNotFound) }
            switch current(tables.tickets[number]).status {
            case .expired: return .refused(.ticketExpired)
            case .pendingPayment: become(.activated, number, .ticketActivated, by: operatorID)
            case .activated, .reserved, .verified: break
            }
            return shown(number)
        case .expire(let selector, let operatorID):
            guard let number = ticket(selector) else { return .refused(.ticketNotFound) }
            switch tables.tickets[number].status {
            case .reserved, .verified: return .refused(refusal(for: tables.tickets[number]) ?? .ticketNotFound)
            case .pendingPayment, .activated: become(.expired, number, .ticketExpired, by: operatorID)
            case .expired: break
            }
            return shown(number)
        case .checkIn(let selector, let operatorID, let anyDay): return checkIn(selector, by: operatorID, anyDay: anyDay)
        case .cancel(let selector, let occasion): return cancel(selector, occasion)
        case .move(let selector, let slot, _, let key): return move(selector, to: slot, key: key)
        case .show(let id):
            guard let reservation = tables.reservations.first(where: { $0.id == id }), let slot = slot(reservation.slot) else {
                return .refused(.reservationNotFound)
            }
            let nothing = Verification(at: nil, by: nil)
            let verification = reservation.status == .verified ? tables.tickets[reservation.ticket].verification : nothing
            return .reservation(reservation, slot: slot.shown, verification)
        case .history(let order): return history(order)
        case .list(let order): return list(order)
        case .listTickets: return .alive
        }
    }

    private func ticket(_ selector: TicketSelector) -> Int? {
        guard case .id(let id) = selector.name else { return nil }
        return tables.tickets.firstIndex { $0.id == id }
    }

    private mutating func become(_ status: TicketStatus, _ number: Int, _ action: HistoryAction, by operatorID: OperatorID?) {
        tables.tickets[number].status = status
        tables.tickets[number].updatedAt = now
        tables.history.append(
            ModelNote(action: action, at: now, organization: tables.tickets[number].organization, operatorID: operatorID, ticket: number))
    }

    /// What the date alone makes of tickets.
    mutating func sweepTickets() -> Prediction {
        for organization in tables.organizations.map(\.organization.id).sorted() {
            let over = tables.tickets.indices.filter { number in
                let ticket = tables.tickets[number]
                return ticket.organization == organization && ticket.status != .expired && current(ticket).status == .expired
            }
            // No two have the same last day.
            for number in over.sorted(by: { tables.tickets[$0].validUntil?.dayNumber ?? 0 < tables.tickets[$1].validUntil?.dayNumber ?? 0 })
            {
                become(.expired, number, .ticketExpired, by: nil)
                tables.history[tables.history.count - 1].isSystem = true
            }
        }
        return .swept
    }

    private func shown(_ number: Int) -> Prediction {
        let ticket = tables.tickets[number]
        let reservation = ticket.reservation.map { tables.reservations[$0] }
        return .lifeTicket(ticket, reservation, reservation.flatMap { slot($0.slot)?.shown })
    }

    private mutating func checkIn(_ selector: TicketSelector, by operatorID: OperatorID?, anyDay: Bool) -> Prediction {
        guard let number = ticket(selector) else { return .refused(.ticketNotFound) }
        let ticket = tables.tickets[number]
        switch current(ticket).status {
        case .pendingPayment: return .refused(.ticketNotActivated)
        case .expired: return .refused(.ticketExpired)
        case .activated: return .refused(.notReserved)
        case .reserved, .verified: break
        }
        guard let place = ticket.reservation, let slot = slot(tables.reservations[place].slot),
            let offset = organization(slot.organization)?.offset
        else { return .refused(.checkedIn(ticket.verification)) }
        if ticket.status == .verified {
            let isSame = operatorID != nil && ticket.verification.by == operatorID
            guard isSame, let at = ticket.verification.at, abs(now.seconds - at.seconds) <= 60 else {
                return .refused(.checkedIn(ticket.verification))
            }
            return .checkedIn(ticket, tables.reservations[place], slot: slot.shown, ticket.verification, isRepeated: true)
        }
        if currentMonth(offset: offset) == nil { return .refused(.wrongDay(visit: slot.date, days: 0)) }
        let days = Int(slot.date.dayNumber) - Int((now.seconds + offset) / 86_400)
        if days != 0 && !anyDay { return .refused(.wrongDay(visit: slot.date, days: days)) }
        let verification = Verification(at: now, by: operatorID)
        let before = (ticket, tables.reservations[place])
        tables.tickets[number].status = .verified
        tables.tickets[number].verification = verification
        tables.tickets[number].updatedAt = now
        tables.reservations[place].status = .verified
        tables.history.append(
            ModelNote(
                action: .checkedIn, at: now, organization: ticket.organization, operatorID: operatorID, ticket: number, reservation: place,
                slot: slot.id))
        return .checkedIn(before.0, before.1, slot: slot.shown, verification, isRepeated: false)
    }

    /// Where the reservation stands in the table, or why there is none.
    private func find(_ selector: ReservationSelector) -> (place: Int?, refusal: Refusal) {
        switch selector {
        case .id(let id): return (tables.reservations.firstIndex { $0.id == id }, .reservationNotFound)
        case .ticket(let selector):
            guard let number = ticket(selector) else { return (nil, .ticketNotFound) }
            return (tables.tickets[number].reservation ?? tables.reservations.lastIndex { $0.ticket == number }, .notReserved)
        }
    }

    /// Whether its ticket has not been reserved again since.
    func isLatest(_ place: Int) -> Bool {
        tables.reservations.lastIndex { $0.ticket == tables.reservations[place].ticket } == place
    }

    private mutating func cancel(_ selector: ReservationSelector, _ occasion: Occasion) -> Prediction {
        let (found, refusal) = find(selector)
        guard let place = found, let index = tables.slots.firstIndex(where: { $0.id == tables.reservations[place].slot }) else {
            return .refused(refusal)
        }
        let number = tables.reservations[place].ticket
        switch tables.reservations[place].status {
        case .verified: return .refused(.checkedIn(tables.tickets[number].verification))
        case .cancelled: return .cancelled(tables.reservations[place], slot: tables.slots[index].shown, isChanged: false)
        case .reserved: break
        }
        takeBackMessages(of: place)
        tables.reservations[place].status = .cancelled
        tables.reservations[place].sequence += 1
        tables.tickets[number].status = .activated
        tables.tickets[number].reservation = nil
        tables.tickets[number].updatedAt = now
        tables.slots[index].booked -= 1
        tables.slots[index].updatedAt = now
        if !tables.reservations[place].isErased { queueMessage(.cancellation, of: place) }
        tables.history.append(
            ModelNote(
                action: .cancelled, at: now, organization: tables.tickets[number].organization, operatorID: occasion.operatorID,
                ticket: number, reservation: place, slot: tables.slots[index].id, reason: occasion.reason))
        return .cancelled(tables.reservations[place], slot: tables.slots[index].shown, isChanged: true)
    }

    private mutating func move(_ selector: ReservationSelector, to target: SlotID, key: CallersKey?) -> Prediction {
        let (found, refusal) = find(selector)
        guard let place = found, let source = tables.slots.firstIndex(where: { $0.id == tables.reservations[place].slot }) else {
            return .refused(refusal)
        }
        let number = tables.reservations[place].ticket
        let organization = tables.tickets[number].organization
        let key = key.map { IdempotencyKey(role: $0.role, organization: organization, value: $0.value) }
        let named: ReservationID? = if case .id(let id) = selector { id } else { nil }
        if let record = tables.records.first(where: { $0.key == key }) {
            guard let move = record.move, tables.reservations[record.reservation].ticket == number, move.to == target,
                move.named == named
            else { return .refused(.idempotencyKeyReused) }
            return .replayedMove(reservation: record.reservation, move)
        }
        guard let wanted = tables.slots.firstIndex(where: { $0.id == target }) else { return .refused(.slotNotFound) }
        if tables.slots[wanted].organization != organization { return .refused(.organizationMismatch) }
        switch tables.reservations[place].status {
        case .cancelled: return .refused(.reservationNotFound)
        case .verified: return .refused(.checkedIn(tables.tickets[number].verification))
        case .reserved: break
        }
        let from = tables.slots[source].id
        if wanted != source {
            let until = tables.tickets[number].validUntil
            if let until, tables.slots[wanted].date > until { return .refused(.visitTooLate(until)) }
            if tables.slots[wanted].isClosed { return .refused(.slotClosed(started: false)) }
            if hasStarted(tables.slots[wanted]) { return .refused(.slotClosed(started: true)) }
            if tables.slots[wanted].isFull { return .refused(.slotFull(alternatives(to: tables.slots[wanted], until: until))) }
            takeBackMessages(of: place)
            tables.reservations[place].slot = target
            tables.reservations[place].sequence += 1
            for (index, step) in [(source, -1), (wanted, 1)] {
                tables.slots[index].booked += step
                tables.slots[index].updatedAt = now
            }
            if !tables.reservations[place].isErased { queueMessage(.change, of: place) }
            tables.history.append(
                ModelNote(
                    action: .moved, at: now, organization: organization, ticket: number, reservation: place, slot: target,
                    previousSlot: from))
        }
        if let key {
            let move = ModelMove(named: named, to: target, from: from, sequence: tables.reservations[place].sequence)
            tables.records.append(ModelRecord(key: key, request: nil, move: move, reservation: place, createdAt: now))
        }
        return .moved(
            tables.reservations[place], slot: tables.slots[wanted].shown, from: from, isChanged: wanted != source, hasKey: key != nil)
    }

    /// What would tell what is not so any more.
    mutating func takeBackMessages(of reservation: Int) {
        for index in tables.messages.indices where tables.messages[index].reservation == reservation && tables.messages[index].dueAt != nil
        {
            tables.messages[index].state = .cancelled
            tables.messages[index].dueAt = nil
            tables.messages[index].updatedAt = now
        }
    }

    /// With dates by slot, else as they were made.
    private func list(_ order: ReservationOrder) -> Prediction {
        if let id = order.organization, organization(id) == nil { return .refused(.organizationNotFound) }
        if let id = order.slot, slot(id) == nil { return .refused(.slotNotFound) }
        let after = order.position.reservation.flatMap { id in tables.reservations.firstIndex { $0.id == id } }
        var wanted = tables.reservations.filter { reservation in
            guard let slot = slot(reservation.slot) else { return false }
            return (order.organization == nil || slot.organization == order.organization)
                && (order.slot == nil || slot.id == order.slot) && (order.status == nil || reservation.status == order.status)
                && (order.from.map { $0 <= slot.date } ?? true) && (order.to.map { slot.date <= $0 } ?? true)
        }
        if let first = order.position.slot {
            wanted.removeAll { $0.slot < first || ($0.slot == first && $0.number <= after ?? -1) }
        } else {
            wanted.removeAll { $0.number <= after ?? -1 }
        }
        if order.isByDate { wanted.sort { ($0.slot, $0.number) < ($1.slot, $1.number) } }
        let listed = wanted.prefix(order.limit).compactMap { reservation in
            slot(reservation.slot).map { slot in
                let nothing = Verification(at: nil, by: nil)
                return ModelListed(
                    reservation: reservation, slot: slot.shown,
                    verification: reservation.status == .verified ? tables.tickets[reservation.ticket].verification : nothing)
            }
        }
        return .reservations(listed, isWhole: wanted.count <= order.limit)
    }

    private func history(_ order: HistoryOrder) -> Prediction {
        var number: Int?
        if let selector = order.ticket {
            guard let found = ticket(selector) else { return .refused(.ticketNotFound) }
            number = found
        }
        let wanted = order.query.reservation.map { id in tables.reservations.firstIndex { $0.id == id } ?? -1 }
        return .history(
            tables.history.filter { note in
                (number == nil || note.ticket == number) && (wanted == nil || note.reservation == wanted)
                    && (order.query.slot == nil || note.slot == order.query.slot || note.previousSlot == order.query.slot)
            })
    }
}
