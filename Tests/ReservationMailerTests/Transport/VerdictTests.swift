import CCurl
import ReservationCore
import Testing

@testable import ReservationMailer

@Suite("What a server's answer means")
struct VerdictTests {
    private func smtp(_ code: CURLcode, _ lines: [String], after command: String, uploaded: Bool = false) -> SendResult {
        var outcome = CurlOutcome()
        outcome.code = code
        outcome.lines = lines
        outcome.lastCommand = command
        outcome.hasUploadedAll = uploaded
        return SMTPVerdict.result(of: outcome, needsUTF8: false)
    }

    @Test(
        "SMTP",
        arguments: [
            ("RCPT", "450 4.2.1 busy", "retry"), ("RCPT", "550 5.1.1 unknown", "refused"), ("DATA", "554 5.7.1 spam", "refused"),
            ("DATA", "451 4.3.0 later", "retry"), ("MAIL", "550 5.7.1 not your sender", "credentials"), ("MAIL", "421 4.7.0 wait", "retry"),
            ("AUTH", "535 5.7.8 wrong", "credentials"), ("AUTH", "454 4.7.0 later", "retry"), ("MAIL", "530 5.7.0 log in", "credentials"),
            ("RCPT", "530 5.7.0 log in", "credentials"), ("AUTH", "534 5.7.9 too weak", "credentials"), ("", "554 not here", "credentials"),
            ("DATA", "354 go on", "retry"), ("DATA", "250 ok", "retry"), ("MAIL", "garbage", "retry"),
        ])
    func smtpReplies(command: String, line: String, expected: String) {
        let result = smtp(CURLE_SEND_ERROR, ["220 hello", line], after: command)
        switch result {
        case .retry(nil, _): #expect(expected == "retry")
        case .refused: #expect(expected == "refused")
        case .credentialsRefused(let reason):
            #expect(expected == "credentials")
            #expect(reason.needsOperator)
        default: Issue.record("\(result)")
        }
    }

    @Test("a yes names the message as the server does")
    func accepted() {
        #expect(
            smtp(CURLE_OK, ["250-first", "250 2.0.0 Ok: queued as 4XYZ"], after: "DATA", uploaded: true)
                == .accepted(providerID: "first 2.0.0 Ok: queued as 4XYZ"))
    }

    @Test("a connection that ends after the message leaves it open")
    func ambiguous() {
        guard case .retry(nil, let reason) = smtp(CURLE_RECV_ERROR, ["354 go on"], after: "DATA", uploaded: true) else {
            Issue.record("not tried again")
            return
        }
        #expect(reason.text.contains("may have been taken"))
    }

    @Test("trouble with TLS is tried again, and said so that an operator hears it")
    func tls() {
        guard case .retry(nil, let reason) = smtp(CURLE_PEER_FAILED_VERIFICATION, ["220 ready"], after: "STAR") else {
            Issue.record("not tried again")
            return
        }
        #expect(reason.needsOperator && reason.text.hasPrefix("TLS: "))
    }

    @Test("only a connection that was used before, and nothing of the message sent on it, is replaced at once")
    func closedConnection() {
        var outcome = CurlOutcome()
        outcome.code = CURLE_RECV_ERROR
        #expect(SMTPVerdict.hasMetClosedConnection(outcome))
        outcome.lines = ["421 bye"]
        #expect(SMTPVerdict.hasMetClosedConnection(outcome))
        outcome.lines = ["450 later"]
        #expect(!SMTPVerdict.hasMetClosedConnection(outcome))
        outcome.lines = []
        outcome.hasBegunUpload = true
        #expect(!SMTPVerdict.hasMetClosedConnection(outcome))
        outcome.hasBegunUpload = false
        outcome.newConnections = 1
        #expect(!SMTPVerdict.hasMetClosedConnection(outcome))
    }

    @Test("extensions are found in EHLO's answer alone")
    func extensions() {
        #expect(SMTPReply.offers("SMTPUTF8", in: ["250-mail.example", "250-SIZE 1000", "250 smtputf8"]))
        #expect(!SMTPReply.offers("SMTPUTF8", in: ["250-mail.example", "550 SMTPUTF8", "250 NOSMTPUTF8"]))
    }

    private let now = Instant(seconds: 1_795_000_000)

    @Test(
        "Retry-After in seconds, and as a date in each of HTTP's forms",
        arguments: [
            ("120", 120), ("0", 0), ("Wed, 18 Nov 2026 11:08:40 GMT", 120), ("Wednesday, 18-Nov-26 11:08:40 GMT", 120),
            ("Wed Nov 18 11:08:40 2026", 120), ("Wed, 18 Nov 2020 11:08:40 GMT", 0), ("999999999999999999999999", 21_600),
            ("99999999", 21_600),
        ])
    func retryAfter(value: String, seconds: Int) {
        #expect(RetryAfter.pause(value, now: now) == .seconds(seconds))
    }

    @Test("what is neither is no pause", arguments: ["", "soon", "-5", "1.5 parsecs"])
    func noRetryAfter(value: String) {
        #expect(RetryAfter.pause(value, now: now) == nil)
    }

    @Test("of several answers on a connection the last counts")
    func answers() throws {
        var outcome = CurlOutcome()
        outcome.lines = ["HTTP/1.1 100 Continue", "", "HTTP/1.1 429 Too Many", "Retry-After:  7 ", ""]
        let answer = try #require(HTTPAnswer(outcome))
        #expect(answer == HTTPAnswer(status: 429, headers: ["retry-after": "7"]))
        #expect(SendGridTransport.result(of: answer, isSandbox: false, now: now) == .retry(after: .seconds(7), FailureReason("HTTP 429")))
    }

    @Test("200 is a yes in the sandbox only: elsewhere nobody would get the mail")
    func sandbox() {
        #expect(SendGridTransport.result(of: HTTPAnswer(status: 200), isSandbox: true, now: now) == .accepted(providerID: "sandbox"))
        #expect(
            SendGridTransport.result(of: HTTPAnswer(status: 200), isSandbox: false, now: now)
                == .retry(after: nil, FailureReason("HTTP 200")))
    }

    @Test(
        "a reason holds nobody's address, number or code",
        arguments: [
            ("550 <jane.doe+x@example.com>: unknown", "550 <***@example.com>: unknown"),
            ("to jörg@example.com, and a@b", "to ***@example.com, and ***@b"),
            ("code tkt-2026-abc123-def456!", "code TKT-***!"), ("Number +491701234567 bad", "Number +*** bad"),
            ("two\r\nlines", "two lines"),
        ])
    func masking(text: String, expected: String) {
        #expect(FailureReason(text).text == expected)
    }

    @Test("a reason fits the outbox")
    func length() {
        #expect(FailureReason(String(repeating: "ü", count: 1000)).text.utf8.count <= 500)
    }
}
