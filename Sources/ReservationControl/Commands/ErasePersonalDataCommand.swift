import ArgumentParser
import ReservationCore
import ReservationWire

/// `personal-data erase`.
struct ErasePersonalDataCommand: ControlCommand {
    static let noun = "personal-data"
    static let configuration = CommandConfiguration(
        commandName: "erase", abstract: "Erase one person's contact wherever it is kept.",
        discussion: """
            Past and cancelled reservations stay and count as before; in place of address and phone number they have placeholders. What is \
            to be sent is taken back, and reasons in the history that name the address are emptied. A reservation whose visit is \
            still to come is left, and told of: with --include-upcoming it loses its contact too and keeps its place. A person who used \
            several addresses is erased by each. Backups that were made before keep the data until they are removed, and restoring one \
            brings it back. Asking again does no harm.
            """)

    @ParentCommand var root: ReservationCommand
    @OptionGroup(title: "Common options") var global: GlobalOptions

    @Argument(help: "The person: an e-mail address, or a phone number like +12025551234.")
    var person: String

    @Flag(help: "Also where the visit is still to come.")
    var includeUpcoming = false

    @Option(name: .customLong("operator"), help: ArgumentHelp("Who does it, for the history.", valueName: "number"))
    var operatorNumber: String?

    @Flag(help: "Erase nothing, only tell how much would be erased.")
    var dryRun = false

    @Flag(help: "Do not ask.")
    var yes = false

    func request(_ options: OptionReader) throws(ControlFailure) -> ErasePersonalDataRequest {
        let person = try TypedPerson(person, options)
        return ErasePersonalDataRequest(
            customerEmail: person.email, customerPhone: person.phone,
            operatorID: try options.optional(operatorNumber, "operator", .operatorID),
            includeUpcoming: try options.flag(includeUpcoming, "include-upcoming") ? true : nil)
    }

    func perform(in session: ControlSession) async throws(ControlFailure) -> Report {
        let request = try request(session.options)
        let isDryRun = try session.options.flag(dryRun, "dry-run")
        let isConfirmed = try session.options.flag(yes, "yes")
        if isDryRun || !isConfirmed {
            var trial = request
            trial.dryRun = true
            let found = try await Self.ask(trial, in: session)
            if isDryRun { return Self.report(found, isDryRun: true, session) }
            // With nothing to find the rest is still done: an erasure may have broken off.
            if found.erasedCount + found.ticketCount > 0 {
                try session.confirm(
                    false,
                    "the contact in \(found.erasedCount) reservations and \(found.ticketCount) other tickets will be erased, "
                        + "and \(found.upcomingCount) reservations stay since the visit is still to come")
            }
        }
        return Self.report(try await Self.ask(request, in: session), isDryRun: false, session)
    }

    /// Every page.
    private static func ask(_ first: ErasePersonalDataRequest, in session: ControlSession) async throws(ControlFailure)
        -> ErasePersonalDataResponse
    {
        let progress = ProgressLine()
        defer { progress.end() }
        var request = first
        var position = PersonalDataPosition()
        var total = ErasePersonalDataResponse(more: false, ticketCount: 0, erasedCount: 0, upcomingCount: 0, emptiedCount: 0)
        while true {
            do throws(ControlFailure) {
                let part = try await session.ask(ErasePersonalData.self, request)
                total.ticketCount += part.ticketCount
                total.erasedCount += part.erasedCount
                total.upcomingCount += part.upcomingCount
                total.emptiedCount += part.emptiedCount
                guard part.more else { return total }
                let next = PersonalDataPosition(
                    reservation: part.afterReservationID, ticket: part.afterTicketID, message: part.afterOutboxID,
                    line: part.afterHistoryID)
                try next.mustDiffer(from: position)
                position = next
                (request.afterReservationID, request.afterTicketID) = (next.reservation, next.ticket)
                (request.afterOutboxID, request.afterHistoryID) = (next.message, next.line)
                progress.show(next.words)
            } catch {
                // What was emptied in the first page has a reservation or a ticket beside it.
                guard total.erasedCount + total.ticketCount > 0, request.dryRun != true else { throw error }
                throw ControlFailure(
                    error.kind, "\(total.erasedCount) reservations were erased, then: \(error.message); asking again does the rest",
                    report: report(total, isDryRun: false, session))
            }
        }
    }

    private static func report(_ total: ErasePersonalDataResponse, isDryRun: Bool, _ session: ControlSession) -> Report {
        session.report(
            text: {
                var pairs = [
                    (isDryRun ? "reservations to be erased" : "reservations erased", String(total.erasedCount)),
                    ("left, visit to come", String(total.upcomingCount)),
                    ("other tickets", String(total.ticketCount)),
                ]
                // A dry run does not look for them: what they say of a person shows only when the person is erased.
                if !isDryRun { pairs.append(("messages and reasons emptied", String(total.emptiedCount))) }
                let hint =
                    "Where the visit is still to come nothing was erased; --include-upcoming erases there too, and keeps the places.\n"
                return TextTable.keyValues(pairs) + (total.upcomingCount > 0 ? hint : "")
            },
            json: {
                var document = JSONDocument()
                document.integer(.erasedCount, total.erasedCount)
                document.integer(.upcomingCount, total.upcomingCount)
                document.integer(.ticketCount, total.ticketCount)
                document.integer(.emptiedCount, total.emptiedCount)
                return document.report()
            })
    }
}
