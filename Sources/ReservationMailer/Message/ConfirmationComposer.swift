import ReservationCore
import ReservationQR

/// Makes a delivery's message. Pure: the same delivery gives the same bytes, whichever attempt it is and whichever mailer makes it, so that
/// a message that arrives twice is recognised as one.
package struct ConfirmationComposer: Sendable {
    private let sender: EmailAddress

    /// - Parameter sender: stands in `From`; bounces come there.
    package init(sender: EmailAddress) {
        self.sender = sender
    }

    /// - Throws: ``QRError``, for want of memory only.
    package func message(for delivery: Delivery) throws(QRError) -> OutgoingMessage {
        let language = MailLanguage(tag: delivery.language)
        let wording = language.wording
        let organization = delivery.organization
        let domain = sender.domain
        let name = "\(organization.id).\(delivery.outboxID).\(delivery.reservation)"
        let isCancelled = delivery.purpose == .cancellation
        let pictureID = "qr.\(name)@\(domain)"
        let png = isCancelled ? nil : try QRCode.png(for: delivery.ticketCode)
        let entry = CalendarEntry(
            delivery, wording, identity: "reservation-\(organization.id)-\(delivery.reservation)@\(domain)",
            organizer: organization.contactEmail ?? sender)
        return OutgoingMessage(
            outboxID: delivery.outboxID,
            reservation: delivery.reservation,
            messageID: "<\(name)@\(domain)>",
            // When the message was decided upon; what delays it on its way does not change that (RFC 5322, section 3.6.1).
            date: delivery.firstQueuedAt,
            from: Mailbox(sender, name: organization.name),
            replyTo: organization.contactEmail.map { Mailbox($0, name: organization.name) },
            to: delivery.email,
            language: language,
            subject: OneLine(wording.subject(delivery.purpose, organization.name.text, wording.when(delivery.visit))),
            text: ConfirmationText(delivery, wording).text,
            html: ConfirmationHTML(delivery, language, pictureID: isCancelled ? nil : pictureID).source,
            picture: png.map { Attachment(fileName: "qr.png", type: .png, bytes: $0, contentID: pictureID) },
            attachments: (png.map { [Attachment(fileName: "ticket.png", type: .png, bytes: $0, contentID: nil)] } ?? []) + [
                Attachment(
                    fileName: "visit.ics", type: isCancelled ? .calendarCancellation : .calendar, bytes: entry.bytes, contentID: nil)
            ])
    }
}

extension EmailAddress {
    /// What stands after the `@`.
    var domain: String { String(text[text.index(after: text.lastIndex(of: "@") ?? text.startIndex)...]) }

    /// Whether the local part is ASCII as well; others travel only where SMTPUTF8 is spoken (RFC 6531).
    var isASCII: Bool { text.utf8.allSatisfy { $0 < 0x80 } }
}
