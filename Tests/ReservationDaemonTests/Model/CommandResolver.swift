import ReservationCore

@testable import ReservationDaemon

/// Turns commands that name things by position into the ledger's own, by what the model says there is.
struct CommandResolver {
    let words: ModelVocabulary
    /// Creates with an idempotency key, in order, whatever became of them.
    private(set) var keyedCreates: [(request: BookingRules.Request, key: IdempotencyKey)] = []
    private var keyedMoves: [Command] = []
    private var recentTickets: [TicketName] = []
    /// Every key that was ever used.
    private(set) var keys: Set<IdempotencyKey> = []

    init(words: ModelVocabulary) {
        self.words = words
    }

    mutating func resolve(_ commands: [ModelCommand], in model: ReferenceModel) -> [ModelRequest] {
        commands.compactMap { resolve($0, in: model) }
    }

    /// - Returns: nil for a repetition when there is nothing to repeat.
    private mutating func resolve(_ command: ModelCommand, in model: ReferenceModel) -> ModelRequest? {
        switch command {
        case .cancelled(let inner):
            return resolve(inner, in: model).map { ModelRequest(command: $0.command, fault: .cancelled) }
        case .late(let inner):
            return resolve(inner, in: model).map { ModelRequest(command: $0.command, fault: .deadlineExceeded) }
        case .create(let booking): return ModelRequest(command: create(booking, in: model))
        case .again(let index, let variation):
            guard !keyedCreates.isEmpty else { return nil }
            return ModelRequest(command: again(keyedCreates.reversed()[wrapping: index], variation, in: model))
        case .move(_, _, let key):
            // Of which organisation the reservation is only the ledger knows for certain.
            if let key {
                for organization in words.organizations {
                    keys.insert(IdempotencyKey(role: key.role, organization: organization, value: UInt128(key.value)))
                }
            }
            let move = plain(command, in: model)
            if key != nil {
                keyedMoves.append(move)
                if keyedMoves.count > 12 { keyedMoves.removeFirst() }
            }
            return ModelRequest(command: move)
        case .moveAgain(let index):
            return keyedMoves.isEmpty ? nil : ModelRequest(command: keyedMoves.reversed()[wrapping: index])
        default: return ModelRequest(command: plain(command, in: model))
        }
    }

    // MARK: bookings

    private mutating func create(_ booking: ModelBooking, in model: ReferenceModel) -> Command {
        let ticket = ticket(booking.ticket, in: model)
        let organization = organization(booking.organization, of: ticket)
        let request = BookingRules.Request(
            organization: organization, ticket: ticket.id, code: code(booking.code, of: ticket),
            slot: slot(booking.slot, of: ticket.organization, in: model), contact: words.contacts[wrapping: booking.contact],
            language: Language.allCases[wrapping: booking.contact], name: RequestName("booking-\(recentTickets.count)"))
        recentTickets.append(ticket)
        if recentTickets.count > 4 { recentTickets.removeFirst() }
        return command(
            request, key: booking.key.map { IdempotencyKey(role: $0.role, organization: organization, value: UInt128($0.value)) })
    }

    private mutating func again(
        _ earlier: (request: BookingRules.Request, key: IdempotencyKey), _ variation: ModelVariation, in model: ReferenceModel
    ) -> Command {
        let (old, key) = earlier
        switch variation {
        // Asked for again in another language and under another name it is the same request.
        case .same: return command(Self.changing(old, slot: old.slot, contact: old.contact), key: key)
        case .otherContact:
            let contact = words.contacts.first { $0 != old.contact } ?? old.contact
            return command(Self.changing(old, slot: old.slot, contact: contact), key: key)
        case .otherSlot(let pick):
            return command(
                Self.changing(old, slot: slot(pick, of: old.organization, in: model), contact: old.contact), key: key)
        case .otherRole:
            let role = Role.allCases.first { $0 != key.role } ?? key.role
            return command(old, key: IdempotencyKey(role: role, organization: key.organization, value: key.value))
        }
    }

    private static func changing(_ request: BookingRules.Request, slot: SlotID, contact: Contact) -> BookingRules.Request {
        BookingRules.Request(
            organization: request.organization, ticket: request.ticket, code: request.code, slot: slot, contact: contact,
            language: .french, name: RequestName("again"))
    }

    private mutating func command(_ request: BookingRules.Request, key: IdempotencyKey?) -> Command {
        if let key {
            keys.insert(key)
            keyedCreates.append((request, key))
            if keyedCreates.count > 12 { keyedCreates.removeFirst() }
        }
        return .create(request, key: key)
    }

    // MARK: everything else

