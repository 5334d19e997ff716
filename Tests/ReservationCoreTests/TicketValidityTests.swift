import ReservationCore
import Testing

@Suite("A ticket's last day")
struct TicketValidityTests {
    private static let until = CalendarDate(year: 2026, month: 12, day: 31)!

    @Test("ends it with that day, unless it holds a place or was used", arguments: TicketStatus.allCases, [-1, 0, 1])
    func status(status: TicketStatus, days: Int) throws {
        let today = try #require(CalendarDate(dayNumber: Int(Self.until.dayNumber) + days))
        let ends = days > 0 && (status == .activated || status == .pendingPayment)
        #expect(LifeRules.status(status, validUntil: Self.until, today: today) == (ends ? .expired : status))
    }

    @Test("is the last that can be booked, and is looked at before the slot's own state", arguments: [-1, 0, 1])
    func booking(days: Int) throws {
        let organization = try #require(OrganizationID(1 as Int64))
        let id = try #require(TicketID(7 as Int64))
        let ticket = Ticket(
            id: id, code: try #require(TicketCode("TKT-2026-ABC123-DEF456")), organization: organization, productID: 1, orderID: 2,
            status: .activated, createdAt: Instant(seconds: 0), updatedAt: Instant(seconds: 0), validUntil: Self.until)
        var slot = Slot(
            id: try #require(SlotID(3 as Int64)), organization: organization,
            date: try #require(CalendarDate(dayNumber: Int(Self.until.dayNumber) + days)), startTime: try #require(TimeOfDay("10:00:00")),
            endTime: try #require(TimeOfDay("11:00:00")), startsAt: Instant(seconds: 2_000_000_000), totalCapacity: 1, bookedCount: 0,
            status: .active, createdAt: Instant(seconds: 0), updatedAt: Instant(seconds: 0))
        let request = BookingRules.Request(
            organization: organization, ticket: id, code: nil, slot: slot.id,
            contact: try Contact(email: "ana@example.com", phone: "+12025551234"))
        func decision() -> BookingRules.Decision {
            BookingRules.decide(request, ticket: ticket, slot: slot, allowsStarted: false, now: Instant(seconds: 1_000))
        }
        #expect(decision() == (days > 0 ? .visitTooLate(Self.until) : .accepted))
        slot.status = .closed
        #expect(decision() == (days > 0 ? .visitTooLate(Self.until) : .slotClosed(started: false)))
    }
}
