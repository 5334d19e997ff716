import ArgumentParser
import ReservationCore
import ReservationWire

/// `organization show`.
struct ShowOrganizationCommand: ControlCommand {
    static let noun = "organization"
    static let configuration = CommandConfiguration(
        commandName: "show", abstract: "Show an organization and what its visitors see of it.")

    @ParentCommand var root: ReservationCommand
    @OptionGroup(title: "Common options") var global: GlobalOptions

    @Argument(help: "The organization's number.")
    var orq: String

    func request(_ options: OptionReader) throws(ControlFailure) -> GetOrganizationRequest {
        GetOrganizationRequest(orq: try options.argument(orq, "the organization", .id))
    }

    func perform(in session: ControlSession) async throws(ControlFailure) -> Report {
        OrganizationProfileReport.report(try await session.ask(GetOrganization.self, try request(session.options)), session)
    }
}
