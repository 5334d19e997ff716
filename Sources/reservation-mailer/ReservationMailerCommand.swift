import ArgumentParser
import ReservationCore

/// The edge that mail providers see.
@main
struct ReservationMailerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reservation-mailer",
        abstract: "Sends the confirmations that wait in the reservation daemon's outbox.",
        discussion: """
            Each option can also be given as an environment variable, RESERVATION_MAILER_TRANSPORT for --transport and so on.
            """,
        version: SoftwareVersion.current,
        subcommands: [RunCommand.self, PreviewCommand.self, TestMailCommand.self, TestSMSCommand.self], defaultSubcommand: RunCommand.self)
}
