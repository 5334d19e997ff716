import Glibc

/// An organisation's colour, made fit to be read in a light and in a dark page.
///
/// A venue chooses a colour for how it looks; WCAG 2.2 (1.4.3) asks for a contrast of 4.5 between text and what is behind it. So the colour
/// is moved towards black or white until it has that, and no further.
struct AccentTheme {
    /// What stands behind text of the colour: the page's cards, which are the worst case beside its background.
    private static let lightCard = RGBColor(red: 0xF6, green: 0xF7, blue: 0xF9)
    private static let darkCard = RGBColor(red: 0x1D, green: 0x20, blue: 0x26)
    private static let minimumContrast = 4.5

    let light: RGBColor
    let dark: RGBColor

    init(_ accent: RGBColor) {
        light = Self.moved(accent, towards: .black, against: Self.lightCard)
        dark = Self.moved(accent, towards: .white, against: Self.darkCard)
    }

    private static func moved(_ accent: RGBColor, towards end: RGBColor, against card: RGBColor) -> RGBColor {
        for step in 0...50 {
            let color = accent.mixed(with: end, share: Double(step) / 50)
            if color.contrast(to: card) >= minimumContrast { return color }
        }
        return end
    }

    /// Custom properties of the page's style sheet. White on the light page's accent and black on the dark one's have more contrast than
    /// the cards, which are darker than white and lighter than black.
    var css: String {
        """
        :root{--accent:\(light.css);--on-accent:#ffffff;--accent-soft:\(RGBColor.white.mixed(with: light, share: 0.1).css)}
        @media (prefers-color-scheme:dark){:root{--accent:\(dark.css);--on-accent:#000000;\
        --accent-soft:\(Self.darkCard.mixed(with: dark, share: 0.15).css)}}

        """
    }
}

/// A colour of sRGB.
struct RGBColor: Hashable {
    let red: UInt8
    let green: UInt8
    let blue: UInt8

    static let black = RGBColor(red: 0, green: 0, blue: 0)
    static let white = RGBColor(red: 255, green: 255, blue: 255)

    init(red: UInt8, green: UInt8, blue: UInt8) {
        self.red = red
        self.green = green
        self.blue = blue
    }

    /// - Parameter text: `#rrggbb`.
    init?(_ text: String) {
        let digits = text.utf8.dropFirst().compactMap { Hexadecimal.value($0) }
        guard text.utf8.count == 7, text.utf8.first == 0x23, digits.count == 6 else { return nil }
        self.init(red: digits[0] << 4 | digits[1], green: digits[2] << 4 | digits[3], blue: digits[4] << 4 | digits[5])
    }

    var css: String {
        "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    func mixed(with other: RGBColor, share: Double) -> RGBColor {
        func mix(_ own: UInt8, _ other: UInt8) -> UInt8 {
            UInt8(max(0, min(255, Double(own) + (Double(other) - Double(own)) * share)))
        }
        return RGBColor(red: mix(red, other.red), green: mix(green, other.green), blue: mix(blue, other.blue))
    }

    /// From 1 to 21 (WCAG 2.2, contrast ratio).
    func contrast(to other: RGBColor) -> Double {
        let (own, other) = (luminance, other.luminance)
        return (max(own, other) + 0.05) / (min(own, other) + 0.05)
    }

    /// Relative luminance (WCAG 2.2).
    private var luminance: Double {
        0.2126 * Self.linear(red) + 0.7152 * Self.linear(green) + 0.0722 * Self.linear(blue)
    }

    private static func linear(_ channel: UInt8) -> Double {
        let value = Double(channel) / 255
        return value <= 0.04045 ? value / 12.92 : pow((value + 0.055) / 1.055, 2.4)
    }
}
