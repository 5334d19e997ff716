import ReservationCore

/// An organisation's colour, made fit to be read in a light and in a dark page.
struct AccentTheme {
    /// What stands behind text of the colour: the page's cards, which are the worst case beside its background.
    private static let lightCard = AccentColor(red: 0xF6, green: 0xF7, blue: 0xF9)
    private static let darkCard = AccentColor(red: 0x1D, green: 0x20, blue: 0x26)

    let light: AccentColor
    let dark: AccentColor

    init(_ accent: AccentColor) {
        light = accent.readable(on: Self.lightCard, towards: .black)
        dark = accent.readable(on: Self.darkCard, towards: .white)
    }

    /// Custom properties of the page's style sheet. White on the light page's accent and black on the dark one's have more contrast than
    /// the cards, which are darker than white and lighter than black.
    var css: String {
        """
        :root{--accent:\(light);--on-accent:#ffffff;--accent-soft:\(AccentColor.white.mixed(with: light, share: 0.1))}
        @media (prefers-color-scheme:dark){:root{--accent:\(dark);--on-accent:#000000;\
        --accent-soft:\(Self.darkCard.mixed(with: dark, share: 0.15))}}

        """
    }
}
