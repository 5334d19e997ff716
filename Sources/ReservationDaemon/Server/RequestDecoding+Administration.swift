import ReservationCore
import ReservationWire

extension RequestDecoder {
    func ticketCommand(_ request: AcceptedRequest) throws(Problem) -> Command {
        switch request.opcode {
        case .ticketsIssue: return try issue(try decode(IssueTicketsRequest.self, request))
        case .ticketsImport:
            let body = try decode(ImportTicketsRequest.self, request)
            guard body.tickets.count <= Limits.ticketsPerRequest else {
                throw invalid("tickets", "at most \(Limits.ticketsPerRequest) rows a request")
            }
            var drafts: [TicketDraft] = []
            for row in body.tickets { drafts.append(try draft(row)) }
            return .importTickets(drafts, isDryRun: body.dryRun ?? false)
        default:
            let body = try decode(ShowTicketsRequest.self, request)
            switch (body.ticketID, body.ticketCode) {
            case (let id?, nil): return .showTicket(.id(try identifier(id, "ticket_id")))
            case (nil, let code?): return .showTicket(.code(try ticketCode(code)))
            default: throw invalid("ticket_id", "give exactly one of ticket_id and ticket_code")
            }
        }
    }

    private func issue(_ body: IssueTicketsRequest) throws(Problem) -> Command {
        guard (1...UInt64(Limits.ticketsPerRequest)).contains(body.count) else {
            throw invalid("count", "must be between 1 and \(Limits.ticketsPerRequest)")
        }
        guard body.count == 1 || (body.ticketID == nil && body.ticketCode == nil) else {
            throw invalid("count", "must be 1 when a ticket id or code is given")
        }
        return .issue(
            TicketOrder(
                organization: try organization(body.orq), productID: Int64(clamping: body.productID),
                orderID: Int64(clamping: body.orderID),
                status: try newTicketStatus(body.status), count: Int(body.count),
                id: try body.ticketID.map { id throws(Problem) in try identifier(id, "ticket_id") },
                code: try body.ticketCode.map { code throws(Problem) in try ticketCode(code) }, validUntil: body.validUntil))
    }

    private func draft(_ row: ImportRow) throws(Problem) -> TicketDraft {
        TicketDraft(
            organization: try organization(row.orq),
            id: try row.ticketID.map { id throws(Problem) in try identifier(id, "ticket_id") }, code: try ticketCode(row.ticketCode),
            productID: Int64(clamping: row.productID), orderID: Int64(clamping: row.orderID), status: try newTicketStatus(row.status),
            validUntil: row.validUntil)
    }

    /// A ticket cannot come into being RESERVED: only a booking makes it so, with its reservation.
    private func newTicketStatus(_ text: String?) throws(Problem) -> TicketStatus {
        guard let text else { return .activated }
        guard let status = TicketStatus(rawValue: text), status != .reserved else {
            throw invalid("status", "must be PENDING_PAYMENT, ACTIVATED, EXPIRED or VERIFIED")
        }
        return status
    }

    func administrativeCommand(_ request: AcceptedRequest) throws(Problem) -> Command {
        switch request.opcode {
        case .organizationAdd: return try addOrganization(try decode(AddOrganizationRequest.self, request))
        case .organizationList:
            _ = try decode(ListOrganizationsRequest.self, request)
            return .listOrganizations
        case .organizationSet: return try setOrganization(try decode(SetOrganizationRequest.self, request))
        case .slotsCreate: return try createSlot(try decode(CreateSlotRequest.self, request))
        case .slotsGenerate: return try generateSlots(try decode(GenerateSlotsRequest.self, request))
        case .slotsList: return try listSlots(try decode(ListSlotsRequest.self, request))
        case .slotsSetState:
            let body = try decode(SetSlotStateRequest.self, request)
            guard body.status == SlotStatus.active.rawValue || body.status == SlotStatus.closed.rawValue else {
                throw invalid("status", "must be ACTIVE or CLOSED")
            }
            return .setSlotOpen(
                try identifier(body.slotID, "slot_id"), body.status == SlotStatus.active.rawValue, reason: try reason(body.reason))
        case .slotsSetStates: return .calendar(try setStates(try decode(SetSlotStatesRequest.self, request)))
        case .slotsDelete: return .calendar(try delete(try decode(DeleteSlotsRequest.self, request)))
        case .slotsSetCapacity:
            let body = try decode(SetSlotCapacityRequest.self, request)
            return .setSlotCapacity(try identifier(body.slotID, "slot_id"), try capacity(body.totalCapacity))
        case .daemonDoctor:
            return try decode(DoctorRequest.self, request).repair == true ? .repair : .doctor
        case .daemonBackup: return .backup(try backup(try decode(BackupRequest.self, request)))
        default:
            _ = try decode(DaemonStatusRequest.self, request)
            return .status
        }
    }

