/// A venue's tenant: it owns tickets and slots and has the time zone in which its days begin.
package struct Organization: Hashable, Sendable {
    package let id: OrganizationID
    package var name: String
    /// IANA name, `Europe/Berlin`.
    package var timeZone: String
    /// Whether a slot may still be booked after its start.
    package var allowsStarted: Bool
    package let createdAt: Instant

    package init(id: OrganizationID, name: String, timeZone: String, allowsStarted: Bool, createdAt: Instant) {
        self.id = id
        self.name = name
        self.timeZone = timeZone
        self.allowsStarted = allowsStarted
        self.createdAt = createdAt
    }
}
