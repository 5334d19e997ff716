/// What a reply's body is.
enum ContentType: String, Sendable {
    case json = "application/json"
    case yaml = "application/yaml"
    case text = "text/plain; charset=utf-8"
    case html = "text/html; charset=utf-8"
    case css = "text/css; charset=utf-8"
    case javascript = "text/javascript; charset=utf-8"
    case svg = "image/svg+xml"
    case png = "image/png"
    case jpeg = "image/jpeg"
    case webp = "image/webp"
    case eventStream = "text/event-stream; charset=utf-8"

    /// Pictures are compressed already.
    var isCompressible: Bool {
        switch self {
        case .png, .jpeg, .webp, .eventStream: false
        default: true
        }
    }

    /// What a browser may load and do when it shows this as a page (W3C Content Security Policy, level 3).
    var contentSecurityPolicy: String {
        switch self {
        // Scripts and styles are files of ours; `data:` and `blob:` are the QR code, as the contract delivers it and as it is saved.
        case .html:
            """
            default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; \
            base-uri 'none'; form-action 'none'; frame-ancestors 'none'
            """
        default: "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
        }
    }
}