    private func plain(_ command: ModelCommand, in model: ReferenceModel) -> Command {
        switch command {
        case .validate(let pick, let organization):
            let ticket = ticket(pick, in: model)
            return .validate(organization: self.organization(organization, of: ticket), code: ticket.code)
        case .verifyContact(let pick, let code, let organization):
            let ticket = ticket(pick, in: model)
            return .verifyContact(
                organization: self.organization(organization, of: ticket), ticket: ticket.id, code: self.code(code, of: ticket),
                contact: words.contacts[0])
        case .available(let organization, let period):
            return .available(organization: words.organizations[wrapping: organization], period: self.period(period))
        case .issue(let organization, let status, let count):
            return .issue(order(organization, status, count: count))
        case .issueNamed(let organization, let status, let id, let code):
            var order = order(organization, status, count: 1)
            order.id = id.map { words.ticketIDs[wrapping: $0] }
            order.code = code.map { words.ticketCodes[wrapping: $0] }
            order.validUntil = code.flatMap { words.lastDays[wrapping: $0] }
            return .issue(order)
        case .sweep: return .sweep(.expireTickets)
        case .erase(let contact, let erasure):
            var order = PersonalDataOrder(person: .email(words.contacts[wrapping: contact].email))
            switch erasure {
            case .past, .upcomingToo, .trial: break
            case .messages: order.position = .messages(behind: nil)
            case .history: order.position = .history(behind: nil)
            }
            return .personalData(
                .erase(
                    order,
                    Erasure(
                        includesUpcoming: erasure == .upcomingToo, isDryRun: erasure == .trial, operatorID: words.operators[1])))
        case .importTickets(let rows, let isDryRun): return .importTickets(rows.map(draft), isDryRun: isDryRun)
        case .showTicket(let pick, let byCode):
            let ticket = ticket(pick, in: model)
            return .showTicket(byCode ? .code(ticket.code) : .id(ticket.id))
        case .addOrganization(let number, let zone, let allowsStarted):
            let id = words.organizations[wrapping: number]
            return .addOrganization(
                OrganizationDraft(
                    id: id, name: "Venue \(id)", timeZone: words.zones[wrapping: zone].name, allowsStarted: allowsStarted))
        case .listOrganizations: return .listOrganizations
        case .showOrganization(let number): return .showOrganization(words.organizations[wrapping: number])
        case .setOrganization(let number, let profile): return .setOrganization(change(words.organizations[wrapping: number], profile))
        case .months(let organization): return .months(organization: words.organizations[wrapping: organization])
        case .createSlot(let organization, let day, let time, let capacity):
            return .createSlot(
                SlotDraft(
                    organization: words.organizations[wrapping: organization], date: words.days[wrapping: day],
                    startTime: words.starts[wrapping: time], endTime: words.ends[wrapping: time], totalCapacity: capacity))
        case .setSlotsOpen(let open, let selection, let isDryRun):
            return .calendar(.setOpen(open, self.selection(selection, in: model), SlotOccasion(reason: "because", isDryRun: isDryRun)))
        case .deleteSlots(let selection, let isDryRun):
            return .calendar(.delete(self.selection(selection, in: model), SlotOccasion(reason: "because", isDryRun: isDryRun)))
        case .deleteSlot(let pick, let isDryRun):
            return .calendar(.deleteOne(slot(pick, of: nil, in: model), SlotOccasion(isDryRun: isDryRun)))
        case .generateSlots(let organization, let from, let to, let weekdays, let times, let capacity, let except, let isDryRun):
            let (one, other) = (words.days[wrapping: from], words.days[wrapping: to])
            return .generateSlots(
                SlotPlan(
                    organization: words.organizations[wrapping: organization], from: min(one, other), to: max(one, other),
                    weekdays: Set(weekdays), times: times.map { (words.starts[wrapping: $0], words.ends[wrapping: $0]) },
                    totalCapacity: capacity, exceptions: except.map { [words.days[wrapping: $0]...words.days[wrapping: $0]] } ?? [],
                    isDryRun: isDryRun))
        case .listSlots(let organization, let from, let to, let after, let limit):
            return .listSlots(
                SlotQuery(
                    organization: organization.map { words.organizations[wrapping: $0] }, from: from.map { words.days[wrapping: $0] },
                    to: to.map { words.days[wrapping: $0] }, after: after.map { slot($0, of: nil, in: model) }, limit: limit))
        case .setSlotOpen(let pick, let open): return .setSlotOpen(slot(pick, of: nil, in: model), open)
        case .setSlotCapacity(let pick, let capacity): return .setSlotCapacity(slot(pick, of: nil, in: model), capacity)
        case .lease(let limit, let seconds):
            return .outbox(.lease(LeaseOrder(limit: limit, leaseMilliseconds: Int64(seconds) * 1000, waitMilliseconds: 0)))
        case .report(let pick, let report, let isStale):
            let message = message(pick, in: model)
            return .outbox(
                .report(message?.id ?? words.missingMessage, lease: (message?.lease ?? 1) - (isStale ? 1 : 0), self.report(report)))
        case .requeue(let pick): return .outbox(.requeue(message(pick, in: model)?.id ?? words.missingMessage))
        case .cancelMessage(let pick): return .outbox(.cancel(message(pick, in: model)?.id ?? words.missingMessage))
        case .showMessage(let pick): return .outbox(.show(message(pick, in: model)?.id ?? words.missingMessage))
        case .listMessages(let organization, let state, let after, let limit):
            return .outbox(
                .list(
                    OutboxQuery(
                        organization: organization.map { words.organizations[wrapping: $0] }, state: state,
                        after: after.flatMap { OutboxID(Int64($0)) }, limit: limit)))
        case .resend(let index):
            let known = model.tables.reservations.compactMap(\.id)
            return .outbox(.resend(known.isEmpty ? words.missingReservation : known.reversed()[wrapping: index]))
        case .activate(let pick): return .life(.activate(selector(pick, in: model), by: nil))
        case .expire(let pick): return .life(.expire(selector(pick, in: model), by: words.operators[0]))
        case .checkIn(let pick, let number, let anyDay):
            return .life(.checkIn(selector(pick, in: model), by: number.map { words.operators[wrapping: $0] }, anyDay: anyDay))
        case .cancelReservation(let pick):
            return .life(
                .cancel(
                    reservation(pick, in: model), Occasion(operatorID: words.operators[0], reason: "asked by \(words.contacts[0].email)")))
        case .move(let pick, let wanted, let key):
            return .life(
                .move(
                    reservation(pick, in: model), to: slot(wanted, of: words.organizations[0], in: model), Occasion(),
                    key: key.map { CallersKey(role: $0.role, value: UInt128($0.value)) }))
        case .showReservation(let index): return .life(.show(reservationID(index, in: model)))
        case .history(let pick):
            var order = HistoryOrder(query: HistoryQuery(limit: 500))
            switch pick {
            case .all: break
            case .ticket(let pick): order.ticket = selector(pick, in: model)
            case .slot(let pick): order.query.slot = slot(pick, of: nil, in: model)
            case .reservation(let index): order.query.reservation = reservationID(index, in: model)
            }
            return .life(.history(order))
        case .listReservations(let organization, let pick, let status, let from, let to, let after, let limit):
            return .life(
                .list(
                    order(
                        ReservationOrder(
                            organization: organization.map { words.organizations[wrapping: $0] },
                            slot: pick.map { slot($0, of: nil, in: model) }, status: status, from: from.map { words.days[wrapping: $0] },
                            to: to.map { words.days[wrapping: $0] }, limit: limit), behind: after, in: model)))
        case .health: return .health
        case .status: return .status
        case .doctor: return .doctor
        case .heartbeat, .create, .again, .moveAgain, .cancelled, .late: return .heartbeat
        }
    }

