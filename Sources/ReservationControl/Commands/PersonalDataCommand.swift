import ArgumentParser
import ReservationCore
import ReservationWire

/// What is kept of one person.
struct PersonalDataCommand: NounCommand {
    static let configuration = CommandConfiguration(
        commandName: "personal-data", abstract: "What is kept of one person: give it out, or erase it.",
        subcommands: [ExportPersonalDataCommand.self, ErasePersonalDataCommand.self])
}

/// A person as an operator types one: by an address, or by a number.
struct TypedPerson {
    var email: String?
    var phone: String?

    init(_ text: String, _ options: OptionReader) throws(ControlFailure) {
        if text.contains("@") {
            email = try options.argument(text, "the person", .emailAddress)
        } else {
            phone = try options.argument(text, "the person", .person)
        }
    }
}

extension ValueKind where Value == String {
    /// An address was told by its @.
    fileprivate static let person = ValueKind(
        expected: "an e-mail address like ana@example.com, or a phone number of + and digits only, like +12025551234"
    ) { PhoneNumber($0, minimumDigits: 2)?.text }
}

/// A page's position, to see that the daemon gets further.
struct PersonalDataPosition: Hashable {
    var reservation: UInt64?
    var ticket: UInt64?
    var message: UInt64?
    var line: UInt64?

    /// - Throws: when it is the same as before: the page would be asked for again without end.
    func mustDiffer(from before: PersonalDataPosition) throws(ControlFailure) {
        guard self == before else { return }
        throw ControlFailure(.refused, "the daemon's search for a person does not get further: report this as a defect")
    }

    /// What is looked through, for people.
    var words: String {
        if ticket != nil { return "looking through the tickets" }
        if message != nil { return "looking through the messages" }
        if line != nil { return "looking through the history" }
        return "looking through the reservations"
    }
}
