import ReservationCore
import Testing

/// Values that the rules decide about.
private enum Sample {
    static let now = Instant(seconds: 1_760_000_000)
    static let code = TicketCode("TKT-2025-ABC123-DEF456")!
    static let otherCode = TicketCode("TKT-2025-ABC123-DEF457")!
    static let contact = Contact(email: EmailAddress("john@example.com")!, phone: PhoneNumber("+12025551234")!)

    static func organization(_ number: Int64) -> OrganizationID { OrganizationID(number)! }

    static func ticket(status: TicketStatus = .activated, organization number: Int64 = 1) -> Ticket {
        Ticket(
            id: TicketID(123 as Int64)!, code: code, organization: organization(number), productID: 5, orderID: 456, status: status,
            createdAt: now, updatedAt: now)
    }

    static func slot(
        id: Int64 = 10, day: Int = 14, hour: Int = 12, booked: Int = 150, capacity: Int = 200, status: SlotStatus = .active,
        startsIn seconds: Int64 = 3600, organization number: Int64 = 1
    ) -> Slot {
        Slot(
            id: SlotID(id)!, organization: organization(number), date: CalendarDate(year: 2025, month: 11, day: day)!,
            startTime: TimeOfDay(hour: hour, minute: 0)!, endTime: TimeOfDay(hour: hour + 2, minute: 0)!,
            startsAt: Instant(seconds: now.seconds + seconds), totalCapacity: capacity, bookedCount: booked, status: status,
            createdAt: now, updatedAt: now)
    }

    static func request(code: TicketCode? = nil, organization number: Int64 = 1) -> BookingRules.Request {
        BookingRules.Request(
            organization: organization(number), ticket: TicketID(123 as Int64)!, code: code, slot: SlotID(10 as Int64)!, contact: contact)
    }
}

@Suite("Whether a ticket may be reserved")
struct DecisionTests {
    private func decide(
        _ request: BookingRules.Request = Sample.request(), ticket: Ticket? = Sample.ticket(), slot: Slot? = Sample.slot(),
        allowsStarted: Bool = false
    ) -> BookingRules.Decision {
        BookingRules.decide(request, ticket: ticket, slot: slot, allowsStarted: allowsStarted, now: Sample.now)
    }

    @Test("an activated ticket takes a place in an open slot with places, with its code or without")
    func accepted() {
        #expect(decide() == .accepted)
        #expect(decide(Sample.request(code: Sample.code)) == .accepted)
        #expect(decide(slot: Sample.slot(booked: 199)) == .accepted)
        #expect(decide(slot: Sample.slot(booked: 0, capacity: 1)) == .accepted)
    }

    @Test("no slot, no ticket, or the code of another one")
    func notFound() {
        #expect(decide(slot: nil) == .slotNotFound)
        #expect(decide(ticket: nil) == .ticketNotFound)
        #expect(decide(Sample.request(code: Sample.otherCode)) == .ticketNotFound)
    }

    @Test("ticket and slot of different organizations never meet")
    func organizations() {
        #expect(decide(ticket: Sample.ticket(organization: 2)) == .organizationMismatch)
        #expect(decide(slot: Sample.slot(organization: 2)) == .organizationMismatch)
        #expect(decide(Sample.request(organization: 2)) == .ticketNotFound)
    }

    @Test("a ticket of any other status cannot be used", arguments: TicketStatus.allCases.filter { $0 != .activated })
    func statuses(status: TicketStatus) {
        #expect(decide(ticket: Sample.ticket(status: status)) == .ticketUnusable(status))
    }

    @Test("a slot starts at its instant, not after it; organizations may allow late bookings")
    func started() {
        #expect(decide(slot: Sample.slot(startsIn: 1)) == .accepted)
        #expect(decide(slot: Sample.slot(startsIn: 0)) == .slotClosed(started: true))
        #expect(decide(slot: Sample.slot(startsIn: -1)) == .slotClosed(started: true))
        #expect(decide(slot: Sample.slot(startsIn: -1), allowsStarted: true) == .accepted)
    }

