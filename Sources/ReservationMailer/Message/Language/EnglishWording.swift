import ReservationCore

/// English, with the twelve-hour clock.
struct EnglishWording: Wording {
    private static let weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ]

    func date(_ date: CalendarDate) -> String {
        let (year, month, day) = date.components
        return "\(Self.weekdays[date.weekdayIndex]), \(day) \(Self.months[month - 1]) \(year)"
    }

    func time(_ time: TimeOfDay) -> String {
        let hour = time.hour % 12 == 0 ? 12 : time.hour % 12
        return "\(hour):\(time.minute < 10 ? "0" : "")\(time.minute)\u{A0}\(time.hour < 12 ? "AM" : "PM")"
    }

    func timeRange(_ visit: Visit) -> String { "\(time(visit.startTime)) – \(time(visit.endTime))" }

    func subject(_ purpose: Delivery.Purpose, _ organization: String, _ when: String) -> String {
        switch purpose {
        case .confirmation: "Booking confirmed: \(organization), \(when)"
        case .cancellation: "Visit cancelled: \(organization), \(when)"
        case .change: "Visit moved: \(organization), \(when)"
        }
    }
    func heading(_ purpose: Delivery.Purpose) -> String {
        switch purpose {
        case .confirmation: "Your visit is booked"
        case .cancellation: "Your visit is cancelled"
        case .change: "Your visit is at another time now"
        }
    }
    let cancelledText =
        "This visit will not take place. Your ticket is valid again: you can book another time with it. The "
        + "attached file (visit.ics) takes the visit out of your calendar."
    let dateLabel = "Date"
    let timeLabel = "Time"
    let codeLabel = "Ticket code"
    let reservationLabel = "Reservation"
    let showCode = "Show this code at the entrance, on your phone or printed."
    let showCodeOrPicture = "Show this code at the entrance, or the attached QR code (ticket.png), on your phone or printed."
    let calendarAttached = "An entry for your calendar is attached (visit.ics)."
    let pictureDescription = "QR code of your ticket"
    let questions = "Questions?"
    let reason = "You receive this message because a visit was booked with this e-mail address. It was sent automatically."
    func calendarTitle(_ organization: String) -> String { "Visit: \(organization)" }
    func notice(_ organization: String, _ when: String, code: String) -> String {
        "\(organization): your visit is booked for \(when). Ticket code: \(code)"
    }
}
