import ArgumentParser

/// Tickets: the right to one visit each.
struct TicketsCommand: NounCommand {
    static let configuration = CommandConfiguration(
        commandName: "tickets", abstract: "Tickets: issue, import, look up, and let visitors in.",
        subcommands: [
            IssueTicketsCommand.self, ImportTicketsCommand.self, ShowTicketsCommand.self, ListTicketsCommand.self,
            ActivateTicketCommand.self,
            ExpireTicketCommand.self, CheckInCommand.self,
        ])
}
