import ReservationCore

@testable import ReservationDaemon

extension ReferenceModel {
    /// What must be looked at after a group: the tickets, slots and keys that it was about.
    func question(about requests: [ModelRequest]) -> LedgerQuestion {
        var question = LedgerQuestion()
        for request in requests {
            switch request.command {
            case .create(let booking, let key):
                question.tickets.append(.id(booking.ticket))
                question.slots.append(booking.slot)
                if let key { question.keys.append(key) }
            case .setSlotOpen(let slot, _, _), .setSlotCapacity(let slot, _): question.slots.append(slot)
            case .issue(let order):
                if let id = order.id { question.tickets.append(.id(id)) }
                if let code = order.code { question.tickets.append(.code(code, order.organization)) }
            case .importTickets(let drafts, _): question.tickets += drafts.map { .code($0.code, $0.organization) }
            case .createSlot, .generateSlots, .calendar: question.slots += tables.slots.map(\.id)
            case .validate, .verifyContact, .available, .showTicket, .listSlots: break
            case .addOrganization, .setOrganization, .showOrganization, .months, .listOrganizations: break
            case .life(.cancel(let selector, _)): question.slots += slots(of: selector)
            case .life(.move(let selector, let slot, _, let key)):
                question.slots += slots(of: selector) + [slot]
                if let key {
                    question.keys += words.organizations.map { IdempotencyKey(role: key.role, organization: $0, value: key.value) }
                }
            case .life(.activate(let ticket, _)), .life(.expire(let ticket, _)), .life(.checkIn(let ticket, _, _)):
                if case .id(let id) = ticket.name { question.tickets.append(.id(id)) }
            case .health, .status, .doctor, .repair, .heartbeat, .outbox, .life, .backup, .metrics, .events, .sweep,
                .personalData:
                break
            }
        }
        return question
    }

    private func slots(of selector: ReservationSelector) -> [SlotID] {
        switch selector {
        case .id(let id): tables.reservations.first { $0.id == id }.map { [$0.slot] } ?? []
        case .ticket: []
        }
    }

    /// Everything that the model knows a name of.
    func wholeQuestion(keys: some Sequence<IdempotencyKey>) -> LedgerQuestion {
        LedgerQuestion(
            slots: tables.slots.map(\.id),
            tickets: tables.tickets.compactMap { ticket in
                ticket.id.map { .id($0) } ?? ticket.code.map { .code($0, ticket.organization) }
            }, keys: Array(keys), isWhole: true)
    }

    /// Holds what was seen against what must be there.
    mutating func compare(_ view: LedgerView, _ question: LedgerQuestion) throws(Disagreement) {
        let organizations = tables.organizations.map(\.organization).sorted { $0.id < $1.id }
        try demand("organizations", organizations, view.organizations)
        try demand(
            "logos", tables.organizations.sorted { $0.organization.id < $1.organization.id }.map(\.logo), view.logos)
        let slots = tables.slots.map(\.shown)
        if view.slots != slots {
            let (expected, actual) = Self.difference(slots, view.slots)
            throw Disagreement("slots in memory must be \(expected)\n  but are \(actual)")
        }
        for (index, id) in question.slots.enumerated() {
            try demand("stored slot \(id)", slot(id)?.shown, view.storedSlots[index])
        }
        for (index, reference) in question.tickets.enumerated() { try compare(view.tickets[index], reference) }
        for (index, key) in question.keys.enumerated() { try compare(view.records[index], key) }
        guard let whole = view.whole else { return }
        try demand("tickets", sizes.tickets, whole.statistics.tickets)
        try demand("counted messages", sizes.outbox, whole.statistics.outbox)
        if !agree(tables.messages, whole.messages) {
            throw Disagreement("messages must be \(tables.messages)\n  but are \(whole.messages)")
        }
        try compare(whole.history)
        try compare(whole.events, whole.eventBounds)
        if let finding = whole.findings.first(where: { !$0.passed }) { throw Disagreement("\(finding.check): \(finding.detail)") }
    }

    private mutating func compare(
        _ seen: TicketWithReservation?, _ reference: LedgerQuestion.TicketKey
    ) throws(Disagreement) {
        let ticket = tables.tickets.first { ticket in
            switch reference {
            case .id(let id): ticket.id == id
            case .code(let code, let organization): ticket.code == code && ticket.organization == organization
            }
        }
        let reservation = ticket?.reservation.map { tables.reservations[$0] }
        let agrees =
            if let ticket, let seen { learn(ticket, from: seen.ticket) && learn(reservation, from: seen.reservation) } else {
                ticket == nil && seen == nil
            }
        if !agrees { throw Disagreement("ticket must be \(ticket as Any), \(reservation as Any)\n  but is \(seen as Any)") }
    }

    private mutating func compare(_ seen: IdempotencyRecord?, _ key: IdempotencyKey) throws(Disagreement) {
        let record = tables.records.first { $0.key == key }
        let isRight =
            if let record, let seen {
                record.move.map { self.agrees(seen.reply, record.reservation, $0) } ?? learn(record.reservation, from: seen.reply)
            } else { record == nil && seen == nil }
        if !isRight { throw Disagreement("the record of \(key) must be \(record as Any)\n  but is \(seen as Any)") }
    }

    private func demand<Value: Equatable>(
        _ what: @autoclosure () -> String, _ expected: Value, _ actual: Value
    ) throws(Disagreement) {
        if expected != actual { throw Disagreement("\(what()) must be \(expected)\n  but are \(actual)") }
    }

    /// Of two lists only what differs.
    private static func difference(_ left: [Slot], _ right: [Slot]) -> ([Slot], [Slot]) {
        (left.filter { !right.contains($0) }, right.filter { !left.contains($0) })
    }
}
