import Glibc
import NIOCore
import ReservationCore
import ReservationWire
import Synchronization
import Testing

@testable import ReservationControl

@Suite("the whole program against a daemon", .timeLimit(.minutes(1)))
struct ProgramTests {
    @Test("a list is printed as a table, or as one JSON document")
    func organizations() async throws {
        let organization = OrganizationMessage(
            orq: 1, createdAt: Instant(seconds: 1_763_000_000), timeZone: "Europe/Berlin", name: "Z\u{1B}[2J", allowStarted: true)
        let daemon = try await AnsweringDaemon.start { _ in .answer(ListOrganizationsResponse(organizations: [organization])) }
        let table = await daemon.run("organization", "list")
        #expect(
            table.text == """
                ORQ  NAME        TIME ZONE      STARTED SLOTS  CONTACTS KEPT  CREATED
                  1  Z\\u{1b}[2J  Europe/Berlin  bookable       for ever       2025-11-13T02:13:20Z

                """)
        #expect(table.exitCode == 0)
        #expect(table.complaint == nil)
        let json = await daemon.run("organization", "list", "--json")
        #expect(
            json.text == """
                {"organizations":[{"orq":1,"created_at":1763000000,"time_zone":"Europe/Berlin","name":"Z\\u001b[2J","allow_started":true}]}

                """)
        try await daemon.stop()
    }

    @Test("slots are listed page by page to the end")
    func paging() async throws {
        let daemon = try await AnsweringDaemon.start { request in
            let after = try request.message(ListSlotsRequest.self).afterSlotID ?? 0
            return .answer(ListSlotsResponse(more: after < 4, slots: [try Sample.slot(after + 1), try Sample.slot(after + 2)]))
        }
        let ending = await daemon.run("slots", "list", "--orq", "1", "--json")
        let slots = try Payload.decode(CreateSlotResponse.self, from: ending.output, as: .json).slots
        #expect(slots.map(\.slotID) == [1, 2, 3, 4, 5, 6])
        #expect(try daemon.requests.map { try $0.message(ListSlotsRequest.self).afterSlotID } == [nil, 2, 4])
        #expect(try daemon.requests.allSatisfy { try $0.message(ListSlotsRequest.self).orq == 1 })
        try await daemon.stop()
    }

    @Test("a list that does not get further ends")
    func endlessPages() async throws {
        let daemon = try await AnsweringDaemon.start { _ in .answer(ListSlotsResponse(more: true, slots: [try Sample.slot(1)])) }
        let ending = await daemon.run("slots", "list")
        #expect(ending.exitCode == 1)
        #expect(ending.complaint?.contains("does not get further") == true)
        try await daemon.stop()
    }

    @Test("a contact is masked unless it was asked for", arguments: [true, false])
    func contact(isJSON: Bool) async throws {
        let daemon = try await AnsweringDaemon.start { request in
            guard request.opcode != .historyList else { return .answer(ListHistoryResponse(more: false)) }
            return .answer(ShowTicketsResponse(tickets: [try Sample.reservedTicket()]))
        }
        let format = isJSON ? ["--json"] : []
        let masked = await daemon.run(["tickets", "show", "7"] + format)
        #expect(masked.exitCode == 0)
        #expect(!masked.text.contains("ada.lovelace@example.com"))
        #expect(!masked.text.contains("+4930123456"))
        #expect(masked.text.contains("2025-11-14"))
        let open = await daemon.run(["tickets", "show", "7", "--show-contact"] + format)
        #expect(open.text.contains("ada.lovelace@example.com"))
        #expect(open.text.contains("+4930123456"))
        try await daemon.stop()
    }

    @Test("what was issued before a failure is printed, and the failure tells how many")
    func partlyIssued() async throws {
        let daemon = try await AnsweringDaemon.start { request in
            let asked = try request.message(IssueTicketsRequest.self)
            guard asked.count == 1000 else { return .refuse(.internal, ErrorReply(message: "A fault.")) }
            return .answer(IssueTicketsResponse(tickets: (1...1000).map { Sample.ticket($0) }))
        }
        let ending = await daemon.run("tickets", "issue", "--orq", "1", "--product", "5", "--order", "6", "--count", "1500", "--json")
        #expect(ending.exitCode == 1)
        #expect(ending.complaint == "reservationctl: 1000 of 1500 tickets were issued, then: A fault.")
        #expect(try Payload.decode(IssueTicketsResponse.self, from: ending.output, as: .json).tickets.count == 1000)
        try await daemon.stop()
    }

    @Test("doctor exits 1 when a check failed and shows all of them")
    func doctor() async throws {
        let daemon = try await AnsweringDaemon.start { _ in
            .answer(
                DoctorResponse(findings: [
                    FindingMessage(check: "sound", ok: true, detail: "ok"), FindingMessage(check: "counts", ok: false, detail: "slot 3"),
                ]))
        }
        let ending = await daemon.run("doctor")
        #expect(ending.exitCode == 1)
        #expect(ending.text == "RESULT  CHECK   DETAIL\nok      sound   ok\nFAILED  counts  slot 3\n")
        #expect(ending.complaint?.hasPrefix("reservationctl: 1 of 2 checks failed") == true)
        #expect(await daemon.run("doctor", "--json").text.contains("\"ok\":false"))
        try await daemon.stop()
    }

    @Test("backup begins one, asks on until it is done, and says what was made")
    func backup() async throws {
        let counter = Mutex(0)
        let daemon = try await AnsweringDaemon.start { request in
            let asked = try Payload.decode(BackupRequest.self, from: request.payload, as: request.encoding)
            let number = counter.withLock { count in
                count += 1
                return count
            }
            if number == 1 {
                #expect(asked == BackupRequest(path: "/backups", keep: 3))
            } else {
                #expect(asked == BackupRequest(backupID: 77))
            }
            guard number == 3 else {
                return .answer(BackupResponse(path: "/backups/x", backupID: 77, phase: "COPYING", pagesDone: 1, pagesTotal: 9))
            }
            return .answer(
                BackupResponse(
                    reservationCount: 5, databaseBytes: 4096, path: "/backups/x", backupID: 77, phase: "DONE", pagesDone: 9, pagesTotal: 9,
                    durationMilliseconds: 1_950, snapshotAt: Instant(seconds: 1_780_000_000), lastReservationID: 6, removedCount: 1))
        }
        let ending = await daemon.run("backup", "/backups", "--keep", "3")
        #expect(ending.exitCode == 0)
        #expect(
            ending.text == """
                backup:             /backups/x
                size:               4096 bytes
                reservations:       5
                last reservation:   6
                as of:              2026-05-28 20:26:40 UTC
                took:               2.0 s
                older ones removed: 1

                """)
        #expect(daemon.requests.count == 3)
        try await daemon.stop()
    }

    @Test("a backup that comes to nothing exits 1 and says why")
    func failedBackup() async throws {
        let daemon = try await AnsweringDaemon.start { _ in .refuse(.backupFailed, ErrorReply(message: "The file system is full.")) }
        let ending = await daemon.run("backup", "/backups")
        #expect(ending.exitCode == 1)
        #expect(ending.complaint == "reservationctl: The file system is full.")
        try await daemon.stop()
    }

    @Test("doctor repairs only when told to")
    func doctorRepair() async throws {
        let daemon = try await AnsweringDaemon.start { _ in .answer(DoctorResponse()) }
        for (arguments, repair) in [(["doctor"], nil), (["doctor", "--repair"], true)] as [([String], Bool?)] {
            let ending = await daemon.run(arguments)
            #expect(ending.exitCode == 0)
            let asked = try #require(daemon.requests.last)
            #expect(try Payload.decode(DoctorRequest.self, from: asked.payload, as: asked.encoding).repair == repair)
        }
        try await daemon.stop()
    }

    @Test("generated slots are added up over the requests")
    func generate() async throws {
        let daemon = try await AnsweringDaemon.start { _ in .answer(GenerateSlotsResponse(createdCount: 10, existingCount: 1)) }
        let ending = await daemon.run(
            "slots", "generate", "--orq", "1", "--from", "2001-01-01", "--to", "2100-12-31", "--times", "10:00-12:00", "--capacity", "5")
        #expect(daemon.requests.count == 183)
        #expect(ending.text == "created:  1830\nexisting: 183\n")
        try await daemon.stop()
    }

    @Test(
        "each kind of failure has its exit code and one line",
        arguments: [
            (Status.alreadyExists, Int32(1)), (.slotNotFound, 1), (.capacityBelowBooked, 1), (.internal, 1), (.unknownOperation, 1),
            (.invalidRequest, 65), (.invalidTicketCode, 65), (.malformedPayload, 65), (.operationNotPermitted, 77), (.unavailable, 75),
            (.deadlineExceeded, 75), (.outcomeUnknown, 75),
        ])
    func exitCodes(status: Status, code: Int32) async throws {
        let daemon = try await AnsweringDaemon.start { _ in .refuse(status, ErrorReply(message: "No.\nReally \u{1B}[31mnot.")) }
        let ending = await daemon.run(
            "slots", "create", "--orq", "1", "--date", "2025-11-14", "--start", "10:00", "--end", "12:00", "--capacity", "5")
        #expect(ending.exitCode == code)
        #expect(ending.output.readableBytes == 0)
        let complaint = try #require(ending.complaint)
        #expect(complaint.hasPrefix("reservationctl: "))
        #expect(complaint.unicodeScalars.allSatisfy { $0.value >= 0x20 && $0.value != 0x7F })
        try await daemon.stop()
    }

    @Test("the wrong socket is told so")
    func wrongRole() async throws {
        let daemon = try await AnsweringDaemon.start(role: .gateway) { _ in .answer(HealthResponse(writable: true)) }
        let ending = await daemon.run("status")
        #expect(ending.exitCode == 77)
        #expect(ending.complaint?.contains("admin.sock") == true)
        try await daemon.stop()
    }

    @Test("no daemon is exit 69, and the line names the socket", arguments: [["status"], ["doctor"], ["slots", "list"]])
    func unreachable(words: [String]) async {
        let ending = await ControlProgram.run(
            arguments: words + ["--timeout", "1"], environment: ControlEnvironment(["RESERVATION_SOCKET": "/nonexistent/admin.sock"]))
        #expect(ending.exitCode == 69)
        #expect(ending.complaint?.contains("/nonexistent/admin.sock") == true)
    }

    @Test(
        "a command line that cannot be understood is exit 64 and one line",
        arguments: [
            [], ["slots"], ["tickets"], ["organization"], ["nonsense"], ["slots", "nonsense"], ["slots", "list", "--nonsense"],
            ["slots", "close"], ["slots", "close", "x"], ["slots", "create"], ["tickets", "show", "x"], ["status", "--timeout", "soon"],
            ["status", "extra"], ["tickets", "import"], ["organization", "add", "1"],
            ["organization", "set"], ["organization", "set", "1"], ["organization", "show"], ["organization", "show", "x"],
        ])
    func usage(words: [String]) async {
        let ending = await ControlProgram.run(arguments: words, environment: ControlEnvironment(["RESERVATION_SOCKET": "/nonexistent"]))
        #expect(ending.exitCode == 64)
        #expect(ending.output.readableBytes == 0)
        #expect(ending.complaint?.hasPrefix("reservationctl: ") == true)
        #expect(ending.complaint?.contains("\n") == false)
    }

    @Test(
        "help is no failure",
        arguments: [["--help"], ["help"], ["slots", "--help"], ["slots", "generate", "--help"], ["help", "tickets", "import"]])
    func help(words: [String]) async {
        let ending = await ControlProgram.run(arguments: words, environment: ControlEnvironment([:]))
        #expect(ending.exitCode == 0)
        #expect(ending.complaint == nil)
        #expect(ending.text.contains("USAGE: reservationctl \(words.filter { $0 != "help" && $0 != "--help" }.joined(separator: " "))"))
    }

    @Test("status says all of it")
    func status() async throws {
        let daemon = try await AnsweringDaemon.start { _ in .answer(Sample.status) }
        let text = await daemon.run("status").text
        #expect(text.contains("writable:              yes\n"))
        #expect(text.contains("instance:              000000000000000000000000000000ff\n"))
        #expect(text.contains("mean commit:           250 µs\n"))
        #expect(await daemon.run("--json", "status").text.contains("\"commit_time_us\":1000"))
        try await daemon.stop()
    }
}
