import ArgumentParser
import ReservationCore
import ReservationWire

/// `slots delete`.
struct DeleteSlotsCommand: ControlCommand {
    static let noun = "slots"
    static let configuration = CommandConfiguration(
        commandName: "delete", abstract: "Remove a slot, or those of many days, to which no reservation refers.",
        discussion: """
            A slot that has a reservation, live or cancelled, stays: close it instead. What was removed is in the history; its number is \
            given to no other slot.
            """)

    @ParentCommand var root: ReservationCommand
    @OptionGroup(title: "Common options") var global: GlobalOptions

    @Argument(help: "The slot's number; without it, the days and times to remove.")
    var slot: String?

    @OptionGroup var chosen: ChosenSlots

    @Option(help: "Why, for the history.")
    var reason: String?

    @Flag(help: "Remove nothing, only tell how many would be removed.")
    var dryRun = false

    @Flag(help: "Do not ask.")
    var yes = false

    func request(_ options: OptionReader) throws(ControlFailure) -> DeleteSlotsRequest {
        let reason = try options.optional(reason, "reason", .reason)
        if let slot {
            try chosen.mustNotBeTyped(beside: slot)
            return DeleteSlotsRequest(slotID: try options.argument(slot, "the slot", .id), reason: reason)
        }
        let values = try chosen.values(options)
        return DeleteSlotsRequest(
            orq: values.orq, dateFrom: values.first, dateTo: values.last, weekdays: values.weekdays, times: values.times, reason: reason)
    }

    func perform(in session: ControlSession) async throws(ControlFailure) -> Report {
        let request = try request(session.options)
        let isDryRun = try session.options.flag(dryRun, "dry-run")
        let isConfirmed = try session.options.flag(yes, "yes")
        if isDryRun || !isConfirmed {
            var trial = request
            trial.dryRun = true
            let found = try await Self.ask(trial, in: session)
            if isDryRun || found.deletedCount == 0 { return Self.report(found, isDryRun: isDryRun, session) }
            let slots = found.deletedCount == 1 ? "1 slot" : "\(found.deletedCount) slots"
            try session.confirm(
                false,
                request.slotID.map { "slot \($0) will be removed" }
                    ?? "\(slots) will be removed, and \(found.inUseCount) stay since reservations refer to them")
        }
        return Self.report(try await Self.ask(request, in: session), isDryRun: false, session)
    }

    private static func ask(_ first: DeleteSlotsRequest, in session: ControlSession) async throws(ControlFailure) -> DeleteSlotsResponse {
        var request = first
        var total = DeleteSlotsResponse(more: false, deletedCount: 0, inUseCount: 0)
        while true {
            do throws(ControlFailure) {
                let part = try await session.ask(DeleteSlots.self, request)
                total.deletedCount += part.deletedCount
                total.inUseCount += part.inUseCount
                guard part.more else { return total }
                guard let next = part.afterSlotID, next > request.afterSlotID ?? 0 else {
                    throw ControlFailure(.refused, "the daemon does not get further: report this as a defect")
                }
                request.afterSlotID = next
            } catch {
                guard total.deletedCount > 0, request.dryRun != true else { throw error }
                throw ControlFailure(
                    error.kind, "\(total.deletedCount) slots were removed, then: \(error.message); asking again does the rest",
                    report: report(total, isDryRun: false, session))
            }
        }
    }

    private static func report(_ total: DeleteSlotsResponse, isDryRun: Bool, _ session: ControlSession) -> Report {
        session.report(
            text: {
                TextTable.keyValues([
                    (isDryRun ? "to be removed" : "removed", String(total.deletedCount)), ("in use, kept", String(total.inUseCount)),
                ])
            },
            json: {
                var document = JSONDocument()
                document.integer(.deletedCount, total.deletedCount)
                document.integer(.inUseCount, total.inUseCount)
                return document.report()
            })
    }
}
