import ReservationCore

/// What an operator can decide about the gateway. The program's options say the same things (DESIGN, section 5).
package struct GatewayConfiguration: Sendable {
    /// The organisation of a request that names none.
    package var defaultOrganization: OrganizationID
    /// Organisations by the host name under which visitors come; a name that stands here cannot be overridden by the request.
    package var organizationHosts: [String: OrganizationID]
    /// Whether create and verify-contact insist on the ticket's code beside its id.
    package var requiresTicketCode: Bool
    /// Fewest digits of a telephone number.
    package var phoneMinimumDigits: Int
    /// How long a request may wait for the daemon, a restart of it included.
    package var deadline: Duration
    /// Longest body that is read.
    package var bodyLimitBytes: Int
    /// Failed validations that one address may cause in a minute.
    package var failedValidationsPerMinute: Int
    /// Bookings that one address may try in a minute; 0 is no limit.
    package var creationsPerMinute: Int
    /// Addresses that no limit holds.
    package var rateLimitExempt: [AddressRange]
    /// Peers whose `X-Forwarded-For` is believed.
    package var trustedProxies: [AddressRange]
    /// Pages that are kept up to date at once; further ones ask from time to time.
    package var openPages: Int

    package init(
        defaultOrganization: OrganizationID, organizationHosts: [String: OrganizationID] = [:], requiresTicketCode: Bool = false,
        phoneMinimumDigits: Int = Limits.phoneMinimumDigits, deadline: Duration = .seconds(10), bodyLimitBytes: Int = 16_384,
        failedValidationsPerMinute: Int = 30, creationsPerMinute: Int = 0, rateLimitExempt: [AddressRange] = [],
        trustedProxies: [AddressRange] = [], openPages: Int = 8192
    ) {
        self.defaultOrganization = defaultOrganization
        self.organizationHosts = organizationHosts
        self.requiresTicketCode = requiresTicketCode
        self.phoneMinimumDigits = phoneMinimumDigits
        self.deadline = deadline
        self.bodyLimitBytes = bodyLimitBytes
        self.failedValidationsPerMinute = failedValidationsPerMinute
        self.creationsPerMinute = creationsPerMinute
        self.rateLimitExempt = rateLimitExempt
        self.trustedProxies = trustedProxies
        self.openPages = openPages
    }
}
