import ReservationCore
import Testing

@testable import ReservationDaemon

@Suite("What is known of an organization")
struct OrganizationProfileTests {
    private func change(_ id: OrganizationID, _ edit: (inout OrganizationChange) -> Void) -> Command {
        var change = OrganizationChange(id: id)
        edit(&change)
        return .setOrganization(change)
    }

    private func shown(_ outcome: Outcome) throws -> (organization: Organization, logo: Logo?) {
        guard case .organization(let organization, let logo) = outcome else { throw LedgerBench.Malformed() }
        return (organization, logo)
    }

    @Test("what is named is changed, the rest stays, and all of it is there after a restart")
    func set() async throws {
        var bench: LedgerBench? = try LedgerBench(now: "2026-06-01 09:00")
        let directory = try require(bench?.directory)
        defer { bench?.remove() }
        let id = try await require(bench).addOrganization()
        let (color, email) = (try require(AccentColor("#1a73e8")), try require(EmailAddress("info@example.com")))
        let logo = try Logo([0xFF, 0xD8, 0xFF, 1])
        try require(bench).set(now: "2026-06-02 10:00")
        _ = try await require(bench).ask(
            change(id) {
                $0.accentColor = .set(color)
                $0.logo = .set(logo)
            })
        try require(bench).set(now: "2026-06-03 11:00")
        let (organization, shownLogo) = try shown(
            await require(bench).ask(
                change(id) {
                    $0.contactEmail = .set(email)
                    $0.name = "Kunsthalle"
                    $0.allowsStarted = true
                }))
        #expect(organization.name == "Kunsthalle" && organization.allowsStarted && organization.timeZone == "Europe/Berlin")
        #expect(organization.profile == OrganizationProfile(accentColor: color, contactEmail: email))
        #expect(shownLogo == logo)
        #expect(organization.createdAt == (try LedgerBench.instant("2026-06-01 09:00")))
        #expect(organization.updatedAt == (try LedgerBench.instant("2026-06-03 11:00")))
        bench = nil
        bench = try await LedgerBench.reopened(directory)
        let after = try shown(await require(bench).ask(.showOrganization(id)))
        #expect(after.organization == organization && after.logo == logo)
    }

    @Test("an empty value takes one away, and a change that changes nothing leaves the time of change")
    func takeAway() async throws {
        let bench = try LedgerBench(now: "2026-06-01 09:00")
        defer { bench.remove() }
        let id = try await bench.addOrganization()
        let phone = try require(PhoneNumber("+4930123456"))
        let logo = try Logo([0xFF, 0xD8, 0xFF, 1])
        _ = await bench.ask(
            change(id) {
                $0.contactPhone = .set(phone)
                $0.logo = .set(logo)
            })
        try bench.set(now: "2026-06-02 09:00")
        let same = try shown(
            await bench.ask(
                change(id) {
                    $0.contactPhone = .set(phone)
                    $0.logo = .set(logo)
                    $0.website = .remove
                    $0.timeZone = "Europe/Berlin"
                }))
        #expect(same.organization.updatedAt == (try LedgerBench.instant("2026-06-01 09:00")))
        let without = try shown(await bench.ask(change(id) { $0.logo = .remove }))
        #expect(without.logo == nil && without.organization.profile.contactPhone == phone)
        #expect(without.organization.updatedAt == (try LedgerBench.instant("2026-06-02 09:00")))
        let bare = try shown(await bench.ask(change(id) { $0.contactPhone = .remove }))
        #expect(bare.organization.profile == OrganizationProfile())
    }

    @Test("the time zone can be changed until there is a slot; then nothing of such a request is done")
    func timeZone() async throws {
        let bench = try LedgerBench()
        defer { bench.remove() }
        let (id, other) = (try await bench.addOrganization(1), try await bench.addOrganization(2))
        _ = try await bench.addSlot(other)
        let moved = try shown(await bench.ask(change(id) { $0.timeZone = "America/New_York" }))
        #expect(moved.organization.timeZone == "America/New_York")
        let slot = try await bench.addSlot(id, "2026-06-10 12:00")
        // Noon in New York.
        #expect(await bench.slot(slot)?.startsAt == (try LedgerBench.instant("2026-06-10 18:00")))
        let refusal = await bench.ask(
            change(id) {
                $0.timeZone = "Europe/Berlin"
                $0.name = "Other"
            }
        ).refusal
        guard case .invalidRequest(let problems)? = refusal else { throw LedgerBench.Malformed() }
        #expect(problems.map(\.field) == ["time_zone"])
        #expect(problems[0].message.contains("America/New_York") && problems[0].message.contains("slots"))
        #expect(try shown(await bench.ask(.showOrganization(id))).organization == moved.organization)
        let unknown = await bench.ask(change(id) { $0.timeZone = "Europe/Atlantis" }).refusal
        guard case .invalidRequest? = unknown else { throw LedgerBench.Malformed() }
    }

    @Test("an organization that does not exist is not found")
    func missing() async throws {
        let bench = try LedgerBench()
        defer { bench.remove() }
        let id = try require(OrganizationID(Int64(9)))
        for command in [.showOrganization(id), .months(organization: id), change(id) { $0.name = "Other" }] {
            #expect(await bench.ask(command).refusal == .organizationNotFound)
        }
    }

    @Test("a full disk: nothing of a change stays, whatever else its group did")
    func fullDisk() async throws {
        let bench = try LedgerBench()
        defer { bench.remove() }
        let id = try await bench.addOrganization()
        let slot = try await bench.addSlot(id)
        let ticket = try await bench.addTickets(id)[0]
        let before = try shown(await bench.ask(.showOrganization(id)))
        let logo = try Logo([0xFF, 0xD8, 0xFF, 1])
        bench.plan.failCommits([.unavailable("disk full")])
        let outcomes = await bench.ask([
            try bench.booking(ticket, slot),
            change(id) {
                $0.name = "Other"
                $0.logo = .set(logo)
            }, .showOrganization(id),
        ])
        #expect(outcomes[0].fault == .unavailable && outcomes[1].fault == .unavailable)
        let read = try shown(outcomes[2])
        #expect(read.organization == before.organization && read.logo == nil)
        #expect(await bench.slot(slot)?.bookedCount == 0)
        let again = try shown(await bench.ask(change(id) { $0.logo = .set(logo) }))
        #expect(again.organization.name == before.organization.name && again.logo == logo)
        #expect(await bench.isSound())
    }
}
