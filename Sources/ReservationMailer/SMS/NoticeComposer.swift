import ReservationCore

extension OutgoingNotice {
    /// Longest name of an organisation in a notice; with the longest date the text then stays within two messages of UCS-2.
    private static let nameLength = 30

    /// Date, time and code, in the language of the booking.
    package init(_ delivery: Delivery) {
        let wording = MailLanguage(tag: delivery.language).wording
        let name = delivery.organization.name.text
        let short = name.count > Self.nameLength ? "\(name.prefix(Self.nameLength - 1))…" : name
        outboxID = delivery.outboxID
        to = delivery.phone
        text = wording.notice(short, wording.when(delivery.visit), code: delivery.ticketCode.text)
    }
}
