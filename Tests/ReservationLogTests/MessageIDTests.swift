import Foundation
import Logging
import Testing

@testable import ReservationLog

@Suite("Every event has a MESSAGE_ID, and a text that tells an administrator what to do")
struct MessageIDTests {
    private static let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
        .deletingLastPathComponent()

    /// Every name that is written as an ``EventName`` anywhere in the programs, each with its file.
    private static func namesInSources() throws -> [String: String] {
        let sources = repository.appending(path: "Sources")
        let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
        var names: [String: String] = [:]
        for case let file as URL in files where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            for match in text.matches(of: /: EventName = "([^"]*)"/) { names[String(match.1)] = file.lastPathComponent }
            // A name given on the spot would be found nowhere.
            #expect(text.firstMatch(of: /record\(\s*\.[a-z]+,\s*"/) == nil, "\(file.lastPathComponent) logs an event without declaring it")
        }
        return names
    }

    private struct Text {
        var event: String
        var id: String
        var headers: [String: String] = [:]
        var paragraphs: [String] = []
        var fields: Set<String> = []
    }

    /// The catalogue, read as systemd does (catalog_import_file): comments, `-- ID`, headers, an empty line, paragraphs.
    private static func catalogue() throws -> [Text] {
        let path = repository.appending(path: "deploy/systemd/reservation-portal.catalog")
        let lines = try String(contentsOf: path, encoding: .utf8).split(separator: "\n", omittingEmptySubsequences: false)
        var texts: [Text] = []
        var comment = ""
        var isInBody = false
        for line in lines {
            if line.hasPrefix("#") {
                comment = String(line.dropFirst(2))
            } else if line.hasPrefix("-- ") {
                texts.append(Text(event: comment, id: String(line.dropFirst(3))))
                isInBody = false
            } else if let last = texts.indices.last {
                for match in line.matches(of: /@([A-Z0-9_]+)@/) { texts[last].fields.insert(String(match.1)) }
                if line.isEmpty {
                    isInBody = true
                    texts[last].paragraphs.append("")
                } else if isInBody {
                    texts[last].paragraphs[texts[last].paragraphs.count - 1] += line
                } else {
                    let parts = line.split(separator: ": ", maxSplits: 1)
                    try #require(parts.count == 2, "\(line) is no header")
                    texts[last].headers[String(parts[0])] = String(parts[1])
                }
            }
        }
        for index in texts.indices { texts[index].paragraphs.removeAll(where: \.isEmpty) }
        return texts
    }

    @Test("every event that a program declares has an id, and every id an event")
    func complete() throws {
        let names = try Self.namesInSources()
        #expect(names.count > 40)
        for (name, file) in names.sorted(by: { $0.key < $1.key }) {
            #expect(EventName.isEventName(name), "\(name) in \(file) is no event's name")
            #expect(MessageID.table[name] != nil, "\(name) in \(file) has no MESSAGE_ID")
        }
        #expect(Set(MessageID.table.keys).subtracting(names.keys) == [])
    }

    @Test("ids are 128 bits in hexadecimal and all differ")
    func ids() {
        for id in MessageID.table.values {
            #expect(id.wholeMatch(of: /[0-9a-f]{32}/) != nil)
        }
        #expect(Set(MessageID.table.values).count == MessageID.table.count)
    }

    @Test("the catalogue has one text for each, with all that systemd shows of it")
    func texts() throws {
        let texts = try Self.catalogue()
        #expect(Dictionary(texts.map { ($0.event, $0.id) }) { _, _ in "twice" } == MessageID.table)
        for text in texts {
            #expect(Set(text.headers.keys) == ["Subject", "Defined-By", "Support"], "\(text.event)")
            #expect(text.paragraphs.count >= 2, "\(text.event): what it means, and what to do")
        }
    }

    @Test("what a text fills in is a field that entries have")
    func fields() throws {
        let known = Set(LogKey.allCases.compactMap { JournalEntry.fieldName($0.name) })
        for text in try Self.catalogue() {
            #expect(text.fields.subtracting(known) == [], "\(text.event)")
        }
    }

    @Test("an entry carries its event's id; free text of a library has none, whatever it says")
    func entry() {
        var entry = JournalEntry()
        func fields(_ message: Logger.Message, _ metadata: Logger.Metadata = [:]) -> [String] {
            entry.fill(LogRecord(time: 0, level: .error, message: message, metadata: metadata, label: "nio"), program: "reservationd")
            return entry.fields
        }
        let id = "MESSAGE_ID=\(MessageID.table["outbox.dead_letter"] ?? "")"
        #expect(fields("outbox.dead_letter").contains(id))
        #expect(fields("outbox.dead_letter").contains("PRIORITY=3"))
        #expect(!fields("something else").contains { $0.hasPrefix("MESSAGE_ID=") })
        #expect(fields("something else", ["message_id": "forged"]).contains("RESERVATION_MESSAGE_ID=forged"))
        #expect(fields("outbox.dead_letter", ["request_id": "r-1"]).contains("REQUEST_ID=r-1"))
    }
}
