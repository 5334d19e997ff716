import ReservationClient
import ReservationCore
import ReservationWire

/// The daemon's outbox, on the other side of `service.sock`.
///
/// A lease and the reports under it may be asked again without harm: a lost lease goes back by itself, and a report says the same twice.
package struct SocketOutbox: Outbox {
    /// What the daemon needs beyond the waiting that it was asked for.
    private static let margin = Duration.seconds(10)
    private let client: ReservationClient

    package init(_ client: ReservationClient) {
        self.client = client
    }

    package func lease(limit: Int, for duration: Duration, waiting patience: Duration) async throws -> [Delivery] {
        let request = LeaseDeliveriesRequest(
            limit: UInt64(limit), leaseMilliseconds: duration.milliseconds, waitMilliseconds: patience.milliseconds)
        let response = try await call(LeaseDeliveries.self, request, deadline: patience + Self.margin)
        return try response.deliveries.map { message in
            guard let delivery = Delivery(message) else { throw OutboxError.rejected("the daemon lent what is no delivery") }
            return delivery
        }
    }

    package func done(_ delivery: Delivery, providerID: String?) async throws {
        _ = try await call(
            CompleteDelivery.self,
            CompleteDeliveryRequest(outboxID: delivery.outboxID, leaseID: delivery.leaseID, providerID: providerID.map(Self.bounded)))
    }

    package func retry(_ delivery: Delivery, after pause: Duration, reason: String) async throws {
        _ = try await call(
            RetryDelivery.self,
            RetryDeliveryRequest(
                retryAfterMilliseconds: pause.milliseconds, outboxID: delivery.outboxID, leaseID: delivery.leaseID,
                detail: Self.bounded(reason)))
    }

    package func deadLetter(_ delivery: Delivery, reason: String) async throws {
        _ = try await call(
            GiveUpDelivery.self,
            GiveUpDeliveryRequest(outboxID: delivery.outboxID, leaseID: delivery.leaseID, detail: Self.bounded(reason)))
    }

    private func call<O: Operation>(_ operation: O.Type, _ request: O.Request, deadline: Duration = margin) async throws -> O.Response {
        switch await client.call(operation, request, deadline: deadline) {
        case .answered(let response, _): return response
        case .refused(.leaseLost, _): throw OutboxError.leaseLost
        case .refused(let status, let reply):
            let reason = "\(status.name): \(reply.message)"
            throw status.statusClass == .overloaded || status.statusClass == .outcomeUnknown
                ? OutboxError.unavailable(reason) : OutboxError.rejected(reason)
        case .failed(let error) where error.code == .cancelled: throw CancellationError()
        case .failed(let error):
            switch error.code {
            case .unreachable, .deadlineExceeded, .outcomeUnknown: throw OutboxError.unavailable(error.message)
            default: throw OutboxError.rejected(error.message)
            }
        }
    }

    /// Cut at a character, so that it stays UTF-8.
    private static func bounded(_ text: String) -> String {
        var text = text
        while text.utf8.count > Limits.deliveryDetailBytes { text.removeLast() }
        return text
    }
}

extension Delivery {
    /// - Returns: nil when a value is not one of the domain's, which a daemon of this version never sends.
    init?(_ message: DeliveryMessage) {
        guard let kind = Kind(rawValue: message.kind), let purpose = Purpose(rawValue: message.purpose ?? Purpose.confirmation.rawValue),
            let reservation = ReservationID(message.reservationID),
            let code = TicketCode(message.ticketCode), let email = EmailAddress(message.customerEmail),
            let phone = PhoneNumber(message.customerPhone), let organization = OrganizationCard(message.organization)
        else { return nil }
        self.init(
            outboxID: message.outboxID, leaseID: message.leaseID, attempt: Int(clamping: message.attempt), kind: kind, purpose: purpose,
            sequence: message.sequence ?? 0,
            firstQueuedAt: message.firstQueuedAt, language: message.language, reservation: reservation, ticketCode: code, email: email,
            phone: phone,
            visit: Visit(
                date: message.slot.date, startTime: message.slot.startTime, endTime: message.slot.endTime, startsAt: message.slot.startsAt,
                endsAt: message.endsAt),
            organization: organization, requestName: message.requestID.flatMap { RequestName($0) })
    }
}

extension OrganizationCard {
    init?(_ message: DeliveryOrganization) {
        guard let id = OrganizationID(message.orq) else { return nil }
        self.init(
            id: id, name: message.name, timeZone: message.timeZone, contactEmail: message.contactEmail.flatMap { EmailAddress($0) },
            contactPhone: message.contactPhone.flatMap { PhoneNumber($0) }, website: message.website.flatMap { WebsiteURL($0) },
            accentColor: message.accentColor.flatMap { AccentColor($0) })
    }
}

extension Duration {
    /// Rounded up.
    fileprivate var milliseconds: UInt64 {
        let (seconds, attoseconds) = components
        return UInt64(clamping: seconds) * 1000 + UInt64(clamping: (attoseconds + 999_999_999_999_999) / 1_000_000_000_000_000)
    }
}
