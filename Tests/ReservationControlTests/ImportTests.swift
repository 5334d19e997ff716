import Glibc
import NIOCore
import ReservationWire
import Testing

@testable import ReservationControl

@Suite("tickets import, whole", .timeLimit(.minutes(1)))
struct ImportTests {
    @Test("a file is sent two hundred rows at a time, in order, and the counts are added up")
    func chunks() async throws {
        let file = try TemporaryFile(rows: 2345)
        let daemon = try await AnsweringDaemon.start { request in
            let rows = try request.message(ImportTicketsRequest.self).tickets.count
            return .answer(ImportTicketsResponse(createdCount: UInt64(rows) - 1, existingCount: 1))
        }
        let ending = await daemon.run("tickets", "import", file.path)
        #expect(ending.complaint == nil)
        #expect(ending.text == "created:  2333\nexisting: 12\n")
        let sent = try daemon.requests.map { try $0.message(ImportTicketsRequest.self).tickets }
        #expect(sent.map(\.count) == Array(repeating: 200, count: 11) + [145])
        #expect(sent.joined().map(\.orderID) == Array(0..<2345))
        let json = await daemon.run("tickets", "import", file.path, "--json")
        #expect(json.text == "{\"created_count\":2333,\"existing_count\":12,\"problems\":[]}\n")
        try await daemon.stop()
    }

    @Test("a file with a bad last row is not sent at all")
    func badLastRow() async throws {
        let file = try TemporaryFile(rows: 1500, appending: "x,1,1,1\n")
        let daemon = try await AnsweringDaemon.start { _ in .answer(ImportTicketsResponse(createdCount: 0, existingCount: 0)) }
        let ending = await daemon.run("tickets", "import", file.path)
        #expect(ending.exitCode == 65)
        #expect(ending.text == "line 1502: ticket_code is “x”: it must be a ticket code like TKT-2025-ABC123-DEF456\n")
        #expect(ending.complaint?.contains("1 row is wrong and nothing was sent") == true)
        #expect(daemon.requests.isEmpty)
        try await daemon.stop()
    }

    @Test("at most twenty problems are listed, and how many more there are")
    func manyProblems() async throws {
        let file = try TemporaryFile(rows: 0, appending: String(repeating: "x,1,1,1\n", count: 25))
        let ending = await ControlProgram.run(arguments: ["tickets", "import", file.path], environment: ControlEnvironment([:]))
        #expect(ending.exitCode == 65)
        let lines = ending.text.split(separator: "\n")
        #expect(lines.count == 21)
        #expect(lines.last == "and 5 more")
        #expect(ending.complaint?.contains("25 rows are wrong") == true)
    }

    @Test("a dry run asks what would happen with every row, and all that clashes is told")
    func dryRun() async throws {
        let file = try TemporaryFile(rows: 450)
        let daemon = try await AnsweringDaemon.start { request in
            let rows = try request.message(ImportTicketsRequest.self).tickets.count
            return .answer(ImportTicketsResponse(createdCount: UInt64(rows) - 1, existingCount: 1))
        }
        let ending = await daemon.run("tickets", "import", "--dry-run", file.path)
        #expect(ending.exitCode == 0)
        #expect(ending.text == "to be created: 447\nexisting:      3\nNothing was changed.\n")
        #expect(try daemon.requests.map { try $0.message(ImportTicketsRequest.self).dryRun } == [true, true, true])
        try await daemon.stop()
        let clashing = try await AnsweringDaemon.start { request in
            let rows = try request.message(ImportTicketsRequest.self).tickets.count
            return .answer(
                ImportTicketsResponse(
                    createdCount: UInt64(rows) - 1, existingCount: 0, problems: [ProblemMessage(message: "taken", row: 7)]))
        }
        let told = await clashing.run("tickets", "import", "--dry-run", file.path)
        #expect(told.exitCode == 65)
        #expect(told.text == "line 9: taken\nline 209: taken\nline 409: taken\n")
        #expect(told.complaint?.contains("3 of the rows cannot be imported, 447 would be created and 0 exist; nothing was changed") == true)
        try await clashing.stop()
    }

    @Test("the daemon's problems are told with the lines of the file, and what was imported before them")
    func daemonsProblems() async throws {
        let file = try TemporaryFile(rows: 300)
        let daemon = try await AnsweringDaemon.start { request in
            guard try request.message(ImportTicketsRequest.self).tickets.count == 100 else {
                return .answer(ImportTicketsResponse(createdCount: 190, existingCount: 10))
            }
            return .answer(
                ImportTicketsResponse(createdCount: 0, existingCount: 0, problems: [ProblemMessage(message: "taken\u{1B}", row: 41)]))
        }
        let ending = await daemon.run("tickets", "import", file.path)
        #expect(ending.exitCode == 65)
        #expect(ending.text == "line 243: taken\\u{1b}\n")
        #expect(ending.complaint?.contains("190 tickets were created and 10 existed before line 202") == true)
        let json = await daemon.run("tickets", "import", file.path, "--json")
        #expect(
            json.text == """
                {"created_count":190,"existing_count":10,"problems":[{"message":"line 243: taken\\u001b","row":241}]}

                """)
        try await daemon.stop()
    }

    @Test("an import that breaks off says how far it came and that it can be run again")
    func brokenOff() async throws {
        let file = try TemporaryFile(rows: 300)
        let daemon = try await AnsweringDaemon.start { request in
            guard try request.message(ImportTicketsRequest.self).tickets.count == 100 else {
                return .answer(ImportTicketsResponse(createdCount: 200, existingCount: 0))
            }
            return .refuse(.organizationNotFound, ErrorReply(message: "No such organization."))
        }
        let ending = await daemon.run("tickets", "import", file.path)
        #expect(ending.exitCode == 1)
        #expect(ending.text == "created:  200\nexisting: 0\n")
        #expect(ending.complaint?.hasPrefix("reservationctl: 200 tickets were created and 0 existed, then: ") == true)
        #expect(ending.complaint?.contains("does not double anything") == true)
        try await daemon.stop()
    }

    @Test("a file that is not there, or no file, is exit 66", arguments: ["/nonexistent/tickets.csv", "/", "/dev/null"])
    func noFile(path: String) async {
        let ending = await ControlProgram.run(arguments: ["tickets", "import", path], environment: ControlEnvironment([:]))
        #expect(ending.exitCode == 66)
        #expect(ending.complaint?.hasPrefix("reservationctl: \(path): ") == true)
    }
}

/// A CSV file of tickets, removed when the test is done.
private final class TemporaryFile {
    let path: String

    /// - Parameter rows: of good tickets, with the order ids 0 and up.
    init(rows: Int, appending extra: String = "") throws {
        let parent = getenv("TMPDIR").map { String(cString: $0) } ?? "/tmp"
        var template = Array("\(parent)/rsvctl-XXXXXX".utf8CString)
        let descriptor = mkstemp(&template)
        try #require(descriptor >= 0)
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
        var text = "ticket_code,orq,product_id,order_id\n"
        for row in 0..<rows { text += "TKT-2025-ABC123-\(100_000 + row),1,5,\(row)\n" }
        text += extra
        let bytes = Array(text.utf8)
        try #require(write(descriptor, bytes, bytes.count) == bytes.count)
        close(descriptor)
    }

    deinit {
        unlink(path)
    }
}
