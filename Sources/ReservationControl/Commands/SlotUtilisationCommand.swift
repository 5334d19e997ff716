import ArgumentParser
import NIOCore
import ReservationCore
import ReservationWire

/// `slots utilisation`.
struct SlotUtilisationCommand: ControlCommand {
    static let noun = "slots"
    static let configuration = CommandConfiguration(
        commandName: "utilisation", abstract: "How full each day is.",
        discussion: """
            Places of closed slots count as far as they are booked: nobody can book the others. A day without slots is left out. The \
            percentage is that of places booked, rounded down.
            """,
        aliases: ["utilization"])

    @ParentCommand var root: ReservationCommand
    @OptionGroup(title: "Common options") var global: GlobalOptions

    @Option(help: "The organization.")
    var orq: String?

    @Option(help: "From this day on, like 2025-11-14.")
    var from: String?

    @Option(help: "To this day, inclusive.")
    var to: String?

    @Flag(help: "Print comma-separated values.")
    var csv = false

    func perform(in session: ControlSession) async throws(ControlFailure) -> Report {
        let format = try session.listFormat(isCSV: csv)
        var pages = SlotPages(
            ListSlotsRequest(
                orq: try session.options.required(orq, "orq", .id), dateFrom: try session.options.required(from, "from", .date),
                dateTo: try session.options.required(to, "to", .date)))
        var days: [CalendarDate: DayUtilisation] = [:]
        while let page = try await pages.next(in: session) {
            for slot in page { days[slot.date, default: DayUtilisation(date: slot.date)].add(slot) }
        }
        let sorted = days.values.sorted { $0.date < $1.date }
        switch format {
        case .table: return .text(DayUtilisation.table(sorted))
        case .csv:
            let lines = [DayUtilisation.names] + sorted.map { [$0.date.description] + $0.numbers.map { String($0) } }
            return .text(lines.map { CSVWriter.line($0) }.joined())
        case .json: return .json(DayUtilisation.json(sorted))
        }
    }
}

/// One day's slots together.
struct DayUtilisation {
    let date: CalendarDate
    private(set) var slots: UInt64 = 0
    private(set) var closed: UInt64 = 0
    private(set) var capacity: UInt64 = 0
    private(set) var booked: UInt64 = 0

    init(date: CalendarDate) {
        self.date = date
    }

    mutating func add(_ slot: SlotMessage) {
        let isClosed = slot.status == SlotStatus.closed.rawValue
        slots += 1
        if isClosed { closed += 1 }
        capacity += isClosed ? slot.bookedCount : slot.totalCapacity
        booked += slot.bookedCount
    }

    var free: UInt64 { capacity > booked ? capacity - booked : 0 }
    var percent: UInt64 { capacity == 0 ? 0 : booked * 100 / capacity }

    static let names = ["date", "slots", "closed", "capacity", "booked", "free", "percent"]
    var numbers: [UInt64] { [slots, closed, capacity, booked, free, percent] }

    static func table(_ days: [DayUtilisation]) -> String {
        var table = TextTable([
            .text("DATE"), .number("SLOTS"), .number("CLOSED"), .number("CAPACITY"), .number("BOOKED"), .number("FREE"), .number("%"),
        ])
        for day in days { table.add([day.date.description] + day.numbers.map { String($0) }) }
        return table.text
    }

    static func json(_ days: [DayUtilisation]) -> ByteBuffer {
        let objects = days.map { day in
            let members = zip(names.dropFirst(), day.numbers).map { "\"\($0)\":\($1)" }
            return "{\"date\":\"\(day.date)\",\(members.joined(separator: ","))}"
        }
        return ByteBuffer(string: "{\"days\":[\(objects.joined(separator: ","))]}")
    }
}
