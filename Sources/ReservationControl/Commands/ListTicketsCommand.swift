import ArgumentParser
import ReservationCore
import ReservationWire

/// `tickets list`.
struct ListTicketsCommand: ControlCommand {
    static let noun = "tickets"
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List tickets of an organization, of a status, in the order of their ids.",
        discussion: """
            Ticket codes are masked unless --contacts is given: who knows a code can use the ticket. As --json or --csv every ticket is \
            printed, in a table the first 1000, unless --limit or --all says otherwise.
            """)

    @ParentCommand var root: ReservationCommand
    @OptionGroup(title: "Common options") var global: GlobalOptions

    @Option(help: "Of this organization only.")
    var orq: String?

    @Option(help: "Only those that stand so: PENDING_PAYMENT, ACTIVATED, RESERVED, VERIFIED or EXPIRED.")
    var status: String?

    @Option(help: "At most so many.")
    var limit: String?

    @Flag(help: "In a table, too, as many as there are.")
    var all = false

    @Flag(help: "Print comma-separated values.")
    var csv = false

    @Flag(name: [.customLong("contacts"), .customLong("show-contact")], help: "Print ticket codes in full.")
    var contacts = false

    func perform(in session: ControlSession) async throws(ControlFailure) -> Report {
        let format = try session.listFormat(isCSV: csv)
        let options = session.options
        let typed = try options.optional(limit, "limit", .count).map { Int($0) }
        let isWhole = try options.flag(all, "all")
        var left = typed ?? (format == .table && !isWhole ? ListReservationsCommand.tableRows : .max)
        var request = ListTicketsRequest(
            orq: try options.optional(orq, "orq", .id), status: try options.optional(status, "status", .ticketStatus),
            contacts: try options.flag(contacts, "contacts") ? true : nil)
        var writer = ListWriter(format, .tickets, Self.columns, to: session.output)
        while true {
            request.limit = UInt64(min(left, Limits.ticketsPerPage))
            let page = try await session.ask(ListTickets.self, request)
            try writer.add(page.tickets)
            left -= page.tickets.count
            guard page.more, left > 0 else {
                try writer.end(more: page.more)
                guard format == .table, page.more else { return .text("") }
                return .text("These are the first \(writer.count); there may be more: --all lists every one, --limit so many.\n")
            }
            // A page that does not get further would be asked for again without end.
            guard let next = page.afterTicketID, next > request.afterTicketID ?? 0 else {
                throw ControlFailure(.refused, "the daemon's list of tickets does not get further: report this as a defect")
            }
            request.afterTicketID = next
        }
    }

    private static var columns: [ListColumn<TicketMessage>] {
        [
            ListColumn("ticket_id", .number("TICKET")) { String($0.ticketID) }, ListColumn("orq", .number("ORQ")) { String($0.orq) },
            ListColumn("ticket_code", .text("CODE")) { $0.ticketCode }, ListColumn("status", .text("STATUS")) { $0.status },
            ListColumn("product_id", .number("PRODUCT")) { String($0.productID) },
            ListColumn("order_id", .number("ORDER")) { String($0.orderID) },
            ListColumn("created_at", .text("CREATED")) { $0.createdAt.iso8601 }, ListColumn("updated_at") { $0.updatedAt.iso8601 },
        ]
    }
}
