import ArgumentParser
import ReservationWire

/// `slots create`.
struct CreateSlotCommand: ControlCommand {
    static let noun = "slots"
    static let configuration = CommandConfiguration(commandName: "create", abstract: "Create one slot.")

    @ParentCommand var root: ReservationCommand
    @OptionGroup(title: "Common options") var global: GlobalOptions

    @Option(help: "The organization.")
    var orq: String?

    @Option(help: "The day, like 2025-11-14.")
    var date: String?

    @Option(help: "When it starts, like 10:00, in the organization's time zone.")
    var start: String?

    @Option(help: "When it ends, on the same day.")
    var end: String?

    @Option(help: "How many visitors it takes.")
    var capacity: String?

    func request(_ options: OptionReader) throws(ControlFailure) -> CreateSlotRequest {
        CreateSlotRequest(
            orq: try options.required(orq, "orq", .id), date: try options.required(date, "date", .date),
            startTime: try options.required(start, "start", .time), endTime: try options.required(end, "end", .time),
            totalCapacity: try options.required(capacity, "capacity", .capacity))
    }

    func perform(in session: ControlSession) async throws(ControlFailure) -> Report {
        SlotTable.report(try await session.ask(CreateSlot.self, try request(session.options)).slots, session)
    }
}
