/// A venue's tenant: it owns tickets and slots and has the time zone in which its days begin.
package struct Organization: Hashable, Sendable {
    package let id: OrganizationID
    package var name: String
    /// IANA name, `Europe/Berlin`.
    package var timeZone: String
    /// Whether a slot may still be booked after its start.
    package var allowsStarted: Bool
    /// What its visitors see beside the name.
    package var profile: OrganizationProfile
    /// So many days after a visit the visitor's contact is erased; nil for never.
    package var retentionDays: Int?
    package let createdAt: Instant
    package var updatedAt: Instant

    /// - Parameter updatedAt: when it was made unless given.
    package init(
        id: OrganizationID, name: String, timeZone: String, allowsStarted: Bool, profile: OrganizationProfile = OrganizationProfile(),
        retentionDays: Int? = nil, createdAt: Instant, updatedAt: Instant? = nil
    ) {
        self.id = id
        self.name = name
        self.timeZone = timeZone
        self.allowsStarted = allowsStarted
        self.profile = profile
        self.retentionDays = retentionDays
        self.createdAt = createdAt
        self.updatedAt = updatedAt ?? createdAt
    }
}

/// How an organisation shows itself to its visitors. The logo is not in it: it is large, and needed only by who asks for it.
package struct OrganizationProfile: Hashable, Sendable {
    package var accentColor: AccentColor?
    /// Where visitors can write to.
    package var contactEmail: EmailAddress?
    /// Where visitors can call.
    package var contactPhone: PhoneNumber?
    /// Where visitors can read on.
    package var website: WebsiteURL?

    package init(
        accentColor: AccentColor? = nil, contactEmail: EmailAddress? = nil, contactPhone: PhoneNumber? = nil, website: WebsiteURL? = nil
    ) {
        self.accentColor = accentColor
        self.contactEmail = contactEmail
        self.contactPhone = contactPhone
        self.website = website
    }
}
