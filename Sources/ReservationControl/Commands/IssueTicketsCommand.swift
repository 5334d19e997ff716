import ArgumentParser
import ReservationCore
import ReservationWire

/// `tickets issue`.
struct IssueTicketsCommand: ControlCommand {
    static let noun = "tickets"
    static let configuration = CommandConfiguration(
        commandName: "issue", abstract: "Issue tickets with random ids and codes.",
        discussion: "More than \(Limits.ticketsPerRequest) take several requests; what was issued before a failure is printed.")

    @ParentCommand var root: ReservationCommand
    @OptionGroup(title: "Common options") var global: GlobalOptions

    @Option(help: "The organization.")
    var orq: String?

    @Option(help: "The shop's number of the product.")
    var product: String?

    @Option(help: "The shop's number of the order.")
    var order: String?

    @Option(help: "How many.")
    var count: String?

    @Option(help: "PENDING_PAYMENT, ACTIVATED, EXPIRED or VERIFIED (default: ACTIVATED).")
    var status: String?

    @Option(name: .customLong("valid-until"), help: ArgumentHelp("The last day they are valid (default: for ever).", valueName: "date"))
    var validUntil: String?

    @Option(help: "The id, for one ticket; whoever knows it may reserve the ticket, so it should not be guessable.")
    var id: String?

    @Option(help: "The code, for one ticket.")
    var code: String?

    /// One request for every thousand tickets.
    func requests(_ options: OptionReader) throws(ControlFailure) -> [IssueTicketsRequest] {
        let whole = IssueTicketsRequest(
            orq: try options.required(orq, "orq", .id),
            ticketID: try options.optional(id, "id", .id),
            ticketCode: try options.optional(code, "code", .ticketCode),
            productID: try options.required(product, "product", .foreignID),
            orderID: try options.required(order, "order", .foreignID),
            status: try options.optional(status, "status", .newTicketStatus),
            count: try options.required(count, "count", .count),
            validUntil: try options.optional(validUntil, "valid-until", .date))
        guard whole.count == 1 || (whole.ticketID == nil && whole.ticketCode == nil) else {
            throw ControlFailure(.usage, "--id and --code are for one ticket: give --count 1, or leave them out")
        }
        let most = UInt64(Limits.ticketsPerRequest)
        return stride(from: 0, to: whole.count, by: Int(most)).map { issued in
            var part = whole
            part.count = min(most, whole.count - issued)
            return part
        }
    }

    func perform(in session: ControlSession) async throws(ControlFailure) -> Report {
        let requests = try requests(session.options)
        var issued: [TicketMessage] = []
        for request in requests {
            do throws(ControlFailure) {
                issued += try await session.ask(IssueTickets.self, request).tickets
            } catch {
                guard !issued.isEmpty else { throw error }
                var failure = error
                let wanted = requests.reduce(0) { $0 + $1.count }
                failure.message = "\(issued.count) of \(wanted) tickets were issued, then: \(error.message)"
                failure.report = report(issued, session)
                throw failure
            }
        }
        return report(issued, session)
    }

    private func report(_ tickets: [TicketMessage], _ session: ControlSession) -> Report {
        session.report(
            text: {
                var table = TextTable([
                    .text("CODE"), .number("ID"), .number("ORQ"), .number("PRODUCT"), .number("ORDER"), .text("STATUS"),
                ])
                for ticket in tickets {
                    table.add([
                        ticket.ticketCode, String(ticket.ticketID), String(ticket.orq), String(ticket.productID), String(ticket.orderID),
                        ticket.status,
                    ])
                }
                return table.text
            }, json: { JSONDocument.report(.tickets, tickets) })
    }
}
