import NIOCore

/// An answer before it becomes HTTP.
package struct Reply: Sendable, Equatable {
    enum Content: Sendable {
        case json
        case yaml
    }

    package let status: Int
    package let body: ByteBuffer
    let content: Content
    /// The daemon had answered this request before and said the same.
    let isReplayed: Bool
    /// `error.code`, for the log; nil for a success.
    let code: String?
    let retryAfter: Int?
    let allow: String?

    init(success body: ByteBuffer, content: Content = .json, isReplayed: Bool = false) {
        self.status = 200
        self.body = body
        self.content = content
        self.isReplayed = isReplayed
        self.code = nil
        self.retryAfter = nil
        self.allow = nil
    }

    init(_ failure: PublicFailure) {
        self.status = failure.status.http
        self.body = failure.body
        self.content = .json
        self.isReplayed = false
        self.code = failure.status.code
        self.retryAfter = failure.retryAfter
        self.allow = failure.allow
    }
}
