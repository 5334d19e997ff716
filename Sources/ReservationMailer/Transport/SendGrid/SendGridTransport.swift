import NIOCore
import ReservationCore
import ReservationWire

/// Which of SendGrid's hosts is asked, and how.
package struct SendGridAccount: Hashable, Sendable {
    /// `https://api.sendgrid.com`, the EU's host, or a test's.
    package let base: String
    package let isSandbox: Bool
    package let key: CredentialFile

    package init(base: String, isSandbox: Bool, key: CredentialFile) {
        self.base = base
        self.isSandbox = isSandbox
        self.key = key
    }
}

/// Sends by SendGrid's v3 API.
package final class SendGridTransport: Transport {
    private let account: SendGridAccount
    private let settings: CurlSettings
    private let pool: CurlPool
    private let clock: @Sendable () -> Instant

    package init(
        account: SendGridAccount, settings: CurlSettings, connections: Int, clock: @escaping @Sendable () -> Instant = WallClock.now
    ) {
        self.account = account
        self.settings = settings
        self.clock = clock
        pool = CurlPool(connections: connections)
    }

    package func send(_ message: OutgoingMessage) async -> SendResult {
        let key: String
        do throws(CredentialError) {
            key = try account.key.key()
        } catch {
            return .credentialsRefused(FailureReason("\(error)", needsOperator: true))
        }
        let request = HTTPRequest(
            url: "\(account.base)/v3/mail/send", headers: ["Authorization: Bearer \(key)", "Content-Type: application/json"],
            body: SendGridRequest(message, isSandbox: account.isSandbox).body)
        let transfer = request.transfer(settings)
        guard let outcome = await pool.run({ $0.perform(transfer) }) else {
            return .retry(after: nil, FailureReason("there is no memory for a connection"))
        }
        guard let answer = HTTPAnswer(outcome) else { return HTTPVerdict.failure(outcome) }
        return Self.result(of: answer, isSandbox: account.isSandbox, now: clock())
    }

    static func result(of answer: HTTPAnswer, isSandbox: Bool, now: Instant) -> SendResult {
        switch answer.status {
        case 202: .accepted(providerID: answer.headers["x-message-id"].map { FailureReason($0).text })
        // Checked and not queued, which is what the sandbox is for; without it nobody would get the mail.
        case 200 where isSandbox: .accepted(providerID: "sandbox")
        default: HTTPVerdict.failure(answer, detail: errors(in: answer.body), now: now)
        }
    }

    /// `{"errors":[{"message":"…","field":"…"}]}`.
    private static func errors(in body: [UInt8]) -> String {
        guard let document = try? JSONValue.parse(ByteBuffer(bytes: body)), let errors = document.object?["errors"]?.array else {
            return ""
        }
        return errors.prefix(3).compactMap { error in
            guard let message = error.object?["message"]?.string else { return nil }
            let field = error.object?["field"]?.string.map { " (\($0))" } ?? ""
            return message + field
        }.joined(separator: "; ")
    }
}
