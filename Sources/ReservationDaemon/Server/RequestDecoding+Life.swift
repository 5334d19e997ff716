import ReservationCore
import ReservationWire

extension RequestDecoder {
    func lifeCommand(_ request: AcceptedRequest, role: Role) throws(Problem) -> LifeCommand {
        switch request.opcode {
        case .ticketsActivate:
            let body = try decode(ActivateTicketRequest.self, request)
            return .activate(
                try ticket(body.ticketID, body.ticketCode, body.orq), by: try operatorID(body.operatorID))
        case .ticketsExpire:
            let body = try decode(ExpireTicketRequest.self, request)
            return .expire(
                try ticket(body.ticketID, body.ticketCode, body.orq), by: try operatorID(body.operatorID))
        case .ticketsCheckIn:
            let body = try decode(CheckInRequest.self, request)
            return .checkIn(
                try ticket(body.ticketID, body.ticketCode, body.orq), by: try operatorID(body.operatorID), anyDay: body.anyDay ?? false)
        case .reservationsCancel:
            let body = try decode(CancelReservationRequest.self, request)
            return .cancel(
                try reservation(body.reservationID, body.ticketID, body.ticketCode, body.orq),
                try occasion(body.operatorID, body.reason))
        case .reservationsMove:
            let body = try decode(MoveReservationRequest.self, request)
            return .move(
                try reservation(body.reservationID, body.ticketID, body.ticketCode, body.orq),
                to: try identifier(body.slotID, "slot_id"), try occasion(body.operatorID, body.reason),
                key: body.idempotencyKey.map { CallersKey(role: role, value: $0) })
        case .reservationsShow:
            return .show(try identifier(try decode(ShowReservationRequest.self, request).reservationID, "reservation_id"))
        case .reservationsList: return .list(try reservationOrder(try decode(ListReservationsRequest.self, request)))
        case .ticketsList:
            let body = try decode(ListTicketsRequest.self, request)
            return .listTickets(try ticketQuery(body), showsCodes: body.contacts ?? false)
        default: return .history(try historyOrder(try decode(ListHistoryRequest.self, request)))
        }
    }

    private func ticket(_ id: UInt64?, _ code: String?, _ orq: UInt64?) throws(Problem) -> TicketSelector {
        let organization = try orq.map { orq throws(Problem) in try self.organization(orq) }
        switch (id, code) {
        case (let id?, nil): return TicketSelector(name: .id(try identifier(id, "ticket_id")), organization: organization)
        case (nil, let code?): return TicketSelector(name: .code(try ticketCode(code)), organization: organization)
        default: throw invalid("ticket_id", "give exactly one of ticket_id and ticket_code")
        }
    }

    private func reservation(_ id: UInt64?, _ ticketID: UInt64?, _ code: String?, _ orq: UInt64?) throws(Problem) -> ReservationSelector {
        guard let id else { return .ticket(try ticket(ticketID, code, orq)) }
        guard ticketID == nil, code == nil else {
            throw invalid("reservation_id", "give exactly one of reservation_id, ticket_id and ticket_code")
        }
        return .id(try identifier(id, "reservation_id"))
    }

    private func operatorID(_ number: UInt64?) throws(Problem) -> OperatorID? {
        try number.map { number throws(Problem) in try identifier(number, "operator") }
    }

    private func occasion(_ operatorNumber: UInt64?, _ reason: String?) throws(Problem) -> Occasion {
        Occasion(operatorID: try operatorID(operatorNumber), reason: try self.reason(reason))
    }

    func reason(_ words: String?) throws(Problem) -> String? {
        try words.map { words throws(Problem) in
            guard !words.unicodeScalars.contains(where: { $0.properties.generalCategory == .control }) else {
                throw invalid("reason", "must be one line without control characters")
            }
            return try text(words, "reason", atMost: Limits.reasonBytes)
        }
    }

    private func historyOrder(_ body: ListHistoryRequest) throws(Problem) -> HistoryOrder {
        let isOfTicket = body.ticketID != nil || body.ticketCode != nil
        return HistoryOrder(
            ticket: isOfTicket ? try ticket(body.ticketID, body.ticketCode, body.orq) : nil,
            query: HistoryQuery(
                organization: try body.orq.map { orq throws(Problem) in try organization(orq) },
                reservation: try body.reservationID.map { id throws(Problem) in try identifier(id, "reservation_id") },
                slot: try body.slotID.map { id throws(Problem) in try identifier(id, "slot_id") },
                after: body.afterHistoryID.flatMap { HistoryID($0) },
                limit: Int(min(max(1, body.limit ?? UInt64(Limits.historyEntriesPerPage)), UInt64(Limits.historyEntriesPerPage)))))
    }

    private func ticketQuery(_ body: ListTicketsRequest) throws(Problem) -> TicketQuery {
        TicketQuery(
            organization: try body.orq.map { orq throws(Problem) in try organization(orq) },
            status: try body.status.map { text throws(Problem) in
                guard let status = TicketStatus(rawValue: text) else {
                    throw invalid("status", "must be PENDING_PAYMENT, ACTIVATED, RESERVED, VERIFIED or EXPIRED")
                }
                return status
            },
            after: body.afterTicketID.flatMap { TicketID($0) },
            limit: Int(min(max(1, body.limit ?? UInt64(Limits.ticketsPerPage)), UInt64(Limits.ticketsPerPage))),
            examined: Limits.ticketsExaminedPerPage)
    }

    private func reservationOrder(_ body: ListReservationsRequest) throws(Problem) -> ReservationOrder {
        let order = ReservationOrder(
            organization: try body.orq.map { orq throws(Problem) in try organization(orq) },
            slot: try body.slotID.map { id throws(Problem) in try identifier(id, "slot_id") },
            status: try body.status.map { text throws(Problem) in
                guard let status = ReservationStatus(rawValue: text) else {
                    throw invalid("status", "must be RESERVED, CANCELLED or VERIFIED")
                }
                return status
            },
            from: body.dateFrom, to: body.dateTo,
            position: ReservationOrder.Position(
                slot: body.afterSlotID.flatMap { SlotID($0) }, reservation: body.afterReservationID.flatMap { ReservationID($0) }),
            limit: Int(min(max(1, body.limit ?? UInt64(Limits.reservationsPerPage)), UInt64(Limits.reservationsPerPage))),
            showsContacts: body.contacts ?? false)
        guard order.slot == nil || !order.isByDate else { throw invalid("slot_id", "give either a slot or dates, not both") }
        return order
    }
}