    private func change(_ id: OrganizationID, _ profile: ModelProfile) -> OrganizationChange {
        func edit<Value>(_ index: Int?, _ words: [Value?]) -> OrganizationChange.Edit<Value>? {
            index.map { index in words[wrapping: index].map { .set($0) } ?? .remove }
        }
        return OrganizationChange(
            id: id, name: profile.name.map { "Venue \(id), \($0)" }, timeZone: profile.zone.map { words.zones[wrapping: $0].name },
            allowsStarted: profile.allowsStarted, accentColor: edit(profile.color, words.colors), logo: edit(profile.logo, words.logos),
            contactEmail: edit(profile.email, words.emails), contactPhone: edit(profile.phone, words.phones),
            website: edit(profile.website, words.websites))
    }

    private func selection(_ selection: ModelSelection, in model: ReferenceModel) -> SlotSelection {
        let (one, other) = (words.days[wrapping: selection.from], words.days[wrapping: selection.to])
        return SlotSelection(
            organization: words.organizations[wrapping: selection.organization], from: min(one, other), to: max(one, other),
            weekdays: Set(selection.weekdays), times: selection.times.map { (words.starts[wrapping: $0], words.ends[wrapping: $0]) },
            after: selection.after.map { slot($0, of: nil, in: model) })
    }

    private func order(_ order: ReservationOrder, behind after: Int?, in model: ReferenceModel) -> ReservationOrder {
        let known = model.tables.reservations.filter { $0.id != nil }
        guard let after, !known.isEmpty else { return order }
        let last = known.reversed()[wrapping: after]
        var order = order
        order.position = ReservationOrder.Position(slot: order.isByDate ? last.slot : nil, reservation: last.id)
        return order
    }

