import ReservationCore
import Testing

@testable import ReservationGateway

@Suite("The venue's colour")
struct AccentThemeTests {
    private static let colors = stride(from: 0, through: 255, by: 51).flatMap { red in
        stride(from: 0, through: 255, by: 51).flatMap { green in
            stride(from: 0, through: 255, by: 51).map { AccentColor(red: UInt8(red), green: UInt8(green), blue: UInt8($0)) }
        }
    }

    @Test("whatever it is, text of it and text on it can be read in the light and in the dark page (WCAG 2.2, 1.4.3)")
    func contrast() throws {
        let (page, card) = (AccentColor.white, try #require(AccentColor("#f6f7f9")))
        let (darkPage, darkCard) = (try #require(AccentColor("#14161a")), try #require(AccentColor("#1d2026")))
        for color in Self.colors {
            let theme = AccentTheme(color)
            for behind in [page, card] { #expect(theme.light.contrast(to: behind) >= 4.5, "\(color) on \(behind)") }
            for behind in [darkPage, darkCard] { #expect(theme.dark.contrast(to: behind) >= 4.5, "\(color) on \(behind)") }
            #expect(theme.light.contrast(to: .white) >= 4.5)
            #expect(theme.dark.contrast(to: .black) >= 4.5)
        }
    }

    @Test("it stays as it is where it can be read already")
    func unchanged() throws {
        let blue = try #require(AccentColor("#1a5fb4"))
        #expect(AccentTheme(blue).light == blue)
        let yellow = try #require(AccentColor("#f8e45c"))
        #expect(AccentTheme(yellow).dark == yellow)
        #expect(AccentTheme(yellow).light != yellow)
    }

    @Test("contrast is WCAG's")
    func ratio() throws {
        #expect(AccentColor.black.contrast(to: .white) == 21)
        // 4.48 is the example that just fails in W3C's own techniques.
        let grey = try #require(AccentColor("#777777"))
        #expect((4.47...4.49).contains(grey.contrast(to: .white)))
    }
}
