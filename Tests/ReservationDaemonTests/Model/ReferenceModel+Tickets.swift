import ReservationCore

@testable import ReservationDaemon

extension ReferenceModel {
    func issued(_ code: TicketCode, in organization: OrganizationID) -> ModelTicket? {
        tables.tickets.first { $0.code == code && $0.organization == organization }
    }

    mutating func issue(_ order: TicketOrder) -> Prediction {
        guard organization(order.organization) != nil else { return .refused(.organizationNotFound) }
        let idIsTaken = order.id != nil && tables.tickets.contains { $0.id == order.id }
        let codeIsTaken = order.code.flatMap { issued($0, in: order.organization) } != nil
        if idIsTaken || codeIsTaken { return .refused(.alreadyExists("")) }
        let tickets = (0..<order.count).map { _ in
            addTicket(
                order.organization, id: order.id, code: order.code, order.productID, order.orderID, order.status, until: order.validUntil)
        }
        let none = tickets.map { _ in nil as ModelReservation? }
        return .tickets(tickets, reservations: none, slots: none.map { _ in nil })
    }

    /// All rows or none. The very same ticket again is no problem, unless it comes twice in one import: a row is held against those before
    /// it that have no problem with what is stored, by its code first, and by its id when the code is new.
    mutating func importTickets(_ drafts: [TicketDraft], isDryRun: Bool) -> Prediction {
        var problemRows: [Int] = []
        var (withCode, withNewCode, accepted) = ([TicketDraft](), [TicketDraft](), [TicketDraft]())
        for (row, draft) in drafts.enumerated() {
            if organization(draft.organization) == nil || clashes(draft) {
                problemRows.append(row)
                continue
            }
            let repeatsCode = withCode.contains { $0.organization == draft.organization && $0.code == draft.code }
            let repeatsID = draft.id != nil && withNewCode.contains { $0.id == draft.id }
            withCode.append(draft)
            if !repeatsCode { withNewCode.append(draft) }
            if repeatsCode || repeatsID { problemRows.append(row) } else { accepted.append(draft) }
        }
        let fresh = accepted.filter { issued($0.code, in: $0.organization) == nil }
        if isDryRun { return .imported(created: fresh.count, existing: accepted.count - fresh.count, problemRows: problemRows) }
        guard problemRows.isEmpty else { return .imported(created: 0, existing: 0, problemRows: problemRows) }
        for draft in fresh {
            _ = addTicket(
                draft.organization, id: draft.id, code: draft.code, draft.productID, draft.orderID, draft.status, until: draft.validUntil)
        }
        return .imported(created: fresh.count, existing: accepted.count - fresh.count, problemRows: [])
    }

    /// Whether another ticket has what this one wants to have.
    private func clashes(_ draft: TicketDraft) -> Bool {
        guard let stored = issued(draft.code, in: draft.organization) else {
            return draft.id != nil && tables.tickets.contains { $0.id == draft.id }
        }
        return stored.product != draft.productID || stored.order != draft.orderID
            || (draft.validUntil != nil && stored.validUntil != draft.validUntil) || (draft.id != nil && stored.id != draft.id)
    }

    private mutating func addTicket(
        _ organization: OrganizationID, id: TicketID?, code: TicketCode?, _ product: Int64, _ order: Int64, _ status: TicketStatus,
        until: CalendarDate?
    ) -> ModelTicket {
        let ticket = ModelTicket(
            number: tables.tickets.count, id: id, code: code, organization: organization, product: product, order: order, status: status,
            validUntil: until, createdAt: now, updatedAt: now)
        tables.tickets.append(ticket)
        return ticket
    }

    func show(_ reference: TicketReference) -> Prediction {
        let tickets =
            switch reference {
            case .id(let id): tables.tickets.filter { $0.id == id }
            case .code(let code): tables.tickets.filter { $0.code == code }.sorted { $0.organization < $1.organization }
            }
        if tickets.isEmpty { return .refused(.ticketNotFound) }
        let reservations = tickets.map { $0.reservation.map { tables.reservations[$0] } }
        return .tickets(tickets.map(current), reservations: reservations, slots: reservations.map { $0.flatMap { slot($0.slot)?.shown } })
    }
}
