import ReservationCore

/// Answers `organization.get` and `organization.set`: the organisation as it is now.
package struct OrganizationProfileResponse: WireMessage {
    /// The organisation.
    package var orq: UInt64
    /// When it was made.
    package var createdAt: Instant
    /// When it was last changed.
    package var updatedAt: Instant
    /// IANA name, `Europe/Berlin`.
    package var timeZone: String
    /// For people.
    package var name: String
    /// Whether a slot may still be booked after its start.
    package var allowStarted: Bool
    /// `#1a73e8`.
    package var accentColor: String?
    /// A PNG, JPEG or WebP file.
    package var logo: [UInt8]?
    /// Where visitors can write to.
    package var contactEmail: String?
    /// Where visitors can call.
    package var contactPhone: String?
    /// Where visitors can read on.
    package var website: String?
    /// So many days after a visit the visitor's contact is erased; absent for never.
    package var retentionDays: UInt64?

    package init(
        orq: UInt64, createdAt: Instant, updatedAt: Instant, timeZone: String, name: String, allowStarted: Bool,
        accentColor: String? = nil, logo: [UInt8]? = nil, contactEmail: String? = nil, contactPhone: String? = nil, website: String? = nil,
        retentionDays: UInt64? = nil
    ) {
        self.orq = orq
        self.createdAt = createdAt
        self.updatedAt = updatedAt
        self.timeZone = timeZone
        self.name = name
        self.allowStarted = allowStarted
        self.accentColor = accentColor
        self.logo = logo
        self.contactEmail = contactEmail
        self.contactPhone = contactPhone
        self.website = website
        self.retentionDays = retentionDays
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        orq = try reader.integer(.orq)
        createdAt = try reader.instant(.createdAt)
        updatedAt = try reader.instant(.updatedAt)
        timeZone = try reader.string(.timeZone)
        name = try reader.string(.name)
        allowStarted = try reader.bool(.allowStarted)
        accentColor = try reader.optionalString(.accentColor)
        logo = try reader.optionalBytes(.logo)
        contactEmail = try reader.optionalString(.contactEmail)
        contactPhone = try reader.optionalString(.contactPhone)
        website = try reader.optionalString(.website)
        retentionDays = try reader.optionalInteger(.retentionDays)
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.orq, orq)
        writer.write(.createdAt, createdAt)
        writer.write(.updatedAt, updatedAt)
        writer.write(.timeZone, timeZone)
        writer.write(.name, name)
        writer.write(.allowStarted, allowStarted)
        writer.write(.accentColor, accentColor)
        writer.write(.logo, logo)
        writer.write(.contactEmail, contactEmail)
        writer.write(.contactPhone, contactPhone)
        writer.write(.website, website)
        writer.write(.retentionDays, retentionDays)
    }
}

extension OrganizationProfileResponse {
    /// The message of domain values.
    package init(_ organization: Organization, logo: Logo?) {
        let profile = organization.profile
        self.init(
            orq: UInt64(organization.id.rawValue), createdAt: organization.createdAt, updatedAt: organization.updatedAt,
            timeZone: organization.timeZone, name: organization.name, allowStarted: organization.allowsStarted,
            accentColor: profile.accentColor?.description, logo: logo?.bytes, contactEmail: profile.contactEmail?.text,
            contactPhone: profile.contactPhone?.text, website: profile.website?.text,
            retentionDays: organization.retentionDays.map { UInt64($0) })
    }
}