    @Test("full by count or by status, closed by status")
    func full() {
        #expect(decide(slot: Sample.slot(booked: 200)) == .slotFull)
        #expect(decide(slot: Sample.slot(booked: 201)) == .slotFull)
        #expect(decide(slot: Sample.slot(booked: 150, status: .full)) == .slotFull)
        #expect(decide(slot: Sample.slot(status: .closed)) == .slotClosed(started: false))
    }

    /// What can be wrong with a request, in the order in which the contract names it (DESIGN, section 3).
    private enum Wrong: Int, CaseIterable {
        case slotMissing, ticketMissing, otherCode, otherSlotOrganization, otherRequestOrganization, ticketReserved, closed, started, full
    }

    @Test("of all that is wrong with a request the first in the contract's order is told, for every combination")
    func order() {
        for bits in 0..<(1 << Wrong.allCases.count) {
            let wrong = Wrong.allCases.filter { bits & 1 << $0.rawValue != 0 }
            func has(_ one: Wrong) -> Bool { wrong.contains(one) }
            let slot = Sample.slot(
                booked: has(.full) ? 200 : 150, status: has(.closed) ? .closed : has(.full) ? .full : .active,
                startsIn: has(.started) ? -60 : 60, organization: has(.otherSlotOrganization) ? 2 : 1)
            let decision = decide(
                Sample.request(code: has(.otherCode) ? Sample.otherCode : nil, organization: has(.otherRequestOrganization) ? 3 : 1),
                ticket: has(.ticketMissing) ? nil : Sample.ticket(status: has(.ticketReserved) ? .reserved : .activated),
                slot: has(.slotMissing) ? nil : slot)
            let expected: BookingRules.Decision =
                switch wrong.first {
                case nil: .accepted
                case .slotMissing: .slotNotFound
                case .ticketMissing, .otherCode, .otherRequestOrganization: .ticketNotFound
                case .otherSlotOrganization: .organizationMismatch
                case .ticketReserved: .ticketUnusable(.reserved)
                case .closed: .slotClosed(started: false)
                case .started: .slotClosed(started: true)
                case .full: .slotFull
                }
            #expect(decision == expected, "\(wrong)")
        }
    }

    @Test("each status of a ticket has its own refusal, and ACTIVATED none")
    func refusals() {
        let date = CalendarDate(year: 2025, month: 11, day: 20)
        #expect(BookingRules.refusal(for: .activated, reservedDate: nil) == nil)
        #expect(BookingRules.refusal(for: .pendingPayment, reservedDate: nil) == .ticketNotActivated)
        #expect(BookingRules.refusal(for: .expired, reservedDate: nil) == .ticketExpired)
        #expect(BookingRules.refusal(for: .verified, reservedDate: nil) == .ticketAlreadyUsed)
        #expect(BookingRules.refusal(for: .reserved, reservedDate: date) == .ticketAlreadyReserved(date))
        #expect(Refusal.ticketAlreadyReserved(date).message == "This ticket is already reserved for 2025-11-20.")
    }
}

@Suite("What a slot becomes")
struct SlotChangeTests {
    private let later = Instant(seconds: Sample.now.seconds + 5)

    @Test("150 of 200 booked become 151, and nothing else changes")
    func booking() {
        let slot = Sample.slot(booked: 150)
        var expected = slot
        expected.bookedCount = 151
        expected.updatedAt = later
        #expect(BookingRules.booking(slot, now: later) == expected)
    }

    @Test("the last place makes it FULL")
    func lastPlace() {
        let booked = BookingRules.booking(Sample.slot(booked: 199), now: later)
        #expect(booked.bookedCount == 200)
        #expect(booked.status == .full)
        #expect(booked.availableCount == 0)
    }

