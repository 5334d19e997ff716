import ArgumentParser
import ReservationCore
import ReservationWire

/// `slots generate`.
struct GenerateSlotsCommand: ControlCommand {
    static let noun = "slots"
    static let configuration = CommandConfiguration(
        commandName: "generate", abstract: "Create slots for many days.", discussion: "Slots that exist already are left as they are.")

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

    /// The dates cut into stretches of which each stays within what the daemon makes in one request; it counts every day of the stretch.
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
            times: times.map { TimeRange(startTime: $0.start, endTime: $0.end) })
        let days = Limits.slotsPerRequest / times.count
        return stride(from: 0, through: Int(last.dayNumber - first.dayNumber), by: days).compactMap { offset in
            guard let start = first.adding(days: offset) else { return nil }
            var part = whole
            part.dateFrom = start
            part.dateTo = min(last, start.adding(days: days - 1) ?? last)
            return part
        }
    }

    func perform(in session: ControlSession) async throws(ControlFailure) -> Report {
        var total = GenerateSlotsResponse(createdCount: 0, existingCount: 0)
        for request in try requests(session.options) {
            do throws(ControlFailure) {
                let made = try await session.ask(GenerateSlots.self, request)
                total.createdCount += made.createdCount
                total.existingCount += made.existingCount
            } catch {
                guard total.createdCount + total.existingCount > 0 else { throw error }
                var failure = error
                failure.message = "slots before \(request.dateFrom) are there, then: \(error.message)"
                failure.report = report(total, session)
                throw failure
            }
        }
        return report(total, session)
    }

    private func report(_ total: GenerateSlotsResponse, _ session: ControlSession) -> Report {
        session.report(
            text: { TextTable.keyValues([("created", String(total.createdCount)), ("existing", String(total.existingCount))]) },
            json: { .json(total) })
    }
}
