import ArgumentParser
import ReservationCore
import ReservationWire

/// The outbox: confirmations that are to be sent, and what became of them.
struct OutboxCommand: NounCommand {
    static let configuration = CommandConfiguration(
        commandName: "outbox", abstract: "Confirmations: see what is to be sent, try again, take back.",
        subcommands: [ListOutboxCommand.self, ShowOutboxCommand.self, RetryOutboxCommand.self, CancelOutboxCommand.self])
}

/// Reservations.
struct ReservationsCommand: NounCommand {
    static let configuration = CommandConfiguration(
        commandName: "reservations", abstract: "Reservations: look up, list, export, cancel, move, send a confirmation again.",
        subcommands: [
            ShowReservationCommand.self, ListReservationsCommand.self, ExportReservationsCommand.self, CancelReservationCommand.self,
            MoveReservationCommand.self, ResendConfirmationCommand.self,
        ])
}

/// How entries of the outbox are reported.
enum OutboxReport {
    static func list(_ entries: [OutboxEntryMessage], _ session: ControlSession) -> Report {
        session.report(text: { table(entries) }, json: { JSONDocument.report(.entries, entries) })
    }

    static func one(_ entries: [OutboxEntryMessage], _ session: ControlSession) -> Report {
        session.report(
            text: { entries.map(text).joined(separator: "\n") }, json: { JSONDocument.report(.entries, entries) })
    }

    private static func table(_ entries: [OutboxEntryMessage]) -> String {
        var table = TextTable([
            .number("ENTRY"), .number("ORQ"), .number("RESERVATION"), .text("TELLS OF"), .text("TO"), .text("STATUS"), .number("ATTEMPTS"),
            .text("QUEUED"),
            .text("NEXT ATTEMPT"), .text("LAST ERROR"),
        ])
        for entry in entries {
            table.add([
                String(entry.outboxID), String(entry.orq), String(entry.reservationID), entry.purpose ?? "confirmation",
                entry.receiver, entry.status, String(entry.attempt), entry.firstQueuedAt.iso8601,
                entry.nextAttemptAt?.iso8601 ?? "-", entry.lastError.map { PrintableText.excerpt($0) } ?? "-",
            ])
        }
        return table.text
    }

    private static func text(_ entry: OutboxEntryMessage) -> String {
        var pairs = [
            ("entry", String(entry.outboxID)), ("orq", String(entry.orq)), ("reservation", String(entry.reservationID)),
            ("code", entry.ticketCode), ("kind", entry.kind), ("tells of", entry.purpose ?? "confirmation"), ("language", entry.language),
            ("e-mail", entry.customerEmail),
            ("phone", entry.customerPhone), ("status", entry.status), ("attempts", String(entry.attempt)),
            ("created", entry.createdAt.iso8601), ("queued", entry.firstQueuedAt.iso8601), ("updated", entry.updatedAt.iso8601),
        ]
        if let next = entry.nextAttemptAt { pairs.append((entry.status == "LEASED" ? "lease until" : "next attempt", next.iso8601)) }
        if let error = entry.lastError { pairs.append(("last error", error)) }
        if let request = entry.requestID { pairs.append(("request", request)) }
        if let provider = entry.providerID { pairs.append(("provider's id", provider)) }
        return TextTable.keyValues(pairs)
    }
}

extension OutboxEntryMessage {
    /// Enough to recognise a customer who is on the line, too little to write to one or to use the ticket.
    mutating func maskContact() {
        customerEmail = EmailAddress(customerEmail)?.masked ?? "***"
        customerPhone = PhoneNumber(customerPhone)?.masked ?? "***"
        ticketCode = TicketCode(ticketCode)?.masked ?? "***"
    }

    fileprivate var receiver: String { kind == "sms" ? customerPhone : customerEmail }
}

extension [OutboxEntryMessage] {
    /// As they are to be shown.
    func shown(contact isWanted: Bool) -> [OutboxEntryMessage] {
        guard !isWanted else { return self }
        return map { entry in
            var masked = entry
            masked.maskContact()
            return masked
        }
    }
}
