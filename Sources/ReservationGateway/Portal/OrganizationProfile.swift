import NIOCore
import ReservationCore
import ReservationWire

/// What the page shows of an organisation.
struct OrganizationProfile: Sendable {
    let id: UInt64
    let name: String
    let timeZone: String
    /// Whether a slot may be booked after its start.
    let allowsStarted: Bool
    let email: String?
    let phone: String?
    let website: String?
    let theme: PageFile
    let logo: PageFile?
    /// Changes with any of it.
    let version: String

    init(
        id: UInt64, name: String, timeZone: String, allowsStarted: Bool = false, email: String? = nil, phone: String? = nil,
        website: String? = nil,
        accentColor: String? = nil, logo: [UInt8] = []
    ) {
        self.id = id
        self.name = name
        self.timeZone = timeZone
        self.allowsStarted = allowsStarted
        self.email = email
        self.phone = phone
        self.website = website
        let css = accentColor.flatMap { AccentColor($0) }.map { AccentTheme($0).css } ?? "/* The page's own colours. */\n"
        theme = PageFile(ContentHash.text(of: css.utf8), .css, Array(css.utf8))
        self.logo = Self.picture(logo)
        var hash = ContentHash()
        for text in [name, timeZone, String(allowsStarted), email ?? "", phone ?? "", website ?? "", theme.name, self.logo?.name ?? ""] {
            hash.add(text.utf8)
            hash.add(CollectionOfOne(0))
        }
        version = hash.text
    }

    var themeAddress: String { "\(Route.theme.rawValue)\(theme.name).css?orq=\(id)" }
    var logoAddress: String? { logo.map { "\(Route.logo.rawValue)\($0.name)?orq=\(id)" } }

    /// - Returns: nil for no picture, or one of a kind that the daemon does not take.
    private static func picture(_ bytes: [UInt8]) -> PageFile? {
        let content: ContentType
        switch bytes.first {
        case 0x89: content = .png
        case 0xFF: content = .jpeg
        case 0x52: content = .webp
        default: return nil
        }
        return PageFile(ContentHash.text(of: bytes), content, bytes)
    }
}

extension OrganizationProfile {
    init(_ organization: OrganizationProfileResponse) {
        self.init(
            id: organization.orq, name: organization.name, timeZone: organization.timeZone,
            allowsStarted: organization.allowStarted, email: organization.contactEmail, phone: organization.contactPhone,
            website: organization.website, accentColor: organization.accentColor,
            logo: organization.logo ?? [])
    }
}
