import ReservationCore

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
    case insertTicket(Ticket)
    case ticket(TicketID)
    case codeOfOrganization(TicketCode, OrganizationID)
    case code(TicketCode)
    case live(TicketID)
    case record(BookingRules.Request)
    case find(IdempotencyKey)
    case keep(IdempotencyKey, IdempotencyRecord, Instant)
    case sweep(Instant, limit: Int)
    case mismatches
    case statistics

    struct Misnamed: Error {}

    init(using random: inout SeededGenerator) throws {
        func draw(_ range: ClosedRange<Int>) -> Int64 { Int64(random.draw(range)) }
        let now = Instant(seconds: draw(1_000...1_005))
        guard let organization = OrganizationID(draw(1...3)), let slot = SlotID(draw(1...6)), let ticket = TicketID(draw(1...8)),
            let code = TicketCode("TKT-2030-AAAAAA-BBBBB\(draw(0...5))"),
            let date = CalendarDate(year: 2030, month: 1, day: Int(draw(1...2))),
            let start = TimeOfDay(hour: Int(draw(9...11)), minute: 0), let end = TimeOfDay(hour: 20, minute: 0)
        else { throw Misnamed() }
        let key = IdempotencyKey(
            role: random.pick([.gateway, .service]), organization: organization, value: UInt128(random.draw(1...6)))
        switch random.draw(0...32) {
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
                    status: random.isOne(in: 4) ? .pendingPayment : .activated, createdAt: now, updatedAt: now))
        case 18: self = .ticket(ticket)
        case 19: self = .codeOfOrganization(code, organization)
        case 20: self = .code(code)
        case 21: self = .live(ticket)
        case 22...24:
            self = .record(
                BookingRules.Request(
                    organization: organization, ticket: ticket, code: nil, slot: slot,
                    contact: try Contact(email: "c\(draw(0...9))@example.com", phone: "+12025551234")))
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
        default: self = .statistics
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
        case .insertTicket(let ticket): return "\(try store.insert(ticket))"
        case .ticket(let id): return "\(try store.ticket(id) as Ticket?)"
        case .codeOfOrganization(let code, let organization): return "\(try store.ticket(code, in: organization) as Ticket?)"
        case .code(let code): return "\(try store.tickets(code))"
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
            return "\(statistics.tickets) \(statistics.pendingOutbox)"
        }
    }

    private static func slot(_ id: SlotID, in store: any ReservationStorage) throws(StorageFailure) -> Slot? {
        try store.loadSlots { _, _, _ in Instant(seconds: 0) }.first { $0.id == id }
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
    }
}
