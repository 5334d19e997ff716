import ReservationCore

/// An organisation's colour, made fit to be read in a light and in a dark message.
struct ReadableAccent: Hashable, Sendable {
    /// What stands behind text of the colour.
    static let lightCard = AccentColor.white
    static let darkCard = AccentColor(red: 0x1D, green: 0x20, blue: 0x26)

    /// For a light background.
    let light: AccentColor
    /// For a dark one.
    let dark: AccentColor

    /// - Parameter accent: nil for a venue that has chosen none.
    init(_ accent: AccentColor?) {
        let accent = accent ?? AccentColor(red: 0x1F, green: 0x5F, blue: 0xBF)
        light = accent.readable(on: Self.lightCard, towards: .black)
        dark = accent.readable(on: Self.darkCard, towards: .white)
    }
}
