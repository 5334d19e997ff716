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

    /// For the first page.
    func request(_ options: OptionReader) throws(ControlFailure) -> ListSlotsRequest {
        ListSlotsRequest(
            orq: try options.optional(orq, "orq", .id), dateFrom: try options.optional(from, "from", .date),
            dateTo: try options.optional(to, "to", .date))
    }

    func perform(in session: ControlSession) async throws(ControlFailure) -> Report {
        var request = try request(session.options)
        var slots: [SlotMessage] = []
        while true {
            let page = try await session.ask(ListSlots.self, request)
            slots += page.slots
            guard page.more else { return SlotTable.report(slots, session) }
            // Pages are ordered by id; one that does not get further would be asked for again without end.
            guard let last = page.slots.last?.slotID, last > request.afterSlotID ?? 0 else {
                throw ControlFailure(.refused, "the daemon's list of slots does not get further: report this as a defect")
            }
            request.afterSlotID = last
        }
    }
}
