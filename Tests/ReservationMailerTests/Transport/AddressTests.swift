import Testing

@testable import ReservationMailer

@Suite("What --transport and --sms say")
struct AddressTests {
    private let password = "/run/credentials/smtp"

    private func parse(_ text: String, credentials: String? = nil) throws(AddressError) -> TransportAddress {
        try TransportAddress(text, credentials: credentials, credentialsDirectory: nil)
    }

    @Test("ports and encryption are those of submission unless something else is said")
    func defaults() throws {
        guard case .smtp(let plain) = try parse("smtp://mail.example.com"), case .smtp(let implicit) = try parse("smtps://[::1]/") else {
            Issue.record("not SMTP")
            return
        }
        #expect((plain.host, plain.port, plain.encryption) == ("mail.example.com", 587, .startTLS))
        #expect((implicit.host, implicit.port, implicit.encryption) == ("::1", 465, .implicit))
        #expect(implicit.url.hasPrefix("smtps://[::1]:465/"))
    }

    @Test("parameters are understood")
    func parameters() throws {
        let address = try parse("smtp://localhost:25?starttls=never&ehlo=tickets.example.com", credentials: password)
        #expect(
            address
                == .smtp(
                    SMTPServer(
                        host: "localhost", port: 25, encryption: .none, helloName: "tickets.example.com",
                        credentials: CredentialFile(path: password))))
        #expect(
            try parse("sendgrid:?base=https://api.eu.sendgrid.com&sandbox=1", credentials: "/key")
                == .sendGrid(SendGridAccount(base: "https://api.eu.sendgrid.com:443", isSandbox: true, key: CredentialFile(path: "/key"))))
        #expect(try parse("directory:/tmp/mail") == .directory("/tmp/mail"))
    }

    @Test(
        "what is not understood is refused, not guessed",
        arguments: [
            "", "mail.example.com", "http://mail.example.com", "smtp:mail.example.com", "smtp://", "smtp://mail:0", "smtp://mail:99999",
            "smtp://mail example", "smtp://mail?tls=no", "smtp://mail?starttls=maybe", "smtp://mail?starttls",
            "smtps://mail?starttls=never",
            "smtp://mail?ehlo=a%0d%0ab", "smtp://user:secret@mail.example.com", "directory:", "directory:/tmp?x=1", "sendgrid:key",
            "sendgrid:?sandbox=yes", "sendgrid:?base=ftp://x", "sendgrid:?base=http://api.example.com", "smtp://a\r\nb",
            "smtp://mail?ehlo=a&ehlo=b",
        ])
    func refused(text: String) {
        #expect(throws: AddressError.self) { try parse(text, credentials: "/key") }
    }

    @Test("a password goes without encryption to this machine only")
    func clear() throws {
        #expect(throws: AddressError.self) { try parse("smtp://mail.example.com?starttls=never", credentials: password) }
        _ = try parse("smtp://127.0.0.1?starttls=never", credentials: password)
        _ = try parse("smtp://mail.internal?starttls=never")
    }

    @Test("notices need a sender and credentials")
    func notices() throws {
        _ = try NoticeAddress("twilio:+15550001", credentials: "/secret", credentialsDirectory: nil)
        for text in ["twilio:", "twilio", "nexmo:+1", "twilio:+15550001?region=x"] {
            #expect(throws: AddressError.self) { try NoticeAddress(text, credentials: "/secret", credentialsDirectory: nil) }
        }
        #expect(throws: AddressError.self) { try NoticeAddress("twilio:+15550001", credentials: nil, credentialsDirectory: "/nowhere") }
    }
}
