import ArgumentParser

/// Fills a daemon with slots and tickets.
struct StockCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stock", abstract: "Gives a running daemon an organisation with slots and tickets.")

    @Option(help: "The daemon's admin.sock.")
    var admin: String

    @Option(help: "How many tickets, all of them ACTIVATED.")
    var tickets = 0

    @Option(help: "How many slots.")
    var slots = 1

    @Option(help: "How many of the slots are on one day.")
    var slotsPerDay = 50

    func run() async throws {
        let administration = Administration(socketPath: admin)
        let venue = try await Venue(slots: slots, perDay: slotsPerDay, on: administration)
        try await venue.issueTickets(tickets) { _ in }
        let status = try await administration.status()
        print("organization \(venue.organization); the daemon has \(status.ticketCount) tickets and \(status.slotCount) slots")
        await administration.close()
    }
}
