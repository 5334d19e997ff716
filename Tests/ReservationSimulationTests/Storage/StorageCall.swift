import ReservationCore
import SeededRandom

/// One call of a store with drawn arguments from a small world, so that rows meet.
enum StorageCall: Sendable {
    case begin, commit, rollback
    case organization(Organization)
    case updateOrganization(Organization)
    case logo(OrganizationID)
    case setLogo(OrganizationID, Logo?)
    case slot(SlotDraft)
    case update(SlotID, capacity: Int, booked: Int, SlotStatus)
    case refresh(SlotID)
    case isReferred(SlotID)
    case removeSlot(SlotID)
    case insertTicket(Ticket)
    case ticket(TicketID)
    case codeOfOrganization(TicketCode, OrganizationID)
    case code(TicketCode)
    case tickets(TicketQuery)
    case live(TicketID)
    case record(BookingRules.Request)
    case find(IdempotencyKey)
    case keep(IdempotencyKey, IdempotencyRecord, Instant)
    case sweep(Instant, limit: Int)
    case mismatches
    case statistics
    case due(Instant, limit: Int)
    case nextDue
    case entry(OutboxID)
    case page(OutboxQuery, Instant)
    case change(OutboxID, OutboxChange, Instant)
    case resend(ReservationID)
    case unsent(ReservationID)
    case queueMessage(MessagePurpose, ReservationID)
    case reservation(ReservationID)
    case reservations(ReservationQuery)
    case cancelledReservation(TicketID)
    case verification(TicketID)
    case setStatus(TicketStatus, TicketID)
    case checkIn(ReservationID, OperatorID?)
    case cancelReservation(ReservationID)
    case move(ReservationID, SlotID)
    case note(HistoryNote)
    case history(HistoryQuery)
    case happen(PortalEvent, Instant)
    case events(behind: Int64, limit: Int)
    case forgetEvents(Instant, limit: Int)
    case overdue(OrganizationID, CalendarDate, limit: Int)
    case forget(behind: OutboxID?, Instant, limit: Int)
    case personsTickets(PersonalSubject, TicketID?, examined: Int)
    case erase(ReservationID)
    case eraseReasonsOfTicket(TicketID, [String])
    case eraseReasons(String, HistoryID?, examined: Int)
    case emptyOutbox(OutboxID?, examined: Int)

    /// By the rules, as the ledger does it.
    enum OutboxChange: Sendable {
        case lease, sent, retry, givenUp, requeue, cancel
    }

    struct Misnamed: Error {}

