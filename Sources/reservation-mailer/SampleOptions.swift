import ArgumentParser
import ReservationCore
import ReservationMailer

/// In whose name a sample is written.
struct SampleOptions: ParsableArguments {
    @Option(help: "The organization's name. (default: City Museum)")
    var organization = "City Museum"

    @Option(help: "Its colour, like #1a73e8.")
    var accentColor: String?

    @Option(help: "Where its customers can write to.")
    var contactEmail: String?

    @Option(help: "Where its customers can call.")
    var contactPhone: String?

    @Option(help: "Its pages, like https://www.example.com/.")
    var website: String?

    func card() throws -> OrganizationCard {
        guard let id = OrganizationID(UInt64(1)) else { throw ValidationError("there is no organization 1") }
        return OrganizationCard(
            id: id, name: organization, timeZone: "UTC",
            contactEmail: try value(contactEmail, "--contact-email") { EmailAddress($0) },
            contactPhone: try value(contactPhone, "--contact-phone") { PhoneNumber($0) },
            website: try value(website, "--website") { WebsiteURL($0) },
            accentColor: try value(accentColor, "--accent-color") { AccentColor($0) })
    }

    private func value<Value>(_ text: String?, _ option: String, _ make: (String) -> Value?) throws -> Value? {
        guard let text else { return nil }
        guard let value = make(text) else { throw ValidationError("\(option) is not of the form that is accepted") }
        return value
    }

    static func language(_ text: String) throws -> MailLanguage {
        guard let language = MailLanguage(rawValue: text) else {
            throw ValidationError("--language must be one of \(MailLanguage.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return language
    }
}
