import ReservationCore
import Testing

@testable import ReservationStore

@Suite("Organizations and slots")
struct OrganizationAndSlotTests {
    let folder: TemporaryFolder
    let store: SQLiteReservationStore

    init() throws {
        folder = try TemporaryFolder()
        store = try SQLiteReservationStore(path: folder.database)
    }

    @Test("organizations come back as they were stored, in the order of their ids")
    func organizations() throws {
        let second = Organization(
            id: OrganizationID(7 as Int64)!, name: "Musée d’Orsay 🖼", timeZone: "Europe/Paris", allowsStarted: true,
            createdAt: Samples.later)
        try store.batch { () throws in
            #expect(try store.insert(second))
            #expect(try store.insert(Samples.berlin))
        }
        #expect(try store.loadOrganizations() == [Samples.berlin, second])
    }

    @Test("an organization's id is given once")
    func duplicateOrganization() throws {
        try store.batch { () throws in
            #expect(try store.insert(Samples.berlin))
            var other = Samples.berlin
            other.name = "Other"
            #expect(try !store.insert(other))
        }
        #expect(try store.loadOrganizations() == [Samples.berlin])
    }

    @Test("a slot begins open and empty, with what the draft said and the start that the caller judges")
    func slot() throws {
        let draft = Samples.draft(capacity: 200)
        try store.batch {
            _ = try store.insert(Samples.berlin)
            #expect(try store.insertSlot(draft, now: Samples.now)?.rawValue == 1)
        }
        var asked: [String] = []
        let slots = try store.loadSlots { organization, date, time in
            asked.append("\(organization) \(date) \(time)")
            return Samples.later
        }
        #expect(asked == ["1 2026-11-14 12:00:00"])
        #expect(
            slots == [
                Slot(
                    id: SlotID(1 as Int64)!, organization: draft.organization, date: draft.date, startTime: draft.startTime,
                    endTime: draft.endTime, startsAt: Samples.later, totalCapacity: 200, bookedCount: 0, status: .active,
                    createdAt: Samples.now, updatedAt: Samples.now)
            ])
    }

    @Test("one slot per organization, date and start")
    func duplicateSlot() throws {
        try store.batch {
            _ = try store.insert(Samples.berlin)
            _ = try store.insert(Samples.organization(2))
            #expect(try store.insertSlot(Samples.draft(), now: Samples.now) != nil)
            #expect(try store.insertSlot(Samples.draft(capacity: 5), now: Samples.now) == nil)
            #expect(try store.insertSlot(Samples.draft(organization: 2), now: Samples.now) != nil)
            #expect(try store.insertSlot(Samples.draft(day: 15), now: Samples.now) != nil)
            #expect(try store.insertSlot(Samples.draft(hour: 13), now: Samples.now) != nil)
        }
        #expect(try store.allSlots().count == 4)
    }

    @Test("a slot of an organization that does not exist is a defect")
    func orphan() throws {
        try store.begin()
        #expect(throws: StorageFailure.self) { _ = try store.insertSlot(Samples.draft(), now: Samples.now) }
        store.rollback()
    }

    @Test("capacity outside 1 … 1000000 is refused by the schema too", arguments: [0, -1, 1_000_001])
    func capacity(capacity: Int) throws {
        try store.begin()
        _ = try store.insert(Samples.berlin)
        #expect(throws: StorageFailure.self) { _ = try store.insertSlot(Samples.draft(capacity: capacity), now: Samples.now) }
        store.rollback()
    }

    @Test("an update writes capacity, count, status and time, and a refresh reads just those")
    func updateAndRefresh() throws {
        try store.furnish(slots: 2)
        let before = try store.allSlots()[0]
        var changed = before
        changed.totalCapacity = 10
        changed.bookedCount = 10
        changed.status = .full
        changed.updatedAt = Samples.later
        try store.batch { try store.update(changed) }
        #expect(try store.refreshed(before) == changed)
        #expect(try store.allSlots() == [changed, try store.allSlots()[1]])
        #expect(try store.allSlots()[1].bookedCount == 0)
    }

    @Test("a slot that is not there is refreshed to nothing, and updating it is a defect")
    func missing() throws {
        try store.furnish()
        let slot = try store.allSlots()[0]
        let missing = Slot(
            id: SlotID(77 as Int64)!, organization: slot.organization, date: slot.date, startTime: slot.startTime, endTime: slot.endTime,
            startsAt: slot.startsAt, totalCapacity: 1, bookedCount: 0, status: .active, createdAt: slot.createdAt,
            updatedAt: slot.updatedAt)
        #expect(try store.refreshed(missing) == nil)
        try store.begin()
        #expect(throws: StorageFailure.defect("There is no slot 77 to update")) { try store.update(missing) }
        store.rollback()
    }

    @Test(
        "the schema refuses a slot whose numbers and status contradict each other",
        arguments: [(201, SlotStatus.full), (-1, .active), (200, .active), (199, .full)])
    func contradiction(booked: Int, status: SlotStatus) throws {
        try store.furnish(capacity: 200)
        var slot = try store.allSlots()[0]
        slot.bookedCount = booked
        slot.status = status
        try store.begin()
        #expect(throws: StorageFailure.self) { try store.update(slot) }
        store.rollback()
    }

    @Test("a closed slot may be full or not", arguments: [0, 200])
    func closed(booked: Int) throws {
        try store.furnish(capacity: 200)
        var slot = try store.allSlots()[0]
        slot.bookedCount = booked
        slot.status = .closed
        try store.batch { try store.update(slot) }
        #expect(try store.refreshed(slot) == slot)
    }
}
