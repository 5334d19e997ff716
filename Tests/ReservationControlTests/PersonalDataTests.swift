import ReservationCore
import ReservationWire
import Testing

@testable import ReservationControl

@Suite("personal data", .timeLimit(.minutes(1)))
struct PersonalDataTests {
    private static func nothing(more: Bool) -> ErasePersonalDataResponse {
        ErasePersonalDataResponse(more: more, ticketCount: 0, erasedCount: 0, upcomingCount: 0, emptiedCount: 0)
    }

    private func requests(to daemon: AnsweringDaemon) throws -> [ErasePersonalDataRequest] {
        try daemon.requests.map { try Payload.decode(ErasePersonalDataRequest.self, from: $0.payload, as: $0.encoding) }
    }

    @Test("an erasure asks for one page after the other, where the daemon says, and adds up what they did")
    func erase() async throws {
        let daemon = try await AnsweringDaemon.start { request in
            let body = try Payload.decode(ErasePersonalDataRequest.self, from: request.payload, as: request.encoding)
            var page = Self.nothing(more: true)
            switch (body.afterReservationID, body.afterTicketID, body.afterOutboxID, body.afterHistoryID) {
            case (nil, nil, nil, nil): (page.afterReservationID, page.erasedCount, page.upcomingCount) = (7, 2, 1)
            case (7, nil, nil, nil): (page.afterTicketID, page.erasedCount) = (0, 1)
            case (nil, 0, nil, nil): (page.afterOutboxID, page.ticketCount) = (0, 1)
            case (nil, nil, 0, nil): (page.afterHistoryID, page.emptiedCount) = (0, 4)
            default: (page.more, page.emptiedCount) = (false, 1)
            }
            return .answer(page)
        }
        let done = await daemon.run("personal-data", "erase", "ana@example.com", "--yes", "--include-upcoming", "--operator", "7")
        #expect(done.exitCode == 0 && done.complaint == nil)
        #expect(
            done.text == """
                reservations erased:          3
                left, visit to come:          1
                other tickets:                1
                messages and reasons emptied: 5
                Where the visit is still to come nothing was erased; --include-upcoming erases there too, and keeps the places.

                """)
        let asked = try requests(to: daemon)
        #expect(asked.count == 5)
        #expect(asked.allSatisfy { $0.customerEmail == "ana@example.com" && $0.includeUpcoming == true && $0.operatorID == 7 })
        #expect(asked.allSatisfy { $0.dryRun == nil })
        try await daemon.stop()
    }

    @Test("without --yes it is tried first, and with nobody to ask nothing is done")
    func unasked() async throws {
        let daemon = try await AnsweringDaemon.start { _ in
            var page = Self.nothing(more: false)
            page.erasedCount = 3
            return .answer(page)
        }
        let refused = await daemon.run("personal-data", "erase", "+491701234567")
        #expect(refused.exitCode == 64 && refused.complaint?.contains("--yes") == true && refused.complaint?.contains("3 res") == true)
        #expect(try requests(to: daemon).map(\.dryRun) == [true])
        #expect(try requests(to: daemon).map(\.customerPhone) == ["+491701234567"])
        try await daemon.stop()
    }

    @Test("a daemon that does not get further is not asked without end, and what was done is told")
    func stuck() async throws {
        let daemon = try await AnsweringDaemon.start { _ in
            var page = Self.nothing(more: true)
            (page.afterReservationID, page.erasedCount) = (7, 1)
            return .answer(page)
        }
        let stuck = await daemon.run("personal-data", "erase", "ana@example.com", "--yes")
        #expect(stuck.exitCode == 1 && stuck.complaint?.contains("2 reservations were erased") == true)
        #expect(daemon.requests.count == 2)
        let export = await daemon.run("personal-data", "export", "ana@example.com")
        #expect(export.exitCode != 0)
        try await daemon.stop()
    }

    @Test("whom it means must be an address or a number", arguments: ["ana", "ana@", "@example.com", "+0", "0170", ""])
    func nobody(person: String) async throws {
        let daemon = try await AnsweringDaemon.start { _ in .answer(Self.nothing(more: false)) }
        for verb in ["export", "erase"] {
            let refused = await daemon.run("personal-data", verb, person)
            #expect(refused.exitCode == 64 && refused.complaint?.contains("the person is") == true, "\(refused.complaint ?? "")")
        }
        #expect(daemon.requests.isEmpty)
        try await daemon.stop()
    }

    @Test("organization set --retention-days takes a number of days or none")
    func retention() throws {
        func request(_ days: String) throws -> SetOrganizationRequest {
            let typed = ["organization", "set", "7", "--retention-days", days]
            let command = try #require(try ReservationCommand.parseAsRoot(typed) as? SetOrganizationCommand)
            return try command.request(OptionReader(environment: ControlEnvironment([:]), noun: "organization"))
        }
        #expect(try request("90").retentionDays == 90)
        #expect(try request("none").retentionDays == 0)
        for wrong in ["0", "36526", "ever"] { #expect(throws: ControlFailure.self) { try request(wrong) } }
    }
}
