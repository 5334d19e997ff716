import ReservationCore

/// One thing that happens to a ledger in a model run.
///
/// Steps name what they are about by position in what exists when they are run, never by id, so that a sequence still makes sense when
/// steps before are left out. A new operation of the ledger becomes a case of ``ModelCommand``.
enum ModelStep: Hashable, Sendable {
    /// Commands that share a commit, dealt out to so many connections.
    case group([ModelCommand], connections: Int = 1, fault: ModelFault = .none)
    /// The wall clock shows so many minutes after ``ModelVocabulary/monday``.
    case clock(minutes: Int)
    /// The ledger is let go of and opened again on the same file.
    case restart
}

/// What goes wrong while a group is run.
enum ModelFault: Hashable, Sendable {
    case none
    /// So many commits that write, of this group and of those after it, find the disk full.
    case diskFull(commits: Int)
    /// The disk is full, and the counters cannot be read again afterwards.
    case diskFullAndUnreadable
    /// The device fails at the commit. The group may be on the disk all the same.
    case deviceFails(storedAnyway: Bool)
    /// Writing a reservation for this ticket fails.
    case recording(TicketPick, RecordingFault)
}

enum RecordingFault: Hashable, Sendable, CaseIterable {
    case defect, unavailable, deviceFailed, corrupt
}

enum ModelCommand: Hashable, Sendable {
    case create(ModelBooking)
    /// An earlier create with an idempotency key, counted from the latest.
    case again(Int, ModelVariation)
    case validate(TicketPick, organization: OrganizationPick)
    case verifyContact(TicketPick, code: CodePick, organization: OrganizationPick)
    case available(organization: Int, ModelPeriod)
    case issue(organization: Int, TicketStatus, count: Int)
    case issueNamed(organization: Int, TicketStatus, id: Int?, code: Int?)
    case importTickets([ModelRow], dryRun: Bool = false)
    case showTicket(TicketPick, byCode: Bool)
    case addOrganization(Int, zone: Int, allowsStarted: Bool)
    case listOrganizations
    case showOrganization(Int)
    case setOrganization(Int, ModelProfile)
    case months(organization: Int)
    case createSlot(organization: Int, day: Int, time: Int, capacity: Int)
    /// - Parameter except: a day that is left out.
    case generateSlots(
        organization: Int, from: Int, to: Int, weekdays: [Weekday], times: [Int], capacity: Int, except: Int? = nil, dryRun: Bool = false)
    case setSlotsOpen(Bool, ModelSelection, dryRun: Bool = false)
    case deleteSlots(ModelSelection, dryRun: Bool = false)
    case deleteSlot(SlotPick, dryRun: Bool = false)
    case listSlots(organization: Int?, from: Int?, to: Int?, after: SlotPick?, limit: Int)
    case setSlotOpen(SlotPick, Bool)
    case setSlotCapacity(SlotPick, Int)
    case lease(limit: Int, seconds: Int)
    /// - Parameter isStale: under the lease before.
    case report(MessagePick, ModelReport, isStale: Bool)
    case requeue(MessagePick)
    case cancelMessage(MessagePick)
    case showMessage(MessagePick)
    case listMessages(organization: Int?, OutboxState?, after: Int?, limit: Int)
    /// Counted from the latest reservation of which the id is known.
    case resend(Int)
    case activate(TicketPick)
    case expire(TicketPick)
    /// - Parameter by: the operator's number.
    case checkIn(TicketPick, by: Int?, anyDay: Bool)
    case cancelReservation(ReservationPick)
    case move(ReservationPick, to: SlotPick, key: ModelKey?)
    /// An earlier move with an idempotency key, counted from the latest.
    case moveAgain(Int)
    case showReservation(Int)
    case history(HistoryPick)
    /// - Parameter after: counted from the latest reservation of which the id is known.
    case listReservations(organization: Int?, SlotPick?, ReservationStatus?, from: Int?, to: Int?, after: Int?, limit: Int)
    /// Of the contact at this place of the vocabulary.
    case erase(Int, ModelErasure)
    case sweep
    case health, status, doctor, heartbeat
    /// Taken back by its caller before it is begun.
    indirect case cancelled(ModelCommand)
    /// Its time is up before it is begun.
    indirect case late(ModelCommand)
}

