import ArgumentParser
import ReservationWire

/// Venues' tenants.
struct OrganizationCommand: NounCommand {
    static let configuration = CommandConfiguration(
        commandName: "organization", abstract: "Organizations: whose tickets and slots there are.",
        subcommands: [
            AddOrganizationCommand.self, ListOrganizationsCommand.self, ShowOrganizationCommand.self, SetOrganizationCommand.self,
        ])
}

/// `organization add`.
struct AddOrganizationCommand: ControlCommand {
    static let noun = "organization"
    static let configuration = CommandConfiguration(commandName: "add", abstract: "Add an organization.")

    @ParentCommand var root: ReservationCommand
    @OptionGroup(title: "Common options") var global: GlobalOptions

    @Argument(help: "The organization's number.")
    var orq: String

    @Option(help: "Its name.")
    var name: String?

    @Option(help: ArgumentHelp("The IANA time zone in which its days begin, like Europe/Berlin.", valueName: "zone"))
    var timeZone: String?

    @Flag(help: "Let slots be booked after they have started.")
    var allowStarted = false

    func request(_ options: OptionReader) throws(ControlFailure) -> AddOrganizationRequest {
        AddOrganizationRequest(
            orq: try options.argument(orq, "the organization", .id),
            timeZone: try options.required(timeZone, "time-zone", .text),
            name: try options.required(name, "name", .text),
            allowStarted: try options.flag(allowStarted, "allow-started"))
    }

    func perform(in session: ControlSession) async throws(ControlFailure) -> Report {
        let added = try await session.ask(AddOrganization.self, try request(session.options)).organizations
        return session.report(
            text: { OrganizationTable.text(added) }, json: { JSONDocument.report(.organizations, added) })
    }
}

/// `organization list`.
struct ListOrganizationsCommand: ControlCommand {
    static let noun = "organization"
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the organizations.")

    @ParentCommand var root: ReservationCommand
    @OptionGroup(title: "Common options") var global: GlobalOptions

    func perform(in session: ControlSession) async throws(ControlFailure) -> Report {
        let all = try await session.ask(ListOrganizations.self, ListOrganizationsRequest()).organizations
        return session.report(text: { OrganizationTable.text(all) }, json: { JSONDocument.report(.organizations, all) })
    }
}

private enum OrganizationTable {
    static func text(_ organizations: [OrganizationMessage]) -> String {
        var table = TextTable([
            .number("ORQ"), .text("NAME"), .text("TIME ZONE"), .text("STARTED SLOTS"), .text("CONTACTS KEPT"), .text("CREATED"),
        ])
        for organization in organizations {
            table.add([
                String(organization.orq), organization.name, organization.timeZone, organization.allowStarted ? "bookable" : "closed",
                organization.retentionDays.map { "\($0) d" } ?? "for ever", organization.createdAt.iso8601,
            ])
        }
        return table.text
    }
}
