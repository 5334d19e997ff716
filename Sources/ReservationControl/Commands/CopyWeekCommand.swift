import ArgumentParser
import ReservationCore
import ReservationWire

/// `slots copy-week`.
struct CopyWeekCommand: ControlCommand {
    static let noun = "slots"
    static let configuration = CommandConfiguration(
        commandName: "copy-week", abstract: "Make the slots of one week in others as well: same weekdays, times and capacities.",
        discussion: """
            Slots that exist already are left as they are, closed ones are not copied. On a day on which clocks are put forward, times \
            that no clock shows are not made but listed.
            """)

    @ParentCommand var root: ReservationCommand
    @OptionGroup(title: "Common options") var global: GlobalOptions

    @Option(help: "The organization.")
    var orq: String?

    @Option(help: "The Monday of the week to copy, like 2025-11-17.")
    var from: String?

    @Option(help: "The Monday of the first week to fill.")
    var to: String?

    @Option(help: "How many weeks to fill, one after the other (default: 1).")
    var weeks: String?

    @Flag(help: "Make nothing, only tell what would be made.")
    var dryRun = false

    func perform(in session: ControlSession) async throws(ControlFailure) -> Report {
        let options = session.options
        let orq = try options.required(orq, "orq", .id)
        let source = try options.required(from, "from", .monday)
        let target = try options.required(to, "to", .monday)
        let weeks = Int(try options.optional(weeks, "weeks", .weeks) ?? 1)
        let isDryRun = try options.flag(dryRun, "dry-run")
        let distance = Int(target.dayNumber - source.dayNumber)
        guard !(0..<weeks * 7).contains(-distance) else {
            throw ControlFailure(.usage, "the week of \(source) is among those to fill: choose --to so that it is not")
        }
        guard target.adding(days: weeks * 7) != nil, let sunday = source.adding(days: 6) else {
            throw ControlFailure(.usage, "these weeks reach beyond the year 2199: fill fewer")
        }
        let slots = try await SlotPages.all(ListSlotsRequest(orq: orq, dateFrom: source, dateTo: sunday), in: session)
        guard !slots.isEmpty else {
            throw ControlFailure(.refused, "organization \(orq) has no slots in the week of \(source): check --orq and --from")
        }
        let open = slots.filter { $0.status != SlotStatus.closed.rawValue }
        let requests = (0..<weeks).flatMap { week in Self.requests(open, orq, days: distance + week * 7, isDryRun: isDryRun) }
        return try await GeneratedSlots.make(requests, skippedClosed: slots.count - open.count, in: session)
    }

    /// One for each day and capacity, since a request makes slots of one capacity.
    static func requests(_ slots: [SlotMessage], _ orq: UInt64, days: Int, isDryRun: Bool) -> [GenerateSlotsRequest] {
        let groups = Dictionary(grouping: slots) { DayAndCapacity(date: $0.date, capacity: $0.totalCapacity) }
        return groups.sorted { ($0.key.date, $0.key.capacity) < ($1.key.date, $1.key.capacity) }.compactMap { key, slots in
            guard let date = key.date.adding(days: days) else { return nil }
            return GenerateSlotsRequest(
                orq: orq, totalCapacity: key.capacity, dateFrom: date, dateTo: date,
                times: slots.sorted { $0.startTime < $1.startTime }.map { TimeRange(startTime: $0.startTime, endTime: $0.endTime) },
                dryRun: isDryRun ? true : nil)
        }
    }

    private struct DayAndCapacity: Hashable {
        var date: CalendarDate
        var capacity: UInt64
    }
}
