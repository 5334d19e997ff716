import Glibc

extension AccentColor {
    package static let black = AccentColor(red: 0, green: 0, blue: 0)
    package static let white = AccentColor(red: 0xFF, green: 0xFF, blue: 0xFF)

    /// The colour as text in front of `card`, moved towards `end` until it can be read there, and no further.
    ///
    /// A venue chooses a colour for how it looks; WCAG 2.2 (1.4.3) asks for a contrast of 4.5 between text and what is behind it.
    ///
    /// - Parameter end: black for a light card, white for a dark one.
    package func readable(on card: AccentColor, towards end: AccentColor) -> AccentColor {
        for step in 0...50 {
            let color = mixed(with: end, share: Double(step) / 50)
            if color.contrast(to: card) >= 4.5 { return color }
        }
        return end
    }

    /// - Parameter share: of the other colour, 0 to 1.
    package func mixed(with other: AccentColor, share: Double) -> AccentColor {
        func mix(_ own: UInt8, _ other: UInt8) -> UInt8 {
            UInt8(max(0, min(255, Double(own) + (Double(other) - Double(own)) * share)))
        }
        return AccentColor(red: mix(red, other.red), green: mix(green, other.green), blue: mix(blue, other.blue))
    }

    /// From 1 to 21 (WCAG 2.2, contrast ratio).
    package func contrast(to other: AccentColor) -> Double {
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