struct ModelBooking: Hashable, Sendable {
    var ticket: TicketPick
    var slot: SlotPick
    var organization = OrganizationPick.own
    var code = CodePick.none
    var contact = 0
    var key: ModelKey?
}

struct ModelKey: Hashable, Sendable {
    var role: Role
    var value: Int
}

/// How an earlier create is made again.
enum ModelVariation: Hashable, Sendable {
    case same
    case otherContact
    case otherSlot(SlotPick)
    case otherRole
}

/// What is to become of an organisation; nil leaves a value as it is. Numbers are places in the vocabulary, where some are no value.
struct ModelProfile: Hashable, Sendable {
    var name: Int?
    var zone: Int?
    var allowsStarted: Bool?
    var color: Int?
    var logo: Int?
    var email: Int?
    var phone: Int?
    var website: Int?
}

/// Which page of an erasure, and how.
enum ModelErasure: Hashable, Sendable, CaseIterable {
    case past, upcomingToo, trial, messages, history
}

/// Slots of an organisation by day and time.
struct ModelSelection: Hashable, Sendable {
    var organization: Int
    var from: Int
    var to: Int
    var weekdays: [Weekday]
    var times: [Int] = []
    var after: SlotPick?
}

struct ModelRow: Hashable, Sendable {
    var organization: Int
    var id: Int?
    var code: Int
    var product: Int64
    var status: TicketStatus
}

enum ModelPeriod: Hashable, Sendable {
    case currentMonth, may, june, july
    case day(Int)
}

enum TicketPick: Hashable, Sendable {
    case any(Int)
    /// One that is ACTIVATED.
    case bookable(Int)
    case reserved(Int)
    /// One that a create asked for lately.
    case recent(Int)
    case missing
}

/// Where there is no slot of the wanted kind, any of the ticket's organisation.
enum SlotPick: Hashable, Sendable {
    case any(Int)
    /// One of the ticket's organisation that takes bookings.
    case bookable(Int)
    /// One of the ticket's organisation that is booked up.
    case full(Int)
    /// The one that is made next.
    case next
    case missing
}

enum MessagePick: Hashable, Sendable {
    case any(Int)
    /// One that was leased and not reported since.
    case leased(Int)
    /// One of which no more attempt is due.
    case ended(Int)
    case missing
}

enum ReservationPick: Hashable, Sendable {
    /// By its ticket.
    case of(TicketPick)
    /// By its number, counted from the latest of which it is known.
    case number(Int)
    case missing
}

enum HistoryPick: Hashable, Sendable {
    case all
    case ticket(TicketPick)
    case slot(SlotPick)
    case reservation(Int)
}

enum ModelReport: Hashable, Sendable {
    case sent, retryAtOnce, retryLater, givenUp
}

enum OrganizationPick: Hashable, Sendable {
    /// The ticket's.
    case own
    case number(Int)
}

enum CodePick: Hashable, Sendable {
    case none, right, wrong
}

extension [ModelStep] {
    /// As Swift, to be pasted into ``ModelRegressionTests``.
    var source: String {
        var text = "[\n" + map { "    .\($0),\n" }.joined() + "]"
        // What Swift infers and what is so by default only hides what matters.
        let inferred = [
            "ReservationDaemonTests.", "ReservationCore.", "ModelCommand", "ModelFault", "RecordingFault", "ModelVariation", "ModelPeriod",
            "TicketPick", "SlotPick", "MessagePick", "ReservationPick", "HistoryPick", "ModelReport", "ModelErasure", "OutboxState",
            "ReservationStatus",
            "OrganizationPick", "CodePick", "TicketStatus", "Weekday", "Role",
        ]
        for name in inferred { text = text.replacing(name.hasSuffix(".") ? name : name + ".", with: name.hasSuffix(".") ? "" : ".") }
        for given in [
            ", connections: 1", ", except: nil", ", dryRun: false", ", times: []", ", after: nil", ", fault: .none", ", organization: .own",
            ", code: .none", ", contact: 0", ", key: nil",
        ] {
            text = text.replacing(given + ")", with: ")").replacing(given + ",", with: ",")
        }
        return text
    }
}
