import ReservationCore

extension Ledger {
    func issue(_ order: TicketOrder, now: Instant) throws(StorageFailure) -> Outcome {
        guard let state = organizations[order.organization] else { return .refused(.organizationNotFound) }
        let year = state.zone.date(at: now)?.month.year ?? 2000
        var issued: [TicketWithReservation] = []
        for _ in 0..<order.count {
            guard let ticket = try insertTicket(order, year: year, now: now) else {
                return .refused(.alreadyExists(order.code.map { "Ticket \($0)" } ?? "This ticket id"))
            }
            issued.append(TicketWithReservation(ticket: ticket))
        }
        return .tickets(issued)
    }

    /// - Returns: nil when the id or the code that was asked for is taken.
    private func insertTicket(_ order: TicketOrder, year: Int, now: Instant) throws(StorageFailure) -> Ticket? {
        // Chance meets a taken id or code about once in 2^53 and 2^59 tries; three tries are enough to tell chance from a request.
        for _ in 0..<3 {
            let ticket = Ticket(
                id: order.id ?? .random(using: &random), code: order.code ?? .random(year: year, using: &random),
                organization: order.organization, productID: order.productID, orderID: order.orderID, status: order.status,
                createdAt: now, updatedAt: now, validUntil: order.validUntil)
            if try store.insert(ticket) {
                hasWritten = true
                return ticket
            }
            if order.id != nil || order.code != nil { return nil }
        }
        return nil
    }

    /// All rows or none: every row is checked against what is stored before the first is written.
    func importTickets(_ drafts: [TicketDraft], isDryRun: Bool, now: Instant) throws(StorageFailure) -> Outcome {
        var problems: [ImportProblem] = []
        var existing = 0
        var fresh: [Int] = []
        var seenCodes: [OrganizationCode: Int] = [:]
        var seenIDs: [TicketID: Int] = [:]
        for (row, draft) in drafts.enumerated() {
            if let problem = try problem(with: draft) {
                problems.append(ImportProblem(row: row, message: problem))
                continue
            }
            let key = OrganizationCode(organization: draft.organization, code: draft.code)
            if let earlier = seenCodes.updateValue(row, forKey: key) {
                problems.append(ImportProblem(row: row, message: "the same ticket code as in row \(earlier) of this request"))
                continue
            }
            if let id = draft.id, let earlier = seenIDs.updateValue(row, forKey: id) {
                problems.append(ImportProblem(row: row, message: "the same ticket id as in row \(earlier) of this request"))
                continue
            }
            if try store.ticket(draft.code, in: draft.organization) != nil { existing += 1 } else { fresh.append(row) }
        }
        if isDryRun { return .imported(created: fresh.count, existing: existing, problems: problems) }
        guard problems.isEmpty else { return .imported(created: 0, existing: 0, problems: problems) }
        for row in fresh {
            let draft = drafts[row]
            let ticket = Ticket(
                id: draft.id ?? .random(using: &random), code: draft.code, organization: draft.organization, productID: draft.productID,
                orderID: draft.orderID, status: draft.status, createdAt: now, updatedAt: now, validUntil: draft.validUntil)
            guard try store.insert(ticket) else { throw .defect("ticket id \(ticket.id) met a taken one") }
            hasWritten = true
        }
        return .imported(created: fresh.count, existing: existing, problems: [])
    }

    private struct OrganizationCode: Hashable {
        var organization: OrganizationID
        var code: TicketCode
    }

    /// Why a row cannot be taken; nil when it can, or when the very same ticket is there already.
    private func problem(with draft: TicketDraft) throws(StorageFailure) -> String? {
        guard organizations[draft.organization] != nil else { return "organization \(draft.organization) does not exist" }
        if let stored = try store.ticket(draft.code, in: draft.organization) {
            let isSame =
                stored.productID == draft.productID && stored.orderID == draft.orderID && (draft.id.map { $0 == stored.id } ?? true)
                && (draft.validUntil.map { $0 == stored.validUntil } ?? true)
            return isSame ? nil : "ticket \(draft.code) exists with another id, product, order or last day"
        }
        if let id = draft.id, try store.ticket(id) != nil { return "ticket id \(id) exists with another code" }
        return nil
    }

    func show(_ reference: TicketReference, now: Instant) throws(StorageFailure) -> Outcome {
        let tickets: [Ticket]
        switch reference {
        case .id(let id): tickets = try store.ticket(id).map { [$0] } ?? []
        case .code(let code): tickets = try store.tickets(code)
        }
        guard !tickets.isEmpty else { return .refused(.ticketNotFound) }
        var shown: [TicketWithReservation] = []
        for ticket in tickets {
            let reservation = try store.liveReservation(of: ticket.id)
            shown.append(
                TicketWithReservation(
                    ticket: current(ticket, now: now), reservation: reservation, slot: reservation.flatMap { slots[$0.slot] }))
        }
        return .tickets(shown)
    }
}
