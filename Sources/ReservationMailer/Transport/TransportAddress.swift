import Glibc
import ReservationCore

/// What `--transport` says, understood.
package enum TransportAddress: Hashable, Sendable {
    /// `smtp://HOST[:587][?starttls=never&ehlo=NAME]`, `smtps://HOST[:465][?ehlo=NAME]`.
    case smtp(SMTPServer)
    /// `sendgrid:[?base=https://api.eu.sendgrid.com&sandbox=1]`.
    case sendGrid(SendGridAccount)
    /// `directory:PATH`.
    case directory(String)

    /// - Parameters:
    ///   - credentials: the file that the operator named; nil for systemd's credential `smtp` or `sendgrid`, else `mail`.
    ///   - credentialsDirectory: `$CREDENTIALS_DIRECTORY`.
    package init(_ text: String, credentials: String?, credentialsDirectory: String?) throws(AddressError) {
        let address = try AddressText(text) { scheme in
            switch scheme {
            case "smtp": ["starttls", "ehlo"]
            case "smtps": ["ehlo"]
            case "sendgrid": ["base", "sandbox"]
            case "directory": []
            default: nil
            }
        }
        switch address.scheme {
        case "directory":
            guard !address.rest.isEmpty, address.parameters.isEmpty else {
                throw AddressError("must name a directory, like directory:/tmp/mail")
            }
            self = .directory(address.rest)
        case "sendgrid":
            guard address.rest.isEmpty else { throw AddressError("is sendgrid: with parameters only, like sendgrid:?sandbox=1") }
            guard
                let key = CredentialFile.find(credentials, credential: "sendgrid", general: "mail", directory: credentialsDirectory)
            else {
                throw AddressError("sendgrid: needs --credentials FILE with the API key")
            }
            let sandbox = address.parameters["sandbox"] ?? "0"
            guard ["0", "1"].contains(sandbox) else { throw AddressError("takes sandbox=1 or sandbox=0") }
            self = .sendGrid(
                SendGridAccount(base: try address.base(default: "https://api.sendgrid.com"), isSandbox: sandbox == "1", key: key))
        default:
            self = .smtp(
                try Self.server(
                    address, CredentialFile.find(credentials, credential: "smtp", general: "mail", directory: credentialsDirectory)))
        }
    }

    private static func server(_ address: AddressText, _ credentials: CredentialFile?) throws(AddressError) -> SMTPServer {
        let isImplicit = address.scheme == "smtps"
        // The ports of submission (RFC 6409, RFC 8314).
        let (host, port) = try AddressText.hostAndPort(address.rest, defaultPort: isImplicit ? 465 : 587)
        let startTLS = address.parameters["starttls"] ?? "required"
        guard ["required", "never"].contains(startTLS) else { throw AddressError("takes starttls=required or starttls=never") }
        if let name = address.parameters["ehlo"], name.isEmpty || !AddressText.isName(name) {
            throw AddressError("has an ehlo that is no host name")
        }
        let encryption: SMTPServer.Encryption = isImplicit ? .implicit : startTLS == "never" ? .none : .startTLS
        guard encryption != .none || credentials == nil || AddressText.isLoopback(host) else {
            throw AddressError("has starttls=never, which would send the password in the clear")
        }
        return SMTPServer(
            host: host, port: port, encryption: encryption, helloName: address.parameters["ehlo"] ?? machineName, credentials: credentials)
    }

    /// This machine's full name, if it knows one; servers like to look it up.
    private static var machineName: String? {
        var name = [CChar](repeating: 0, count: 256)
        guard gethostname(&name, name.count - 1) == 0 else { return nil }
        let text = String(decoding: name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        return text.contains(".") && AddressText.isName(text) ? text : nil
    }

    /// Fit for a log: no credentials are in it.
    package var description: String {
        switch self {
        case .smtp(let server): server.url
        case .sendGrid(let account): "sendgrid \(account.base)\(account.isSandbox ? " (sandbox: nothing is sent)" : "")"
        case .directory(let path): "directory \(path)"
        }
    }

    /// The way's name among few.
    package var name: String {
        switch self {
        case .smtp: "smtp"
        case .sendGrid: "sendgrid"
        case .directory: "directory"
        }
    }

    /// - Throws: ``CredentialError`` when the credentials that are needed cannot be read: better now than with the first customer's mail.
    package func open(_ settings: CurlSettings, connections: Int) throws(CredentialError) -> any Transport {
        switch self {
        case .smtp(let server):
            _ = try server.credentials?.userAndPassword()
            return SMTPTransport(server: server, settings: settings, connections: connections)
        case .sendGrid(let account):
            _ = try account.key.key()
            return SendGridTransport(account: account, settings: settings, connections: connections)
        case .directory(let path):
            return DirectoryTransport(path: path)
        }
    }
}
