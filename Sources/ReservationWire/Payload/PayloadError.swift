/// Why a payload is not the message that it should be. In a request it is answered with MALFORMED_PAYLOAD.
package struct PayloadError: Error, Hashable {
    /// The registry's name of the field at fault, where one is known.
    package var field: String?
    /// What is wrong, in our words: never the peer's bytes.
    package var reason: String

    package init(field: String?, reason: String) {
        self.field = field
        self.reason = reason
    }

    init(_ tag: FieldTag, _ reason: String) {
        self.init(field: tag.name, reason: reason)
    }

    static func missing(_ tag: FieldTag) -> PayloadError { PayloadError(tag, "is required") }

    /// For the error that goes to the peer.
    package var message: String { field.map { "\($0): \(reason)" } ?? reason }
}
