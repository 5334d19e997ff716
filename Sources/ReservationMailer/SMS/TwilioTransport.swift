import NIOCore
import ReservationCore
import ReservationWire

/// A short text for a telephone.
package struct OutgoingNotice: Hashable, Sendable {
    package let outboxID: UInt64
    package let to: PhoneNumber
    package let text: String
}

/// A way by which notices leave.
package protocol NoticeTransport: Sendable {
    /// Sends one notice and tells what became of it.
    func send(_ notice: OutgoingNotice) async -> SendResult
}

/// An account at Twilio.
package struct TwilioAccount: Hashable, Sendable {
    /// `https://api.twilio.com`, or a test's.
    package let base: String
    /// A number of the account's, a name, or the SID of a messaging service.
    package let from: String
    /// Account SID and token, `AC…:…`.
    package let credentials: CredentialFile

    package init(base: String, from: String, credentials: CredentialFile) {
        self.base = base
        self.from = from
        self.credentials = credentials
    }
}

/// Sends by Twilio's Messages API.
package final class TwilioTransport: NoticeTransport {
    private let account: TwilioAccount
    private let settings: CurlSettings
    private let pool: CurlPool
    private let clock: @Sendable () -> Instant

    package init(
        account: TwilioAccount, settings: CurlSettings, connections: Int, clock: @escaping @Sendable () -> Instant = WallClock.now
    ) {
        self.account = account
        self.settings = settings
        self.clock = clock
        pool = CurlPool(connections: connections)
    }

    package func send(_ notice: OutgoingNotice) async -> SendResult {
        let secrets: (user: String, password: String)
        do throws(CredentialError) {
            secrets = try account.credentials.userAndPassword()
        } catch {
            return .credentialsRefused(FailureReason("\(error)", needsOperator: true))
        }
        let sender = account.from.hasPrefix("MG") ? "MessagingServiceSid" : "From"
        let form = [("To", notice.to.text), (sender, account.from), ("Body", notice.text)]
        let request = HTTPRequest(
            url: "\(account.base)/2010-04-01/Accounts/\(URLText.form(secrets.user))/Messages.json",
            headers: ["Content-Type: application/x-www-form-urlencoded"], userAndPassword: secrets,
            body: Array(form.map { "\($0)=\(URLText.form($1))" }.joined(separator: "&").utf8))
        let transfer = request.transfer(settings)
        guard let outcome = await pool.run({ $0.perform(transfer) }) else {
            return .retry(after: nil, FailureReason("there is no memory for a connection"))
        }
        guard let answer = HTTPAnswer(outcome) else { return HTTPVerdict.failure(outcome) }
        return Self.result(of: answer, now: clock())
    }

    static func result(of answer: HTTPAnswer, now: Instant) -> SendResult {
        let document = try? JSONValue.parse(ByteBuffer(bytes: answer.body)).object
        if answer.status == 201 { return .accepted(providerID: document?["sid"]?.string.map { FailureReason($0).text }) }
        let code = document?["code"]?.integer
        let words = [code.map { "\($0)" }, document?["message"]?.string].compactMap(\.self).joined(separator: " ")
        // 21610: the customer has asked Twilio for no more messages. 403 as a status then speaks of the number, not of the account.
        if code == 21610 { return .refused(FailureReason("HTTP \(answer.status): \(words)")) }
        return HTTPVerdict.failure(answer, detail: words, now: now)
    }
}
