import CCurl
import ReservationCore

/// What a provider's answer, or the lack of one, means for the message: pure rules that SendGrid and Twilio share.
enum HTTPVerdict {
    /// - Parameters:
    ///   - answer: any but the provider's success.
    ///   - detail: the provider's words about it.
    static func failure(_ answer: HTTPAnswer, detail: String, now: Instant) -> SendResult {
        let words = "HTTP \(answer.status)\(detail.isEmpty ? "" : ": \(detail)")"
        switch answer.status {
        case 401, 403: return .credentialsRefused(FailureReason(words, needsOperator: true))
        case 408, 425, 429, 500...599:
            return .retry(after: RetryAfter.pause(answer.headers["retry-after"], now: now), FailureReason(words))
        // Not this message, but the address to which it was sent is wrong, or something stands in the way.
        case 300...399, 404, 405, 407: return .retry(after: nil, FailureReason(words, needsOperator: true))
        case 400...499: return .refused(FailureReason(words))
        default: return .retry(after: nil, FailureReason(words))
        }
    }

    /// There was no whole answer.
    static func failure(_ outcome: CurlOutcome) -> SendResult {
        if outcome.isTLSFailure {
            return .retry(after: nil, FailureReason("TLS: \(outcome.message)", needsOperator: true))
        }
        return .retry(after: nil, FailureReason(outcome.message))
    }
}

/// `Retry-After` (RFC 9110, section 10.2.3).
enum RetryAfter {
    /// No provider's mistake shall stop the mail for longer.
    static let longest = Duration.seconds(6 * 3600)

    /// - Parameter value: seconds, or a date in any of HTTP's three forms.
    /// - Returns: nil when it is missing or neither.
    static func pause(_ value: String?, now: Instant) -> Duration? {
        guard let value, !value.isEmpty else { return nil }
        if value.utf8.allSatisfy({ (0x30...0x39).contains($0) }) {
            return min(.seconds(Int64(value) ?? .max / 2), longest)
        }
        let date = curl_getdate(value, nil)
        guard date >= 0 else { return nil }
        return min(max(.zero, .seconds(Int64(date) - now.seconds)), longest)
    }
}
