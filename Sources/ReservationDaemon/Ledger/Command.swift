import ReservationCore

/// What a caller asks of the ledger, decoded and of valid form.
enum Command: Sendable {
    case validate(organization: OrganizationID, code: TicketCode, name: RequestName? = nil)
    case verifyContact(organization: OrganizationID, ticket: TicketID, code: TicketCode?, contact: Contact, name: RequestName? = nil)
    case available(organization: OrganizationID, period: Period)
    case create(BookingRules.Request, key: IdempotencyKey?)
    case health
    case months(organization: OrganizationID)
    case showOrganization(OrganizationID)

    case issue(TicketOrder)
    case importTickets([TicketDraft], isDryRun: Bool = false)
    case showTicket(TicketReference)

    case addOrganization(OrganizationDraft)
    case listOrganizations
    case setOrganization(OrganizationChange)
    case createSlot(SlotDraft)
    case generateSlots(SlotPlan)
    case listSlots(SlotQuery)
    case setSlotOpen(SlotID, Bool, reason: String? = nil)
    case setSlotCapacity(SlotID, Int)
    case status
    case doctor
    /// Makes counters and statuses of slots tell the truth.
    case repair
    case backup(BackupCommand)

    case outbox(OutboxCommand)
    case life(LifeCommand)
    case events(EventCommand)
    case calendar(CalendarCommand)
    case personalData(PersonalDataCommand)

    /// Answered by the connection, beside the ledger.
    case metrics(MetricsCommand)

    /// Asked by nobody outside.
    case sweep(SweepCommand)

    /// Passes through the ledger and back, so that the watchdog sees the way every booking takes.
    case heartbeat

    /// Whether the command may change what is stored.
    var writes: Bool {
        switch self {
        case .create, .issue, .importTickets, .addOrganization, .setOrganization, .createSlot, .generateSlots, .setSlotOpen,
            .setSlotCapacity, .repair, .sweep:
            true
        case .validate, .verifyContact, .available, .health, .months, .showOrganization, .showTicket, .listOrganizations, .listSlots,
            .status, .doctor, .backup, .heartbeat, .metrics, .events:
            false
        case .outbox(let command): command.writes
        case .life(let command): command.writes
        case .calendar(let command): command.writes
        case .personalData(let command): command.writes
        }
    }
}

/// What operators ask about backups.
enum BackupCommand: Hashable, Sendable {
    /// - Parameters:
    ///   - path: absolute; a directory, or a file that does not exist yet.
    ///   - keep: how many backups stay in the directory.
    case begin(path: String, keep: Int?)
    /// How the one of this id goes.
    case follow(UInt64)
}

/// Which days of a calendar are wanted.
enum Period: Sendable {
    /// The month in which the organisation's today lies.
    case currentMonth
    case month(YearMonth)
    case date(CalendarDate)
}

/// Tickets to be issued.
struct TicketOrder: Sendable {
    var organization: OrganizationID
    var productID: Int64
    var orderID: Int64
    var status: TicketStatus
    var count: Int
    /// Only with a count of one.
    var id: TicketID?
    /// Only with a count of one.
    var code: TicketCode?
    /// The last day.
    var validUntil: CalendarDate?
}

/// A ticket another system issued.
struct TicketDraft: Sendable {
    var organization: OrganizationID
    /// Given out by the ledger when absent.
    var id: TicketID?
    var code: TicketCode
    var productID: Int64
    var orderID: Int64
    var status: TicketStatus
    /// The last day.
    var validUntil: CalendarDate?
}

enum TicketReference: Sendable {
    case id(TicketID)
    case code(TicketCode)
}

struct OrganizationDraft: Sendable {
    var id: OrganizationID
    var name: String
    var timeZone: String
    var allowsStarted: Bool
}

/// What is to become of an organisation; nil leaves a value as it is.
struct OrganizationChange: Sendable {
    /// A value that need not be there.
    enum Edit<Value: Sendable>: Sendable {
        case set(Value)
        case remove

        var value: Value? {
            switch self {
            case .set(let value): value
            case .remove: nil
            }
        }
    }

    var id: OrganizationID
    var name: String?
    var timeZone: String?
    var allowsStarted: Bool?
    var accentColor: Edit<AccentColor>?
    var logo: Edit<Logo>?
    var contactEmail: Edit<EmailAddress>?
    var contactPhone: Edit<PhoneNumber>?
    var website: Edit<WebsiteURL>?
    var retentionDays: Edit<Int>?
}

extension OrganizationChange {
    /// Names of the fields that were given; never their values.
    var fields: String {
        let given: [(String, Bool)] = [
            ("name", name != nil), ("time_zone", timeZone != nil), ("allow_started", allowsStarted != nil),
            ("accent_color", accentColor != nil), ("logo", logo != nil), ("contact_email", contactEmail != nil),
            ("contact_phone", contactPhone != nil), ("website", website != nil), ("retention_days", retentionDays != nil),
        ]
        return given.filter(\.1).map(\.0).joined(separator: ",")
    }
}

/// Slots at the same times on many days.
struct SlotPlan: Sendable {
    var organization: OrganizationID
    var from: CalendarDate
    var to: CalendarDate
    var weekdays: Set<Weekday>
    var times: [(start: TimeOfDay, end: TimeOfDay)]
    var totalCapacity: Int
    /// Days that are left out.
    var exceptions: [ClosedRange<CalendarDate>] = []
    /// Whether only to tell what would be made.
    var isDryRun = false
}

struct SlotQuery: Sendable {
    var organization: OrganizationID?
    var from: CalendarDate?
    var to: CalendarDate?
    /// Slots up to and including this id have been listed already.
    var after: SlotID?
    var limit: Int
}