    init(using random: inout SeededGenerator) throws {
        func draw(_ range: ClosedRange<Int>) -> Int64 { Int64(random.draw(range)) }
        let now = Instant(seconds: draw(1_000...1_005))
        guard let organization = OrganizationID(draw(1...3)), let slot = SlotID(draw(1...6)), let ticket = TicketID(draw(1...8)),
            let code = TicketCode("TKT-2030-AAAAAA-BBBBB\(draw(0...5))"),
            let entry = OutboxID(draw(1...8)), let reservation = ReservationID(draw(1...6)),
            let date = CalendarDate(year: 2030, month: 1, day: Int(draw(1...2))),
            let start = TimeOfDay(hour: Int(draw(9...11)), minute: 0), let end = TimeOfDay(hour: 20, minute: 0)
        else { throw Misnamed() }
        let key = IdempotencyKey(
            role: random.pick([.gateway, .service]), organization: organization, value: UInt128(random.draw(1...6)))
        let email = try Contact(email: "C\(draw(0...9))@example.com", phone: "+12025551234").email
        let person = random.isOne(in: 3) ? PersonalSubject.anybody : .email(email)
        switch random.draw(0...79) {
        case 0...4: self = .begin
        case 5...7: self = .commit
        case 8: self = .rollback
        case 9:
            self = .organization(
                Organization(id: organization, name: "Venue", timeZone: "Etc/UTC", allowsStarted: false, createdAt: now))
        case 10, 11:
            self = .slot(
                SlotDraft(organization: organization, date: date, startTime: start, endTime: end, totalCapacity: Int(draw(0...3))))
        case 12, 13:
            self = .update(
                slot, capacity: Int(draw(0...3)), booked: Int(draw(0...3)), random.pick(SlotStatus.allCases))
        case 14: self = .refresh(slot)
        case 15...17:
            self = .insertTicket(
                Ticket(
                    id: ticket, code: code, organization: organization, productID: 5, orderID: 456,
                    status: random.isOne(in: 4) ? .pendingPayment : .activated, createdAt: now, updatedAt: now,
                    validUntil: random.isOne(in: 2) ? date : nil))
        case 18: self = .ticket(ticket)
        case 19: self = .codeOfOrganization(code, organization)
        case 20: self = .code(code)
        case 21: self = .live(ticket)
        case 22...24:
            self = .record(
                BookingRules.Request(
                    organization: organization, ticket: ticket, code: nil, slot: slot,
                    contact: try Contact(email: "c\(draw(0...9))@example.com", phone: "+12025551234"),
                    language: random.pick(Language.allCases), name: random.isOne(in: 2) ? RequestName("r\(draw(0...9))") : nil))
        case 25: self = .find(key)
        case 26, 27:
            self = .keep(key, IdempotencyRecord(fingerprint: UInt128(random.next()), reply: [UInt8(draw(0...255))]), now)
        case 28: self = random.isOne(in: 2) ? .sweep(now, limit: Int(draw(-1...2))) : .mismatches
        case 29:
            self = .updateOrganization(
                Organization(
                    id: organization, name: "Venue \(draw(0...1))", timeZone: "Etc/UTC", allowsStarted: random.isOne(in: 2),
                    profile: OrganizationProfile(
                        accentColor: random.isOne(in: 2) ? AccentColor("#1a73e8") : nil,
                        contactEmail: random.isOne(in: 2) ? EmailAddress("info@example.com") : nil,
                        contactPhone: random.isOne(in: 2) ? PhoneNumber("+12025551234") : nil,
                        website: random.isOne(in: 2) ? WebsiteURL("https://example.com") : nil), createdAt: now,
                    updatedAt: now))
        case 30: self = .logo(organization)
        case 31: self = .setLogo(organization, random.isOne(in: 3) ? nil : try Logo([0xFF, 0xD8, 0xFF, UInt8(draw(0...1))]))
        case 32: self = .statistics
        case 33: self = .due(Instant(seconds: draw(2_998...3_010)), limit: Int(draw(1...4)))
        case 34: self = .nextDue
        case 35: self = .entry(entry)
        case 36, 37:
            self = .page(
                OutboxQuery(
                    organization: random.isOne(in: 3) ? organization : nil,
                    state: random.isOne(in: 2) ? random.pick(OutboxState.allCases) : nil,
                    person: random.isOne(in: 3) ? .email(email) : nil, after: random.isOne(in: 2) ? entry : nil,
                    limit: Int(draw(1...4))), Instant(seconds: draw(2_998...3_010)))
        case 38...42:
            self = .change(
                entry, random.pick([.lease, .lease, .sent, .retry, .givenUp, .requeue, .cancel]), Instant(seconds: draw(3_000...3_006)))
        case 43, 44: self = .resend(reservation)
        case 45: self = .unsent(reservation)
        case 46: self = .queueMessage(random.pick(MessagePurpose.allCases), reservation)
        case 47: self = random.isOne(in: 2) ? .reservation(reservation) : .cancelledReservation(ticket)
        case 48: self = .verification(ticket)
        case 49: self = .setStatus(random.pick([.activated, .expired]), ticket)
        case 50: self = .checkIn(reservation, random.isOne(in: 2) ? OperatorID(draw(1...2)) : nil)
        case 51, 52: self = .cancelReservation(reservation)
        case 53, 54: self = .move(reservation, slot)
        case 55, 56:
            self = .note(
                HistoryNote(
                    at: now, action: random.pick(HistoryAction.allCases),
                    caller: Caller(role: random.pick(Role.allCases), uid: random.isOne(in: 2) ? UInt32(draw(0...2)) : nil),
                    operatorID: random.isOne(in: 2) ? OperatorID(draw(1...2)) : nil, organization: organization,
                    ticket: random.isOne(in: 2) ? ticket : nil, reservation: random.isOne(in: 2) ? reservation : nil,
                    slot: random.isOne(in: 2) ? slot : nil, previousSlot: random.isOne(in: 3) ? SlotID(draw(1...6)) : nil,
                    reason: random.isOne(in: 2) ? "because" : random.isOne(in: 2) ? "asked by \(email)" : nil,
                    detail: random.isOne(in: 2) ? "from 1 to 2" : nil))
        case 57, 58:
            self = .history(
                HistoryQuery(
                    organization: random.isOne(in: 3) ? organization : nil, ticket: random.isOne(in: 3) ? ticket : nil,
                    reservation: random.isOne(in: 3) ? reservation : nil, slot: random.isOne(in: 3) ? slot : nil,
                    after: random.isOne(in: 3) ? HistoryID(draw(1...4)) : nil, limit: Int(draw(1...4))))
        case 59...61:
            self = .reservations(
                ReservationQuery(
                    organization: random.isOne(in: 3) ? organization : nil, slot: random.isOne(in: 2) ? slot : nil,
                    status: random.isOne(in: 3) ? random.pick(ReservationStatus.allCases) : nil,
                    person: random.isOne(in: 3) ? person : nil, after: random.isOne(in: 3) ? reservation : nil, limit: Int(draw(1...3)),
                    examined: Int(draw(1...4))))
        case 64: self = .isReferred(slot)
        case 65: self = .removeSlot(slot)
        case 66, 67:
            self = .happen(
                PortalEvent(
                    random.pick(PortalEventKind.allCases), organization: organization, ticket: random.isOne(in: 2) ? ticket : nil,
                    reservation: random.isOne(in: 2) ? reservation : nil, slot: random.isOne(in: 2) ? slot : nil,
                    previousSlot: random.isOne(in: 3) ? SlotID(draw(1...6)) : nil), now)
        case 68: self = .events(behind: draw(0...4), limit: Int(draw(0...4)))
        case 69: self = .forgetEvents(Instant(seconds: draw(1_000...1_006)), limit: Int(draw(-1...3)))
        case 70, 71: self = .overdue(organization, date, limit: Int(draw(0...3)))
        case 72:
            self = .tickets(
                TicketQuery(
                    organization: random.isOne(in: 3) ? organization : nil, status: random.isOne(in: 3) ? .activated : nil,
                    after: random.isOne(in: 3) ? ticket : nil, limit: Int(draw(1...3)), examined: Int(draw(1...4))))
        case 73: self = .personsTickets(person, random.isOne(in: 2) ? ticket : nil, examined: Int(draw(1...4)))
        case 74, 75: self = .erase(reservation)
        case 76: self = .eraseReasonsOfTicket(ticket, [email.text, "+12025551234"])
        case 77: self = .eraseReasons(email.text, random.isOne(in: 2) ? HistoryID(draw(1...4)) : nil, examined: Int(draw(1...4)))
        case 78: self = .emptyOutbox(random.isOne(in: 2) ? entry : nil, examined: Int(draw(1...4)))
        default: self = .forget(behind: random.isOne(in: 2) ? entry : nil, Instant(seconds: draw(2_999...3_008)), limit: Int(draw(1...3)))
        }
    }

