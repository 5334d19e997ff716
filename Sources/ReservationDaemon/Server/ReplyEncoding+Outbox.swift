import NIOCore
import ReservationCore
import ReservationWire

extension ReplyEncoder {
    func outbox(_ outcome: OutboxOutcome, to submission: Submission, into buffer: inout ByteBuffer) {
        switch outcome {
        case .leased(let deliveries):
            response(LeaseDeliveriesResponse(deliveries: deliveries.map { DeliveryMessage($0) }), to: submission, into: &buffer)
        case .reported:
            // None of the three has anything to say.
            response(CompleteDeliveryResponse(), to: submission, into: &buffer)
        case .entry(let entry):
            response(OutboxEntriesResponse(entries: [OutboxEntryMessage(entry)]), to: submission, into: &buffer)
        case .page(let page):
            response(
                ListOutboxResponse(
                    more: page.next != nil, entries: page.entries.map { OutboxEntryMessage($0) },
                    afterOutboxID: page.next.map { UInt64($0.rawValue) }), to: submission, into: &buffer)
        }
    }
}

extension DeliveryMessage {
    init(_ delivery: Delivery) {
        let (entry, reservation) = (delivery.entry, delivery.entry.reservation)
        self.init(
            ticketCode: entry.ticketCode.text, reservationID: UInt64(reservation.id.rawValue), customerEmail: reservation.email.text,
            customerPhone: reservation.phone.text, slot: SlotTime(delivery.slot), language: reservation.language.rawValue,
            outboxID: UInt64(entry.id.rawValue), leaseID: UInt64(entry.lease), attempt: UInt64(entry.attempts), kind: entry.kind.word,
            firstQueuedAt: entry.queuedAt, organization: DeliveryOrganization(delivery.organization), endsAt: delivery.endsAt,
            requestID: entry.requestName?.text, purpose: entry.purpose.word,
            sequence: reservation.sequence > 0 ? UInt64(reservation.sequence) : nil)
    }
}

extension DeliveryOrganization {
    init(_ organization: Organization) {
        let profile = organization.profile
        self.init(
            orq: UInt64(organization.id.rawValue), timeZone: organization.timeZone, name: organization.name,
            accentColor: profile.accentColor?.description, contactEmail: profile.contactEmail?.text,
            contactPhone: profile.contactPhone?.text, website: profile.website?.text)
    }
}

extension OutboxEntryMessage {
    init(_ entry: OutboxEntry) {
        let reservation = entry.reservation
        self.init(
            orq: UInt64(reservation.organization.rawValue), ticketCode: entry.ticketCode.text,
            reservationID: UInt64(reservation.id.rawValue), customerEmail: reservation.email.text, customerPhone: reservation.phone.text,
            status: entry.state.rawValue, createdAt: entry.createdAt, updatedAt: entry.updatedAt, language: reservation.language.rawValue,
            outboxID: UInt64(entry.id.rawValue), attempt: UInt64(entry.attempts), kind: entry.kind.word, providerID: entry.providerID,
            nextAttemptAt: entry.dueAt, lastError: entry.lastError, firstQueuedAt: entry.queuedAt,
            requestID: entry.requestName?.text, purpose: entry.purpose.word)
    }
}

extension MessagePurpose {
    /// In the protocol, where a confirmation is what has none.
    fileprivate var word: String? {
        switch self {
        case .confirmation: nil
        case .cancellation: "cancellation"
        case .change: "change"
        }
    }
}

extension MessageKind {
    /// In the protocol.
    fileprivate var word: String {
        switch self {
        case .email: "email"
        case .sms: "sms"
        }
    }
}
