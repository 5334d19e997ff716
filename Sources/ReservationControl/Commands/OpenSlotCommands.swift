import ArgumentParser
import ReservationCore
import ReservationWire

/// `slots close`.
struct CloseSlotCommand: ControlCommand {
    static let noun = "slots"
    static let configuration = CommandConfiguration(
        commandName: "close", abstract: "Close a slot, or those of many days: no more bookings; those that were made stay.")

    @ParentCommand var root: ReservationCommand
    @OptionGroup(title: "Common options") var global: GlobalOptions

    @Argument(help: "The slot's number; without it, the days and times to close.")
    var slot: String?

    @OptionGroup var chosen: ChosenSlots

    @Option(help: "Why, for the history.")
    var reason: String?

    @Flag(help: "Close nothing, only tell how many would be closed.")
    var dryRun = false

    func order(_ options: OptionReader) throws(ControlFailure) -> SlotStateOrder {
        try SlotStateOrder(slot, chosen, reason, isDryRun: dryRun, status: .closed, options)
    }

    func perform(in session: ControlSession) async throws(ControlFailure) -> Report {
        try await order(session.options).perform(in: session)
    }
}

/// `slots open`.
struct OpenSlotCommand: ControlCommand {
    static let noun = "slots"
    static let configuration = CommandConfiguration(
        commandName: "open", abstract: "Open a closed slot again, or those of many days.")

    @ParentCommand var root: ReservationCommand
    @OptionGroup(title: "Common options") var global: GlobalOptions

    @Argument(help: "The slot's number; without it, the days and times to open.")
    var slot: String?

    @OptionGroup var chosen: ChosenSlots

    @Option(help: "Why, for the history.")
    var reason: String?

    @Flag(help: "Open nothing, only tell how many would be opened.")
    var dryRun = false

    func order(_ options: OptionReader) throws(ControlFailure) -> SlotStateOrder {
        try SlotStateOrder(slot, chosen, reason, isDryRun: dryRun, status: .active, options)
    }

    func perform(in session: ControlSession) async throws(ControlFailure) -> Report {
        try await order(session.options).perform(in: session)
    }
}

/// Which slots are meant, by day and time.
struct ChosenSlots: ParsableArguments {
    @Option(help: "The organization.")
    var orq: String?

    @Option(help: "The first day, like 2025-11-14.")
    var from: String?

    @Option(help: "The last day.")
    var to: String?

    @Option(help: "Only on these days of the week, like sat,sun (default: all).")
    var weekdays: String?

    @Option(help: "Only slots of these times, like 10:00-12:00,12:00-14:00 (default: all).")
    var times: String?

    /// Whether anything of it was typed; `--orq` alone may come from the environment for all commands.
    var isTyped: Bool { orq != nil || from != nil || to != nil || weekdays != nil || times != nil }

    struct Values {
        var orq: UInt64
        var first: CalendarDate
        var last: CalendarDate
        var weekdays: [String]
        var times: [TimeRange]
    }

    func values(_ options: OptionReader) throws(ControlFailure) -> Values {
        let values = Values(
            orq: try options.required(orq, "orq", .id), first: try options.required(from, "from", .date),
            last: try options.required(to, "to", .date),
            weekdays: (try options.optional(weekdays, "weekdays", .weekdays) ?? []).map(\.rawValue),
            times: (try options.optional(times, "times", .times) ?? []).map { TimeRange(startTime: $0.start, endTime: $0.end) })
        guard values.first <= values.last else {
            throw ControlFailure(.usage, "--to (\(values.last)) lies before --from (\(values.first)): exchange them")
        }
        return values
    }

    /// - Throws: where a number and days are both given.
    func mustNotBeTyped(beside number: String) throws(ControlFailure) {
        guard !isTyped else {
            throw ControlFailure(
                .usage, "give either a slot's number (\(PrintableText.excerpt(number))) or days with --orq, --from and --to")
        }
    }
}

/// What `slots close` and `slots open` ask for.
enum SlotStateOrder: Equatable {
    case one(SetSlotStateRequest)
    case many(SetSlotStatesRequest)

    init(
        _ number: String?, _ chosen: ChosenSlots, _ reason: String?, isDryRun: Bool, status: SlotStatus, _ options: OptionReader
    ) throws(ControlFailure) {
        let isDryRun = try options.flag(isDryRun, "dry-run")
        if let number {
            try chosen.mustNotBeTyped(beside: number)
            guard !isDryRun else { throw ControlFailure(.usage, "--dry-run is for many days: see slots list for one slot") }
            self = .one(
                SetSlotStateRequest(
                    slotID: try options.argument(number, "the slot", .id), status: status.rawValue,
                    reason: try options.optional(reason, "reason", .reason)))
            return
        }
        let values = try chosen.values(options)
        let why = isDryRun ? try options.optional(reason, "reason", .reason) : try options.required(reason, "reason", .reason)
        self = .many(
            SetSlotStatesRequest(
                orq: values.orq, status: status.rawValue, dateFrom: values.first, dateTo: values.last, weekdays: values.weekdays,
                times: values.times, reason: why, dryRun: isDryRun ? true : nil))
    }

    func perform(in session: ControlSession) async throws(ControlFailure) -> Report {
        switch self {
        case .one(let request): return SlotTable.report(try await session.ask(SetSlotState.self, request).slots, session)
        case .many(let request): return try await Self.perform(request, in: session)
        }
    }

    private static func perform(_ first: SetSlotStatesRequest, in session: ControlSession) async throws(ControlFailure) -> Report {
        var request = first
        var total = SetSlotStatesResponse(more: false, changedCount: 0, unchangedCount: 0)
        while true {
            do throws(ControlFailure) {
                let part = try await session.ask(SetSlotStates.self, request)
                total.changedCount += part.changedCount
                total.unchangedCount += part.unchangedCount
                guard part.more else { return report(total, request, session) }
                guard let next = part.afterSlotID, next > request.afterSlotID ?? 0 else {
                    throw ControlFailure(.refused, "the daemon does not get further: report this as a defect")
                }
                request.afterSlotID = next
            } catch {
                guard total.changedCount > 0, request.dryRun != true else { throw error }
                throw ControlFailure(
                    error.kind, "\(total.changedCount) slots were changed, then: \(error.message); asking again does the rest",
                    report: report(total, request, session))
            }
        }
    }

    private static func report(_ total: SetSlotStatesResponse, _ request: SetSlotStatesRequest, _ session: ControlSession) -> Report {
        let done = request.status == SlotStatus.closed.rawValue ? "closed" : "opened"
        return session.report(
            text: {
                TextTable.keyValues([
                    (request.dryRun == true ? "to be \(done)" : done, String(total.changedCount)),
                    ("so already", String(total.unchangedCount)),
                ])
            },
            json: {
                var document = JSONDocument()
                document.integer(.changedCount, total.changedCount)
                document.integer(.unchangedCount, total.unchangedCount)
                return document.report()
            })
    }
}