    /// What the store said, as text that can be compared; of a failure its kind alone.
    func answer(of store: any ReservationStorage) -> String {
        do throws(StorageFailure) {
            return try perform(on: store)
        } catch {
            return switch error {
            case .unavailable: "unavailable"
            case .deviceFailed: "device failed"
            case .corrupt: "corrupt"
            case .defect: "defect"
            }
        }
    }

    private func perform(on store: any ReservationStorage) throws(StorageFailure) -> String {
        switch self {
        case .begin:
            try store.begin()
            return "begun"
        case .commit:
            try store.commit()
            return "committed"
        case .rollback:
            store.rollback()
            return "rolled back"
        case .organization(let organization): return "\(try store.insert(organization))"
        case .updateOrganization(let organization):
            try store.update(organization)
            return "updated"
        case .logo(let organization): return "\(try store.logo(of: organization) as Logo?)"
        case .setLogo(let organization, let logo):
            try store.setLogo(logo, of: organization)
            return "kept"
        case .slot(let draft): return "\(try store.insertSlot(draft, now: Instant(seconds: 1_000)) as SlotID?)"
        case .update(let id, let capacity, let booked, let status):
            guard var slot = try Self.slot(id, in: store) else { return "no such slot" }
            slot.totalCapacity = capacity
            slot.bookedCount = booked
            slot.status = status
            slot.updatedAt = Instant(seconds: 2_000)
            try store.update(slot)
            return "updated"
        case .refresh(let id):
            guard let slot = try Self.slot(id, in: store) else { return "no such slot" }
            return "\(try store.refreshed(slot) as Slot?)"
        case .isReferred(let id): return "\(try store.hasReservations(in: id))"
        case .removeSlot(let id):
            try store.removeSlot(id)
            return "removed"
        case .insertTicket(let ticket): return "\(try store.insert(ticket))"
        case .ticket(let id): return "\(try store.ticket(id) as Ticket?)"
        case .codeOfOrganization(let code, let organization): return "\(try store.ticket(code, in: organization) as Ticket?)"
        case .code(let code): return "\(try store.tickets(code))"
        case .tickets(let query): return "\(try store.tickets(query))"
        case .live(let ticket): return "\(try store.liveReservation(of: ticket) as Reservation?)"
        case .record(let request): return "\(try store.recordReservation(request, now: Instant(seconds: 3_000)))"
        case .find(let key): return "\(try store.idempotencyRecord(key) as IdempotencyRecord?)"
        case .keep(let key, let record, let now):
            try store.insert(record, under: key, now: now)
            return "kept"
        case .sweep(let instant, let limit): return "\(try store.removeIdempotencyRecords(before: instant, limit: limit))"
        case .mismatches: return "\(try store.counterMismatches())"
        case .statistics:
            let statistics = try store.statistics()
            return "\(statistics.tickets) \(statistics.outbox)"
        case .due(let now, let limit): return "\(try store.dueOutboxEntries(at: now, limit: limit))"
        case .nextDue: return "\(try store.nextOutboxDue() as Instant?)"
        case .entry(let id): return "\(try store.outboxEntry(id) as OutboxEntry?)"
        case .page(let query, let now): return "\(try store.outboxEntries(query, now: now))"
        case .change(let id, let change, let now):
            guard let entry = try store.outboxEntry(id), let changed = change.applied(to: entry, now: now) else { return "not so" }
            try store.update(changed)
            return "changed"
        case .resend(let reservation):
            return "\(try store.queueConfirmation(of: reservation, now: Instant(seconds: 3_001)) as OutboxEntry?)"
        case .unsent(let reservation): return "\(try store.unsentOutboxEntries(of: reservation))"
        case .queueMessage(let purpose, let reservation):
            try store.queueMessage(purpose, of: reservation, now: Instant(seconds: 3_002))
            return "queued"
        case .reservation(let id): return "\(try store.reservation(id) as Reservation?)"
        case .reservations(let query):
            let page = try store.reservations(query)
            let rows = page.reservations.map { "\($0.reservation) \($0.ticketCode) \($0.productID) \($0.orderID) \($0.verification)" }
            return "\(rows) \(page.next as ReservationID?) \(page.examined)"
        case .cancelledReservation(let ticket): return "\(try store.cancelledReservation(of: ticket) as Reservation?)"
        case .verification(let ticket): return "\(try store.verification(of: ticket))"
        case .setStatus(let status, let ticket):
            try store.setStatus(status, of: ticket, now: Instant(seconds: 3_003))
            return "set"
        case .checkIn(let id, let operatorID):
            guard let reservation = try store.reservation(id) else { return "no such reservation" }
            try store.recordCheckIn(reservation, by: operatorID, now: Instant(seconds: 3_004))
            return "checked in"
        case .cancelReservation(let id):
            guard let reservation = try store.reservation(id) else { return "no such reservation" }
            try store.recordCancellation(LifeRules.cancelling(reservation), now: Instant(seconds: 3_005))
            return "cancelled"
        case .move(let id, let slot):
            guard let reservation = try store.reservation(id) else { return "no such reservation" }
            try store.recordMove(LifeRules.moving(reservation, to: slot), now: Instant(seconds: 3_006))
            return "moved"
        case .note(let note):
            try store.insert(note)
            return "noted"
        case .history(let query): return "\(try store.history(query))"
        case .happen(let event, let now):
            try store.append([event], behind: try store.eventBounds().newest, at: now)
            return "happened"
        case .events(let position, let limit): return "\(try store.eventBounds()) \(try store.events(behind: position, limit: limit))"
        case .forgetEvents(let instant, let limit): return "\(try store.removeEvents(before: instant, limit: limit))"
        case .overdue(let organization, let day, let limit): return "\(try store.overdueTickets(of: organization, on: day, limit: limit))"
        case .personsTickets(let person, let id, let examined):
            let page = try store.tickets(of: person, behind: id, examined: examined)
            return "\(page.tickets) \(page.next as TicketID?)"
        case .erase(let id):
            guard let reservation = try store.reservation(id) else { return "no such reservation" }
            try store.eraseContact(of: reservation)
            return "erased"
        case .eraseReasonsOfTicket(let ticket, let texts): return "\(try store.eraseReasons(of: ticket, holding: texts))"
        case .eraseReasons(let text, let id, let examined):
            return "\(try store.eraseReasons(holding: text, behind: id, examined: examined))"
        case .emptyOutbox(let id, let examined):
            return "\(try store.emptyOutbox(behind: id, examined: examined, now: Instant(seconds: 3_007)))"
        case .forget(let id, let instant, let limit):
            return "\(try store.removeOutboxEntries(behind: id, before: instant, limit: limit) as OutboxID?)"
        }
    }

