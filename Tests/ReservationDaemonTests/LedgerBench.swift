import Foundation
import NIOCore
import ReservationCore
import ReservationStore
import ReservationWire
import Synchronization

@testable import ReservationDaemon

/// A ledger on a database of its own in a temporary folder, with a clock that the test sets.
final class LedgerBench: Sendable {
    let ledger: Ledger
    let plan = FaultPlan()
    let failures = Mutex<[GroupFailure]>([])
    let directory: String
    private let time: Mutex<Instant>

    static let berlin = TimeZoneDatabase().rules(named: "Europe/Berlin")

    /// - Parameter now: local time in Berlin, `2026-06-01 09:00`.
    init(directory: String? = nil, now: String = "2026-06-01 09:00") throws {
        let path = directory ?? FileManager.default.temporaryDirectory.appending(path: "ledger-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        self.directory = path
        let time = Mutex(try Self.instant(now))
        self.time = time
        let box = Box()
        var settings = LedgerSettings()
        settings.clock = { box.clock() }
        settings.onTerminalFailure = { box.fail($0) }
        let store = FaultyStorage(try SQLiteReservationStore(path: path + "/r.sqlite"), plan: plan)
        ledger = try Ledger(store: store, zones: TimeZoneDatabase(), settings: settings)
        box.bench.withLock { $0 = WeakBench(bench: self) }
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: directory)
    }

    /// Sets the clock to a local time in Berlin.
    func set(now: String) throws {
        let instant = try Self.instant(now)
        time.withLock { $0 = instant }
    }

    static func instant(_ text: String) throws -> Instant {
        let parts = text.split(separator: " ")
        guard let zone = berlin, let date = CalendarDate(parts[0]), let time = TimeOfDay(typed: parts[1]) else { throw Malformed() }
        return zone.instant(of: date, time)
    }

    struct Malformed: Error {}

    /// The ledger's settings are made before the bench exists.
    private final class Box: Sendable {
        let bench = Mutex(WeakBench(bench: nil))
        func clock() -> Instant { bench.withLock { $0.bench }?.time.withLock { $0 } ?? Instant(seconds: 0) }
        func fail(_ failure: GroupFailure) { bench.withLock { $0.bench }?.failures.withLock { $0.append(failure) } }
    }
    private struct WeakBench {
        weak var bench: LedgerBench?
    }

    // MARK: asking

    /// Puts the commands to the ledger as one group and waits for their outcomes.
    func ask(_ commands: [Command], deadline: NIODeadline = .distantFuture) async -> [Outcome] {
        await withCheckedContinuation { continuation in
            let submissions = commands.enumerated().map { index, command in
                Submission(
                    requestID: UInt64(index + 1), opcode: .reservationCreate, encoding: .tlv, command: command, deadline: deadline,
                    receivedAt: .now())
            }
            let sink = WaitingSink(continuation)
            if !ledger.submit(submissions, for: sink) { continuation.resume(returning: []) }
        }
    }

    func ask(_ command: Command) async -> Outcome {
        await ask([command])[0]
    }

    private final class WaitingSink: OutcomeSink {
        let continuation: CheckedContinuation<[Outcome], Never>
        init(_ continuation: CheckedContinuation<[Outcome], Never>) { self.continuation = continuation }
        func deliver(_ answered: [(Submission, Outcome)]) { continuation.resume(returning: answered.map(\.1)) }
    }

    // MARK: things to ask about

    func addOrganization(_ id: Int64 = 1, allowsStarted: Bool = false) async throws -> OrganizationID {
        let organization = try require(OrganizationID(id))
        _ = await ask(
            .addOrganization(
                OrganizationDraft(id: organization, name: "Venue \(id)", timeZone: "Europe/Berlin", allowsStarted: allowsStarted)))
        return organization
    }

    func addSlot(_ organization: OrganizationID, _ start: String = "2026-06-10 12:00", capacity: Int = 2) async throws -> SlotID {
        let parts = start.split(separator: " ")
        let date = try require(CalendarDate(parts[0]))
        let time = try require(TimeOfDay(typed: parts[1]))
        let end = try require(TimeOfDay(hour: 23, minute: 59))
        let outcome = await ask(
            .createSlot(SlotDraft(organization: organization, date: date, startTime: time, endTime: end, totalCapacity: capacity)))
        guard case .slots(let slots, _) = outcome, let slot = slots.first else { throw Malformed() }
        return slot.id
    }

    func addTickets(_ organization: OrganizationID, _ count: Int = 1, status: TicketStatus = .activated) async throws -> [Ticket] {
        let outcome = await ask(
            .issue(TicketOrder(organization: organization, productID: 5, orderID: 456, status: status, count: count)))
        guard case .tickets(let tickets) = outcome else { throw Malformed() }
        return tickets.map(\.ticket)
    }

    func booking(
        _ ticket: Ticket, _ slot: SlotID, organization: OrganizationID? = nil, code: TicketCode? = nil, email: String = "john@example.com",
        key: UInt128? = nil
    ) throws -> Command {
        let organization = organization ?? ticket.organization
        return .create(
            BookingRules.Request(
                organization: organization, ticket: ticket.id, code: code, slot: slot,
                contact: try Contact(email: email, phone: "+12025551234")),
            key: key.map { IdempotencyKey(role: .gateway, organization: organization, value: $0) })
    }

    func slot(_ id: SlotID) async -> Slot? {
        guard case .slots(let slots, _) = await ask(.listSlots(SlotQuery(limit: 1000))) else { return nil }
        return slots.first { $0.id == id }
    }

    func isSound() async -> Bool {
        guard case .findings(let findings) = await ask(.doctor) else { return false }
        return findings.allSatisfy(\.passed)
    }
}

/// Unwraps or throws; `#require` belongs to tests' own bodies.
func require<Value>(_ value: Value?) throws -> Value {
    guard let value else { throw LedgerBench.Malformed() }
    return value
}

extension Outcome {
    var created: CreatedReservation? {
        if case .created(let created) = self { return created }
        return nil
    }

    var refusal: Refusal? {
        if case .refused(let refusal) = self { return refusal }
        return nil
    }

    var fault: Fault? {
        if case .failed(let fault) = self { return fault }
        return nil
    }
}

extension LedgerBench {
    /// Opens a database that another bench has just let go of. The old ledger's store is closed when its last reference goes, which its
    /// thread may still hold for a moment; the second opening waits for exactly that.
    static func open(_ directory: String) async throws -> SQLiteReservationStore {
        while true {
            do throws(StoreOpenError) {
                return try SQLiteReservationStore(path: directory + "/r.sqlite")
            } catch {
                guard case .inUse = error else { throw error }
                try await Task.sleep(for: .milliseconds(5))
            }
        }
    }

    static func reopened(_ directory: String) async throws -> LedgerBench {
        _ = try await open(directory)
        return try LedgerBench(directory: directory)
    }
}
