import ReservationCore
import Testing

@Suite("A ticket's life")
struct LifeRulesTests {
    @Test("a payment activates a ticket once, and changes nothing of what has become of it since")
    func activation() {
        let changes = TicketStatus.allCases.map { LifeRules.activating($0) }
        #expect(changes == [.become(.activated), .stands, .stands, .stands, .refused(.ticketExpired)])
    }

    @Test("a ticket that holds a place or was used does not expire")
    func expiry() {
        let changes = TicketStatus.allCases.map { LifeRules.expiring($0, reservedDate: nil) }
        #expect(
            changes == [
                .become(.expired), .become(.expired), .refused(.ticketAlreadyReserved(nil)), .refused(.ticketAlreadyUsed), .stands,
            ])
    }

    @Test("the day decides unless the operator says otherwise", arguments: [(-2, -2), (0, 0), (1, 1)])
    func day(offset: Int, days: Int) throws {
        let today = try #require(CalendarDate("2026-03-01"))
        let visit = try #require(today.adding(days: offset))
        let expected: LifeRules.Admission = days == 0 ? .welcome : .refused(.wrongDay(visit: visit, days: days))
        #expect(LifeRules.admitting(visit: visit, today: today, anyDay: false) == expected)
        #expect(LifeRules.admitting(visit: visit, today: today, anyDay: true) == .welcome)
    }

    @Test("the same operator is answered again for a minute, nobody else and nobody without a number")
    func again() throws {
        let (one, other) = (try #require(OperatorID(1 as Int64)), try #require(OperatorID(2 as Int64)))
        let entry = Verification(at: Instant(seconds: 1_000), by: one)
        func ask(_ by: OperatorID?, _ now: Int64, _ entry: Verification) -> Bool {
            LifeRules.admittingAgain(entry, by: by, now: Instant(seconds: now)) == .welcomeAgain
        }
        let nobodys = Verification(at: Instant(seconds: 1_000), by: nil)
        #expect(ask(one, 1_060, entry) && !ask(one, 1_061, entry) && !ask(other, 1_001, entry) && !ask(nil, 1_001, entry))
        #expect(!ask(nil, 1_001, nobodys) && !ask(one, 1_001, nobodys) && !ask(one, 1_001, Verification(at: nil, by: nil)))
    }

    @Test("a place that is given back opens a full slot, and not a closed one", arguments: SlotStatus.allCases)
    func release(status: SlotStatus) throws {
        let slot = Slot(
            id: try #require(SlotID(1 as Int64)), organization: try #require(OrganizationID(1 as Int64)),
            date: try #require(CalendarDate("2026-03-01")), startTime: try #require(TimeOfDay("10:00:00")),
            endTime: try #require(TimeOfDay("12:00:00")), startsAt: Instant(seconds: 0), totalCapacity: 2,
            bookedCount: status == .active ? 1 : 2, status: status, createdAt: Instant(seconds: 0), updatedAt: Instant(seconds: 0))
        let released = try #require(BookingRules.releasing(slot, now: Instant(seconds: 9)))
        #expect(released.bookedCount == slot.bookedCount - 1 && released.updatedAt.seconds == 9)
        #expect(released.status == (status == .closed ? .closed : .active))
        var empty = slot
        empty.bookedCount = 0
        #expect(BookingRules.releasing(empty, now: Instant(seconds: 9)) == nil)
    }
}
