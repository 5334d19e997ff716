import ReservationCore

/// French. A colon and a question mark have a space before them that does not break.
struct FrenchWording: Wording {
    private static let weekdays = ["lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche"]
    private static let months = [
        "janvier", "février", "mars", "avril", "mai", "juin", "juillet", "août", "septembre", "octobre", "novembre", "décembre",
    ]

    /// Only the first of a month is an ordinal.
    func date(_ date: CalendarDate) -> String {
        let (year, month, day) = date.components
        return "\(Self.weekdays[date.weekdayIndex]) \(day == 1 ? "1er" : "\(day)") \(Self.months[month - 1]) \(year)"
    }

    func time(_ time: TimeOfDay) -> String {
        time.minute == 0 ? "\(time.hour)\u{A0}h" : "\(time.hour)\u{A0}h\u{A0}\(time.minute < 10 ? "0" : "")\(time.minute)"
    }

    func timeRange(_ visit: Visit) -> String { "\(time(visit.startTime)) – \(time(visit.endTime))" }

    func subject(_ purpose: Delivery.Purpose, _ organization: String, _ when: String) -> String {
        switch purpose {
        case .confirmation: "Réservation confirmée\u{A0}: \(organization), \(when)"
        case .cancellation: "Visite annulée\u{A0}: \(organization), \(when)"
        case .change: "Visite déplacée\u{A0}: \(organization), \(when)"
        }
    }
    func heading(_ purpose: Delivery.Purpose) -> String {
        switch purpose {
        case .confirmation: "Votre visite est réservée"
        case .cancellation: "Votre visite est annulée"
        case .change: "Votre visite a un nouvel horaire"
        }
    }
    let cancelledText =
        "Cette visite n’aura pas lieu. Votre billet est de nouveau valable\u{A0}: vous pouvez réserver un autre "
        + "horaire. Le fichier joint (visit.ics) retire la visite de votre agenda."
    let dateLabel = "Date"
    let timeLabel = "Heure"
    let codeLabel = "Code du billet"
    let reservationLabel = "Réservation"
    let showCode = "Présentez ce code à l’entrée, sur votre téléphone ou imprimé."
    let showCodeOrPicture = "Présentez à l’entrée ce code ou le code QR joint (ticket.png), sur votre téléphone ou imprimé."
    let calendarAttached = "Un rendez-vous pour votre agenda est joint (visit.ics)."
    let pictureDescription = "Code QR de votre billet"
    let questions = "Des questions\u{A0}?"
    let reason =
        "Vous recevez ce message parce qu’une visite a été réservée avec cette adresse électronique. Il a été envoyé automatiquement."
    let colon = "\u{A0}:"
    func calendarTitle(_ organization: String) -> String { "Visite\u{A0}: \(organization)" }
    func notice(_ organization: String, _ when: String, code: String) -> String {
        "\(organization)\u{A0}: votre visite est réservée pour le \(when). Code\u{A0}: \(code)"
    }
}
