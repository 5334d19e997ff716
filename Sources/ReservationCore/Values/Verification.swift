/// How a visitor was let in.
package struct Verification: Hashable, Sendable {
    /// Nil where the ticket was used before it came here.
    package let at: Instant?
    /// Nil where nobody said.
    package let by: OperatorID?

    package init(at: Instant?, by: OperatorID?) {
        self.at = at
        self.by = by
    }
}

/// Somebody of the venue who does things: known to it by a number.
package enum Operator {}

/// Names an operator; the venue gives them out, nothing here knows more of one.
package typealias OperatorID = Identifier<Operator>