    @Test("a larger capacity opens a full slot, a smaller one may fill it, below the bookings it is refused")
    func resizing() {
        let full = Sample.slot(booked: 200, status: .full)
        #expect(BookingRules.resizing(full, to: 201, now: later)?.status == .active)
        #expect(BookingRules.resizing(full, to: 200, now: later)?.status == .full)
        #expect(BookingRules.resizing(full, to: 199, now: later) == nil)
        #expect(BookingRules.resizing(Sample.slot(booked: 150), to: 150, now: later)?.status == .full)
        #expect(BookingRules.resizing(Sample.slot(booked: 150), to: 150, now: later)?.updatedAt == later)
        #expect(BookingRules.resizing(Sample.slot(booked: 150, status: .closed), to: 300, now: later)?.status == .closed)
    }

    @Test("a closed slot opens as FULL or ACTIVE, as its places say")
    func opening() {
        #expect(BookingRules.setting(Sample.slot(status: .closed), open: true, now: later).status == .active)
        #expect(BookingRules.setting(Sample.slot(booked: 200, status: .closed), open: true, now: later).status == .full)
        #expect(BookingRules.setting(Sample.slot(), open: false, now: later).status == .closed)
        #expect(BookingRules.setting(Sample.slot(), open: false, now: later).updatedAt == later)
    }

    @Test(
        "a calendar's colour: more than half booked is LIMITED, no place left is FULL",
        arguments: [
            (0, 200, CapacityStatus.available), (100, 200, .available), (101, 200, .limited), (199, 200, .limited), (200, 200, .full),
            (201, 200, .full), (0, 1, .available), (1, 2, .available), (2, 3, .limited),
        ])
    func colour(booked: Int, capacity: Int, expected: CapacityStatus) {
        #expect(Sample.slot(booked: booked, capacity: capacity).capacityStatus == expected)
    }

    @Test("a slot marked FULL is shown as FULL whatever its count")
    func markedFull() {
        #expect(Sample.slot(booked: 1, status: .full).capacityStatus == .full)
    }
}

@Suite("What is offered instead of a full slot")
struct AlternativeTests {
    private let wanted = Sample.slot(id: 1, day: 14, hour: 12, booked: 200, status: .full, startsIn: 100_000)

    private func alternatives(_ candidates: [Slot], allowsStarted: Bool = false) -> [Int64] {
        BookingRules.alternatives(to: wanted, among: candidates, allowsStarted: allowsStarted, now: Sample.now).map(\.id.rawValue)
    }

    @Test("the same date first, even when another day's slot is nearer, then by nearness, the earlier of two equally near")
    func order() {
        let candidates = [
            Sample.slot(id: 2, day: 15, startsIn: 100_001), Sample.slot(id: 3, day: 14, startsIn: 100_000 + 7200),
            Sample.slot(id: 4, day: 14, startsIn: 100_000 - 7200), Sample.slot(id: 5, day: 14, startsIn: 100_000 + 3600),
            Sample.slot(id: 6, day: 13, startsIn: 100_000 - 50_000),
        ]
        for _ in 0..<20 { #expect(alternatives(candidates.shuffled()) == [5, 4, 3, 2, 6]) }
    }

    @Test("at most five")
    func atMostFive() {
        let candidates = (2...20).map { Sample.slot(id: Int64($0), startsIn: 100_000 + Int64($0) * 60) }
        #expect(alternatives(candidates.shuffled()) == [2, 3, 4, 5, 6])
    }

    @Test("only what can be booked: places left, open, not started, of the same organization, at most a day away, not itself")
    func bookableOnly() {
        let candidates = [
            wanted, Sample.slot(id: 2, booked: 200, status: .full), Sample.slot(id: 3, status: .closed),
            Sample.slot(id: 4, booked: 0, status: .full), Sample.slot(id: 5, startsIn: 0), Sample.slot(id: 6, organization: 2),
            Sample.slot(id: 7, day: 16, startsIn: 200_000), Sample.slot(id: 8, day: 12, startsIn: 10), Sample.slot(id: 9, day: 13),
            Sample.slot(id: 10, booked: 200),
        ]
        #expect(alternatives(candidates) == [9])
        #expect(alternatives(candidates, allowsStarted: true) == [5, 9])
        #expect(alternatives([]) == [])
    }
}
