import CCurl

/// Sends over SMTP (RFC 5321) through libcurl, on connections that are kept.
package final class SMTPTransport: Transport {
    private let server: SMTPServer
    private let settings: CurlSettings
    private let pool: CurlPool

    package init(server: SMTPServer, settings: CurlSettings, connections: Int) {
        self.server = server
        self.settings = settings
        pool = CurlPool(connections: connections)
    }

    package func send(_ message: OutgoingMessage) async -> SendResult {
        let transfer: CurlTransfer
        do throws(CredentialError) {
            transfer = try self.transfer(message)
        } catch {
            return .credentialsRefused(FailureReason("\(error)", needsOperator: true))
        }
        let outcome = await pool.run { handle in
            let outcome = handle.perform(transfer)
            guard SMTPVerdict.hasMetClosedConnection(outcome) else { return outcome }
            // The server had closed the connection while it lay idle. Nothing of the message has gone out, so it goes by a new one at once.
            var fresh = transfer
            fresh.numbers.append((CURLOPT_FRESH_CONNECT, 1))
            return handle.perform(fresh)
        }
        guard let outcome else { return .retry(after: nil, FailureReason("there is no memory for a connection")) }
        return SMTPVerdict.result(of: outcome, needsUTF8: !message.isASCII)
    }

    private func transfer(_ message: OutgoingMessage) throws(CredentialError) -> CurlTransfer {
        var transfer = CurlTransfer(url: server.url)
        settings.apply(to: &transfer)
        transfer.texts += [(CURLOPT_PROTOCOLS_STR, "smtp,smtps"), (CURLOPT_MAIL_FROM, "<\(message.from.address)>")]
        transfer.lists.append((CURLOPT_MAIL_RCPT, ["<\(message.to)>"]))
        let tls = server.encryption == .none ? CURLUSESSL_NONE : CURLUSESSL_ALL
        transfer.numbers.append((CURLOPT_USE_SSL, Int(tls.rawValue)))
        if let credentials = server.credentials {
            let (user, password) = try credentials.userAndPassword()
            transfer.texts += [(CURLOPT_USERNAME, user), (CURLOPT_PASSWORD, password)]
        }
        if !message.isASCII {
            // What the server can do is said on a new connection only. libcurl asks for SMTPUTF8 where it is offered, and sends the
            // address all the same where it is not.
            transfer.numbers.append((CURLOPT_FRESH_CONNECT, 1))
            transfer.mayUpload = { SMTPReply.offers("SMTPUTF8", in: $0.lines) }
        }
        transfer.upload = MIMEMessage(message).bytes
        return transfer
    }
}

extension OutgoingMessage {
    /// Whether its envelope can go to any server (RFC 6531 is for the others).
    var isASCII: Bool { to.isASCII && from.address.isASCII }
}
