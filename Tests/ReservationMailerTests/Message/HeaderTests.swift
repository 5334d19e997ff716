import ReservationCore
import Testing

@testable import ReservationMailer

@Suite("A message's header")
struct HeaderTests {
    @Test("no text of others begins a line of its own", arguments: ["a\r\nBcc: x@y.example", "a\u{2028}Bcc: x", "a\u{0}\u{85}b\r", "\n\n"])
    func injection(text: String) {
        let field = HeaderField("Subject", text: OneLine(text))
        for line in field.line.split(separator: "\r\n").dropFirst() { #expect(line.first == " ") }
        #expect(!OneLine(text).text.unicodeScalars.contains { $0.properties.generalCategory == .control })
    }

    @Test("ASCII stays readable, and is folded between words")
    func folding() {
        let text = "Booking confirmed: The Museum of Rivers and Canals of the Northern Provinces, Friday"
        let field = HeaderField("Subject", text: OneLine(text))
        #expect(field.line.split(separator: "\r\n").count == 2)
        #expect(field.line.split(separator: "\r\n").allSatisfy { $0.utf8.count <= 76 })
        #expect(field.line.replacing("\r\n ", with: " ") == "Subject: \(text)")
    }

    @Test("what looks like an encoded word is encoded itself")
    func disguised() {
        #expect(HeaderField("Subject", text: OneLine("=?utf-8?B?Qg==?=")).line.hasPrefix("Subject: =?utf-8?B?PT91dGYt"))
    }

    @Test(
        "encoded words are short, whole characters each, and give the text back",
        arguments: [
            "Müller", "Zürich – Kunsthaus für moderne und zeitgenössische Malerei und Bildhauerei", String(repeating: "👨‍👩‍👧‍👦", count: 20),
            String(repeating: "e\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}\u{309}\u{30A}\u{30B}\u{30C}", count: 5),
            String(repeating: "博物館", count: 30), String(repeating: "x🎟️", count: 20),
        ])
    func encoding(text: String) throws {
        let line = HeaderField("From", mailbox: Mailbox(try #require(EmailAddress("a@b.example")), name: OneLine(text))).line
        #expect(line.split(separator: "\r\n").allSatisfy { $0.utf8.count <= 76 })
        let words = line.dropFirst("From: ".count).split(whereSeparator: { $0 == " " || $0.isNewline }).dropLast()
        let decoded = try words.map { word in
            #expect(word.utf8.count <= 75 && word.hasPrefix("=?utf-8?B?") && word.hasSuffix("?="))
            let bytes = try #require(Decoding.base64(word.dropFirst(10).dropLast(2)))
            return try #require(String(validating: bytes, as: UTF8.self), "a word ends inside a character")
        }
        #expect(decoded.joined() == text)
    }

    @Test("a quotation mark and a backslash in a name are kept as text")
    func quoting() throws {
        let mailbox = Mailbox(try #require(EmailAddress("a@b.example")), name: OneLine(#"The "Old" Mill \ Inn"#))
        #expect(HeaderField("From", mailbox: mailbox).line == #"From: "The \"Old\" Mill \\ Inn" <a@b.example>"#)
    }

    @Test("no mark that turns the direction of writing gets through, and emoji stay whole")
    func direction() {
        #expect(OneLine("a\u{202E}b\u{2066}c\u{FEFF}").text == "abc")
        #expect(OneLine("👨‍👩‍👧‍👦 🎟️").text == "👨‍👩‍👧‍👦 🎟️")
    }

    @Test("a date is written in UTC")
    func date() {
        #expect(Instant(seconds: 1_795_000_000).messageDate == "Wed, 18 Nov 2026 11:06:40 +0000")
        #expect(Instant(seconds: 1_795_000_000).calendarDateTime == "20261118T110640Z")
    }
}

/// The tests' own readers of what the product writes.
enum Decoding {
    static func base64(_ text: some StringProtocol) -> [UInt8]? {
        let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
        var bytes: [UInt8] = []
        var bits = 0
        var count = 0
        for byte in text.utf8 where byte != UInt8(ascii: "=") {
            guard let value = alphabet.firstIndex(of: byte) else { return nil }
            bits = (bits << 6 | value) & 0xFFFF
            count += 6
            if count >= 8 {
                count -= 8
                bytes.append(UInt8(bits >> count & 0xFF))
            }
        }
        return bytes
    }

    static func quotedPrintable(_ bytes: [UInt8]) -> String? {
        var output: [UInt8] = []
        let lines = String(decoding: bytes, as: UTF8.self).replacing("=\r\n", with: "").replacing("\r\n", with: "\n")
        var rest = Array(lines.utf8)[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "=") else {
                output.append(byte)
                continue
            }
            guard let value = UInt8(String(decoding: rest.prefix(2), as: UTF8.self), radix: 16) else { return nil }
            rest = rest.dropFirst(2)
            output.append(value)
        }
        return String(validating: output, as: UTF8.self)
    }
}
