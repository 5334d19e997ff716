import ArgumentParser
import ReservationWire

/// `slots list`.
struct ListSlotsCommand: ControlCommand {
    static let noun = "slots"
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List slots.")

    @ParentCommand var root: ReservationCommand
    @OptionGroup(title: "Common options") var global: GlobalOptions

    @Option(help: "Of this organization only.")
    var orq: String?

    @Option(help: "From this day on, like 2025-11-14.")
    var from: String?

    @Option(help: "To this day, inclusive.")
    var to: String?

    @Flag(help: "Print comma-separated values.")
    var csv = false

    /// For the first page.
    func request(_ options: OptionReader) throws(ControlFailure) -> ListSlotsRequest {
        ListSlotsRequest(
            orq: try options.optional(orq, "orq", .id), dateFrom: try options.optional(from, "from", .date),
            dateTo: try options.optional(to, "to", .date))
    }

    func perform(in session: ControlSession) async throws(ControlFailure) -> Report {
        let request = try request(session.options)
        guard try session.listFormat(isCSV: csv) == .csv else {
            return SlotTable.report(try await SlotPages.all(request, in: session), session)
        }
        var writer = ListWriter(.csv, .slots, SlotTable.columns, to: session.output)
        var pages = SlotPages(request)
        while let page = try await pages.next(in: session) { try writer.add(page) }
        try writer.end(more: false)
        return .text("")
    }
}

/// Asks for slots page by page.
struct SlotPages {
    private var request: ListSlotsRequest
    private var isAtEnd = false

    init(_ request: ListSlotsRequest) {
        self.request = request
    }

    /// - Returns: nil at the end.
    mutating func next(in session: ControlSession) async throws(ControlFailure) -> [SlotMessage]? {
        guard !isAtEnd else { return nil }
        let page = try await session.ask(ListSlots.self, request)
        isAtEnd = !page.more
        guard page.more else { return page.slots }
        // Pages are ordered by id; one that does not get further would be asked for again without end.
        guard let last = page.slots.last?.slotID, last > request.afterSlotID ?? 0 else {
            throw ControlFailure(.refused, "the daemon's list of slots does not get further: report this as a defect")
        }
        request.afterSlotID = last
        return page.slots
    }

    static func all(_ request: ListSlotsRequest, in session: ControlSession) async throws(ControlFailure) -> [SlotMessage] {
        var pages = SlotPages(request)
        var slots: [SlotMessage] = []
        while let page = try await pages.next(in: session) { slots += page }
        return slots
    }
}
