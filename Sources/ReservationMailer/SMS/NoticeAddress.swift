/// What `--sms` says, understood: `twilio:+15550001[?base=URL]`, a number, a name or a messaging service's SID after the colon.
package struct NoticeAddress: Hashable, Sendable {
    private let account: TwilioAccount

    /// - Parameters:
    ///   - credentials: the file that the operator named; nil for systemd's credential `twilio` or `sms`.
    ///   - credentialsDirectory: `$CREDENTIALS_DIRECTORY`.
    package init(_ text: String, credentials: String?, credentialsDirectory: String?) throws(AddressError) {
        let address = try AddressText(text) { $0 == "twilio" ? ["base"] : nil }
        guard (1...34).contains(address.rest.utf8.count), address.rest.utf8.allSatisfy({ (0x20...0x7E).contains($0) }) else {
            throw AddressError("must name who sends, like twilio:+15550001")
        }
        guard let file = CredentialFile.find(credentials, credential: "twilio", general: "sms", directory: credentialsDirectory) else {
            throw AddressError("twilio: needs --sms-credentials FILE with ACCOUNT_SID:AUTH_TOKEN")
        }
        account = TwilioAccount(base: try address.base(default: "https://api.twilio.com"), from: address.rest, credentials: file)
    }

    /// - Throws: ``CredentialError`` when the credentials cannot be read.
    package func open(_ settings: CurlSettings, connections: Int) throws(CredentialError) -> any NoticeTransport {
        _ = try account.credentials.userAndPassword()
        return TwilioTransport(account: account, settings: settings, connections: connections)
    }
}