    private func backup(_ body: BackupRequest) throws(Problem) -> BackupCommand {
        switch (body.path, body.backupID) {
        case (let path?, nil):
            guard path.hasPrefix("/") else { throw invalid("path", "must be absolute, on the daemon's machine") }
            guard path.utf8.count <= Limits.backupPathBytes else { throw invalid("path", "at most \(Limits.backupPathBytes) bytes") }
            guard path.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F }) else { throw invalid("path", "must not contain control characters") }
            if let keep = body.keep {
                guard (1...UInt64(Limits.keptBackups)).contains(keep) else {
                    throw invalid("keep", "must be between 1 and \(Limits.keptBackups)")
                }
            }
            return .begin(path: path, keep: body.keep.map { Int($0) })
        case (nil, let id?):
            guard body.keep == nil else { throw invalid("keep", "is given when a backup is begun") }
            return .follow(id)
        default: throw invalid("path", "give exactly one of path and backup_id")
        }
    }

    private func createSlot(_ body: CreateSlotRequest) throws(Problem) -> Command {
        guard body.startTime < body.endTime else { throw invalid("end_time", "must be after start_time") }
        return .createSlot(
            SlotDraft(
                organization: try organization(body.orq), date: body.date, startTime: body.startTime, endTime: body.endTime,
                totalCapacity: try capacity(body.totalCapacity)))
    }

    private func generateSlots(_ body: GenerateSlotsRequest) throws(Problem) -> Command {
        guard body.dateFrom <= body.dateTo else { throw invalid("date_to", "must not lie before date_from") }
        guard !body.times.isEmpty else { throw invalid("times", "at least one time range is needed") }
        guard body.times.allSatisfy({ $0.startTime < $0.endTime }) else { throw invalid("times", "each must end after its start") }
        guard body.except.count <= Limits.exceptionsPerRequest else {
            throw invalid("except", "at most \(Limits.exceptionsPerRequest) stretches of days")
        }
        guard body.except.allSatisfy({ $0.dateFrom <= $0.dateTo }) else { throw invalid("except", "each must end after its begin") }
        let days = Int(body.dateTo.dayNumber - body.dateFrom.dayNumber) + 1
        guard days * body.times.count <= Limits.slotsPerRequest else {
            throw invalid("date_to", "more than \(Limits.slotsPerRequest) slots at once; generate a shorter range")
        }
        return .generateSlots(
            SlotPlan(
                organization: try organization(body.orq), from: body.dateFrom, to: body.dateTo,
                weekdays: try weekdays(body.weekdays), times: body.times.map { ($0.startTime, $0.endTime) },
                totalCapacity: try capacity(body.totalCapacity), exceptions: body.except.map { $0.dateFrom...$0.dateTo },
                isDryRun: body.dryRun ?? false))
    }

    private func listSlots(_ body: ListSlotsRequest) throws(Problem) -> Command {
        .listSlots(
            SlotQuery(
                organization: try body.orq.map { orq throws(Problem) in try organization(orq) }, from: body.dateFrom, to: body.dateTo,
                after: body.afterSlotID.flatMap { SlotID($0) },
                limit: Int(min(max(1, body.limit ?? UInt64(Limits.slotsPerPage)), UInt64(Limits.slotsPerPage)))))
    }

    private func capacity(_ value: UInt64) throws(Problem) -> Int {
        guard (1...UInt64(Limits.slotCapacity)).contains(value) else {
            throw invalid("total_capacity", "must be between 1 and \(Limits.slotCapacity)")
        }
        return Int(value)
    }
}
