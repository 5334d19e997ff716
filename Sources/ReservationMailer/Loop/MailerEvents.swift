import ReservationLog

extension EventName {
    package static let mailerStarted: EventName = "mailer.started"
    static let mailerStopping: EventName = "mailer.stopping"
    static let mailerStopped: EventName = "mailer.stopped"
    /// Credentials or the sender are refused: nothing is sent until that is mended.
    static let mailerPaused: EventName = "mailer.paused"
    static let mailerResumed: EventName = "mailer.resumed"
    /// The provider has asked for a pause.
    static let mailerThrottled: EventName = "mailer.throttled"
    static let outboxUnavailable: EventName = "outbox.unavailable"
    static let outboxAvailable: EventName = "outbox.available"
    /// An outcome came too late or was not taken: the message may be sent again.
    static let outboxReportLost: EventName = "outbox.report.lost"
    static let smsConfirmationSent: EventName = "sms.confirmation.sent"
    static let smsConfirmationFailed: EventName = "sms.confirmation.failed"
}
