import ArgumentParser

/// Tickets: the right to one visit each.
struct TicketsCommand: NounCommand {
    static let configuration = CommandConfiguration(
        commandName: "tickets", abstract: "Tickets: issue, import and look up.",
        subcommands: [IssueTicketsCommand.self, ImportTicketsCommand.self, ShowTicketsCommand.self])
}
