import ReservationCore

/// What becomes of a ticket: paid, let in, expired. Each is written together with its line of the history.
extension Ledger {
    func execute(_ command: LifeCommand, from caller: Caller, now: Instant) throws(StorageFailure) -> Outcome {
        switch command {
        case .activate(let selector, let operatorID):
            try changeStatus(of: selector, .ticketActivated, by: operatorID, from: caller, now: now) { status, _ in
                LifeRules.activating(status)
            }
        case .expire(let selector, let operatorID):
            try changeStatus(
                of: selector, .ticketExpired, by: operatorID, from: caller, now: now, as: LifeRules.expiring(_:reservedDate:))
        case .checkIn(let selector, let operatorID, let anyDay):
            try checkIn(selector, by: operatorID, anyDay: anyDay, from: caller, now: now)
        case .cancel(let selector, let occasion): try cancel(selector, occasion, from: caller, now: now)
        case .move(let selector, let slot, let occasion, let key):
            try move(selector, to: slot, occasion, key: key, from: caller, now: now)
        case .show(let id): try show(id)
        case .history(let order): try history(order)
        case .list(let order): try list(order)
        case .listTickets(let query, let showsCodes): try list(query, showsCodes: showsCodes)
        }
    }

    /// What a selector leads to.
    enum Found<Subject: Sendable> {
        case one(Subject)
        case none(Refusal)
    }

    func find(_ selector: TicketSelector) throws(StorageFailure) -> Found<Ticket> {
        switch (selector.name, selector.organization) {
        case (.id(let id), let organization):
            guard let ticket = try store.ticket(id), organization.map({ $0 == ticket.organization }) ?? true else {
                return .none(.ticketNotFound)
            }
            return .one(ticket)
        case (.code(let code), let organization?):
            return try store.ticket(code, in: organization).map { .one($0) } ?? .none(.ticketNotFound)
        case (.code(let code), nil):
            let tickets = try store.tickets(code)
            guard let ticket = tickets.first else { return .none(.ticketNotFound) }
            guard tickets.count == 1 else {
                return .none(
                    .invalidRequest([
                        FieldProblem(field: "orq", message: "is needed: \(tickets.count) organizations have issued this code")
                    ]))
            }
            return .one(ticket)
        }
    }

    private func changeStatus(
        of selector: TicketSelector, _ action: HistoryAction, by operatorID: OperatorID?, from caller: Caller, now: Instant,
        as rule: (TicketStatus, CalendarDate?) -> LifeRules.StatusChange
    ) throws(StorageFailure) -> Outcome {
        var ticket: Ticket
        switch try find(selector) {
        case .none(let refusal): return .refused(refusal)
        case .one(let found): ticket = found
        }
        let reservation = try store.liveReservation(of: ticket.id)
        let slot = reservation.flatMap { slots[$0.slot] }
        // Only who ends it is told of what is stored: what has not been swept yet is ended by this.
        let status = action == .ticketExpired ? ticket.status : current(ticket, now: now).status
        switch rule(status, slot?.date) {
        case .refused(let refusal): return .refused(refusal)
        case .stands: break
        case .become(let status):
            try store.setStatus(status, of: ticket.id, now: now)
            try remember(
                HistoryNote(
                    at: now, action: action, caller: caller, operatorID: operatorID, organization: ticket.organization, ticket: ticket.id,
                    detail: "was \(ticket.status.rawValue)"))
            hasWritten = true
            ticket.status = status
            ticket.updatedAt = now
        }
        return .life(.ticket(TicketWithReservation(ticket: ticket, reservation: reservation, slot: slot)))
    }

    private func checkIn(
        _ selector: TicketSelector, by operatorID: OperatorID?, anyDay: Bool, from caller: Caller, now: Instant
    ) throws(StorageFailure) -> Outcome {
        let ticket: Ticket
        switch try find(selector) {
        case .none(let refusal): return .refused(refusal)
        case .one(let found): ticket = found
        }
        if let refusal = LifeRules.refusal(without: current(ticket, now: now).status) { return .refused(refusal) }
        guard let reservation = try store.liveReservation(of: ticket.id), let slot = slots[reservation.slot],
            let zone = organizations[slot.organization]?.zone
            // Used before it came here: then there never was a reservation.
        else { return .refused(.checkedIn(try store.verification(of: ticket.id))) }
        if ticket.status == .verified {
            let verification = try store.verification(of: ticket.id)
            switch LifeRules.admittingAgain(verification, by: operatorID, now: now) {
            case .refused(let refusal): return .refused(refusal)
            case .welcome, .welcomeAgain:
                return .life(
                    .checkedIn(
                        CheckedIn(ticket: ticket, reservation: reservation, slot: slot, verification: verification, isRepeated: true)))
            }
        }
        guard let today = zone.date(at: now) else { return .refused(.wrongDay(visit: slot.date, days: 0)) }
        if case .refused(let refusal) = LifeRules.admitting(visit: slot.date, today: today, anyDay: anyDay) { return .refused(refusal) }
        try store.recordCheckIn(reservation, by: operatorID, now: now)
        try remember(
            HistoryNote(
                at: now, action: .checkedIn, caller: caller, operatorID: operatorID, organization: ticket.organization, ticket: ticket.id,
                reservation: reservation.id, slot: slot.id, detail: today == slot.date ? nil : "on \(today), the visit is for \(slot.date)")
        )
        hasWritten = true
        return .life(
            .checkedIn(
                CheckedIn(
                    ticket: ticket, reservation: reservation, slot: slot, verification: Verification(at: now, by: operatorID),
                    isRepeated: false)))
    }

    // MARK: reading

    private func show(_ id: ReservationID) throws(StorageFailure) -> Outcome {
        guard let reservation = try store.reservation(id), let slot = slots[reservation.slot],
            let ticket = try store.ticket(reservation.ticket)
        else { return .refused(.reservationNotFound) }
        let verification = reservation.status == .verified ? try store.verification(of: ticket.id) : Verification(at: nil, by: nil)
        return .life(
            .reservation(
                ShownReservation(ticketCode: ticket.code, reservation: reservation, slot: slot, verification: verification)))
    }

    private func list(_ query: TicketQuery, showsCodes: Bool) throws(StorageFailure) -> Outcome {
        guard query.organization.map({ organizations[$0] != nil }) ?? true else { return .refused(.organizationNotFound) }
        return .life(.tickets(try store.tickets(query), showsCodes: showsCodes))
    }

    private func history(_ order: HistoryOrder) throws(StorageFailure) -> Outcome {
        var query = order.query
        if let selector = order.ticket {
            switch try find(selector) {
            case .none(let refusal): return .refused(refusal)
            case .one(let ticket): query.ticket = ticket.id
            }
        }
        return .life(.history(try store.history(query)))
    }
}
