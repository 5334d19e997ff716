import ReservationCore

/// A made-up reservation, for operators who want to see what their customers get, or whether mail gets out at all.
package enum SampleConfirmation {
    private static let code = "TKT-2026-SAMPLE-000000"

    /// A visit of two hours, a week from now.
    ///
    /// - Parameters:
    ///   - outboxID: names the message, in its Message-ID too.
    ///   - phone: nil for one that is nobody's.
    /// - Returns: nil for a time outside the years that the calendar knows.
    package static func delivery(
        outboxID: UInt64, to email: EmailAddress, phone: PhoneNumber? = nil, language: MailLanguage, organization: OrganizationCard,
        now: Instant
    ) -> Delivery? {
        let day = Int(now.seconds / 86_400) + 7
        guard let date = CalendarDate(dayNumber: day), let start = TimeOfDay("12:00:00"), let end = TimeOfDay("14:00:00"),
            let ticketCode = TicketCode(code), let phone = phone ?? PhoneNumber("+12025550123"), let reservation = ReservationID(UInt64(1))
        else { return nil }
        let midnight = Int64(day) * 86_400
        return Delivery(
            outboxID: outboxID, leaseID: 1, attempt: 1, kind: .email, firstQueuedAt: now, language: language.rawValue,
            reservation: reservation, ticketCode: ticketCode, email: email, phone: phone,
            visit: Visit(
                date: date, startTime: start, endTime: end, startsAt: Instant(seconds: midnight + 12 * 3600),
                endsAt: Instant(seconds: midnight + 14 * 3600)),
            organization: organization)
    }
}
