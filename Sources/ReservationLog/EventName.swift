/// What an entry reports: words joined by dots, the same for ever, so that alerts and dashboards can rest on them (card, section 7).
///
/// Other targets add their own in an extension, with an id in ``MessageID`` and a text in the journal's catalogue.
package struct EventName: Hashable, Sendable, ExpressibleByStringLiteral {
    package let text: String

    package init(stringLiteral text: String) {
        self.text = text
    }

    package static let ticketValidationRequested: EventName = "ticket.validation.requested"
    package static let ticketValidationFailed: EventName = "ticket.validation.failed"
    package static let contactVerificationRequested: EventName = "contact.verification.requested"
    package static let contactVerificationFailed: EventName = "contact.verification.failed"
    package static let reservationCreationStarted: EventName = "reservation.creation.started"
    package static let reservationCreationSuccess: EventName = "reservation.creation.success"
    package static let reservationCreationFailed: EventName = "reservation.creation.failed"
    package static let emailConfirmationSent: EventName = "email.confirmation.sent"
    package static let emailConfirmationFailed: EventName = "email.confirmation.failed"
    /// Entries were lost because they came faster than they could be written.
    package static let logDropped: EventName = "log.dropped"
    /// The journal was asked for and is not there.
    static let logJournalMissing: EventName = "log.journal.missing"
    /// A program cannot do its work and ends.
    static let programFailed: EventName = "program.failed"

    /// Whether a message is an event's name (lower-case words joined by dots) or free text of some library.
    static func isEventName(_ message: String) -> Bool {
        var previous: UInt8 = 0x2E
        var dots = 0
        for byte in message.utf8 {
            switch byte {
            case 0x61...0x7A, 0x30...0x39, 0x5F: break
            case 0x2E where previous != 0x2E: dots += 1
            default: return false
            }
            previous = byte
        }
        return dots > 0 && previous != 0x2E
    }
}
