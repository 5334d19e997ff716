import ArgumentParser
import ReservationCore
import ReservationWire

/// `history`.
struct HistoryCommand: ControlCommand {
    static let noun = "history"
    static let configuration = CommandConfiguration(
        commandName: "history", abstract: "Who did what to which ticket, reservation, slot or organization, and when; oldest first.",
        discussion: "Bookings are not in it: each reservation is the record of its own.")

    @ParentCommand var root: ReservationCommand
    @OptionGroup(title: "Common options") var global: GlobalOptions

    @Option(help: ArgumentHelp("Of this ticket only: its code, or its id.", valueName: "code"))
    var ticket: String?

    @Option(help: ArgumentHelp("Of this reservation only.", valueName: "number"))
    var reservation: String?

    @Option(help: ArgumentHelp("Of this slot only, with what was moved out of it.", valueName: "number"))
    var slot: String?

    @Option(help: "Of this organization only.")
    var orq: String?

    func request(_ options: OptionReader) throws(ControlFailure) -> ListHistoryRequest {
        let name = try options.optional(ticket, "ticket", .text).map { text throws(ControlFailure) in try TypedTicket(text) }
        return ListHistoryRequest(
            orq: try options.optional(orq, "orq", .id), ticketID: name?.id, ticketCode: name?.code,
            slotID: try options.optional(slot, "slot", .id), reservationID: try options.optional(reservation, "reservation", .id))
    }

    func perform(in session: ControlSession) async throws(ControlFailure) -> Report {
        let entries = try await HistoryReport.all(try request(session.options), in: session)
        return session.report(text: { HistoryReport.table(entries) }, json: { JSONDocument.report(.history, entries) })
    }
}

/// How the history is asked for and reported.
enum HistoryReport {
    /// Every page.
    static func all(_ request: ListHistoryRequest, in session: ControlSession) async throws(ControlFailure) -> [HistoryEntryMessage] {
        var request = request
        var entries: [HistoryEntryMessage] = []
        while true {
            let page = try await session.ask(ListHistory.self, request)
            entries += page.history
            guard page.more, let next = page.afterHistoryID else { return entries }
            guard next > request.afterHistoryID ?? 0 else {
                throw ControlFailure(.refused, "the daemon's history does not get further: update the daemon")
            }
            request.afterHistoryID = next
        }
    }

    static func table(_ entries: [HistoryEntryMessage]) -> String {
        var table = TextTable([
            .number("ENTRY"), .text("WHEN"), .text("WHAT"), .number("ORQ"), .number("TICKET"), .number("RESERVATION"), .number("SLOT"),
            .text("WHO"), .text("DETAIL"),
        ])
        for entry in entries {
            table.add([
                String(entry.historyID), entry.at.iso8601, entry.action, number(entry.orq), number(entry.ticketID),
                number(entry.reservationID), number(entry.slotID), who(entry), detail(entry),
            ])
        }
        return table.text
    }

    private static func number(_ value: UInt64?) -> String { value.map { String($0) } ?? "-" }

    private static func who(_ entry: HistoryEntryMessage) -> String {
        let parts = [entry.role, entry.uid.map { "uid \($0)" }, entry.operatorID.map { "operator \($0)" }]
        return parts.compactMap(\.self).joined(separator: ", ")
    }

    private static func detail(_ entry: HistoryEntryMessage) -> String {
        let parts = [entry.previousSlotID.map { "from slot \($0)" }, entry.detail, entry.reason.map { "“\($0)”" }]
        let text = parts.compactMap(\.self).joined(separator: "; ")
        return text.isEmpty ? "-" : text
    }
}
