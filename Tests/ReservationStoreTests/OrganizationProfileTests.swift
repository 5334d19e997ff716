import ReservationCore
import Testing

@testable import ReservationStore

@Suite("Organization profiles")
struct OrganizationProfileTests {
    let folder: TemporaryFolder
    let store: SQLiteReservationStore

    static let profile = OrganizationProfile(
        accentColor: AccentColor("#1a73e8"), contactEmail: EmailAddress("info@example.com"), contactPhone: PhoneNumber("+4930123456"),
        website: WebsiteURL("https://example.com/visit"))

    init() throws {
        folder = try TemporaryFolder()
        store = try SQLiteReservationStore(path: folder.database)
    }

    private func logo(_ bytes: Int, _ filling: UInt8 = 7) throws -> Logo {
        try Logo([0xFF, 0xD8, 0xFF] + [UInt8](repeating: filling, count: bytes - 3))
    }

    @Test("everything but the id and the time of making is changed, in that organization alone")
    func update() throws {
        try store.batch {
            _ = try store.insert(Samples.berlin)
            _ = try store.insert(Samples.organization(2))
        }
        let changed = Organization(
            id: Samples.berlin.id, name: "Kunsthalle", timeZone: "Europe/Vienna", allowsStarted: true, profile: Self.profile,
            createdAt: Samples.later, updatedAt: Samples.later)
        try store.batch { try store.update(changed) }
        let expected = Organization(
            id: changed.id, name: changed.name, timeZone: changed.timeZone, allowsStarted: true, profile: Self.profile,
            createdAt: Samples.now, updatedAt: Samples.later)
        #expect(try store.loadOrganizations() == [expected, Samples.organization(2)])
        try store.batch { try store.update(Samples.berlin) }
        #expect(try store.loadOrganizations() == [Samples.berlin, Samples.organization(2)])
    }

    @Test("a profile that an organization is made with is kept, and a number of another length rule can be read again")
    func insert() throws {
        var organization = Samples.berlin
        organization.profile = Self.profile
        organization.profile.contactPhone = PhoneNumber("+12345", minimumDigits: 5)
        try store.batch { () throws in #expect(try store.insert(organization)) }
        #expect(try store.loadOrganizations() == [organization])
    }

    @Test("a logo is kept byte for byte, replaced by another, and taken away", arguments: [3, 4_096, 65_536])
    func logo(bytes: Int) throws {
        try store.batch { _ = try store.insert(Samples.berlin) }
        #expect(try store.logo(of: Samples.berlin.id) == nil)
        for picture in [try logo(bytes), try logo(10, 9), nil, nil, try logo(bytes)] {
            try store.batch { try store.setLogo(picture, of: Samples.berlin.id) }
            #expect(try store.logo(of: Samples.berlin.id) == picture)
        }
        #expect(try store.logo(of: Samples.organization(2).id) == nil)
    }

    @Test("what is rolled back leaves no trace")
    func rollback() throws {
        let picture = try logo(100)
        try store.batch {
            _ = try store.insert(Samples.berlin)
            try store.setLogo(picture, of: Samples.berlin.id)
        }
        var changed = Samples.berlin
        changed.name = "Other"
        try store.begin()
        try store.update(changed)
        try store.setLogo(nil, of: changed.id)
        #expect(try store.logo(of: changed.id) == nil)
        store.rollback()
        #expect(try store.loadOrganizations() == [Samples.berlin])
        #expect(try store.logo(of: changed.id) == picture)
    }

    @Test("an organization that is not there cannot be changed, nor have a logo")
    func missing() throws {
        let picture = try logo(10)
        try store.begin()
        #expect(throws: StorageFailure.defect("There is no organization 1 to update")) { try store.update(Samples.berlin) }
        #expect(throws: StorageFailure.self) { try store.setLogo(picture, of: Samples.berlin.id) }
        store.rollback()
    }

    @Test("outside a batch nothing is written")
    func outsideBatch() throws {
        try store.batch { _ = try store.insert(Samples.berlin) }
        #expect(throws: StorageFailure.self) { try store.update(Samples.berlin) }
        #expect(throws: StorageFailure.self) { try store.setLogo(nil, of: Samples.berlin.id) }
    }

    @Test("a stored picture that is none is a defect, not a logo")
    func notALogo() throws {
        try store.batch { _ = try store.insert(Samples.berlin) }
        try store.connection.execute("INSERT INTO organization_logos VALUES (1, x'3c7376673e')", to: "tamper")
        #expect(throws: StorageFailure.self) { try store.logo(of: Samples.berlin.id) }
    }
}
