/// Whether messages of one kind may be sent now: a state machine without a clock of its own.
///
/// Refused credentials close it, since every further message would be refused alike and some providers lock an account for it. From time to
/// time one message is let through to see whether it has been mended. A provider's wish for a pause closes it too, for as long as was asked.
struct SendingGate: Sendable {
    private enum State: Hashable, Sendable {
        case open
        /// The provider has asked for a pause.
        case resting(until: Duration)
        /// Credentials were refused so many times in a row.
        case refused(until: Duration, times: Int)
        /// One message is on its way to see.
        case probing(times: Int)
    }

    enum Admission: Hashable, Sendable {
        case go
        case wait(Duration)
    }

    /// What is worth a line in the log.
    enum Change: Hashable, Sendable {
        case paused(FailureReason)
        case resumed
        case resting(Duration)
    }

    private var state = State.open
    private let firstProbe: Duration
    private let longestProbe: Duration

    /// - Parameters:
    ///   - firstProbe: pause before the first message is let through; it doubles each time that it is refused.
    ///   - longestProbe: what the pause grows to.
    init(firstProbe: Duration = .seconds(30), longestProbe: Duration = .seconds(600)) {
        self.firstProbe = firstProbe
        self.longestProbe = longestProbe
    }

    /// How long nothing at all may be sent; nil when something may.
    func wait(at now: Duration) -> Duration? {
        switch state {
        case .open: nil
        case .resting(let until), .refused(let until, _): until > now ? until - now : nil
        // Its outcome may come at any moment.
        case .probing: min(firstProbe, .seconds(1))
        }
    }

    /// Only to see whether it has been mended may a message go: one.
    var isProbeDue: Bool {
        switch state {
        case .open, .resting: false
        case .refused, .probing: true
        }
    }

    /// Asked before each message; whoever may go must report what became of it.
    ///
    /// - Parameter now: of a clock that is never set.
    mutating func admit(at now: Duration) -> Admission {
        if let pause = wait(at: now) { return .wait(pause) }
        switch state {
        case .refused(_, let times): state = .probing(times: times)
        default: state = .open
        }
        return .go
    }

    /// What became of a message that was admitted, or of one that was on its way before the gate closed.
    mutating func report(_ result: SendResult, at now: Duration) -> Change? {
        switch (state, result) {
        case (.open, .credentialsRefused(let reason)), (.resting, .credentialsRefused(let reason)):
            state = .refused(until: now + pause(after: 1), times: 1)
            return .paused(reason)
        case (.probing(let times), .credentialsRefused):
            state = .refused(until: now + pause(after: times + 1), times: times + 1)
        case (.probing, .accepted), (.probing, .refused), (.refused, .accepted):
            state = .open
            return .resumed
        case (.probing(let times), .retry(let asked, _)):
            // It was not seen whether the credentials are good now.
            state = .refused(until: now + max(asked ?? .zero, pause(after: times)), times: times)
        case (.open, .retry(let asked?, _)) where asked > .zero:
            state = .resting(until: now + asked)
            return .resting(asked)
        case (.resting(let until), .retry(let asked?, _)):
            state = .resting(until: max(until, now + asked))
        default: break
        }
        return nil
    }

    private func pause(after times: Int) -> Duration { min(longestProbe, firstProbe * (1 << min(times - 1, 20))) }
}
