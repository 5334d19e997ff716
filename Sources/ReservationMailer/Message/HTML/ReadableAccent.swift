import Glibc
import ReservationCore

/// An organisation's colour, made fit to be read in a light and in a dark message.
///
/// A venue chooses a colour for how it looks; WCAG 2.2 (1.4.3) asks for a contrast of 4.5 between text and what is behind it. So the colour
/// is moved towards black or white until it has that, and no further.
struct ReadableAccent: Hashable, Sendable {
    /// What stands behind text of the colour.
    static let lightCard = Shade(red: 0xFF, green: 0xFF, blue: 0xFF)
    static let darkCard = Shade(red: 0x1D, green: 0x20, blue: 0x26)
    private static let minimumContrast = 4.5

    /// For a light background.
    let light: Shade
    /// For a dark one.
    let dark: Shade

    /// - Parameter accent: nil for a venue that has chosen none.
    init(_ accent: AccentColor?) {
        let shade = accent.map { Shade(red: $0.red, green: $0.green, blue: $0.blue) } ?? Shade(red: 0x1F, green: 0x5F, blue: 0xBF)
        light = Self.moved(shade, towards: Shade(red: 0, green: 0, blue: 0), against: Self.lightCard)
        dark = Self.moved(shade, towards: Shade(red: 0xFF, green: 0xFF, blue: 0xFF), against: Self.darkCard)
    }

    private static func moved(_ shade: Shade, towards end: Shade, against card: Shade) -> Shade {
        for step in 0...50 {
            let moved = shade.mixed(with: end, share: Double(step) / 50)
            if moved.contrast(to: card) >= minimumContrast { return moved }
        }
        return end
    }
}

/// A colour of sRGB as it is shown.
struct Shade: Hashable, Sendable {
    let red: UInt8
    let green: UInt8
    let blue: UInt8

    /// `#1a73e8`.
    var css: String { "#" + [red, green, blue].map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined() }

    func mixed(with other: Shade, share: Double) -> Shade {
        func mix(_ own: UInt8, _ other: UInt8) -> UInt8 {
            UInt8(max(0, min(255, Double(own) + (Double(other) - Double(own)) * share)))
        }
        return Shade(red: mix(red, other.red), green: mix(green, other.green), blue: mix(blue, other.blue))
    }

    /// From 1 to 21 (WCAG 2.2, contrast ratio).
    func contrast(to other: Shade) -> Double {
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
