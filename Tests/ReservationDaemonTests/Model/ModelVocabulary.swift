import ReservationCore

@testable import ReservationDaemon

/// The values that random commands are made of: few, so that they meet often.
///
/// All days lie in June 2026, when none of the zones changes its clock; so the model knows each zone by one number and needs no
/// calendar of its own. That zones change their clocks is another test's subject.
final class ModelVocabulary: Sendable {
    struct Zone: Sendable {
        var name: String
        /// Seconds east of UTC in June and July 2026; nil for a name that is no zone.
        var offset: Int64?
    }

    let zones = [
        Zone(name: "Europe/Berlin", offset: 7200), Zone(name: "UTC", offset: 0), Zone(name: "America/Los_Angeles", offset: -25_200),
        Zone(name: "Pacific/Auckland", offset: 43_200), Zone(name: "Nowhere/City", offset: nil),
    ]
    let organizations: [OrganizationID]
    // nil where the value is to be taken away.
    let colors: [AccentColor?]
    let logos: [Logo?]
    let emails: [EmailAddress?]
    let phones: [PhoneNumber?]
    let websites: [WebsiteURL?]
    let ticketIDs: [TicketID]
    let ticketCodes: [TicketCode]
    /// Of the ticket with the code at the same place: another day for each that has one.
    let lastDays: [CalendarDate?]
    /// Of a ticket that is never issued.
    let missingTicket: TicketName
    let missingSlot: SlotID
    let missingMessage: OutboxID
    let missingReservation: ReservationID
    let operators: [OperatorID]
    let contacts: [Contact]
    /// Monday the 8th and the days after it.
    let days: [CalendarDate]
    let starts: [TimeOfDay]
    let ends: [TimeOfDay]
    let june: YearMonth
    let neighbours: (may: YearMonth, july: YearMonth)

    /// 2026-06-08T00:00:00Z: the clock's minutes count from here.
    static let monday: Int64 = 1_780_876_800
    static let dayCount = 6

    init() throws {
        organizations = try (1...4).map { try require(OrganizationID($0 as Int64)) }
        colors = [nil, try require(AccentColor("#1a73e8")), try require(AccentColor("#c00"))]
        logos = [nil, try Logo([0xFF, 0xD8, 0xFF]), try Logo([0xFF, 0xD8, 0xFF] + [UInt8](repeating: 7, count: 9_000))]
        emails = [nil, try require(EmailAddress("info@example.com"))]
        phones = [nil, try require(PhoneNumber("+4930123456"))]
        websites = [nil, try require(WebsiteURL("https://www.example.com/visit"))]
        ticketIDs = try (1...8).map { try require(TicketID(1000 + $0 as Int64)) }
        ticketCodes = try "ABCDEFGH".map { try require(TicketCode("TKT-2026-MODEL\($0)-SAMPLE")) }
        missingTicket = TicketName(
            id: try require(TicketID(4_711 as Int64)), code: try require(TicketCode("TKT-2026-NOBODY-HASONE")),
            organization: organizations[0])
        missingMessage = try require(OutboxID(1_000_000 as Int64))
        missingReservation = try require(ReservationID(1_000_000 as Int64))
        missingSlot = try require(SlotID(1_000_000 as Int64))
        operators = try (1...2).map { try require(OperatorID($0 as Int64)) }
        contacts = try ["john", "jane"].map { try Contact(email: "\($0)@example.com", phone: "+12025551234") }
        days = try (0..<Self.dayCount).map { try require(CalendarDate(year: 2026, month: 6, day: 8 + $0)) }
        lastDays = [nil, days[0], nil, days[2], nil, days[4], nil, nil]
        starts = try [8, 12, 18].map { try require(TimeOfDay(hour: $0, minute: 0)) }
        ends = try [10, 14, 20].map { try require(TimeOfDay(hour: $0, minute: 0)) }
        june = try require(YearMonth("2026-06"))
        neighbours = (try require(YearMonth("2026-05")), try require(YearMonth("2026-07")))
    }
}

/// All by which a ticket can be asked for.
struct TicketName: Hashable, Sendable {
    var id: TicketID
    var code: TicketCode
    var organization: OrganizationID
}

extension Array {
    /// Whatever number stands in a sequence of operations, it means something as long as there is anything.
    subscript(wrapping index: Int) -> Element { self[index % count] }
}
