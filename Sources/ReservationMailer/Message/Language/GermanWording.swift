import ReservationCore

/// German.
struct GermanWording: Wording {
    private static let weekdays = ["Montag", "Dienstag", "Mittwoch", "Donnerstag", "Freitag", "Samstag", "Sonntag"]
    private static let months = [
        "Januar", "Februar", "März", "April", "Mai", "Juni", "Juli", "August", "September", "Oktober", "November", "Dezember",
    ]

    func date(_ date: CalendarDate) -> String {
        let (year, month, day) = date.components
        return "\(Self.weekdays[date.weekdayIndex]), \(day). \(Self.months[month - 1]) \(year)"
    }

    func time(_ time: TimeOfDay) -> String { "\(time.hourAndMinute)\u{A0}Uhr" }

    func timeRange(_ visit: Visit) -> String { "\(visit.startTime.hourAndMinute) – \(time(visit.endTime))" }

    func subject(_ purpose: Delivery.Purpose, _ organization: String, _ when: String) -> String {
        switch purpose {
        case .confirmation: "Buchung bestätigt: \(organization), \(when)"
        case .cancellation: "Besuch abgesagt: \(organization), \(when)"
        case .change: "Besuch verlegt: \(organization), \(when)"
        }
    }
    func heading(_ purpose: Delivery.Purpose) -> String {
        switch purpose {
        case .confirmation: "Ihr Besuch ist gebucht"
        case .cancellation: "Ihr Besuch ist abgesagt"
        case .change: "Ihr Besuch ist verlegt worden"
        }
    }
    let cancelledText =
        "Dieser Besuch findet nicht statt. Ihr Ticket gilt wieder: Sie können damit eine andere Zeit buchen. Die "
        + "angehängte Datei (visit.ics) nimmt den Besuch aus Ihrem Kalender."
    let dateLabel = "Datum"
    let timeLabel = "Uhrzeit"
    let codeLabel = "Ticketcode"
    let reservationLabel = "Reservierung"
    let showCode = "Bitte zeigen Sie diesen Code am Eingang vor, auf dem Telefon oder ausgedruckt."
    let showCodeOrPicture =
        "Bitte zeigen Sie am Eingang diesen Code oder den angehängten QR-Code (ticket.png) vor, auf dem Telefon oder ausgedruckt."
    let calendarAttached = "Ein Eintrag für Ihren Kalender ist angehängt (visit.ics)."
    let pictureDescription = "QR-Code Ihres Tickets"
    let questions = "Fragen?"
    let reason = "Sie erhalten diese Nachricht, weil mit dieser E-Mail-Adresse ein Besuch gebucht wurde. Sie wurde automatisch versandt."
    func calendarTitle(_ organization: String) -> String { "Besuch: \(organization)" }
    func notice(_ organization: String, _ when: String, code: String) -> String {
        "\(organization): Ihr Besuch ist gebucht für \(when). Ticketcode: \(code)"
    }
}
