import ReservationCore
import ReservationWire
import Testing

@testable import ReservationControl

@Suite("from what was typed to what is asked")
struct RequestMappingTests {
    @Test("organization add")
    func addOrganization() throws {
        let typed = ["organization", "add", "7", "--name", "Zoo", "--time-zone", "Europe/Berlin"]
        #expect(
            try parse(typed, as: AddOrganizationCommand.self).request(options("organization"))
                == AddOrganizationRequest(orq: 7, timeZone: "Europe/Berlin", name: "Zoo", allowStarted: false))
        #expect(
            try parse(typed + ["--allow-started"], as: AddOrganizationCommand.self).request(options("organization")).allowStarted == true)
    }

    @Test("tickets issue, one request for each thousand")
    func issueTickets() throws {
        let typed = ["tickets", "issue", "--orq", "1", "--product", "5", "--order", "0", "--status", "PENDING_PAYMENT"]
        let requests = try parse(typed + ["--count", "2500"], as: IssueTicketsCommand.self).requests(options("tickets"))
        #expect(requests.map(\.count) == [1000, 1000, 500])
        #expect(
            requests.first
                == IssueTicketsRequest(
                    orq: 1, ticketID: nil, ticketCode: nil, productID: 5, orderID: 0, status: "PENDING_PAYMENT", count: 1000))
        #expect(
            try parse(typed + ["--count", "1000"], as: IssueTicketsCommand.self).requests(options("tickets")).map(\.count) == [1000])
        let one = try parse(
            typed + ["--count", "1", "--id", "9007199254740991", "--code", " tkt-2025-abc123-def456"], as: IssueTicketsCommand.self
        ).requests(options("tickets"))
        #expect(one.map(\.ticketID) == [9_007_199_254_740_991])
        #expect(one.map(\.ticketCode) == ["TKT-2025-ABC123-DEF456"])
    }

    @Test(
        "tickets issue refuses what makes no sense",
        arguments: [
            (["--count", "0"], "--count is “0”: it must be a number from 1 to 1000000"),
            (["--count", "2", "--id", "5"], "--id and --code are for one ticket"),
            (["--count", "2", "--code", "TKT-2025-ABC123-DEF456"], "--id and --code are for one ticket"),
            (["--count", "1", "--code", "TKT-1"], "--code is “TKT-1”: it must be a ticket code"),
            (["--count", "1", "--status", "RESERVED"], "--status is “RESERVED”"),
            ([], "--count is missing"),
        ])
    func badIssue(extra: [String], message: String) throws {
        let command = try parse(["tickets", "issue", "--orq", "1", "--product", "5", "--order", "6"] + extra, as: IssueTicketsCommand.self)
        let failure = #expect(throws: ControlFailure.self) { try command.requests(options("tickets")) }
        #expect(failure?.kind == .usage)
        #expect(failure?.message.hasPrefix(message) == true, "\(failure?.message ?? "")")
    }

    @Test("tickets show takes a code or an id")
    func showTickets() throws {
        #expect(
            try parse(["tickets", "show", "tkt-2025-abc123-def456"], as: ShowTicketsCommand.self).request()
                == ShowTicketsRequest(ticketCode: "TKT-2025-ABC123-DEF456"))
        #expect(try parse(["tickets", "show", "123"], as: ShowTicketsCommand.self).request() == ShowTicketsRequest(ticketID: 123))
        for bad in ["0", "TKT-1", "1.5", ""] {
            let failure = #expect(throws: ControlFailure.self) {
                try parse(["tickets", "show", bad], as: ShowTicketsCommand.self).request()
            }
            #expect(failure?.kind == .usage)
        }
    }

    @Test("slots create")
    func createSlot() throws {
        let typed = ["slots", "create", "--orq", "1", "--date", "2025-11-14", "--start", "10:00", "--end", "12:30:15", "--capacity", "200"]
        #expect(
            try parse(typed, as: CreateSlotCommand.self).request(options("slots"))
                == CreateSlotRequest(
                    orq: 1, date: date("2025-11-14"), startTime: time("10:00:00"), endTime: time("12:30:15"), totalCapacity: 200))
    }

    @Test("slots generate with all weekdays, or those that were typed, in the order of the week")
    func generateSlots() throws {
        let typed = [
            "slots", "generate", "--orq", "1", "--from", "2025-11-01", "--to", "2025-11-30", "--times", "10:00-12:00,12:00-14:00",
            "--capacity", "9",
        ]
        let all = try parse(typed, as: GenerateSlotsCommand.self).requests(options("slots"))
        #expect(
            all == [
                GenerateSlotsRequest(
                    orq: 1, totalCapacity: 9, dateFrom: try date("2025-11-01"), dateTo: try date("2025-11-30"),
                    weekdays: ["mon", "tue", "wed", "thu", "fri", "sat", "sun"],
                    times: [
                        TimeRange(startTime: try time("10:00:00"), endTime: try time("12:00:00")),
                        TimeRange(startTime: try time("12:00:00"), endTime: try time("14:00:00")),
                    ])
            ])
        let some = try parse(typed + ["--weekdays", "sun,Mon,sun"], as: GenerateSlotsCommand.self).requests(options("slots"))
        #expect(some.map(\.weekdays) == [["mon", "sun"]])
    }

    @Test("slots generate splits the dates without gap or overlap, each stretch short work for the daemon")
    func splitDates() throws {
        let times = (0..<24).map { "\($0 < 10 ? "0" : "")\($0):00-\($0 < 10 ? "0" : "")\($0):30" }.joined(separator: ",")
        let requests = try parse(
            ["slots", "generate", "--orq", "1", "--from", "2025-01-01", "--to", "2029-12-31", "--times", times, "--capacity", "9"],
            as: GenerateSlotsCommand.self
        ).requests(options("slots"))
        #expect(requests.count == 229)
        #expect(try requests.first?.dateFrom == date("2025-01-01"))
        #expect(try requests.last?.dateTo == date("2029-12-31"))
        for (earlier, later) in zip(requests, requests.dropFirst()) {
            #expect(earlier.dateTo.adding(days: 1) == later.dateFrom)
        }
        for request in requests {
            let days = Int(request.dateTo.dayNumber - request.dateFrom.dayNumber) + 1
            #expect((1...Limits.slotsGeneratedAtOnce).contains(days * request.times.count))
        }
    }

    @Test("slots generate leaves days out, each stretch told the part that concerns it")
    func exceptions() throws {
        let requests = try parse(
            [
                "slots", "generate", "--orq", "1", "--from", "2025-01-01", "--to", "2025-12-31", "--times", "10:00-12:00", "--capacity",
                "9",
                "--except", "2025-01-06,2025-07-18..2025-07-21,2026-12-25", "--dry-run",
            ], as: GenerateSlotsCommand.self
        ).requests(options("slots"))
        func days(_ first: String, _ last: String) throws -> DateRange { DateRange(dateFrom: try date(first), dateTo: try date(last)) }
        #expect(
            try requests.map(\.except) == [
                [days("2025-01-06", "2025-01-06"), days("2025-07-18", "2025-07-19")], [days("2025-07-20", "2025-07-21")],
            ])
        #expect(requests.allSatisfy { $0.dryRun == true })
    }

    @Test("slots close of many days needs a reason, unless it is only tried, and takes no number beside")
    func closeMany() throws {
        let typed = [
            "slots", "close", "--orq", "1", "--from", "2025-01-06", "--to", "2025-01-12", "--weekdays", "mon", "--times", "10:00-12:00",
        ]
        let wanted = SetSlotStatesRequest(
            orq: 1, status: "CLOSED", dateFrom: try date("2025-01-06"), dateTo: try date("2025-01-12"), weekdays: ["mon"],
            times: [TimeRange(startTime: try time("10:00:00"), endTime: try time("12:00:00"))], reason: "holiday")
        #expect(try parse(typed + ["--reason", "holiday"], as: CloseSlotCommand.self).order(options("slots")) == .many(wanted))
        let bare = try parse(typed, as: CloseSlotCommand.self)
        #expect(#expect(throws: ControlFailure.self) { try bare.order(options("slots")) }?.message.hasPrefix("--reason is missing") == true)
        let both = try parse(typed + ["7"], as: CloseSlotCommand.self)
        #expect(#expect(throws: ControlFailure.self) { try both.order(options("slots")) }?.kind == .usage)
    }

    @Test(
        "slots generate refuses what it cannot read",
        arguments: [
            (["--times", "10:00"], "--times is “10:00”"), (["--times", "10:00-12:00,"], "--times is"),
            (["--times", "25:00-26:00"], "--times is"),
            (["--times", "10:00-12:00", "--weekdays", "mon,foo"], "--weekdays is “mon,foo”: it must be days like"),
            (["--times", "10:00-12:00", "--to", "2024-12-31"], "--to (2024-12-31) lies before --from (2025-01-01)"),
            (["--times", "10:00-12:00", "--capacity", "1000001"], "--capacity is “1000001”"),
            (["--times", "10:00-12:00", "--except", "2025-01-02..2025-01-01"], "--except is “2025-01-02..2025-01-01”: it must be days"),
            (["--times", "10:00-12:00", "--except", "2025-01-01,"], "--except is"),
        ])
    func badGenerate(extra: [String], message: String) throws {
        var typed = ["slots", "generate", "--orq", "1", "--from", "2025-01-01"] + extra
        if !extra.contains("--to") { typed += ["--to", "2025-01-31"] }
        if !extra.contains("--capacity") { typed += ["--capacity", "5"] }
        let command = try parse(typed, as: GenerateSlotsCommand.self)
        let failure = #expect(throws: ControlFailure.self) { try command.requests(options("slots")) }
        #expect(failure?.kind == .usage)
        #expect(failure?.message.hasPrefix(message) == true, "\(failure?.message ?? "")")
    }

    @Test("slots list, close, open and set-capacity")
    func otherSlots() throws {
        #expect(try parse(["slots", "list"], as: ListSlotsCommand.self).request(options("slots")) == ListSlotsRequest())
        #expect(
            try parse(["slots", "list", "--orq", "2", "--from", "2025-01-01", "--to", "2025-01-02"], as: ListSlotsCommand.self)
                .request(options("slots"))
                == ListSlotsRequest(orq: 2, dateFrom: date("2025-01-01"), dateTo: date("2025-01-02")))
        #expect(
            try parse(["slots", "close", "3"], as: CloseSlotCommand.self).order(options("slots"))
                == .one(SetSlotStateRequest(slotID: 3, status: "CLOSED")))
        #expect(
            try parse(["slots", "open", "3"], as: OpenSlotCommand.self).order(options("slots"))
                == .one(SetSlotStateRequest(slotID: 3, status: "ACTIVE")))
        #expect(
            try parse(["slots", "set-capacity", "3", "50"], as: SetSlotCapacityCommand.self).request(options("slots"))
                == SetSlotCapacityRequest(slotID: 3, totalCapacity: 50))
    }

    @Test("outbox list, show, retry and cancel, and reservations resend")
    func outbox() throws {
        let list = try parse(["outbox", "list", "--orq", "2", "--status", "failed"], as: ListOutboxCommand.self)
        #expect(try list.request(options("outbox")) == ListOutboxRequest(orq: 2, status: "FAILED"))
        #expect(try parse(["outbox", "list"], as: ListOutboxCommand.self).request(options("outbox")) == ListOutboxRequest())
        let typo = try parse(["outbox", "list", "--status", "PENDING"], as: ListOutboxCommand.self)
        let failure = #expect(throws: ControlFailure.self) { try typo.request(options("outbox")) }
        #expect(failure?.message == "--status is “PENDING”: it must be one of QUEUED, LEASED, SENT, FAILED, CANCELLED")
        #expect(
            try parse(["outbox", "show", "7"], as: ShowOutboxCommand.self).request(options("outbox"))
                == ShowOutboxEntryRequest(outboxID: 7))
        #expect(
            try parse(["outbox", "retry", "7"], as: RetryOutboxCommand.self).request(options("outbox"))
                == RequeueOutboxEntryRequest(outboxID: 7))
        #expect(
            try parse(["outbox", "cancel", "7"], as: CancelOutboxCommand.self).request(options("outbox"))
                == CancelOutboxEntryRequest(outboxID: 7))
        #expect(
            try parse(["reservations", "resend", "9"], as: ResendConfirmationCommand.self).request(options("reservations"))
                == ResendConfirmationRequest(reservationID: 9))
    }

    @Test("a variable of the environment stands in for an option; what was typed weighs more")
    func environment() throws {
        let options = OptionReader(
            environment: ControlEnvironment([
                "RESERVATION_ORQ": "4", "RESERVATION_SLOTS_FROM": "2025-02-01", "RESERVATION_SLOTS_TO": "", "RESERVATION_TO": "2025-03-01",
            ]), noun: "slots")
        #expect(
            try parse(["slots", "list"], as: ListSlotsCommand.self).request(options)
                == ListSlotsRequest(orq: 4, dateFrom: date("2025-02-01"), dateTo: nil))
        #expect(
            try parse(["slots", "list", "--orq", "5", "--from", "2025-02-02"], as: ListSlotsCommand.self).request(options)
                == ListSlotsRequest(orq: 5, dateFrom: date("2025-02-02"), dateTo: nil))
    }

    @Test("a bad variable is named")
    func badEnvironment() throws {
        let options = OptionReader(environment: ControlEnvironment(["RESERVATION_SLOTS_FROM": "soon"]), noun: "slots")
        let failure = #expect(throws: ControlFailure.self) { try parse(["slots", "list"], as: ListSlotsCommand.self).request(options) }
        #expect(failure?.message == "RESERVATION_SLOTS_FROM is “soon”: it must be a date like 2025-11-14")
    }

    @Test("every option's variable is a plain name")
    func variableNames() {
        let options = options("tickets")
        #expect(options.variable(for: "show-contact") == "RESERVATION_TICKETS_SHOW_CONTACT")
        #expect(options.variable(for: "dry-run") == "RESERVATION_TICKETS_DRY_RUN")
        #expect(options.variable(for: "socket") == "RESERVATION_SOCKET")
    }

    @Test(
        "flags are set by their variable",
        arguments: [("1", true), ("yes", true), ("TRUE", true), ("0", false), ("no", false), ("", false)])
    func flags(value: String, isSet: Bool) throws {
        let options = OptionReader(environment: ControlEnvironment(["RESERVATION_TICKETS_DRY_RUN": value]), noun: "tickets")
        #expect(try options.flag(false, "dry-run") == isSet)
        #expect(try options.flag(true, "dry-run"))
    }

    @Test("common options may stand before the noun or after the verb, where they weigh more")
    func commonOptions() throws {
        let before = try parse(["--socket", "/a", "--json", "slots", "list"], as: ListSlotsCommand.self)
        #expect(before.global.over(before.root.global).socket == "/a")
        #expect(before.global.over(before.root.global).json)
        let after = try parse(["--socket", "/a", "slots", "list", "--socket", "/b", "--timeout", "9"], as: ListSlotsCommand.self)
        #expect(after.global.over(after.root.global).socket == "/b")
        #expect(!after.global.over(after.root.global).json)
        #expect(after.global.over(after.root.global).timeout == "9")
    }

    private func parse<Command: ControlCommand>(_ arguments: [String], as type: Command.Type) throws -> Command {
        try #require(try ReservationCommand.parseAsRoot(arguments) as? Command)
    }

    private func options(_ noun: String) -> OptionReader {
        OptionReader(environment: ControlEnvironment([:]), noun: noun)
    }

    private func date(_ text: String) throws -> CalendarDate { try #require(CalendarDate(text)) }
    private func time(_ text: String) throws -> TimeOfDay { try #require(TimeOfDay(text)) }
}
