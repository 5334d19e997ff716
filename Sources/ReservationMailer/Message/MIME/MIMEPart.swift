import ReservationQR

/// A part of a message, or the whole body: header fields of its own and encoded bytes (RFC 2045, RFC 2046).
struct MIMEPart {
    let fields: [HeaderField]
    /// Ends with CRLF.
    let body: [UInt8]

    static func text(_ text: String, subtype: StaticString) -> MIMEPart {
        MIMEPart(
            fields: [
                HeaderField("Content-Type", token: "text/\(subtype); charset=utf-8"),
                HeaderField("Content-Transfer-Encoding", "quoted-printable"),
            ],
            body: QuotedPrintable.encode(text))
    }

    /// A file, as `disposition` says shown within the message or beside it.
    static func file(_ attachment: Attachment) -> MIMEPart {
        var fields = [
            HeaderField("Content-Type", token: "\(attachment.type.full); name=\"\(attachment.fileName)\""),
            HeaderField("Content-Transfer-Encoding", "base64"),
        ]
        if let contentID = attachment.contentID {
            fields.append(HeaderField("Content-ID", token: "<\(contentID)>"))
            fields.append(HeaderField("Content-Disposition", token: "inline; filename=\"\(attachment.fileName)\""))
        } else {
            fields.append(HeaderField("Content-Disposition", token: "attachment; filename=\"\(attachment.fileName)\""))
        }
        return MIMEPart(fields: fields, body: base64Lines(attachment.bytes))
    }

    /// - Parameters:
    ///   - kind: `mixed`, `alternative` or `related`, with what the kind asks for.
    ///   - boundary: must not occur in the parts. `=_` in it is enough: quoted-printable never has it, and base64 has no underscore.
    static func multipart(_ kind: String, boundary: String, _ parts: [MIMEPart]) -> MIMEPart {
        var body: [UInt8] = []
        for part in parts {
            body += "--\(boundary)\r\n".utf8
            body += part.bytes
            body += "\r\n".utf8
        }
        body += "--\(boundary)--\r\n".utf8
        return MIMEPart(
            fields: [HeaderField("Content-Type", token: "multipart/\(kind); boundary=\"\(boundary)\"")], body: body)
    }

    /// Fields, the empty line, body.
    var bytes: [UInt8] {
        var bytes: [UInt8] = []
        for field in fields { bytes += "\(field.line)\r\n".utf8 }
        bytes += "\r\n".utf8
        return bytes + body
    }

    private static func base64Lines(_ bytes: [UInt8]) -> [UInt8] {
        let text = Array(Base64.encode(bytes).utf8)
        var lines: [UInt8] = []
        for start in stride(from: 0, to: text.count, by: 76) {
            lines += text[start..<min(start + 76, text.count)]
            lines += [0x0D, 0x0A]
        }
        return lines
    }
}
