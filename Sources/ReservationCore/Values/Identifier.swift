/// A positive integer that names one `Subject` and cannot be mistaken for the id of anything else.
///
/// Ids stay within 53 bits so that they are exact in JavaScript and in JSON readers that use doubles.
package struct Identifier<Subject>: Hashable, Sendable, Comparable, CustomStringConvertible {
    /// The largest id: 2^53 − 1.
    package static var maximum: Int64 { 9_007_199_254_740_991 }

    package let rawValue: Int64

    /// - Returns: nil outside 1 ... 2^53 − 1.
    @inlinable
    package init?(_ rawValue: Int64) {
        guard rawValue >= 1, rawValue <= 9_007_199_254_740_991 else { return nil }
        self.rawValue = rawValue
    }

    /// - Returns: nil outside 1 ... 2^53 − 1.
    @inlinable
    package init?(_ rawValue: UInt64) {
        guard let signed = Int64(exactly: rawValue) else { return nil }
        self.init(signed)
    }

    /// A fresh id that nobody can guess, for tickets: whoever knows a ticket's id may reserve it.
    package static func random(using generator: inout some RandomNumberGenerator) -> Self {
        Self(unchecked: Int64.random(in: 1...maximum, using: &generator))
    }

    init(unchecked rawValue: Int64) {
        self.rawValue = rawValue
    }

    package static func < (left: Self, right: Self) -> Bool { left.rawValue < right.rawValue }

    package var description: String { String(rawValue) }
}

/// Names a venue's tenant (the card's `orq`).
package typealias OrganizationID = Identifier<Organization>
/// Names a ticket; a capability, see ``Identifier/random(using:)``.
package typealias TicketID = Identifier<Ticket>
/// Names a slot; public, given out in sequence.
package typealias SlotID = Identifier<Slot>
/// Names a reservation; not a secret, gives access to nothing.
package typealias ReservationID = Identifier<Reservation>
