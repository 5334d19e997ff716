import ReservationCore

/// Statements on `organizations` and their logos.
struct OrganizationTable: ~Copyable {
    private let all: Statement
    private let insertion: Statement
    private let change: Statement
    private let logo: Statement
    private let logoInsertion: Statement
    private let logoRemoval: Statement
}

extension OrganizationTable {
    /// Beside the memberwise initialiser and by it: a noncopyable struct must not be left half made by a throw.
    init(on connection: borrowing Connection) throws(StorageFailure) {
        let columns = """
            id, name, time_zone, allows_started, accent_color, contact_email, contact_phone, website, updated_at, retention_days, created_at
            """
        self.init(
            all: try Statement("SELECT \(columns) FROM organizations ORDER BY id", to: "load the organizations", on: connection),
            insertion: try Statement(
                """
                INSERT INTO organizations (\(columns)) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)
                ON CONFLICT (id) DO NOTHING
                """, to: "add an organization", on: connection),
            change: try Statement(
                """
                UPDATE organizations SET name = ?2, time_zone = ?3, allows_started = ?4, accent_color = ?5, contact_email = ?6,
                    contact_phone = ?7, website = ?8, updated_at = ?9, retention_days = ?10
                WHERE id = ?1
                """, to: "update an organization", on: connection),
            logo: try Statement("SELECT picture FROM organization_logos WHERE orq = ?1", to: "read a logo", on: connection),
            logoInsertion: try Statement(
                """
                INSERT INTO organization_logos (orq, picture) VALUES (?1, ?2)
                ON CONFLICT (orq) DO UPDATE SET picture = excluded.picture
                """, to: "store a logo", on: connection),
            logoRemoval: try Statement("DELETE FROM organization_logos WHERE orq = ?1", to: "remove a logo", on: connection))
    }

    func load() throws(StorageFailure) -> [Organization] {
        defer { all.reset() }
        var organizations: [Organization] = []
        while try all.step() { organizations.append(try Self.organization(all)) }
        return organizations
    }

    /// The connection's count of changes tells whether it was inserted.
    func insert(_ organization: Organization) throws(StorageFailure) {
        try Self.bind(organization, to: insertion)
        try insertion.bind(organization.createdAt.seconds, at: 11)
        try insertion.run()
    }

    /// The connection's count of changes tells whether there is such an organisation.
    func update(_ organization: Organization) throws(StorageFailure) {
        try Self.bind(organization, to: change)
        try change.run()
    }

    func logo(of organization: OrganizationID) throws(StorageFailure) -> Logo? {
        defer { logo.reset() }
        try logo.bind(organization.rawValue, at: 1)
        guard try logo.step() else { return nil }
        do throws(Logo.Problem) {
            return try Logo(logo.bytes(0))
        } catch {
            throw .unreadable("logo of organization", organization.rawValue)
        }
    }

    func setLogo(_ picture: Logo?, of organization: OrganizationID) throws(StorageFailure) {
        guard let picture else {
            try logoRemoval.bind(organization.rawValue, at: 1)
            return try logoRemoval.run()
        }
        try logoInsertion.bind(organization.rawValue, at: 1)
        try logoInsertion.bind(picture.bytes, at: 2)
        try logoInsertion.run()
    }

    private static func bind(_ organization: Organization, to statement: borrowing Statement) throws(StorageFailure) {
        let profile = organization.profile
        try statement.bind(organization.id.rawValue, at: 1)
        try statement.bind(organization.name, at: 2)
        try statement.bind(organization.timeZone, at: 3)
        try statement.bind(Int64(organization.allowsStarted ? 1 : 0), at: 4)
        try statement.bind(profile.accentColor?.description, at: 5)
        try statement.bind(profile.contactEmail?.text, at: 6)
        try statement.bind(profile.contactPhone?.text, at: 7)
        try statement.bind(profile.website?.text, at: 8)
        try statement.bind(organization.updatedAt.seconds, at: 9)
        try statement.bind(organization.retentionDays.map { Int64($0) }, at: 10)
    }

    private static func organization(_ row: borrowing Statement) throws(StorageFailure) -> Organization {
        guard let id = OrganizationID(row.int(0)) else { throw .unreadable("organization", row.int(0)) }
        /// NULL is no value; anything else must be one.
        func optional<Value>(_ column: Int32, _ parse: (String) -> Value?) throws(StorageFailure) -> Value? {
            guard !row.isNull(column) else { return nil }
            guard let value = parse(row.text(column)) else { throw .unreadable("organization", row.int(0)) }
            return value
        }
        let profile = OrganizationProfile(
            accentColor: try optional(4) { AccentColor($0) }, contactEmail: try optional(5) { EmailAddress($0) },
            contactPhone: try optional(6) { PhoneNumber($0, minimumDigits: 2) }, website: try optional(7) { WebsiteURL($0) })
        return Organization(
            id: id, name: row.text(1), timeZone: row.text(2), allowsStarted: row.int(3) != 0, profile: profile,
            retentionDays: row.isNull(9) ? nil : Int(row.int(9)), createdAt: Instant(seconds: row.int(10)),
            updatedAt: Instant(seconds: row.int(8)))
    }
}

extension StorageFailure {
    /// A row that no version of this program writes. It spoils what asked for it and nothing else, hence a defect and not `corrupt`.
    static func unreadable(_ what: StaticString, _ id: Int64) -> StorageFailure {
        .defect("The stored \(what) \(id) has values that cannot be: run reservationctl doctor")
    }
}
