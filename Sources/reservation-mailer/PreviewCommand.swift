import ArgumentParser
import Glibc
import ReservationCore
import ReservationMailer

/// Shows what customers get, without sending anything.
struct PreviewCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview", abstract: "Writes a sample confirmation in each language, as .eml for mail programs and .html for browsers."
    )

    @Argument(help: "An existing directory.")
    var directory: String

    @Option(help: "Who sends: the address in From. (default: tickets@example.com)")
    var from: String?

    @OptionGroup var sample: SampleOptions

    func run() throws {
        let source = OptionSource.process
        let composer = ConfirmationComposer(
            sender: try source.address(from ?? source.text(nil, "FROM") ?? "tickets@example.com", "FROM", ""))
        let organization = try sample.card()
        guard let customer = EmailAddress("customer@example.com") else { return }
        for language in MailLanguage.allCases {
            guard
                let delivery = SampleConfirmation.delivery(
                    outboxID: 1, to: customer, language: language, organization: organization, now: WallClock.now())
            else { throw ValidationError("this machine's clock is wrong") }
            let preview = MessagePreview(try composer.message(for: delivery))
            try write(preview.mail, "\(language.rawValue).eml")
            try write(Array(preview.page.utf8), "\(language.rawValue).html")
        }
    }

    private func write(_ bytes: [UInt8], _ name: String) throws {
        let path = "\(directory)/\(name)"
        guard let file = fopen(path, "w") else { throw ValidationError("\(path): \(String(cString: strerror(errno)))") }
        let count = fwrite(bytes, 1, bytes.count, file)
        guard fclose(file) == 0, count == bytes.count else { throw ValidationError("\(path) cannot be written") }
        print(path)
    }
}
