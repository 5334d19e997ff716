import ReservationCore
import ReservationWire

extension RequestDecoder {
    func outboxCommand(_ request: AcceptedRequest) throws(Problem) -> OutboxCommand {
        switch request.opcode {
        case .outboxLease: return .lease(try leaseOrder(try decode(LeaseDeliveriesRequest.self, request)))
        case .outboxDone:
            let body = try decode(CompleteDeliveryRequest.self, request)
            let provider = try body.providerID.map { name throws(Problem) in
                try text(name, "provider_id", atMost: Limits.providerNameBytes)
            }
            return .report(try identifier(body.outboxID, "outbox_id"), lease: Int64(body.leaseID), .sent(providerID: provider))
        case .outboxRetry:
            let body = try decode(RetryDeliveryRequest.self, request)
            let pause = try number(body.retryAfterMilliseconds, "retry_after_ms", in: 0...Limits.longestRetryMilliseconds)
            let reason = try text(body.detail, "detail", atMost: Limits.deliveryDetailBytes)
            return .report(
                try identifier(body.outboxID, "outbox_id"), lease: Int64(body.leaseID), .retry(afterMilliseconds: pause, reason: reason))
        case .outboxDeadLetter:
            let body = try decode(GiveUpDeliveryRequest.self, request)
            let reason = try text(body.detail, "detail", atMost: Limits.deliveryDetailBytes)
            return .report(try identifier(body.outboxID, "outbox_id"), lease: Int64(body.leaseID), .givenUp(reason: reason))
        case .outboxList: return .list(try query(try decode(ListOutboxRequest.self, request)))
        case .outboxRequeue: return .requeue(try identifier(try decode(RequeueOutboxEntryRequest.self, request).outboxID, "outbox_id"))
        case .outboxCancel: return .cancel(try identifier(try decode(CancelOutboxEntryRequest.self, request).outboxID, "outbox_id"))
        case .reservationsResend:
            return .resend(try identifier(try decode(ResendConfirmationRequest.self, request).reservationID, "reservation_id"))
        default: return .show(try identifier(try decode(ShowOutboxEntryRequest.self, request).outboxID, "outbox_id"))
        }
    }

    /// - Returns: English when it is absent.
    func language(_ text: String?) throws(Problem) -> Language {
        guard let text else { return .english }
        guard let language = Language(rawValue: text) else {
            throw invalid("language", "must be one of \(Language.allCases.map(\.rawValue).joined(separator: ", "))")
        }
        return language
    }

    private func leaseOrder(_ body: LeaseDeliveriesRequest) throws(Problem) -> LeaseOrder {
        LeaseOrder(
            limit: Int(try number(body.limit, "limit", in: 1...UInt64(Limits.deliveriesPerLease))),
            leaseMilliseconds: try number(
                body.leaseMilliseconds, "lease_ms", in: Limits.shortestLeaseMilliseconds...Limits.longestLeaseMilliseconds),
            waitMilliseconds: Int64(min(body.waitMilliseconds, Limits.longestWaitMilliseconds)))
    }

    private func query(_ body: ListOutboxRequest) throws(Problem) -> OutboxQuery {
        let state = try body.status.map { text throws(Problem) in
            guard let state = OutboxState(rawValue: text) else {
                throw invalid("status", "must be QUEUED, LEASED, SENT, FAILED or CANCELLED")
            }
            return state
        }
        return OutboxQuery(
            organization: try body.orq.map { orq throws(Problem) in try organization(orq) }, state: state,
            after: body.afterOutboxID.flatMap { OutboxID($0) },
            limit: Int(min(max(1, body.limit ?? UInt64(Limits.outboxEntriesPerPage)), UInt64(Limits.outboxEntriesPerPage))))
    }

    private func number(_ value: UInt64, _ field: String, in range: ClosedRange<UInt64>) throws(Problem) -> Int64 {
        guard range.contains(value) else { throw invalid(field, "must be between \(range.lowerBound) and \(range.upperBound)") }
        return Int64(value)
    }

    func text(_ text: String, _ field: String, atMost limit: Int) throws(Problem) -> String {
        guard text.utf8.count <= limit else { throw invalid(field, "must be at most \(limit) bytes") }
        return text
    }
}
