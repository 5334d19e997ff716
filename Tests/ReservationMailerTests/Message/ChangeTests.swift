import ReservationCore
import Testing

@testable import ReservationMailer

@Suite("Messages that cancel and move")
struct ChangeTests {
    private func calendar(_ message: OutgoingMessage) throws -> [Substring] {
        let attachment = try #require(message.attachments.first { $0.fileName == "visit.ics" })
        let text = try #require(String(validating: attachment.bytes, as: UTF8.self))
        return text.replacing("\r\n ", with: "").split(separator: "\r\n", omittingEmptySubsequences: true)
    }

    @Test(
        "a cancellation takes the entry out of the calendar: same UID, METHOD:CANCEL, a higher SEQUENCE", arguments: MailLanguage.allCases)
    func cancellation(language: MailLanguage) throws {
        let message = try SampleDelivery.message(SampleDelivery.make(purpose: .cancellation, sequence: 2, language: language.rawValue))
        let lines = try calendar(message)
        #expect(lines.contains("METHOD:CANCEL") && lines.contains("STATUS:CANCELLED") && lines.contains("SEQUENCE:2"))
        #expect(lines.contains("UID:reservation-3-41@portal.example"))
        #expect(message.attachments.map(\.type) == [.calendarCancellation] && message.picture == nil)
        #expect(MediaType.calendarCancellation.full.contains("method=CANCEL"))
        // Nothing that could be shown at the entrance.
        for text in [message.text, message.html, lines.joined(separator: "\n")] { #expect(!text.contains("TKT-2026")) }
        #expect(message.text.contains(language.wording.cancelledText) && message.html.contains("<h1"))
        #expect(MIMEMessage(message).bytes.count > 500)
    }

    @Test("a change replaces the entry: same UID, METHOD:PUBLISH, a higher SEQUENCE; it says all that a confirmation says")
    func change() throws {
        let message = try SampleDelivery.message(SampleDelivery.make(purpose: .change, sequence: 1))
        let lines = try calendar(message)
        #expect(lines.contains("METHOD:PUBLISH") && lines.contains("STATUS:CONFIRMED") && lines.contains("SEQUENCE:1"))
        #expect(lines.contains("UID:reservation-3-41@portal.example") && lines.contains("DTSTART:20261127T120000Z"))
        #expect(message.picture != nil && message.text.contains("TKT-2026-ABC123-DEF456"))
        #expect(message.subject.text.hasPrefix("Visit moved: "))
    }

    @Test("each kind of message has words of its own in each language", arguments: MailLanguage.allCases)
    func words(language: MailLanguage) {
        let wording = language.wording
        #expect(Set(Delivery.Purpose.allCases.map { wording.heading($0) }).count == 3)
        #expect(Set(Delivery.Purpose.allCases.map { wording.subject($0, "x", "y") }).count == 3)
        #expect(!wording.cancelledText.isEmpty && wording.cancelledText.contains("visit.ics"))
    }
}