    private static func slot(_ id: SlotID, in store: any ReservationStorage) throws(StorageFailure) -> Slot? {
        try store.loadSlots { _, _, _ in Instant(seconds: 0) }.first { $0.id == id }
    }
}

extension StorageCall.OutboxChange {
    func applied(to entry: OutboxEntry, now: Instant) -> OutboxEntry? {
        func report(_ report: OutboxRules.Report) -> OutboxEntry? { OutboxRules.reporting(report, under: entry.lease, on: entry, now: now) }
        switch self {
        case .lease: return entry.dueAt.map { $0 <= now } ?? false ? OutboxRules.leasing(entry, milliseconds: 1_000, now: now) : nil
        case .sent: return report(.sent(providerID: "x1"))
        case .retry: return report(.retry(afterMilliseconds: 500, reason: "later"))
        case .givenUp: return report(.givenUp(reason: "never"))
        case .requeue: return OutboxRules.requeueing(entry, now: now)
        case .cancel: return OutboxRules.cancelling(entry, now: now)
        }
    }
}

/// All that a store holds, as far as it can be asked for.
struct StorageContents: Equatable {
    let organizations: [Organization]
    let logos: [Logo?]
    let slots: [Slot]
    let tickets: [Ticket?]
    let reservations: [Reservation?]
    let records: [IdempotencyRecord?]
    let outbox: OutboxPage
    let history: HistoryPage
    let verifications: [Verification]
    let events: [PlacedEvent]

    init(of store: any ReservationStorage) throws {
        organizations = try store.loadOrganizations()
        logos = try (Int64(1)...3).compactMap { OrganizationID($0) }.map { try store.logo(of: $0) }
        slots = try store.loadSlots { _, _, _ in Instant(seconds: 0) }
        let ids = (Int64(1)...8).compactMap { TicketID($0) }
        tickets = try ids.map { try store.ticket($0) }
        reservations = try ids.map { try store.liveReservation(of: $0) }
        var records: [IdempotencyRecord?] = []
        for organization in (Int64(1)...3).compactMap({ OrganizationID($0) }) {
            for value in 1...6 {
                for role in [Role.gateway, .service] {
                    records.append(
                        try store.idempotencyRecord(IdempotencyKey(role: role, organization: organization, value: UInt128(value))))
                }
            }
        }
        self.records = records
        history = try store.history(HistoryQuery(limit: 500))
        events = try store.events(behind: 0, limit: 500)
        verifications = try ids.map { try store.verification(of: $0) }
        outbox = try store.outboxEntries(OutboxQuery(limit: 500), now: Instant(seconds: 4_000))
    }
}
