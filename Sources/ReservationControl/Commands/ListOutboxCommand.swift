import ArgumentParser
import ReservationCore
import ReservationWire

/// `outbox list`.
struct ListOutboxCommand: ControlCommand {
    static let noun = "outbox"
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List messages of the outbox, oldest first.",
        discussion: "Those that were sent or cancelled are listed until the daemon forgets them.")

    @ParentCommand var root: ReservationCommand
    @OptionGroup(title: "Common options") var global: GlobalOptions

    @Option(help: "Of this organization only.")
    var orq: String?

    @Option(help: "Only those that stand so: QUEUED, LEASED, SENT, FAILED or CANCELLED.")
    var status: String?

    @Option(help: "At most so many (default: all).")
    var limit: String?

    @Flag(help: "Print the customers' addresses, phone numbers and ticket codes in full.")
    var showContact = false

    /// For the first page.
    func request(_ options: OptionReader) throws(ControlFailure) -> ListOutboxRequest {
        ListOutboxRequest(orq: try options.optional(orq, "orq", .id), status: try options.optional(status, "status", .outboxStatus))
    }

    func perform(in session: ControlSession) async throws(ControlFailure) -> Report {
        var request = try request(session.options)
        let limit = try session.options.optional(limit, "limit", .count).map { Int($0) } ?? .max
        let showsContact = try session.options.flag(showContact, "show-contact")
        var entries: [OutboxEntryMessage] = []
        while true {
            let page = try await session.ask(ListOutbox.self, request)
            entries += page.entries
            guard page.more, entries.count < limit else {
                return OutboxReport.list(Array(entries.prefix(limit)).shown(contact: showsContact), session)
            }
            // A page that does not get further would be asked for again without end.
            guard let next = page.afterOutboxID, next > request.afterOutboxID ?? 0 else {
                throw ControlFailure(.refused, "the daemon's list of messages does not get further: report this as a defect")
            }
            request.afterOutboxID = next
        }
    }
}
