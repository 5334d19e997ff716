/// A message as it goes over SMTP or into a file (RFC 5322, RFC 2045 to 2047, RFC 2387):
///
///     mixed
///     ├─ alternative
///     │  ├─ text/plain
///     │  └─ related
///     │     ├─ text/html
///     │     └─ image/png, inline
///     ├─ image/png
///     └─ text/calendar
///
/// The last alternative is the one that is preferred (RFC 2046, section 5.1.4), and the picture belongs to the HTML alone. A cancellation
/// has no pictures.
struct MIMEMessage {
    /// With CRLF line ends, the last line too.
    let bytes: [UInt8]

    init(_ message: OutgoingMessage) {
        let boundary = "=_\(message.outboxID)_\(message.reservation)_"
        let html = MIMEPart.text(message.html, subtype: "html")
        let page =
            message.picture.map { picture in
                MIMEPart.multipart("related; type=\"text/html\"", boundary: boundary + "related", [html, .file(picture)])
            } ?? html
        let alternative = MIMEPart.multipart(
            "alternative", boundary: boundary + "alternative", [.text(message.text, subtype: "plain"), page])
        let body = MIMEPart.multipart(
            "mixed", boundary: boundary + "mixed", [alternative] + message.attachments.map(MIMEPart.file))
        var header = [
            HeaderField("Date", token: "\(message.date.messageDate)"),
            HeaderField("From", mailbox: message.from),
        ]
        if let replyTo = message.replyTo { header.append(HeaderField("Reply-To", mailbox: replyTo)) }
        header += [
            HeaderField("To", mailbox: Mailbox(message.to)),
            HeaderField("Subject", text: message.subject),
            HeaderField("Message-ID", token: "\(message.messageID)"),
            // No answering machine shall answer (RFC 3834).
            HeaderField("Auto-Submitted", "auto-generated"),
            HeaderField("Content-Language", token: "\(message.language.rawValue)"),
            HeaderField("MIME-Version", "1.0"),
        ]
        bytes = MIMEPart(fields: header + body.fields, body: body.body).bytes
    }
}
