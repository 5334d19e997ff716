import NIOCore
import ReservationQR
import ReservationWire

/// A message as the body of SendGrid's v3 `POST /mail/send`.
struct SendGridRequest {
    let body: [UInt8]

    /// - Parameter isSandbox: SendGrid then checks the request and sends nothing.
    init(_ message: OutgoingMessage, isSandbox: Bool) {
        var json = JSONWriter()
        json.beginObject()
        json.key("personalizations")
        json.beginArray()
        json.beginObject()
        json.key("to")
        json.beginArray()
        Self.write(Mailbox(message.to), to: &json)
        json.endArray()
        // Comes back with every event about this message.
        json.key("custom_args")
        json.beginObject()
        json.member("outbox_id", "\(message.outboxID)")
        json.member("reservation_id", "\(message.reservation)")
        json.endObject()
        json.endObject()
        json.endArray()
        json.key("from")
        Self.write(message.from, to: &json)
        if let replyTo = message.replyTo {
            json.key("reply_to")
            Self.write(replyTo, to: &json)
        }
        json.member("subject", message.subject.text)
        // The order is prescribed: plain text first.
        json.key("content")
        json.beginArray()
        Self.writeContent("text/plain", message.text, to: &json)
        Self.writeContent("text/html", message.html, to: &json)
        json.endArray()
        json.key("attachments")
        json.beginArray()
        for attachment in [message.picture].compactMap(\.self) + message.attachments { Self.write(attachment, to: &json) }
        json.endArray()
        json.key("headers")
        json.beginObject()
        json.member("Message-ID", message.messageID)
        json.member("Auto-Submitted", "auto-generated")
        json.member("Content-Language", message.language.rawValue)
        json.endObject()
        Self.writeSettings(isSandbox: isSandbox, to: &json)
        json.endObject()
        body = Array(json.buffer.readableBytesView)
    }

    /// Links stay as they are and no picture is added by which opening would be observed.
    private static func writeSettings(isSandbox: Bool, to json: inout JSONWriter) {
        json.key("tracking_settings")
        json.beginObject()
        for name in ["click_tracking", "open_tracking"] {
            json.key(name)
            json.beginObject()
            json.key("enable")
            json.bool(false)
            json.endObject()
        }
        json.endObject()
        guard isSandbox else { return }
        json.key("mail_settings")
        json.beginObject()
        json.key("sandbox_mode")
        json.beginObject()
        json.key("enable")
        json.bool(true)
        json.endObject()
        json.endObject()
    }

    private static func write(_ mailbox: Mailbox, to json: inout JSONWriter) {
        json.beginObject()
        json.member("email", mailbox.address.text)
        if let name = mailbox.name, !name.text.isEmpty { json.member("name", name.text) }
        json.endObject()
    }

    private static func writeContent(_ type: String, _ value: String, to json: inout JSONWriter) {
        json.beginObject()
        json.member("type", type)
        json.member("value", value)
        json.endObject()
    }

    private static func write(_ attachment: Attachment, to json: inout JSONWriter) {
        json.beginObject()
        json.member("content", Base64.encode(attachment.bytes))
        // Without parameters: a semicolon is refused here.
        json.member("type", attachment.type.name)
        json.member("filename", attachment.fileName)
        json.member("disposition", attachment.contentID == nil ? "attachment" : "inline")
        if let contentID = attachment.contentID { json.member("content_id", contentID) }
        json.endObject()
    }
}

extension JSONWriter {
    fileprivate mutating func member(_ key: String, _ text: String) {
        self.key(key)
        string(text)
    }
}
