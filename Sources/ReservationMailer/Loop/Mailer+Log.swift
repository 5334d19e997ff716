import Logging
import ReservationCore
import ReservationLog
import ReservationProcess

/// What is written down of each delivery: ids, the masked address and our own words. Never a whole address, a code or a secret.
extension Mailer {
    func recordSent(_ delivery: Delivery, _ providerID: String?, took: Duration) {
        logger.record(
            .info, delivery.kind == .email ? .emailConfirmationSent : .smsConfirmationSent,
            facts(
                delivery,
                [.providerID: "\(providerID ?? "")", .durationMicroseconds: "\(Int(took / .microseconds(1)))"]))
    }

    func recordRetry(_ delivery: Delivery, _ reason: FailureReason, after pause: Duration) {
        logger.record(
            reason.needsOperator ? .error : .warning, failed(delivery),
            facts(
                delivery,
                [.result: "retry", .error: "\(reason)", .nextAttemptSeconds: "\(Int(pause / .seconds(1)))"]))
    }

    func recordDeadLetter(_ delivery: Delivery, _ reason: FailureReason, _ level: Logger.Level) {
        logger.record(level, failed(delivery), facts(delivery, [.result: "dead_letter", .error: "\(reason)"]))
    }

    func recordLate(_ delivery: Delivery) {
        logger.record(.debug, failed(delivery), facts(delivery, [.result: "retry", .error: "the lease was too short to begin"]))
    }

    func recordReportLost(_ delivery: Delivery, _ reason: String) {
        logger.record(.warning, .outboxReportLost, facts(delivery, [.reason: "\(FailureReason(reason))"]))
    }

    func record(_ change: SendingGate.Change?, _ kind: Delivery.Kind) {
        switch change {
        case nil: break
        case .paused(let reason):
            ServiceManager.status("Paused, because the provider refuses: see the journal")
            logger.record(
                .error, .mailerPaused,
                [
                    .reason: "\(reason)", .operation: "\(kind.rawValue)",
                    .hint:
                        "nothing of this kind is sent until it is mended; messages wait in the outbox, and it is tried again from time to time",
                ])
        case .resumed:
            ServiceManager.status(Self.atWork)
            logger.record(.notice, .mailerResumed, [.operation: "\(kind.rawValue)"])
        case .resting(let pause):
            logger.record(
                .warning, .mailerThrottled,
                [
                    .operation: "\(kind.rawValue)", .nextAttemptSeconds: "\(Int(pause / .seconds(1)))",
                    .reason: "the provider asked for a pause",
                ])
        }
    }

    private func failed(_ delivery: Delivery) -> EventName {
        delivery.kind == .email ? .emailConfirmationFailed : .smsConfirmationFailed
    }

    private func facts(_ delivery: Delivery, _ own: LogFields) -> LogFields {
        var facts = own
        if let name = delivery.requestName { facts[.requestID] = "\(name)" }
        facts[.outboxID] = "\(delivery.outboxID)"
        facts[.reservationID] = "\(delivery.reservation)"
        facts[.organization] = "\(delivery.organization.id)"
        facts[.attempt] = "\(delivery.attempt)"
        switch delivery.kind {
        case .email: facts[.customerEmail] = "\(delivery.email.masked)"
        case .sms: facts[.customerPhone] = "\(delivery.phone.masked)"
        }
        return facts
    }
}
