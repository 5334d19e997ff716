import CCurl

/// What an SMTP server's answer, or the lack of one, means for the message: pure rules.
enum SMTPVerdict {
    /// Codes that speak of the client and not of the message (RFC 4954, section 6).
    private static let authenticationCodes: Set<Int> = [530, 534, 535, 538]

    static func result(of outcome: CurlOutcome, needsUTF8: Bool) -> SendResult {
        let reply = SMTPReply(lines: outcome.lines)
        if outcome.code == CURLE_OK {
            return .accepted(providerID: reply.map { FailureReason($0.text).text })
        }
        if needsUTF8, outcome.code == CURLE_ABORTED_BY_CALLBACK {
            return .refused(FailureReason("the mail server takes no addresses beyond ASCII (it does not offer SMTPUTF8)"))
        }
        if outcome.isTLSFailure {
            return .retry(after: nil, FailureReason("TLS: \(outcome.message)\(quoted(reply))", needsOperator: true))
        }
        guard let reply, reply.code >= 400 else {
            // Also when the end of the message has gone out and no answer came: it may have been taken. It is sent again with the same
            // Message-ID, since a message that arrives twice is better than one that does not.
            let doubt = outcome.hasUploadedAll ? " after the message was sent; it may have been taken" : ""
            return .retry(after: nil, FailureReason("\(outcome.message)\(doubt)\(outcome.lines.isEmpty ? ", no answer" : "")"))
        }
        if authenticationCodes.contains(reply.code) || outcome.code == CURLE_LOGIN_DENIED && reply.code >= 500 {
            return .credentialsRefused(FailureReason(described(reply), needsOperator: true))
        }
        if reply.code < 500 { return .retry(after: nil, FailureReason(described(reply))) }
        switch outcome.lastCommand {
        case "RCPT", "DATA": return .refused(FailureReason(described(reply)))
        // Before there is a recipient, what is refused is this client or its sender: the next message would fare no better, and be lost.
        default: return .credentialsRefused(FailureReason(described(reply), needsOperator: true))
        }
    }

    /// An idle connection that the server has ended meanwhile, in silence or with 421: seen only when it is used again.
    static func hasMetClosedConnection(_ outcome: CurlOutcome) -> Bool {
        guard outcome.code != CURLE_OK, outcome.newConnections == 0, !outcome.hasBegunUpload else { return false }
        guard let reply = SMTPReply(lines: outcome.lines) else { return outcome.code != CURLE_OPERATION_TIMEDOUT }
        return reply.code == 421
    }

    private static func described(_ reply: SMTPReply) -> String { "\(reply.code) \(reply.text)" }

    private static func quoted(_ reply: SMTPReply?) -> String {
        guard let reply, reply.code >= 400 else { return "" }
        return " (\(described(reply)))"
    }
}
