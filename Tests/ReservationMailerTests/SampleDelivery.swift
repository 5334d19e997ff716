import ReservationCore
import Testing

@testable import ReservationMailer

/// A delivery as the daemon lends it, with whatever a test wants to be different.
enum SampleDelivery {
    static func make(
        outboxID: UInt64 = 7, attempt: Int = 1, kind: Delivery.Kind = .email, purpose: Delivery.Purpose = .confirmation,
        sequence: UInt64 = 0, firstQueuedAt: Instant = Instant(seconds: 1_795_000_000),
        language: String = "en", email: String = "jane@example.com", date: String = "2026-11-27", start: String = "12:00:00",
        end: String = "14:00:00", organization: String = "Museum of Rivers", contactEmail: String? = nil, accent: String? = nil,
        requestName: String = "booking-7"
    ) throws -> Delivery {
        let date = try #require(CalendarDate(date))
        let start = try #require(TimeOfDay(start))
        let end = try #require(TimeOfDay(end))
        return Delivery(
            outboxID: outboxID, leaseID: 1, attempt: attempt, kind: kind, purpose: purpose, sequence: sequence,
            firstQueuedAt: firstQueuedAt, language: language,
            reservation: try #require(ReservationID(UInt64(41))), ticketCode: try #require(TicketCode("TKT-2026-ABC123-DEF456")),
            email: try #require(EmailAddress(email)), phone: try #require(PhoneNumber("+491701234567")),
            visit: Visit(
                date: date, startTime: start, endTime: end,
                startsAt: TimeZoneRules.utc.instant(of: date, start), endsAt: TimeZoneRules.utc.instant(of: date, end)),
            organization: OrganizationCard(
                id: try #require(OrganizationID(UInt64(3))), name: organization, timeZone: "Europe/Berlin",
                contactEmail: contactEmail.flatMap { EmailAddress($0) }, website: WebsiteURL("https://rivers.example.org/visit"),
                accentColor: accent.flatMap { AccentColor($0) }),
            requestName: RequestName(requestName))
    }

    static func message(_ delivery: Delivery) throws -> OutgoingMessage {
        try ConfirmationComposer(sender: #require(EmailAddress("tickets@portal.example"))).message(for: delivery)
    }
}
