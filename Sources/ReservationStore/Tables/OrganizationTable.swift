import ReservationCore

/// Statements on `organizations`.
struct OrganizationTable: ~Copyable {
    private let all: Statement
    private let insertion: Statement
}

extension OrganizationTable {
    /// Beside the memberwise initialiser and by it: a noncopyable struct must not be left half made by a throw.
    init(on connection: borrowing Connection) throws(StorageFailure) {
        self.init(
            all: try Statement(
                "SELECT id, name, time_zone, allows_started, created_at FROM organizations ORDER BY id",
                to: "load the organizations", on: connection),
            insertion: try Statement(
                """
                INSERT INTO organizations (id, name, time_zone, allows_started, created_at) VALUES (?1, ?2, ?3, ?4, ?5)
                ON CONFLICT (id) DO NOTHING
                """, to: "add an organization", on: connection))
    }

    func load() throws(StorageFailure) -> [Organization] {
        defer { all.reset() }
        var organizations: [Organization] = []
        while try all.step() {
            guard let id = OrganizationID(all.int(0)) else { throw .unreadable("organization", all.int(0)) }
            organizations.append(
                Organization(
                    id: id, name: all.text(1), timeZone: all.text(2), allowsStarted: all.int(3) != 0,
                    createdAt: Instant(seconds: all.int(4))))
        }
        return organizations
    }

    /// The connection's count of changes tells whether it was inserted.
    func insert(_ organization: Organization) throws(StorageFailure) {
        try insertion.bind(organization.id.rawValue, at: 1)
        try insertion.bind(organization.name, at: 2)
        try insertion.bind(organization.timeZone, at: 3)
        try insertion.bind(Int64(organization.allowsStarted ? 1 : 0), at: 4)
        try insertion.bind(organization.createdAt.seconds, at: 5)
        try insertion.run()
    }
}

extension StorageFailure {
    /// A row that no version of this program writes. It spoils what asked for it and nothing else, hence a defect and not `corrupt`.
    static func unreadable(_ what: StaticString, _ id: Int64) -> StorageFailure {
        .defect("The stored \(what) \(id) has values that cannot be: run reservationctl doctor")
    }
}
