import ArgumentParser
import ReservationCore
import ReservationWire

/// `organization set`.
struct SetOrganizationCommand: ControlCommand {
    static let noun = "organization"
    static let configuration = CommandConfiguration(
        commandName: "set", abstract: "Change an organization and what its visitors see of it.",
        discussion: """
            What is not named stays as it is. The time zone can be changed only while the organization has no slots. These values are \
            taken from the command line alone, never from environment variables: a variable meant for “add” must not rename anything.
            """)

    @ParentCommand var root: ReservationCommand
    @OptionGroup(title: "Common options") var global: GlobalOptions

    @Argument(help: "The organization's number.")
    var orq: String

    @Option(help: "Its name.")
    var name: String?

    @Option(help: ArgumentHelp("The IANA time zone in which its days begin, like Europe/Berlin.", valueName: "zone"))
    var timeZone: String?

    @Flag(inversion: .prefixedNo, help: "Let slots be booked after they have started, or not.")
    var allowStarted: Bool?

    @Option(help: ArgumentHelp("The color of buttons and links on its page, like '#1a73e8'.", valueName: "color"))
    var accentColor: String?

    @Option(help: ArgumentHelp("A PNG, JPEG or WebP file of at most \(Limits.logoBytes) bytes.", valueName: "file"))
    var logo: String?

    @Option(help: ArgumentHelp("Where visitors can write to.", valueName: "address"))
    var contactEmail: String?

    @Option(help: ArgumentHelp("Where visitors can call, like +12025551234.", valueName: "number"))
    var contactPhone: String?

    @Option(help: ArgumentHelp("Where visitors can read on, like https://www.example.com.", valueName: "url"))
    var website: String?

    @Option(
        help: ArgumentHelp(
            "How many days after a visit the visitor's address and phone number are erased, or none for never.", valueName: "days"))
    var retentionDays: String?

    @Option(
        help: ArgumentHelp(
            "Take a value away: \(ClearableField.names). May be given several times.", valueName: "field"))
    var clear: [String] = []

    func request(_ options: OptionReader) throws(ControlFailure) -> SetOrganizationRequest {
        func typed<Value>(_ text: String?, _ option: String, _ kind: ValueKind<Value>) throws(ControlFailure) -> Value? {
            try text.map { text throws(ControlFailure) in try options.argument(text, "--\(option)", kind) }
        }
        var request = SetOrganizationRequest(
            orq: try options.argument(orq, "the organization", .id), timeZone: timeZone, name: name, allowStarted: allowStarted,
            accentColor: try typed(accentColor, "accent-color", .accentColor),
            contactEmail: try typed(contactEmail, "contact-email", .emailAddress),
            contactPhone: try typed(contactPhone, "contact-phone", .phoneNumber), website: try typed(website, "website", .website),
            retentionDays: try typed(retentionDays, "retention-days", .retentionDays))
        request.logo = try logo.map { path throws(ControlFailure) in try LogoFile.read(path).bytes }
        for text in clear { try takeAway(try options.argument(text, "--clear", .clearableField), in: &request) }
        guard request != SetOrganizationRequest(orq: request.orq) else {
            throw ControlFailure(.usage, "there is nothing to set: name what is to change, see reservationctl organization set --help")
        }
        return request
    }

    private func takeAway(_ field: ClearableField, in request: inout SetOrganizationRequest) throws(ControlFailure) {
        func cleared<Value: RangeReplaceableCollection>(_ value: Value?) throws(ControlFailure) -> Value {
            guard value?.isEmpty ?? true else {
                throw ControlFailure(.usage, "--\(field.rawValue) and --clear \(field.rawValue) contradict each other: give one of them")
            }
            return Value()
        }
        switch field {
        case .accentColor: request.accentColor = try cleared(request.accentColor)
        case .logo: request.logo = try cleared(request.logo)
        case .contactEmail: request.contactEmail = try cleared(request.contactEmail)
        case .contactPhone: request.contactPhone = try cleared(request.contactPhone)
        case .website: request.website = try cleared(request.website)
        }
    }

    func perform(in session: ControlSession) async throws(ControlFailure) -> Report {
        OrganizationProfileReport.report(try await session.ask(SetOrganization.self, try request(session.options)), session)
    }
}

/// What an organisation need not have, by the option that gives it.
enum ClearableField: String, CaseIterable {
    case accentColor = "accent-color"
    case logo
    case contactEmail = "contact-email"
    case contactPhone = "contact-phone"
    case website

    static var names: String { allCases.dropLast().map(\.rawValue).joined(separator: ", ") + " or " + ClearableField.website.rawValue }
}

extension ValueKind where Value == ClearableField {
    fileprivate static var clearableField: Self { Self(expected: ClearableField.names) { ClearableField(rawValue: $0) } }
}