    private func order(_ organization: Int, _ status: TicketStatus, count: Int) -> TicketOrder {
        TicketOrder(
            organization: words.organizations[wrapping: organization], productID: 5, orderID: 456, status: status, count: count)
    }

    private func draft(_ row: ModelRow) -> TicketDraft {
        TicketDraft(
            organization: words.organizations[wrapping: row.organization], id: row.id.map { words.ticketIDs[wrapping: $0] },
            code: words.ticketCodes[wrapping: row.code], productID: row.product, orderID: 456, status: row.status,
            validUntil: words.lastDays[wrapping: row.code])
    }

    private func period(_ period: ModelPeriod) -> Period {
        switch period {
        case .currentMonth: .currentMonth
        case .may: .month(words.neighbours.may)
        case .june: .month(words.june)
        case .july: .month(words.neighbours.july)
        case .day(let day): .date(words.days[wrapping: day])
        }
    }

    // MARK: picks

    private func selector(_ pick: TicketPick, in model: ReferenceModel) -> TicketSelector {
        TicketSelector(name: .id(ticket(pick, in: model).id))
    }

    private func reservation(_ pick: ReservationPick, in model: ReferenceModel) -> ReservationSelector {
        switch pick {
        case .of(let pick): .ticket(selector(pick, in: model))
        case .number(let index): .id(reservationID(index, in: model))
        case .missing: .id(words.missingReservation)
        }
    }

    private func reservationID(_ index: Int, in model: ReferenceModel) -> ReservationID {
        let known = model.tables.reservations.compactMap(\.id)
        return known.isEmpty ? words.missingReservation : known.reversed()[wrapping: index]
    }

    func ticket(_ pick: TicketPick, in model: ReferenceModel) -> TicketName {
        func named(_ index: Int, _ isWanted: (ModelTicket) -> Bool) -> TicketName {
            let names = model.tables.tickets.compactMap { ticket -> TicketName? in
                guard isWanted(ticket), let id = ticket.id, let code = ticket.code else { return nil }
                return TicketName(id: id, code: code, organization: ticket.organization)
            }
            return names.isEmpty ? words.missingTicket : names[wrapping: index]
        }
        switch pick {
        case .any(let index): return named(index) { _ in true }
        case .bookable(let index): return named(index) { $0.status == .activated }
        case .reserved(let index): return named(index) { $0.status == .reserved }
        case .recent(let index): return recentTickets.isEmpty ? words.missingTicket : recentTickets.reversed()[wrapping: index]
        case .missing: return words.missingTicket
        }
    }

    private func slot(_ pick: SlotPick, of organization: OrganizationID?, in model: ReferenceModel) -> SlotID {
        let all = model.tables.slots
        let own = organization.map { organization in all.filter { $0.organization == organization } } ?? all
        if all.isEmpty { return words.missingSlot }
        func chosen(_ index: Int, _ isWanted: (ModelSlot) -> Bool) -> SlotID {
            [own.filter(isWanted), own, all].first { !$0.isEmpty }?[wrapping: index].id ?? words.missingSlot
        }
        switch pick {
        case .any(let index): return all[wrapping: index].id
        case .bookable(let index): return chosen(index) { !$0.isClosed && !$0.isFull && !model.hasStarted($0) }
        case .full(let index): return chosen(index) { $0.isFull }
        case .next: return model.nextSlot ?? words.missingSlot
        case .missing: return words.missingSlot
        }
    }

    private func message(_ pick: MessagePick, in model: ReferenceModel) -> ModelMessage? {
        let all = model.tables.messages
        func chosen(_ index: Int, _ isWanted: (ModelMessage) -> Bool) -> ModelMessage? {
            let wanted = all.filter(isWanted)
            return wanted.isEmpty ? nil : wanted[wrapping: index]
        }
        switch pick {
        case .any(let index): return chosen(index) { _ in true }
        case .leased(let index): return chosen(index) { $0.state == .leased }
        case .ended(let index): return chosen(index) { $0.dueAt == nil }
        case .missing: return nil
        }
    }

    private func report(_ report: ModelReport) -> OutboxRules.Report {
        switch report {
        case .sent: .sent(providerID: "p1")
        case .retryAtOnce: .retry(afterMilliseconds: 0, reason: "busy")
        case .retryLater: .retry(afterMilliseconds: 89_500, reason: "421 later")
        case .givenUp: .givenUp(reason: "550 nobody")
        }
    }

    private func organization(_ pick: OrganizationPick, of ticket: TicketName) -> OrganizationID {
        switch pick {
        case .own: ticket.organization
        case .number(let number): words.organizations[wrapping: number]
        }
    }

    private func code(_ pick: CodePick, of ticket: TicketName) -> TicketCode? {
        switch pick {
        case .none: nil
        case .right: ticket.code
        case .wrong: words.missingTicket.code
        }
    }
}
