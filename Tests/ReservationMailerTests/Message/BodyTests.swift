import ReservationCore
import Testing

@testable import ReservationMailer

@Suite("A message's body")
struct BodyTests {
    @Test(
        "quoted-printable gives the text back, in lines that every server takes",
        arguments: [
            "short", "", "a\n.\nb", "From here\nFrom there", "space at the end \nand = signs", String(repeating: "ü", count: 200),
            String(repeating: "x", count: 500), "tab\tand\u{0}zero", String(repeating: "a ", count: 100),
        ])
    func quotedPrintable(text: String) throws {
        let encoded = QuotedPrintable.encode(text)
        let lines = String(decoding: encoded, as: UTF8.self).components(separatedBy: "\r\n")
        #expect(lines.allSatisfy { $0.utf8.count <= 76 && $0.utf8.allSatisfy { (0x20...0x7E).contains($0) } })
        #expect(lines.allSatisfy { !$0.hasPrefix(".") && !$0.hasPrefix("From ") && $0.last != " " })
        #expect(Decoding.quotedPrintable(encoded) == text + "\n")
    }

    @Test("text put into HTML stays text")
    func escaping() {
        let name = #"<script>"&'</script>"#
        let html: HTML = "<p title=\"\(name)\">\(name)</p>"
        let escaped = "&lt;script&gt;&quot;&amp;&#39;&lt;/script&gt;"
        #expect(html.source == "<p title=\"\(escaped)\">\(escaped)</p>")
        #expect(("<b>\(html)</b>" as HTML).source == "<b>\(html.source)</b>")
    }

    @Test("any colour of a venue is readable on a light and on a dark card")
    func contrast() throws {
        for value in stride(from: 0, through: 0xFFFFFF, by: 0x0A0B1D) {
            let text = "#" + String(repeating: "0", count: 6 - String(value, radix: 16).count) + String(value, radix: 16)
            let color: AccentColor = try #require(AccentColor(text))
            let accent = ReadableAccent(color)
            #expect(accent.light.contrast(to: ReadableAccent.lightCard) >= 4.5, "\(text)")
            #expect(accent.dark.contrast(to: ReadableAccent.darkCard) >= 4.5, "\(text)")
        }
    }

    @Test("a colour that is readable is left as it is")
    func unchanged() throws {
        let color: AccentColor = try #require(AccentColor("#7a1020"))
        #expect(ReadableAccent(color).light == color)
    }

    @Test("every attempt of a row has the same bytes; another row has another Message-ID")
    func repeatable() throws {
        let first = try SampleDelivery.message(SampleDelivery.make(attempt: 1))
        let second = try SampleDelivery.message(SampleDelivery.make(attempt: 9))
        #expect(MIMEMessage(first).bytes == MIMEMessage(second).bytes)
        #expect(first.messageID == "<3.7.41@portal.example>")
        #expect(try SampleDelivery.message(SampleDelivery.make(outboxID: 8)).messageID != first.messageID)
    }

    @Test("what a mail program shows without HTML says everything", arguments: MailLanguage.allCases)
    func plainText(language: MailLanguage) throws {
        let message = try SampleDelivery.message(SampleDelivery.make(language: language.rawValue, contactEmail: "info@rivers.example"))
        for fact in ["Museum of Rivers", "TKT-2026-ABC123-DEF456", "41", "info@rivers.example", "https://rivers.example.org/visit"] {
            #expect(message.text.contains(fact))
        }
        #expect(message.text.contains(language.wording.date(try #require(CalendarDate("2026-11-27")))))
        #expect(message.replyTo?.address.text == "info@rivers.example")
    }

    @Test("the picture in the HTML is the one that comes with it, and nothing is fetched from elsewhere")
    func picture() throws {
        let message = try SampleDelivery.message(SampleDelivery.make())
        #expect(message.html.contains("src=\"cid:\(message.picture?.contentID ?? "none")\""))
        #expect(!message.html.contains("src=\"http") && !message.html.contains("url("))
    }
}

extension String {
    fileprivate func components(separatedBy separator: String) -> [Substring] {
        split(separator: separator, omittingEmptySubsequences: false)
    }
}
