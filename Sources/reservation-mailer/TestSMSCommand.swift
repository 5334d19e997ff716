import ArgumentParser
import Glibc
import ReservationCore
import ReservationMailer

/// Tells an operator whether the settings for short messages are right.
struct TestSMSCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "test-sms", abstract: "Sends a sample notice by --sms and says what became of it.",
        discussion: "Exit status as of test-mail.")

    @Option(help: "The number that gets it, like +12025550123.")
    var to: String

    @Option(help: "Its language: en, de, es or fr.")
    var language = "en"

    @OptionGroup var sms: SMSOptions
    @OptionGroup var connection: ConnectionOptions
    @OptionGroup var sample: SampleOptions

    func run() async throws {
        signal(SIGPIPE, SIG_IGN)
        let source = OptionSource.process
        let settings = try NoticeSettings(sms, source, ConnectionSettings(connection, source))
        guard let transport = settings.transport else { throw ValidationError("--sms (or RESERVATION_MAILER_SMS) is needed") }
        guard let number = PhoneNumber(to) else { throw ValidationError("--to: not a number like +12025550123") }
        guard let nobody = EmailAddress("customer@example.com"),
            let delivery = SampleConfirmation.delivery(
                outboxID: 1, to: nobody, phone: number, language: try SampleOptions.language(language), organization: try sample.card(),
                now: WallClock.now())
        else { throw ValidationError("this machine's clock is wrong") }
        let verdict = await TrialRun([OutgoingNotice(delivery)], connections: 1) { await transport.send($0) }.run()
        guard verdict == EX_OK else { throw ExitCode(verdict) }
    }
}
