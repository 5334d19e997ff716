import ReservationCore

/// An organisation.
package struct OrganizationMessage: WireMessage {
    /// The organisation.
    package var orq: UInt64
    /// When it was made.
    package var createdAt: Instant
    /// IANA name, `Europe/Berlin`.
    package var timeZone: String
    /// For people.
    package var name: String
    /// Whether a slot may still be booked after its start.
    package var allowStarted: Bool
    /// So many days after a visit the visitor's contact is erased; absent for never.
    package var retentionDays: UInt64?

    package init(orq: UInt64, createdAt: Instant, timeZone: String, name: String, allowStarted: Bool, retentionDays: UInt64? = nil) {
        self.orq = orq
        self.createdAt = createdAt
        self.timeZone = timeZone
        self.name = name
        self.allowStarted = allowStarted
        self.retentionDays = retentionDays
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        orq = try reader.integer(.orq)
        createdAt = try reader.instant(.createdAt)
        timeZone = try reader.string(.timeZone)
        name = try reader.string(.name)
        allowStarted = try reader.bool(.allowStarted)
        retentionDays = try reader.optionalInteger(.retentionDays)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.orq, orq)
        writer.write(.createdAt, createdAt)
        writer.write(.timeZone, timeZone)
        writer.write(.name, name)
        writer.write(.allowStarted, allowStarted)
        writer.write(.retentionDays, retentionDays)
    }
}

extension OrganizationMessage {
    /// The message of a domain value.
    package init(_ organization: Organization) {
        self.init(
            orq: UInt64(organization.id.rawValue), createdAt: organization.createdAt, timeZone: organization.timeZone,
            name: organization.name, allowStarted: organization.allowsStarted,
            retentionDays: organization.retentionDays.map { UInt64($0) })
    }
}
