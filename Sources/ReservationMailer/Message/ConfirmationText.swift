import ReservationCore

/// A message as plain text: for readers who want no HTML, it must say everything.
struct ConfirmationText {
    let text: String

    init(_ delivery: Delivery, _ wording: any Wording) {
        let organization = delivery.organization
        var facts = [
            "\(wording.dateLabel)\(wording.colon) \(wording.date(delivery.visit.date))",
            "\(wording.timeLabel)\(wording.colon) \(wording.timeRange(delivery.visit))",
            "\(wording.reservationLabel)\(wording.colon) \(delivery.reservation)",
        ]
        let isCancelled = delivery.purpose == .cancellation
        if !isCancelled { facts.insert("\(wording.codeLabel)\(wording.colon) \(delivery.ticketCode)", at: 2) }
        facts.append("")
        let contacts = [organization.contactEmail?.text, organization.contactPhone?.text, organization.website?.text].compactMap(\.self)
        let contact = contacts.isEmpty ? [] : ["", ([wording.questions] + contacts).joined(separator: "\n")]
        text =
            ([wording.heading(delivery.purpose), organization.name.text, ""] + facts
            + (isCancelled ? [wording.cancelledText] : [wording.showCodeOrPicture, wording.calendarAttached]) + contact
            + ["", "-- ", wording.reason]).joined(separator: "\n")
    }
}
