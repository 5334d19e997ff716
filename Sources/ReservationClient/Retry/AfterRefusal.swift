import NIOCore
import ReservationWire

/// What to do about an ERROR that answers a request: a pure rule, so that it can be tested with values.
enum AfterRefusal: Hashable, Sendable {
    /// Give it to the caller.
    case handOut
    /// Send the request again after a pause.
    case tryAgain(after: TimeAmount)

    /// A full disk stays full for longer than a caller waits: it hears so after this many tries.
    static let unavailableTries = 2
    /// The pause when the daemon does not name one.
    static let defaultPauseMilliseconds: UInt64 = 50

    /// - Parameters:
    ///   - retryAfterMilliseconds: what the daemon asked for; never undercut, and stretched by up to half so that callers spread.
    ///   - isRepeatable: whether the request may be sent again although nobody knows whether it was carried out.
    ///   - unavailableAnswers: how often UNAVAILABLE came for this call, this time included.
    ///   - remaining: until the call's deadline.
    init(
        to status: Status, retryAfterMilliseconds: UInt64?, isRepeatable: Bool, unavailableAnswers: Int, remaining: TimeAmount,
        using generator: inout some RandomNumberGenerator
    ) {
        let isWorthIt =
            switch status {
            case .overloaded, .tooManyConnections: true
            case .unavailable: unavailableAnswers < Self.unavailableTries
            case .outcomeUnknown: isRepeatable
            default: false
            }
        guard isWorthIt else {
            self = .handOut
            return
        }
        // A peer may ask for any number; more than a minute is as good as never.
        let milliseconds = Int64(min(max(retryAfterMilliseconds ?? Self.defaultPauseMilliseconds, 1), 60_000))
        let asked = TimeAmount.milliseconds(milliseconds)
        let pause = asked + .nanoseconds(Int64.random(in: 0...(asked.nanoseconds / 2), using: &generator))
        // Waiting for a deadline to pass helps nobody.
        self = pause < remaining ? .tryAgain(after: pause) : .handOut
    }
}
