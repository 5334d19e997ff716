import ArgumentParser
import ReservationCore
import ReservationWire

/// `slots set-capacity`.
struct SetSlotCapacityCommand: ControlCommand {
    static let noun = "slots"
    static let configuration = CommandConfiguration(
        commandName: "set-capacity", abstract: "Change how many visitors a slot takes; not below those booked.")

    @ParentCommand var root: ReservationCommand
    @OptionGroup(title: "Common options") var global: GlobalOptions

    @Argument(help: "The slot's number.")
    var slot: String

    @Argument(help: "How many visitors it takes from now on.")
    var capacity: String

    func request(_ options: OptionReader) throws(ControlFailure) -> SetSlotCapacityRequest {
        SetSlotCapacityRequest(
            slotID: try options.argument(slot, "the slot", .id), totalCapacity: try options.argument(capacity, "the capacity", .capacity))
    }

    func perform(in session: ControlSession) async throws(ControlFailure) -> Report {
        SlotTable.report(try await session.ask(SetSlotCapacity.self, try request(session.options)).slots, session)
    }
}
