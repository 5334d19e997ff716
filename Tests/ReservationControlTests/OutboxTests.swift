import ReservationCore
import ReservationWire
import Testing

@testable import ReservationControl

@Suite("the outbox's commands against a daemon", .timeLimit(.minutes(1)))
struct OutboxTests {
    @Test("the list is a table, with what a receiver's server said made harmless")
    func table() async throws {
        let daemon = try await AnsweringDaemon.start { _ in
            .answer(
                ListOutboxResponse(
                    more: false, entries: [Sample.outboxEntry(7, error: "421 \u{1B}[2Jlater"), Sample.outboxEntry(12, status: "SENT")]))
        }
        let ending = await daemon.run("outbox", "list")
        #expect(
            ending.text == """
                ENTRY  ORQ  RESERVATION  TELLS OF      \
                TO                STATUS  ATTEMPTS  QUEUED                NEXT ATTEMPT          LAST ERROR
                    7    1           11  confirmation  \
                a***@example.com  QUEUED         2  2025-11-13T02:13:20Z  2025-11-13T02:15:20Z  421 \\u{1b}[2Jlater
                   12    1           11  confirmation  \
                a***@example.com  SENT           2  2025-11-13T02:13:20Z  -                     -

                """)
        #expect(ending.exitCode == 0)
        try await daemon.stop()
    }

    @Test("addresses, numbers and codes are masked unless they are asked for", arguments: [["list"], ["show", "7"]], [false, true])
    func contact(verb: [String], isJSON: Bool) async throws {
        let daemon = try await AnsweringDaemon.start { request in
            request.opcode == .outboxList
                ? .answer(ListOutboxResponse(more: false, entries: [Sample.outboxEntry(7)]))
                : .answer(OutboxEntriesResponse(entries: [Sample.outboxEntry(7)]))
        }
        let words = ["outbox"] + verb + (isJSON ? ["--json"] : [])
        let masked = await daemon.run(words)
        for secret in ["ada.lovelace@example.com", "+4930123456", "TKT-2025-ABC123-DEF456"] { #expect(!masked.text.contains(secret)) }
        let open = await daemon.run(words + ["--show-contact"])
        #expect(open.text.contains("ada.lovelace@example.com"))
        #expect(open.exitCode == 0)
        try await daemon.stop()
    }

    @Test("pages are followed to the end, empty ones too, or to the limit")
    func paging() async throws {
        let daemon = try await AnsweringDaemon.start { request in
            let after = try request.message(ListOutboxRequest.self).afterOutboxID ?? 0
            // Nothing of the kind among the second five thousand.
            let entries = after == 5000 ? [] : [Sample.outboxEntry(after + 1), Sample.outboxEntry(after + 2)]
            return .answer(ListOutboxResponse(more: after < 10_000, entries: entries, afterOutboxID: after < 10_000 ? after + 5000 : nil))
        }
        let ending = await daemon.run("outbox", "list", "--status", "QUEUED", "--json")
        let entries = try Payload.decode(OutboxEntriesResponse.self, from: ending.output, as: .json).entries
        #expect(entries.map(\.outboxID) == [1, 2, 10_001, 10_002])
        #expect(try daemon.requests.map { try $0.message(ListOutboxRequest.self).afterOutboxID } == [nil, 5000, 10_000])
        #expect(try daemon.requests.allSatisfy { try $0.message(ListOutboxRequest.self).status == "QUEUED" })
        let few = await daemon.run("outbox", "list", "--limit", "1", "--json")
        #expect(try Payload.decode(OutboxEntriesResponse.self, from: few.output, as: .json).entries.map(\.outboxID) == [1])
        try await daemon.stop()
    }

    @Test("a list that does not get further ends")
    func endlessPages() async throws {
        let daemon = try await AnsweringDaemon.start { _ in .answer(ListOutboxResponse(more: true, afterOutboxID: 3)) }
        let ending = await daemon.run("outbox", "list")
        #expect(ending.exitCode == 1)
        #expect(ending.complaint?.contains("does not get further") == true)
        try await daemon.stop()
    }

    @Test(
        "one message is shown with all that is known of it",
        arguments: [["outbox", "retry", "7"], ["outbox", "cancel", "7"], ["reservations", "resend", "11"]])
    func one(words: [String]) async throws {
        let daemon = try await AnsweringDaemon.start { _ in
            .answer(OutboxEntriesResponse(entries: [Sample.outboxEntry(7, error: "421 later")]))
        }
        let ending = await daemon.run(words)
        #expect(
            ending.text == """
                entry:        7
                orq:          1
                reservation:  11
                code:         \(try #require(TicketCode("TKT-2025-ABC123-DEF456")).masked)
                kind:         email
                tells of:     confirmation
                language:     de
                e-mail:       a***@example.com
                phone:        \(try #require(PhoneNumber("+4930123456")).masked)
                status:       QUEUED
                attempts:     2
                created:      2025-11-13T02:13:20Z
                queued:       2025-11-13T02:13:20Z
                updated:      2025-11-13T02:14:20Z
                next attempt: 2025-11-13T02:15:20Z
                last error:   421 later
                request:      9b8f3c5e21d7046a

                """)
        try await daemon.stop()
    }

    @Test(
        "a refusal says what an operator can do",
        arguments: [
            (Status.outboxEntryNotFound, "outbox list"), (.alreadySent, "reservations resend"), (.reservationNotFound, "live reservation"),
        ])
    func refusals(status: Status, advice: String) async throws {
        let daemon = try await AnsweringDaemon.start { _ in .refuse(status, ErrorReply(message: "No.")) }
        let ending = await daemon.run("outbox", "retry", "7")
        #expect(ending.exitCode == 1)
        #expect(ending.complaint?.contains(advice) == true, "\(ending.complaint ?? "")")
        try await daemon.stop()
    }

    @Test("status tells how many confirmations wait, since when, and which need an operator")
    func status() async throws {
        let daemon = try await AnsweringDaemon.start { _ in .answer(Sample.status) }
        let text = await daemon.run("status").text
        #expect(text.contains("confirmations to send: 5\n"))
        #expect(text.contains("oldest of them:        queued 01:01:01 ago\n"))
        #expect(text.contains("confirmations sent:    10\n"))
        #expect(text.contains("confirmations failed:  2: see reservationctl outbox list --status FAILED\n"))
        try await daemon.stop()
    }
}
