import NIOCore

/// An answer before it becomes HTTP.
package struct Reply: Sendable, Equatable {
    package let status: Int
    package let body: ByteBuffer
    var content = ContentType.json
    var caching = Caching.forbidden
    /// One who cannot read that gets another.
    var isCompressed = false
    /// The daemon had answered this request before and said the same.
    var isReplayed = false
    /// `error.code`, for the log; nil for a success.
    var code: String?
    var retryAfter: Int?
    var allow: String?
    /// Where to go instead; never in the words of the request.
    var location: String?
    /// What goes on being sent behind the head; then `body` is empty.
    var events: EventSeat?

    /// What a cache may do with it.
    enum Caching: Sendable, Equatable {
        /// Replies that hold contact data or capabilities.
        case forbidden
        /// Kept, but never used without asking.
        case revalidated
        /// The address changes with the content.
        case immutable

        var field: String {
            switch self {
            case .forbidden: "no-store"
            case .revalidated: "no-cache"
            case .immutable: "public, max-age=31536000, immutable"
            }
        }
    }

    init(success body: ByteBuffer, content: ContentType = .json, isReplayed: Bool = false) {
        self.status = 200
        self.body = body
        self.content = content
        self.isReplayed = isReplayed
    }

    init(_ failure: PublicFailure) {
        self.init(failure, body: failure.body, content: .json)
    }

    /// A failure in other words than the contract's.
    init(_ failure: PublicFailure, body: ByteBuffer, content: ContentType) {
        self.status = failure.status.http
        self.body = body
        self.content = content
        self.code = failure.status.code
        self.retryAfter = failure.retryAfter
        self.allow = failure.allow
    }

    init(events: EventSeat) {
        self.init(success: ByteBuffer(), content: .eventStream)
        self.events = events
    }

    /// See another address (RFC 9110, section 15.4.4).
    init(seeOther location: String) {
        self.status = 303
        self.body = ByteBuffer()
        self.content = .text
        self.location = location
    }
}
