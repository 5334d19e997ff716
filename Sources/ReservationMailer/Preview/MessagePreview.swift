import ReservationQR

/// A message as files that people can look at.
package struct MessagePreview: Sendable {
    /// What would be sent; mail programs open it.
    package let mail: [UInt8]
    /// The HTML by itself, with the picture in it, for a browser.
    package let page: String

    package init(_ message: OutgoingMessage) {
        mail = MIMEMessage(message).bytes
        guard let picture = message.picture else {
            page = message.html
            return
        }
        let data = Base64.encode(picture.bytes, prefix: "data:image/png;base64,")
        page = message.html.replacing("cid:\(picture.contentID ?? "")", with: data)
    }
}
