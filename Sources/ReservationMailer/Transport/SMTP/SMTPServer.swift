/// A mail server and how it is spoken to.
package struct SMTPServer: Hashable, Sendable {
    /// When the connection is encrypted.
    package enum Encryption: Hashable, Sendable {
        /// From the first byte on (RFC 8314, section 3.3).
        case implicit
        /// After STARTTLS, without which nothing is sent (RFC 3207).
        case startTLS
        /// Not at all: for a server on the same machine.
        case none
    }

    package let host: String
    package let port: Int
    package let encryption: Encryption
    /// What this machine calls itself; nil for what libcurl finds.
    package let helloName: String?
    package let credentials: CredentialFile?

    package init(host: String, port: Int, encryption: Encryption, helloName: String? = nil, credentials: CredentialFile? = nil) {
        self.host = host
        self.port = port
        self.encryption = encryption
        self.helloName = helloName
        self.credentials = credentials
    }

    /// libcurl's address: the path is what follows EHLO.
    var url: String {
        let scheme = encryption == .implicit ? "smtps" : "smtp"
        let authority = host.contains(":") ? "[\(host)]" : host
        return "\(scheme)://\(authority):\(port)/\(helloName ?? "")"
    }
}
