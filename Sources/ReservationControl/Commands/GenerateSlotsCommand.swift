import ArgumentParser
import ReservationCore
import ReservationWire

/// `slots generate`.
struct GenerateSlotsCommand: ControlCommand {
    static let noun = "slots"
    static let configuration = CommandConfiguration(
        commandName: "generate", abstract: "Create slots for many days.",
        discussion: """
            Slots that exist already are left as they are. Times are those of the organization's clocks: on a day on which clocks are put \
            forward, times that no clock shows are not made but listed.
            """)

    @ParentCommand var root: ReservationCommand
    @OptionGroup(title: "Common options") var global: GlobalOptions

    @Option(help: "The organization.")
    var orq: String?

    @Option(help: "The first day, like 2025-11-14.")
    var from: String?

    @Option(help: "The last day.")
    var to: String?

    @Option(help: "The days of the week, like sat,sun (default: all).")
    var weekdays: String?

    @Option(help: "The times of each day, like 10:00-12:00,12:00-14:00.")
    var times: String?

    @Option(help: "How many visitors each slot takes.")
    var capacity: String?

    @Option(help: ArgumentHelp("Days to leave out, like 2025-12-24,2025-12-31..2026-01-01.", valueName: "days"))
    var except: String?

    @Flag(help: "Make nothing, only tell what would be made.")
    var dryRun = false

    /// The dates cut into stretches of which each is short work for the daemon; it counts every day of the stretch.
    func requests(_ options: OptionReader) throws(ControlFailure) -> [GenerateSlotsRequest] {
        let times = try options.required(times, "times", .times)
        let first = try options.required(from, "from", .date)
        let last = try options.required(to, "to", .date)
        guard first <= last else {
            throw ControlFailure(.usage, "--to (\(last)) lies before --from (\(first)): exchange them")
        }
        guard times.count <= Limits.slotsPerRequest else {
            throw ControlFailure(.usage, "--times has more than \(Limits.slotsPerRequest) ranges: generate them in several runs")
        }
        let whole = GenerateSlotsRequest(
            orq: try options.required(orq, "orq", .id), totalCapacity: try options.required(capacity, "capacity", .capacity),
            dateFrom: first, dateTo: last,
            weekdays: (try options.optional(weekdays, "weekdays", .weekdays) ?? Weekday.allCases).map(\.rawValue),
            times: times.map { TimeRange(startTime: $0.start, endTime: $0.end) }, dryRun: try options.flag(dryRun, "dry-run") ? true : nil)
        let exceptions = try options.optional(except, "except", .days) ?? []
        let days = max(1, Limits.slotsGeneratedAtOnce / times.count)
        var requests: [GenerateSlotsRequest] = []
        for offset in stride(from: 0, through: Int(last.dayNumber - first.dayNumber), by: days) {
            guard let start = first.adding(days: offset) else { break }
            var part = whole
            part.dateFrom = start
            part.dateTo = min(last, start.adding(days: days - 1) ?? last)
            let stretch = part.dateFrom...part.dateTo
            part.except = exceptions.filter { $0.overlaps(stretch) }.map { days in
                DateRange(dateFrom: max(days.lowerBound, stretch.lowerBound), dateTo: min(days.upperBound, stretch.upperBound))
            }
            guard part.except.count <= Limits.exceptionsPerRequest else {
                throw ControlFailure(.usage, "--except has too many stretches of days: join those that meet")
            }
            requests.append(part)
        }
        return requests
    }

    func perform(in session: ControlSession) async throws(ControlFailure) -> Report {
        try await GeneratedSlots.make(try requests(session.options), in: session)
    }
}

/// Has slots made by request after request, and reports them as one.
enum GeneratedSlots {
    /// - Parameter skippedClosed: how many slots were not copied since they are closed; nil where nothing is copied.
    static func make(
        _ requests: [GenerateSlotsRequest], skippedClosed: Int? = nil, in session: ControlSession
    ) async throws(ControlFailure) -> Report {
        let progress = ProgressLine()
        defer { progress.end() }
        var total = GenerateSlotsResponse(createdCount: 0, existingCount: 0)
        let isDryRun = requests.first?.dryRun == true
        for request in requests {
            do throws(ControlFailure) {
                let made = try await session.ask(GenerateSlots.self, request)
                total.createdCount += made.createdCount
                total.existingCount += made.existingCount
                total.nonexistent += made.nonexistent
                progress.show("\(total.createdCount) slots made, up to \(request.dateTo)")
            } catch {
                guard !isDryRun, total.createdCount + total.existingCount > 0 else { throw error }
                var failure = error
                failure.message = "slots before \(request.dateFrom) are there, then: \(error.message)"
                failure.report = report(total, skippedClosed, isDryRun: isDryRun, session)
                throw failure
            }
        }
        return report(total, skippedClosed, isDryRun: isDryRun, session)
    }

    private static func report(
        _ total: GenerateSlotsResponse, _ skippedClosed: Int?, isDryRun: Bool, _ session: ControlSession
    ) -> Report {
        session.report(
            text: {
                var pairs = [
                    (isDryRun ? "to be created" : "created", String(total.createdCount)), ("existing", String(total.existingCount)),
                ]
                if let skippedClosed { pairs.append(("closed, not copied", String(skippedClosed))) }
                let missing = total.nonexistent.map { missing in
                    "no clock shows \(missing.startTime.short)-\(missing.endTime.short) on \(missing.date): not created\n"
                }
                return TextTable.keyValues(pairs) + missing.joined()
            },
            json: { .json(total) })
    }
}
