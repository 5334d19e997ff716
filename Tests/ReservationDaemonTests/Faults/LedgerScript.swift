import ReservationCore
import StorageFaults

@testable import ReservationDaemon
@testable import ReservationStore

/// Groups of commands of every kind that changes something, put to a ledger one after the other.
enum LedgerScript {
    static let now = Instant(seconds: 1_780_000_000)
    private static let dayBefore = Instant(seconds: now.seconds - 90_000)

    /// Tickets 1 to 30 are there from the beginning; 28 to 30 are booked, under keys so old that the ledger forgets them.
    static let groups: [[Command]] = [
        [create(1, slot: 1), create(2, slot: 2), .validate(organization: organization, code: code(3))],
        // Books slot 1 up: the last booking finds no place, and the first is asked for again under its key.
        [
            create(3, slot: 1), create(4, slot: 1), create(5, slot: 1), create(1, slot: 1),
            .validate(organization: organization, code: code(1)),
        ],
        [
            .setSlotCapacity(id(3), 50), .setSlotOpen(id(4), false), .importTickets((31...33).map(draft)),
            .createSlot(slot(day: 20)), .setOrganization(profile),
        ],
        [create(6, slot: 2), .addOrganization(OrganizationDraft(id: id(2), name: "Annex", timeZone: "Etc/UTC", allowsStarted: false))],
        [.importTickets((40...90).map(draft))],
        [create(7, slot: 2), create(8, slot: 3), create(9, slot: 2, hasKey: false), .health],
        [create(10, slot: 6)],
    ]

    /// Bookings that count in each slot once every command was carried out exactly once.
    static let booked: [Int64: Int] = [1: 3, 2: 7, 3: 1, 4: 0, 5: 0, 6: 1, 7: 0]

    static let organization: OrganizationID = id(1)
    /// For the next process, and for one whose disk is well again.
    static let spare = create(20, slot: 2)
    static let recovery = create(21, slot: 5)

    static func create(_ ticket: Int64, slot: Int64, hasKey: Bool = true) -> Command {
        .create(
            BookingRules.Request(organization: organization, ticket: id(ticket), code: nil, slot: id(slot), contact: contact),
            key: hasKey ? IdempotencyKey(role: .gateway, organization: organization, value: UInt128(ticket)) : nil)
    }

    /// A disk on which the script can begin, left by a ledger that was killed.
    static func prepared() async throws -> DiskState {
        let disk = SimulatedDisk()
        let life = try LedgerLife(disk, now: dayBefore)
        let preparation: [[Command]] = [
            [.addOrganization(OrganizationDraft(id: organization, name: "Museum", timeZone: "Europe/Berlin", allowsStarted: false))],
            [.createSlot(slot(day: 1, capacity: 3))] + (2...6).map { .createSlot(slot(day: $0)) },
            [.importTickets((1...30).map(draft))],
            [create(28, slot: 2), create(29, slot: 2), create(30, slot: 2)],
        ]
        for commands in preparation {
            for outcome in await life.ask(commands).outcomes where outcome.fault != nil { throw LedgerBench.Malformed() }
        }
        return disk.state
    }

    /// With a logo of several pages.
    static let profile = OrganizationChange(
        id: organization, name: "Kunsthalle", logo: .set(logo), website: .set(WebsiteURL("https://example.com")!))

    private static var logo: Logo {
        do throws(Logo.Problem) {
            return try Logo([0xFF, 0xD8, 0xFF] + [UInt8](repeating: 7, count: 9_000))
        } catch {
            preconditionFailure(error.message)
        }
    }

    private static let contact = Contact(email: EmailAddress("john@example.com")!, phone: PhoneNumber("+12025551234")!)

    private static func code(_ number: Int64) -> TicketCode { TicketCode("TKT-2026-ABC123-\(String(100_000 + number))")! }

    private static func draft(_ number: Int64) -> TicketDraft {
        TicketDraft(organization: organization, id: id(number), code: code(number), productID: 5, orderID: 456, status: .activated)
    }

    private static func slot(day: Int, capacity: Int = 100) -> SlotDraft {
        SlotDraft(
            organization: organization, date: CalendarDate(year: 2026, month: 8, day: day)!, startTime: TimeOfDay(hour: 12, minute: 0)!,
            endTime: TimeOfDay(hour: 14, minute: 0)!, totalCapacity: capacity)
    }

    private static func id<Kind>(_ number: Int64) -> Identifier<Kind> { Identifier(number)! }
}
