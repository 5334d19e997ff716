import ArgumentParser
import ReservationCore

/// The operator's command line.
struct ReservationCommand: NounCommand {
    static let configuration = CommandConfiguration(
        commandName: "reservationctl",
        abstract: "Manage the reservation portal's daemon over its socket.",
        discussion: """
            Every option has an environment variable: RESERVATION_SOCKET, RESERVATION_JSON, RESERVATION_TIMEOUT and RESERVATION_ORQ for \
            --socket, --json, --timeout and --orq; for the others the noun comes first, RESERVATION_SLOTS_FROM for --from of slots. \
            Only what “organization set” is to change is taken from the command line alone.

            Exit codes: 0 done; 1 refused, or doctor found a fault; 64 usage; 65 bad data; 66 no such file; 69 daemon unreachable; \
            74 output broke off; 75 try again later; 77 no permission.
            """,
        version: SoftwareVersion.current,
        subcommands: [
            OrganizationCommand.self, TicketsCommand.self, SlotsCommand.self, ReservationsCommand.self,
            OutboxCommand.self, PersonalDataCommand.self, HistoryCommand.self, EventsCommand.self, StatusCommand.self, DoctorCommand.self,
            BackupCommand.self,
        ])

    @OptionGroup(title: "Common options") var global: GlobalOptions
}
