import ReservationCore

@testable import ReservationStore

/// Values that the tests book with.
enum Samples {
    static let now = Instant(seconds: 1_760_000_000)
    static let later = Instant(seconds: 1_760_000_600)
    static let berlin = organization(1)
    static let contact = Contact(email: EmailAddress("john@example.com")!, phone: PhoneNumber("+12025551234")!)

    static func organization(_ number: Int64) -> Organization {
        Organization(
            id: OrganizationID(number)!, name: "Museum \(number)", timeZone: "Europe/Berlin", allowsStarted: false, createdAt: now)
    }

    static func draft(day: Int = 14, hour: Int = 12, capacity: Int = 200, organization: Int64 = 1) -> SlotDraft {
        SlotDraft(
            organization: OrganizationID(organization)!, date: CalendarDate(year: 2026, month: 11, day: day)!,
            startTime: TimeOfDay(hour: hour, minute: 0)!, endTime: TimeOfDay(hour: hour + 2, minute: 0)!, totalCapacity: capacity)
    }

    static func code(_ number: Int) -> TicketCode {
        let digits = String(1_000_000 + number % 1_000_000).dropFirst()
        return TicketCode("TKT-2026-ABC123-\(digits)")!
    }

    static func ticket(_ number: Int64, status: TicketStatus = .activated, organization: Int64 = 1) -> Ticket {
        Ticket(
            id: TicketID(number)!, code: code(Int(number)), organization: OrganizationID(organization)!, productID: 5, orderID: 456,
            status: status, createdAt: now, updatedAt: now)
    }

    static func request(ticket: Int64, slot: Int64 = 1, organization: Int64 = 1) -> BookingRules.Request {
        BookingRules.Request(
            organization: OrganizationID(organization)!, ticket: TicketID(ticket)!, code: nil, slot: SlotID(slot)!, contact: contact)
    }

    static func key(_ value: UInt128, role: Role = .gateway, organization: Int64 = 1) -> IdempotencyKey {
        IdempotencyKey(role: role, organization: OrganizationID(organization)!, value: value)
    }
}

extension SQLiteReservationStore {
    /// One batch around `body`; rolled back when it throws.
    @discardableResult
    func batch<Result>(_ body: () throws -> Result) throws -> Result {
        try begin()
        do {
            let result = try body()
            try commit()
            return result
        } catch {
            rollback()
            throw error
        }
    }

    /// An organisation, tickets 1 … `tickets` and as many slots of the same capacity on the same day.
    func furnish(tickets: Int64 = 3, slots: Int = 1, capacity: Int = 200) throws {
        try batch {
            _ = try insert(Samples.berlin)
            for number in 0..<slots { _ = try insertSlot(Samples.draft(hour: 8 + number, capacity: capacity), now: Samples.now) }
            for number in 1...max(1, tickets) { _ = try insert(Samples.ticket(number)) }
        }
    }

    /// Books as the ledger does: the reservation and the slot's counter.
    func book(ticket: Int64, slot: Int64 = 1) throws -> ReservationID {
        try batch {
            let id = try recordReservation(Samples.request(ticket: ticket, slot: slot), now: Samples.now)
            try update(BookingRules.booking(try allSlots().first { $0.id.rawValue == slot }!, now: Samples.now))
            return id
        }
    }

    func allSlots() throws -> [Slot] { try loadSlots { _, _, _ in Samples.later } }
}
