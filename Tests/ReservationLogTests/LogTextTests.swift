import Logging
import Testing

@testable import ReservationLog

@Suite("A log line can be read by people and cannot be forged")
struct LogTextTests {
    private func quoted(_ text: String) -> String {
        var line: [UInt8] = []
        LogText.append(text, to: &line)
        return String(decoding: line, as: UTF8.self)
    }

    private func line(_ message: Logger.Message, _ metadata: Logger.Metadata = [:], level: Logger.Level = .info) -> String {
        var line: [UInt8] = []
        var clock = LogTime()
        LogLine.append(
            LogRecord(time: 1_795_428_000_123_999_999, level: level, message: message, metadata: metadata, label: "some.library"),
            to: &line, clock: &clock)
        return String(decoding: line, as: UTF8.self)
    }

    @Test("an event line has the time in milliseconds, the level, the event and its fields in the list's order")
    func eventLine() {
        let text = line("reservation.creation.success", ["slot_id": "3", "ticket_id": "7", "zebra": "z", "anything": "a"])
        #expect(text == "2026-11-23T10:00:00.123Z info reservation.creation.success ticket_id=7 slot_id=3 anything=a zebra=z\n")
    }

    @Test("each line has its own time, whether or not it shares a second with the one before")
    func times() {
        var clock = LogTime()
        func text(_ milliseconds: Int64) -> String {
            var line: [UInt8] = []
            clock.append(milliseconds * 1_000_000, to: &line)
            return String(decoding: line, as: UTF8.self)
        }
        #expect(text(0) == "1970-01-01T00:00:00.000Z")
        #expect(text(999) == "1970-01-01T00:00:00.999Z")
        #expect(text(951_782_400_007) == "2000-02-29T00:00:00.007Z")
        #expect(text(951_782_399_990) == "2000-02-28T23:59:59.990Z")
    }

    @Test("free text of a library is quoted and names the library")
    func freeText() {
        #expect(line("Server started", level: .notice) == "2026-11-23T10:00:00.123Z notice some.library: \"Server started\"\n")
    }

    @Test(
        "a value that could be misread is quoted and escaped",
        arguments: [
            ("plain-1.2:3/4", "plain-1.2:3/4"), ("", "\"\""), ("two words", "\"two words\""), ("a=b", "\"a=b\""),
            ("say \"hi\"", "\"say \\\"hi\\\"\""), ("back\\slash", "\"back\\\\slash\""),
            ("line\nfeed\r\ttab", "\"line\\nfeed\\r\\ttab\""), ("esc\u{1b}[31m", "\"esc\\u{1b}[31m\""),
            ("\u{7f}\u{9b}", "\"\\u{7f}\\u{9b}\""),
            ("right\u{202e}to left", "\"right\\u{202e}to left\""), ("line\u{2028}separator", "\"line\\u{2028}separator\""),
            ("Zoë", "\"Zoë\""),
        ])
    func quoting(text: String, expected: String) {
        #expect(quoted(text) == expected)
    }

    @Test("a long value is cut")
    func cut() {
        let text = quoted(String(repeating: "x", count: 5000))
        #expect(text.utf8.count == LogText.valueBytes + 2 + "…".utf8.count)
        #expect(text.hasSuffix("…\""))
    }

    @Test(
        "event names are lower-case words joined by dots",
        arguments: [
            ("ticket.validation.failed", true), ("a.b_2", true), ("word", false), ("a..b", false), (".a", false), ("a.", false),
            ("Server started", false), ("a.B", false), ("", false),
        ])
    func eventNames(text: String, isName: Bool) {
        #expect(EventName.isEventName(text) == isName)
    }

