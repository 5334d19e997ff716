import ReservationCore

/// The visit as a calendar's entry: an iCalendar object with METHOD:PUBLISH (RFC 5545, RFC 5546), which a calendar adds without answering
/// anybody; or with METHOD:CANCEL, which takes it out again. By its SEQUENCE the latest counts, in whatever order they come.
struct CalendarEntry {
    let bytes: [UInt8]

    /// - Parameters:
    ///   - identity: the same for every entry of a reservation, so that a calendar replaces what it has instead of adding to it.
    ///   - organizer: an address of the organisation, or the sender's.
    init(_ delivery: Delivery, _ wording: any Wording, identity: String, organizer: EmailAddress) {
        let name = delivery.organization.name
        let isCancelled = delivery.purpose == .cancellation
        var description =
            isCancelled ? [wording.cancelledText] : ["\(wording.codeLabel)\(wording.colon) \(delivery.ticketCode)", wording.showCode]
        description += [delivery.organization.contactEmail?.text, delivery.organization.contactPhone?.text].compactMap(\.self)
        var properties = [
            CalendarProperty("BEGIN", value: "VCALENDAR"),
            CalendarProperty("VERSION", value: "2.0"),
            CalendarProperty("PRODID", value: "-//Reservation Portal//Confirmation//EN"),
            CalendarProperty("CALSCALE", value: "GREGORIAN"),
            CalendarProperty("METHOD", value: isCancelled ? "CANCEL" : "PUBLISH"),
            CalendarProperty("BEGIN", value: "VEVENT"),
            CalendarProperty("UID", value: identity),
            CalendarProperty("SEQUENCE", value: "\(delivery.sequence)"),
            CalendarProperty("DTSTAMP", value: delivery.firstQueuedAt.calendarDateTime),
            CalendarProperty("DTSTART", value: delivery.visit.startsAt.calendarDateTime),
            CalendarProperty("DTEND", value: delivery.visit.endsAt.calendarDateTime),
            CalendarProperty("SUMMARY", text: wording.calendarTitle(name.text)),
            CalendarProperty("LOCATION", text: name.text),
            CalendarProperty("DESCRIPTION", text: description.joined(separator: "\n")),
            CalendarProperty("ORGANIZER", commonName: name, address: organizer.text),
            CalendarProperty("STATUS", value: isCancelled ? "CANCELLED" : "CONFIRMED"),
            CalendarProperty("TRANSP", value: isCancelled ? "TRANSPARENT" : "OPAQUE"),
            // The description has the code in it: not for those who may look into the customer's calendar.
            CalendarProperty("CLASS", value: "PRIVATE"),
        ]
        if let website = delivery.organization.website { properties.append(CalendarProperty("URL", value: website.text)) }
        properties += [CalendarProperty("END", value: "VEVENT"), CalendarProperty("END", value: "VCALENDAR")]
        bytes = properties.flatMap { Array($0.line.utf8) }
    }
}
