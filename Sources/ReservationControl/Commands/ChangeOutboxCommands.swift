import ArgumentParser
import ReservationWire

/// `outbox show`.
struct ShowOutboxCommand: ControlCommand {
    static let noun = "outbox"
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Show a message and what became of it.")

    @ParentCommand var root: ReservationCommand
    @OptionGroup(title: "Common options") var global: GlobalOptions

    @Argument(help: "The entry's number.")
    var entry: String

    @Flag(help: "Print the customer's address, phone number and ticket code in full.")
    var showContact = false

    func request(_ options: OptionReader) throws(ControlFailure) -> ShowOutboxEntryRequest {
        ShowOutboxEntryRequest(outboxID: try options.argument(entry, "the entry", .id))
    }

    func perform(in session: ControlSession) async throws(ControlFailure) -> Report {
        let request = try request(session.options)
        let showsContact = try session.options.flag(showContact, "show-contact")
        let entries = try await session.ask(ShowOutboxEntry.self, request).entries
        return OutboxReport.one(entries.shown(contact: showsContact), session)
    }
}

/// `outbox retry`.
struct RetryOutboxCommand: ControlCommand {
    static let noun = "outbox"
    static let configuration = CommandConfiguration(
        commandName: "retry", abstract: "Try a message again at once, also one that was given up or cancelled.")

    @ParentCommand var root: ReservationCommand
    @OptionGroup(title: "Common options") var global: GlobalOptions

    @Argument(help: "The entry's number.")
    var entry: String

    func request(_ options: OptionReader) throws(ControlFailure) -> RequeueOutboxEntryRequest {
        RequeueOutboxEntryRequest(outboxID: try options.argument(entry, "the entry", .id))
    }

    func perform(in session: ControlSession) async throws(ControlFailure) -> Report {
        let entries = try await session.ask(RequeueOutboxEntry.self, try request(session.options)).entries
        return OutboxReport.one(entries.shown(contact: false), session)
    }
}

/// `outbox cancel`.
struct CancelOutboxCommand: ControlCommand {
    static let noun = "outbox"
    static let configuration = CommandConfiguration(
        commandName: "cancel", abstract: "Take a message back that was not sent; one that a mailer has may be on its way.")

    @ParentCommand var root: ReservationCommand
    @OptionGroup(title: "Common options") var global: GlobalOptions

    @Argument(help: "The entry's number.")
    var entry: String

    func request(_ options: OptionReader) throws(ControlFailure) -> CancelOutboxEntryRequest {
        CancelOutboxEntryRequest(outboxID: try options.argument(entry, "the entry", .id))
    }

    func perform(in session: ControlSession) async throws(ControlFailure) -> Report {
        let entries = try await session.ask(CancelOutboxEntry.self, try request(session.options)).entries
        return OutboxReport.one(entries.shown(contact: false), session)
    }
}

/// `reservations resend`.
struct ResendConfirmationCommand: ControlCommand {
    static let noun = "reservations"
    static let configuration = CommandConfiguration(
        commandName: "resend", abstract: "Send a reservation's confirmation once more, as a new message.")

    @ParentCommand var root: ReservationCommand
    @OptionGroup(title: "Common options") var global: GlobalOptions

    @Argument(help: "The reservation's number.")
    var reservation: String

    func request(_ options: OptionReader) throws(ControlFailure) -> ResendConfirmationRequest {
        ResendConfirmationRequest(reservationID: try options.argument(reservation, "the reservation", .id))
    }

    func perform(in session: ControlSession) async throws(ControlFailure) -> Report {
        let entries = try await session.ask(ResendConfirmation.self, try request(session.options)).entries
        return OutboxReport.one(entries.shown(contact: false), session)
    }
}
