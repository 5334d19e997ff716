import NIOCore
import ReservationWire
import Testing

@testable import ReservationControl

@Suite("what is printed")
struct OutputTests {
    @Test("columns are as wide as their widest cell, numbers to the right, wide letters counted as two")
    func table() {
        var table = TextTable([.number("N"), .text("NAME"), .text("STATUS")])
        table.add(["1", "Zoo", "ACTIVE"])
        table.add(["100", "動物園", ""])
        #expect(table.text == "  N  NAME    STATUS\n  1  Zoo     ACTIVE\n100  動物園\n")
    }

    @Test("key-value lines have their values under one another")
    func keyValues() {
        #expect(TextTable.keyValues([("a", "1"), ("long", "2\n3")]) == "a:    1\nlong: 2\\u{a}3\n")
    }

    @Test(
        "control characters and what turns text around never reach the terminal",
        arguments: [
            ("\u{1B}[31mred", "\\u{1b}[31mred"), ("a\nb", "a\\u{a}b"), ("\u{9B}2J", "\\u{9b}2J"), ("\u{7F}", "\\u{7f}"),
            ("\u{202E}abc", "\\u{202e}abc"), ("\u{2066}x\u{2069}", "\\u{2066}x\\u{2069}"), ("\u{2028}", "\\u{2028}"), ("Käse 動", "Käse 動"),
            ("a\r\nb", "a\\u{d}\\u{a}b"),
        ])
    func escaped(text: String, printed: String) {
        #expect(PrintableText.escaped(text) == printed)
    }

    @Test("an excerpt is short, however many accents a letter has")
    func excerpt() {
        let accents = "a" + String(repeating: "\u{301}", count: 4000)
        #expect(PrintableText.excerpt(accents).unicodeScalars.count == 61)
        #expect(PrintableText.excerpt(String(repeating: "\u{0}", count: 61)) == String(repeating: "\\u{0}", count: 60) + "…")
        #expect(PrintableText.excerpt("TKT-1") == "TKT-1")
    }

    @Test("JSON means the same after escaping and holds none of them")
    func escapedJSON() throws {
        let name = "a\u{1B}\u{9B}\u{202E}\u{7F}\u{2028}動\"\\"
        let message = OrganizationMessage(orq: 1, createdAt: .init(seconds: 0), timeZone: "UTC", name: name, allowStarted: false)
        let printed = JSONDocument.report(.organizations, [message]).bytes
        let text = String(buffer: printed)
        #expect(text.hasSuffix("}\n"))
        #expect(text.dropLast().unicodeScalars.allSatisfy { $0.value >= 0x20 && !(0x7F..<0xA0).contains($0.value) && $0.value != 0x202E })
        let document = try Payload.decode(AddOrganizationResponse.self, from: ByteBuffer(string: String(text.dropLast())), as: .json)
        #expect(document.organizations == [message])
    }

    @Test("arrays are there when they are empty")
    func emptyArrays() {
        #expect(String(buffer: JSONDocument.report(.slots, [SlotMessage]()).bytes) == "{\"slots\":[]}\n")
    }

    @Test(
        "durations read like a clock",
        arguments: [(UInt64(0), "00:00:00"), (3_661, "01:01:01"), (86_399, "23:59:59"), (273_906, "3d 04:05:06")])
    func durations(seconds: UInt64, text: String) {
        #expect(StatusCommand.duration(seconds: seconds) == text)
    }

    @Test(
        "a cell that a spreadsheet would take for a formula is text; a telephone number stays one",
        arguments: [
            ("=1+2", "'=1+2"), ("+1 2", "'+1 2"), ("+A1", "'+A1"), ("-1", "'-1"), ("@x", "'@x"), ("\t=1", "'\\u{9}=1"),
            ("+12025551234", "+12025551234"), ("+***34", "+***34"), ("", ""), ("a=1", "a=1"), ("a,b", "\"a,b\""),
            ("say \"no\"", "\"say \"\"no\"\"\""), ("=\"x\"", "\"'=\"\"x\"\"\""), ("a\u{1B}b", "a\\u{1b}b"),
        ])
    func cells(text: String, field: String) {
        #expect(CSVWriter.field(text) == field)
    }

    @Test("a table that is printed in parts has its headings once and columns that do not become narrower")
    func parts() {
        var first = TextTable([.number("N"), .text("NAME")])
        first.add(["1", "Magdalena"])
        first.add(["22", "Jo"])
        var second = TextTable([.number("N"), .text("NAME")])
        second.add(["3", "Max"])
        var widths: [Int]?
        #expect(first.text(withHeadings: true, widths: &widths) == " N  NAME\n 1  Magdalena\n22  Jo\n")
        #expect(second.text(withHeadings: false, widths: &widths) == " 3  Max\n")
    }
}
