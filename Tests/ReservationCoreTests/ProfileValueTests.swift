import ReservationCore
import Testing

@Suite("Accent colors")
struct AccentColorTests {
    @Test(
        "a color of CSS in six or three digits, in either case, is kept as six digits in lower case",
        arguments: [
            ("#1a73e8", "#1a73e8"), ("#1A73E8", "#1a73e8"), ("#17e", "#1177ee"), ("#17E", "#1177ee"), ("#000", "#000000"),
            ("#00000a", "#00000a"), ("#FFFFFF", "#ffffff"),
        ])
    func accepted(input: String, kept: String) {
        #expect(AccentColor(input)?.description == kept)
    }

    @Test("its parts are those of the digits")
    func parts() {
        let color = AccentColor("#1a73E8")
        #expect([color?.red, color?.green, color?.blue] == [0x1A, 0x73, 0xE8])
    }

    @Test(
        "anything else is no color",
        arguments: [
            "", "#", "1a73e8", "#1a73e", "#1a73e8f", "#1a73e8ff", "#12", "#1234", "red", "#1a73eg", " #1a73e8", "#1a73e8 ", "#１23", "#-12",
            "rgb(1,2,3)", "#1a73e8;}",
        ])
    func refused(input: String) {
        #expect(AccentColor(input) == nil)
    }
}

@Suite("Logos")
struct LogoTests {
    static let png: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8) + [0, 0, 0, 1]
    static let jpeg: [UInt8] = [0xFF, 0xD8, 0xFF, 0xE0, 0, 16] + Array("JFIF".utf8)
    static let webP: [UInt8] = Array("RIFF".utf8) + [26, 0, 0, 0] + Array("WEBPVP8L".utf8) + [13, 0, 0, 0]

    @Test(
        "the format is told by the first bytes, and the bytes are kept as they are",
        arguments: [(png, Logo.Format.png, "image/png"), (jpeg, .jpeg, "image/jpeg"), (webP, .webP, "image/webp")])
    func accepted(bytes: [UInt8], format: Logo.Format, mediaType: String) throws {
        let logo = try Logo(bytes)
        #expect(logo.format == format && logo.format.mediaType == mediaType && logo.bytes == bytes)
    }

    static let others: [(String, [UInt8])] = [
        ("nothing", []), ("SVG", Array("<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>".utf8)),
        ("SVG in XML", Array("<?xml version=\"1.0\"?><svg/>".utf8)), ("GIF", Array("GIF89a".utf8) + [1, 0, 1, 0]),
        ("BMP", Array("BM".utf8) + [0, 0, 0, 0]), ("HTML", Array("<!doctype html>".utf8)), ("a signature cut short", Array(png.prefix(15))),
        ("PNG spoiled by a text transfer", [0x89, 0x50, 0x4E, 0x47, 0x0A, 0x1A, 0x0A, 0, 0, 0, 13] + Array("IHDR".utf8)),
        ("sound in RIFF", Array("RIFF".utf8) + [0, 0, 0, 0] + Array("WAVEfmt ".utf8) + [16, 0, 0, 0]),
        ("WebP's name alone", Array(webP.prefix(15))), ("a space before", [0x20] + png), ("JPEG's start alone", [0xFF, 0xD8]),
    ]

    @Test("every other format is refused with a sentence that says what is accepted", arguments: others)
    func refused(name: String, bytes: [UInt8]) {
        let problem = #expect(throws: Logo.Problem.self) { try Logo(bytes) }
        #expect(problem == .unknownFormat)
        #expect(problem?.message.contains("PNG, JPEG or WebP") == true)
    }

    @Test("65,536 bytes are accepted and not one more; the refusal says how many there are")
    func size() throws {
        let largest = Self.png + [UInt8](repeating: 7, count: 65_536 - Self.png.count)
        #expect(try Logo(largest).bytes.count == 65_536)
        let problem = #expect(throws: Logo.Problem.self) { try Logo(largest + [7]) }
        #expect(problem == .tooLarge(bytes: 65_537))
        #expect(problem?.message.contains("65537") == true)
    }
}

@Suite("Websites")
struct WebsiteURLTests {
    @Test(
        "an address of http or https is kept, its scheme and host in lower case",
        arguments: [
            ("https://example.com", "https://example.com"), ("http://example.com/", "http://example.com/"),
            ("HTTPS://WWW.Example.COM/Visit?Lang=DE#Top", "https://www.example.com/Visit?Lang=DE#Top"),
            ("https://example.com:8443/a%20b/~c", "https://example.com:8443/a%20b/~c"),
            ("https://example.com?q=1", "https://example.com?q=1"), ("https://example.com#a@b:c", "https://example.com#a@b:c"),
            ("https://münchen.example/plan", "https://xn--mnchen-3ya.example/plan"),
        ])
    func accepted(input: String, kept: String) {
        #expect(WebsiteURL(input)?.text == kept)
    }

    @Test(
        "what could deceive, break out of a page, or lead nowhere is refused",
        arguments: [
            "", "example.com", "https://", "https:///path", "https:example.com", "ftp://example.com", "javascript:alert(1)",
            "data:text/html,x", "//example.com", "https://user@example.com", "https://user:secret@example.com",
            "https://example.com@evil.example", "https://münchen.example/über",
            "https://museum", "https://localhost", "https://127.0.0.1", "https://[::1]/", "https://example.com:", "https://example.com:0",
            "https://example.com:65536", "https://example.com:8080x", "https://example.com:80:80", "https://exa mple.com",
            "https://example.com/a b", "https://example.com/\"onclick=", "https://example.com/'x", "https://example.com/<b>",
            "https://example.com\\@evil.example", "https://example.com/\\x", "https://example.com/\u{7F}", "https://example.com/\n",
            "https://example.com/\u{0}", " https://example.com", "https://example.com ", "https://example..com", "https://-example.com",
            "https://example.com/\u{202E}moc", "https:/\u{301}/example.com", "https://ex_ample.com",
        ])
    func refused(input: String) {
        #expect(WebsiteURL(input) == nil)
    }

    @Test("200 bytes are accepted and not one more")
    func length() {
        let longest = "https://example.com/" + String(repeating: "a", count: 180)
        #expect(WebsiteURL(longest)?.text == longest)
        #expect(WebsiteURL(longest + "a") == nil)
        #expect(WebsiteURL(String(repeating: "a", count: 100_000)) == nil)
    }
}