    @Test("a journal entry has journald's fields, the event, and the metadata in upper case")
    func journalEntry() {
        var entry = JournalEntry()
        entry.fill(
            LogRecord(
                time: 0, level: .warning, message: "reservation.creation.failed",
                metadata: ["ticket_id": "7", "reason": "SLOT_FULL two\nlines"],
                label: "x"),
            program: "reservationd")
        #expect(
            entry.fields == [
                "MESSAGE=reservation.creation.failed reason=\"SLOT_FULL two\\nlines\" ticket_id=7", "PRIORITY=4",
                "SYSLOG_IDENTIFIER=reservationd",
                "RESERVATION_EVENT=reservation.creation.failed", "MESSAGE_ID=da1e477870c2453a9c8e37c3ab767062",
                "REASON=SLOT_FULL two\nlines", "TICKET_ID=7",
            ])
        entry.fill(LogRecord(time: 0, level: .info, message: "free text", metadata: [:], label: "lib"), program: "p")
        #expect(entry.fields == ["MESSAGE=lib: \"free text\"", "PRIORITY=6", "SYSLOG_IDENTIFIER=p"])
    }

    @Test(
        "field names are what journald accepts, and none overwrites journald's own",
        arguments: [
            ("ticket_id", "TICKET_ID"), ("hb.request.id", "HB_REQUEST_ID"), ("_private", "RESERVATION__PRIVATE"),
            ("9lives", "RESERVATION_9LIVES"),
            ("priority", "RESERVATION_PRIORITY"), ("message", "RESERVATION_MESSAGE"), ("é", "RESERVATION___"),
        ])
    func fieldNames(key: String, expected: String) {
        #expect(JournalEntry.fieldName(key) == expected)
    }

    @Test("an empty key is no field, and the longest name fits journald's 64 bytes")
    func fieldNameBounds() {
        #expect(JournalEntry.fieldName("") == nil)
        #expect(JournalEntry.fieldName("_" + String(repeating: "x", count: 200))?.utf8.count == 64)
    }

    @Test("auto writes to journald only when this standard error is the stream that systemd connected")
    func destination() {
        #expect(LogDestination.automatic.reachesJournal(hasSocket: true, stream: "8:123", standardError: "8:123"))
        #expect(!LogDestination.automatic.reachesJournal(hasSocket: true, stream: "8:123", standardError: "8:124"))
        #expect(!LogDestination.automatic.reachesJournal(hasSocket: true, stream: nil, standardError: nil))
        #expect(!LogDestination.automatic.reachesJournal(hasSocket: false, stream: "8:123", standardError: "8:123"))
        #expect(LogDestination.journal.reachesJournal(hasSocket: true, stream: nil, standardError: nil))
        #expect(!LogDestination.journal.reachesJournal(hasSocket: false, stream: nil, standardError: nil))
        #expect(!LogDestination.standardError.reachesJournal(hasSocket: true, stream: "8:123", standardError: "8:123"))
    }
}

@Suite("The fields of an entry")
struct LogFieldsTests {
    @Test("stand in the list's order, and of two under one key the later counts")
    func order() {
        var fields: LogFields = [.slotID: "1", .reason: "SLOT_FULL", .slotID: "2"]
        fields[.requestID] = "r1"
        #expect(fields.description == "request_id=r1 reason=SLOT_FULL slot_id=2")
        fields[.reason] = nil
        #expect(fields.description == "request_id=r1 slot_id=2")
        #expect(fields[.reason] == nil && fields[.slotID] == "2")
    }

    @Test("pass swift-log whole, and any handler can read them")
    func carrying() {
        let fields: LogFields = [.ticketID: "7", .error: "x"]
        #expect(LogFields.carried(by: fields.metadata)?.description == "ticket_id=7 error=x")
        #expect(LogFields.unfolded(fields.metadata) == ["ticket_id": "7", "error": "x"])
        #expect(LogFields.carried(by: ["fields": "words of a library"]) == nil)
        #expect(LogFields.unfolded(["anything": "a"]) == ["anything": "a"])
        #expect("\(fields.metadata)".contains("ticket_id=7 error=x"))
    }

    @Test("every key has its own name, which the journal takes")
    func names() {
        #expect(Set(LogKey.allCases.map(\.name)).count == LogKey.allCases.count)
        #expect(LogKey.allCases.allSatisfy { JournalEntry.fieldName($0.name) != nil })
    }
}
