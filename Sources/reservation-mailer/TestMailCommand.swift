import ArgumentParser
import Glibc
import ReservationCore
import ReservationLog
import ReservationMailer
import ReservationProcess

/// Tells an operator whether the settings are right.
struct TestMailCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test-mail", abstract: "Sends a sample confirmation by the transport and says what became of it.",
        discussion: """
            Exit status: 0 accepted, 69 refused for good, 75 it may go another time, 77 credentials or sender refused; of several the worst.
            """)

    @Option(help: "Who gets it; may be repeated.")
    var to: [String]

    @Option(help: "Its language: en, de, es or fr.")
    var language = "en"

    @Option(help: "How many each gets.")
    var count = 1

    @OptionGroup var mail: MailOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var sample: SampleOptions

    func run() async throws {
        // A peer that hangs up is an error of the write, not the end of the program.
        signal(SIGPIPE, SIG_IGN)
        let source = OptionSource.process
        let connection = try ConnectionSettings(connection, source)
        let settings = try SendingSettings(mail, source, connection)
        guard (1...100_000).contains(count) else { throw ValidationError("--count must be from 1 to 100000") }
        let messages = try messages(from: settings.from)
        let verdict = await TrialRun(messages, connections: connection.count) { await settings.transport.send($0) }.run()
        guard verdict == EX_OK else { throw ExitCode(verdict) }
    }

    private func messages(from sender: EmailAddress) throws -> [OutgoingMessage] {
        let composer = ConfirmationComposer(sender: sender)
        let language = try SampleOptions.language(language)
        let organization = try sample.card()
        return try to.flatMap { text in
            guard let address = EmailAddress(text) else { throw ValidationError("--to: not an e-mail address") }
            return try (0..<count).map { _ in
                // Random, so that no two of these mails are taken for the same.
                let number = UInt64.random(in: 1...9_007_199_254_740_991)
                guard
                    let delivery = SampleConfirmation.delivery(
                        outboxID: number, to: address, language: language, organization: organization, now: WallClock.now())
                else { throw ValidationError("this machine's clock is wrong") }
                return try composer.message(for: delivery)
            }
        }
    }
}
