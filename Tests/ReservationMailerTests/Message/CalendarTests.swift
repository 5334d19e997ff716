import ReservationCore
import Testing

@testable import ReservationMailer

@Suite("The calendar's entry")
struct CalendarTests {
    private func lines(_ delivery: Delivery) throws -> [Substring] {
        let bytes = try #require(SampleDelivery.message(delivery).attachments.first { $0.type == .calendar }).bytes
        let text = try #require(String(validating: bytes, as: UTF8.self))
        #expect(text.hasSuffix("\r\n"))
        return text.split(separator: "\r\n", omittingEmptySubsequences: false)
    }

    @Test("no line has more than 75 octets, and unfolded they give the text back")
    func folding() throws {
        let name = String(repeating: "博物館; für, alle\\ ", count: 6)
        let lines = try lines(SampleDelivery.make(organization: name))
        #expect(lines.allSatisfy { $0.utf8.count <= 75 })
        let unfolded = lines.joined(separator: "\r\n").replacing("\r\n ", with: "")
        let escaped = OneLine(name).text.replacing("\\", with: "\\\\").replacing(";", with: "\\;").replacing(",", with: "\\,")
        #expect(unfolded.contains("LOCATION:\(escaped)\r\n"))
    }

    @Test("no name begins a property of its own")
    func injection() throws {
        let lines = try lines(SampleDelivery.make(organization: "x\r\nATTENDEE:mailto:a@b.example\nEND:VEVENT"))
        #expect(!lines.contains { $0.hasPrefix("ATTENDEE") })
        #expect(lines.filter { $0 == "END:VEVENT" }.count == 1)
    }

    @Test("times are instants, and the UID is the reservation's whichever row of the outbox it comes from")
    func identity() throws {
        let first = try lines(SampleDelivery.make(outboxID: 7))
        let resent = try lines(SampleDelivery.make(outboxID: 8))
        #expect(first == resent)
        #expect(first.contains("UID:reservation-3-41@portal.example"))
        #expect(first.contains("DTSTART:20261127T120000Z") && first.contains("DTEND:20261127T140000Z"))
        #expect(first.contains("STATUS:CONFIRMED") && first.contains("TRANSP:OPAQUE") && first.contains("METHOD:PUBLISH"))
    }
}
