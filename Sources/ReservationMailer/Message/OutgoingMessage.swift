import ReservationCore

/// A message ready to be sent: what every transport can carry, in the parts that those need who build the message themselves.
package struct OutgoingMessage: Sendable {
    package let outboxID: UInt64
    package let reservation: ReservationID
    /// In angle brackets; the same for every attempt of the same row of the outbox.
    package let messageID: String
    package let date: Instant
    package let from: Mailbox
    package let replyTo: Mailbox?
    package let to: EmailAddress
    package let language: MailLanguage
    package let subject: OneLine
    package let text: String
    package let html: String
    /// Shown within the HTML by its Content-ID; nil where there is nothing to show at the entrance.
    package let picture: Attachment?
    /// In order, beside the message.
    package let attachments: [Attachment]
}

/// A file that goes with a message.
package struct Attachment: Hashable, Sendable {
    /// ASCII without spaces or quotation marks: ours.
    package let fileName: String
    package let type: MediaType
    package let bytes: [UInt8]
    /// Without angle brackets; nil for what is not shown within the message.
    package let contentID: String?
}

/// What a file is.
package enum MediaType: Hashable, Sendable {
    case png
    /// iCalendar with METHOD:PUBLISH.
    case calendar
    /// iCalendar with METHOD:CANCEL.
    case calendarCancellation

    /// `text/calendar`.
    package var name: String {
        switch self {
        case .png: "image/png"
        case .calendar, .calendarCancellation: "text/calendar"
        }
    }

    /// With parameters. `method` must be that within the object (RFC 6047, section 2.4).
    package var full: String {
        switch self {
        case .png: "image/png"
        case .calendar: "text/calendar; method=PUBLISH; charset=utf-8"
        case .calendarCancellation: "text/calendar; method=CANCEL; charset=utf-8"
        }
    }
}
