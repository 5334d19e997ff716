import ReservationCore
import ReservationWire

/// Turns the payload of a request into a command of valid form.
struct RequestDecoder: Sendable {
    /// Fewest digits of a telephone number.
    var phoneMinimumDigits = Limits.phoneMinimumDigits

    /// Why a request cannot become a command.
    enum Problem: Error {
        case malformed(PayloadError)
        case refused(Refusal)
    }

    func command(_ request: AcceptedRequest, role: Role) throws(Problem) -> Command {
        switch request.opcode {
        case .ticketValidate:
            let body = try decode(ValidateTicketRequest.self, request)
            return .validate(
                organization: try organization(body.orq), code: try ticketCode(body.ticketCode), name: try name(body.requestID))
        case .contactVerify:
            let body = try decode(VerifyContactRequest.self, request)
            return .verifyContact(
                organization: try organization(body.orq), ticket: try identifier(body.ticketID, "ticket_id"),
                code: try body.ticketCode.map { code throws(Problem) in try ticketCode(code) },
                contact: try contact(body.customerEmail, body.customerPhone), name: try name(body.requestID))
        case .slotsAvailable:
            let body = try decode(AvailableSlotsRequest.self, request)
            return .available(organization: try organization(body.orq), period: try period(body))
        case .reservationCreate:
            return try create(try decode(CreateReservationRequest.self, request), role: role)
        case .daemonHealth:
            _ = try decode(HealthRequest.self, request)
            return .health
        case .slotsMonths:
            return .months(organization: try organization(try decode(SlotMonthsRequest.self, request).orq))
        case .organizationGet:
            return .showOrganization(try organization(try decode(GetOrganizationRequest.self, request).orq))
        case .slotsWatch:
            _ = try decode(WatchSlotsRequest.self, request)
            // Nothing is asked of the ledger but to pass by: the connection does the rest when this comes back.
            return .heartbeat
        case .metricsRead, .metricsReport:
            return .metrics(try metricsCommand(request))
        case .ticketsIssue, .ticketsImport, .ticketsShow:
            return try ticketCommand(request)
        case .organizationAdd, .organizationList, .organizationSet, .slotsCreate, .slotsGenerate, .slotsList, .slotsSetState,
            .slotsSetCapacity, .slotsSetStates, .slotsDelete, .daemonStatus, .daemonDoctor, .daemonBackup:
            return try administrativeCommand(request)
        case .outboxLease, .outboxDone, .outboxRetry, .outboxDeadLetter, .outboxList, .outboxShow, .outboxRequeue, .outboxCancel,
            .reservationsResend:
            return .outbox(try outboxCommand(request))
        case .ticketsActivate, .ticketsCheckIn, .ticketsExpire, .reservationsCancel, .reservationsMove, .reservationsShow,
            .reservationsList,
            .ticketsList, .historyList:
            return .life(try lifeCommand(request, role: role))
        case .personalDataExport, .personalDataErase:
            return .personalData(try personalDataCommand(request))
        case .eventsSubscribe:
            return .events(.subscribe(try eventStart(try decode(SubscribeToEventsRequest.self, request))))
        }
    }

    private func create(_ body: CreateReservationRequest, role: Role) throws(Problem) -> Command {
        let organization = try organization(body.orq)
        let request = BookingRules.Request(
            organization: organization, ticket: try identifier(body.ticketID, "ticket_id"),
            code: try body.ticketCode.map { code throws(Problem) in try ticketCode(code) },
            slot: try identifier(body.slotID, "slot_id"), contact: try contact(body.customerEmail, body.customerPhone),
            language: try language(body.language), name: try name(body.requestID))
        return .create(
            request, key: body.idempotencyKey.map { IdempotencyKey(role: role, organization: organization, value: $0) })
    }

    private func period(_ body: AvailableSlotsRequest) throws(Problem) -> Period {
        switch (body.date, body.month) {
        case (nil, nil): return .currentMonth
        case (let date?, nil): return .date(date)
        case (nil, let text?):
            guard let month = YearMonth(text) else { throw invalid("month", "must be YYYY-MM, years 2000 to 2199") }
            return .month(month)
        case (.some, .some): throw invalid("date", "give either date or month, not both")
        }
    }

    private func eventStart(_ body: SubscribeToEventsRequest) throws(Problem) -> EventStart {
        switch (body.position, body.oldest ?? false) {
        case (nil, false): return .now
        case (nil, true): return .oldest
        // At most 2^53 − 1, so it fits.
        case (let position?, false): return .behind(Int64(position))
        case (.some, true): throw invalid("oldest", "give either position or oldest, not both")
        }
    }

    // MARK: parts shared by all requests

    func decode<Message: WireMessage>(_ type: Message.Type, _ request: AcceptedRequest) throws(Problem) -> Message {
        do throws(PayloadError) {
            return try Payload.decode(type, from: request.payload, as: request.encoding)
        } catch {
            throw .malformed(error)
        }
    }

    func invalid(_ field: String, _ message: String) -> Problem {
        .refused(.invalidRequest([FieldProblem(field: field, message: message)]))
    }

    func identifier<Subject>(_ value: UInt64, _ field: String) throws(Problem) -> Identifier<Subject> {
        guard let id = Identifier<Subject>(value) else { throw invalid(field, "must be between 1 and 9007199254740991") }
        return id
    }

    func organization(_ value: UInt64) throws(Problem) -> OrganizationID {
        try identifier(value, "orq")
    }

    func ticketCode(_ text: String) throws(Problem) -> TicketCode {
        guard let code = TicketCode(text) else { throw .refused(.invalidTicketCode) }
        return code
    }

    /// - Returns: nil when it is absent.
    private func name(_ text: String?) throws(Problem) -> RequestName? {
        guard let text else { return nil }
        guard let name = RequestName(text) else {
            throw invalid("request_id", "must be 1 to \(Limits.requestNameBytes) characters of A-Z a-z 0-9 . _ -")
        }
        return name
    }

    private func contact(_ email: String, _ phone: String) throws(Problem) -> Contact {
        do throws(ContactRefusal) {
            return try Contact(email: email, phone: phone, minimumDigits: phoneMinimumDigits)
        } catch {
            throw .refused(error.refusal)
        }
    }
}
