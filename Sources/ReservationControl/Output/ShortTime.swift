import ReservationCore

extension TimeOfDay {
    /// `HH:MM`, with the seconds only where there are any.
    var short: String {
        seconds % 60 == 0 ? String(description.prefix(5)) : description
    }
}
