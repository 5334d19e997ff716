import Foundation
import Logging
import NIOCore
import ReservationCore
import ReservationStore
import Synchronization
import Testing

@testable import ReservationDaemon

@Suite("Backups and examinations beside bookings")
struct UpkeepTests {
    let bench: LedgerBench
    let upkeep: Upkeep
    let folder: String

    init() throws {
        bench = try LedgerBench()
        upkeep = Self.upkeep(of: bench)
        folder = bench.directory + "/backups"
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    }

    private static func upkeep(of bench: LedgerBench, pace: LiveCopy.Pace = LiveCopy.Pace()) -> Upkeep {
        Upkeep(
            ledger: bench.ledger, database: bench.directory + "/r.sqlite",
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }), clock: { Instant(seconds: 1_780_000_000) },
            pace: pace)
    }

    /// So slow that a test can do something while it goes on.
    private static var slow: LiveCopy.Pace { resting(.milliseconds(20)) }

    /// So slow that it is not done before it is stopped, however little of the processor this test gets.
    private static var endless: LiveCopy.Pace { resting(.milliseconds(500)) }

    private static func resting(_ rest: TimeAmount) -> LiveCopy.Pace {
        LiveCopy.Pace(pagesPerStep: 1, slice: .nanoseconds(1), leastRest: rest)
    }

    private func ask(_ command: Command, of upkeep: Upkeep? = nil, deadline: NIODeadline = .distantFuture) async -> Outcome {
        await withCheckedContinuation { continuation in
            let submission = Submission(
                requestID: 1, opcode: .daemonBackup, encoding: .tlv, command: command, deadline: deadline, receivedAt: .now())
            (upkeep ?? self.upkeep).take(submission, for: Answer(continuation))
        }
    }

    private final class Answer: OutcomeSink {
        let continuation: CheckedContinuation<Outcome, Never>
        init(_ continuation: CheckedContinuation<Outcome, Never>) { self.continuation = continuation }
        func deliver(_ answered: [(Submission, Outcome)]) { continuation.resume(returning: answered[0].1) }
    }

    private func begun(_ path: String, keep: Int? = nil, of upkeep: Upkeep? = nil) async throws -> BackupState {
        guard case .backup(let state) = await ask(.backup(.begin(path: path, keep: keep)), of: upkeep) else {
            throw LedgerBench.Malformed()
        }
        return state
    }

    /// Asks on until it is done, or is refused.
    private func end(of id: UInt64, by upkeep: Upkeep? = nil) async throws -> Outcome {
        while true {
            let outcome = await ask(.backup(.follow(id)), of: upkeep)
            if case .backup(let state) = outcome, state.phase != .done {
                try await Task.sleep(for: .milliseconds(2))
                continue
            }
            return outcome
        }
    }

    private func made(_ path: String, keep: Int? = nil) async throws -> BackupState {
        let state = try await begun(path, keep: keep)
        guard case .backup(let done) = try await end(of: state.id) else { throw LedgerBench.Malformed() }
        return done
    }

    private func furnish(tickets: Int = 3) async throws -> (tickets: [Ticket], slot: SlotID) {
        let organization = try await bench.addOrganization()
        return (try await bench.addTickets(organization, tickets), try await bench.addSlot(organization, capacity: 1000))
    }

    private func names(in path: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: path).sorted()
    }

    @Test("in a directory a backup is named by the time, is private, holds what was booked and is remembered by the next daemon")
    func directory() async throws {
        let (tickets, slot) = try await furnish()
        _ = await bench.ask(try bench.booking(tickets[0], slot))
        #expect(upkeep.lastBackup == nil)
        let state = try await made(folder)
        let made = try #require(state.made)
        #expect(state.path == folder + "/reservations-20260528T202640Z.sqlite")
        #expect(made.reservations == 1)
        #expect(made.lastReservation == 1)
        #expect(try names(in: folder) == ["reservations-20260528T202640Z.sqlite"])
        let attributes = try FileManager.default.attributesOfItem(atPath: state.path)
        #expect(attributes[.posixPermissions] as? Int == 0o600)
        #expect(attributes[.size] as? Int == made.bytes)
        let restored = try SQLiteReservationStore(path: state.path)
        #expect(try restored.liveReservation(of: tickets[0].id) != nil)
        #expect(upkeep.lastBackup == made.snapshotAt)
        #expect(Self.upkeep(of: bench).lastBackup == made.snapshotAt)
        bench.remove()
    }

    @Test("bookings go on while it is made, and those that were acknowledged before it began are in it")
    func amongBookings() async throws {
        let (tickets, slot) = try await furnish(tickets: 400)
        let upkeep = Self.upkeep(of: bench, pace: Self.slow)
        for ticket in tickets[..<20] { _ = await bench.ask(try bench.booking(ticket, slot)) }
        let state = try await begun(folder + "/b.sqlite", of: upkeep)
        var booked = 20
        while case .backup(let now) = await ask(.backup(.follow(state.id)), of: upkeep), now.phase != .done, booked < 400 {
            #expect(await bench.ask(try bench.booking(tickets[booked], slot)).created != nil)
            booked += 1
        }
        guard case .backup(let done) = try await end(of: state.id, by: upkeep), let made = done.made else { throw LedgerBench.Malformed() }
        #expect(made.reservations >= 20)
        #expect(made.reservations <= booked)
        let restored = try SQLiteReservationStore(path: done.path)
        for ticket in tickets[..<made.reservations] { #expect(try restored.liveReservation(of: ticket.id) != nil) }
        #expect(try restored.examine().allSatisfy(\.passed))
        bench.remove()
    }

    @Test("one at a time; an unknown one is told so")
    func two() async throws {
        _ = try await furnish()
        let upkeep = Self.upkeep(of: bench, pace: Self.slow)
        let state = try await begun(folder, of: upkeep)
        let second = await ask(.backup(.begin(path: folder, keep: nil)), of: upkeep)
        #expect(second.refusal == .backupRunning(path: state.path))
        #expect(await ask(.backup(.follow(state.id ^ 1)), of: upkeep).refusal == .backupNotFound)
        _ = try await end(of: state.id, by: upkeep)
        _ = try await begun(folder, of: upkeep)
        #expect(await ask(.backup(.follow(state.id)), of: upkeep).refusal == .backupNotFound)
        upkeep.stop()
        bench.remove()
    }

    @Test("older backups beyond the number to keep go, and nothing else in the directory")
    func keep() async throws {
        _ = try await furnish()
        let old = ["reservations-20250101T000000Z.sqlite", "reservations-20250102T000000Z.sqlite", "reservations-20250103T000000Z.sqlite"]
        let others = [
            "reservations-20250101.sqlite", "reservations-2025x101T000000Z.sqlite", "notes", "reservations-20240101T000000Z.sqlite.gz",
        ]
        for name in old + others { try Data().write(to: URL(fileURLWithPath: "\(folder)/\(name)")) }
        // A clock that was put back must not make the new one the oldest.
        let later = "reservations-20990101T000000Z.sqlite"
        try Data().write(to: URL(fileURLWithPath: "\(folder)/\(later)"))
        let state = try await made(folder, keep: 3)
        #expect(state.made?.removed == 2)
        let new = try #require(state.path.split(separator: "/").last.map(String.init))
        #expect(Set(try names(in: folder)) == Set(others + [old[2], later, new]))
        bench.remove()
    }

    @Test("what cannot be done is refused at once, says why, and leaves nothing")
    func refused() async throws {
        try Data("precious".utf8).write(to: URL(fileURLWithPath: folder + "/there"))
        for (path, keep, words) in [
            (folder + "/there", nil, "exists"), (folder + "/missing/b.sqlite", nil, "There is no directory"),
            (folder + "/new.sqlite", 3, "not a directory"),
        ] as [(String, Int?, String)] {
            guard case .backupFailed(let message)? = await ask(.backup(.begin(path: path, keep: keep))).refusal else {
                Issue.record("\(path) was not refused")
                continue
            }
            #expect(message.contains(words), "\(message)")
        }
        #expect(try names(in: folder) == ["there"])
        #expect(try String(contentsOfFile: folder + "/there", encoding: .utf8) == "precious")
        bench.remove()
    }

    @Test("what a killed daemon left is removed, what another daemon is at work on is not")
    func leftovers() async throws {
        _ = try await furnish()
        let dead = folder + "/.reservation-backup.reservations-20250101T000000Z.sqlite.partial"
        try Data("half".utf8).write(to: URL(fileURLWithPath: dead))
        try Data("half".utf8).write(to: URL(fileURLWithPath: dead + "-journal"))
        let living = try PartialFile(in: folder, for: "other.sqlite")
        let state = try await made(folder)
        #expect(try names(in: folder) == [".reservation-backup.other.sqlite.partial", String(state.path.split(separator: "/").last ?? "")])
        living.discard()
        bench.remove()
    }

    @Test("a daemon that stops leaves nothing half made, and whoever waits hears of it")
    func stop() async throws {
        _ = try await furnish()
        let upkeep = Self.upkeep(of: bench, pace: Self.endless)
        let state = try await begun(folder, of: upkeep)
        async let examined = ask(.doctor, of: upkeep)
        while try names(in: folder).isEmpty { try await Task.sleep(for: .milliseconds(1)) }
        upkeep.stop()
        #expect(await examined.fault == .unavailable)
        guard case .backupFailed? = try await end(of: state.id, by: upkeep).refusal else {
            Issue.record("the backup went on")
            return
        }
        #expect(try names(in: folder) == [])
        #expect(upkeep.lastBackup == nil)
        guard case .backupFailed? = await ask(.backup(.begin(path: folder, keep: nil)), of: upkeep).refusal else {
            Issue.record("a stopping daemon begins a backup")
            return
        }
        bench.remove()
    }

    @Test("the doctor examines a copy, leaves nothing of it, and finds what the ledger's own examination finds")
    func doctor() async throws {
        let (tickets, slot) = try await furnish()
        _ = await bench.ask(try bench.booking(tickets[0], slot))
        guard case .findings(let findings) = await ask(.doctor), case .findings(let own) = await bench.ask(.doctor) else {
            Issue.record("no findings")
            return
        }
        #expect(findings == own)
        #expect(findings.allSatisfy { $0.passed })
        let files = try names(in: bench.directory)
        #expect(files.filter { $0.contains("partial") } == [])
        bench.remove()
    }

    @Test("a doctor whose caller has no time left is not begun")
    func late() async throws {
        #expect(await ask(.doctor, deadline: .now() - .seconds(1)).fault == .deadlineExceeded)
        bench.remove()
    }

    @Test("where no copy can be made, the doctor says so in a finding")
    func noCopy() async throws {
        let upkeep = Upkeep(
            ledger: bench.ledger, database: bench.directory + "/missing/r.sqlite",
            logger: Logger(label: "test", factory: { _ in SwiftLogNoOpLogHandler() }))
        guard case .findings(let findings) = await ask(.doctor, of: upkeep) else {
            Issue.record("no findings")
            return
        }
        #expect(findings.map(\.passed) == [false])
        #expect(findings[0].detail.contains("There is no directory"))
        bench.remove()
    }

    @Test("a repair makes wrong counters and statuses right, in the store and in memory, and tells which")
    func repair() async throws {
        let (tickets, slot) = try await furnish()
        _ = await bench.ask(try bench.booking(tickets[0], slot))
        await bench.ledger.spoil(slot)
        #expect(await bench.slot(slot)?.bookedCount == 7)
        guard case .findings(let findings) = await ask(.repair) else {
            Issue.record("no findings")
            return
        }
        #expect(findings.first?.check == Ledger.repairCheck)
        #expect(findings.first?.detail == "slot \(slot): 7 booked, FULL is now 1, ACTIVE")
        #expect(findings.allSatisfy { $0.passed })
        #expect(await bench.slot(slot)?.bookedCount == 1)
        #expect(await bench.ask(try bench.booking(tickets[1], slot)).created != nil)
        #expect(await bench.isSound())
        bench.remove()
    }
}

extension Ledger {
    /// Makes a slot lie, in memory and, with the next group that touches it, in the store.
    fileprivate func spoil(_ id: SlotID) {
        guard var slot = slots[id] else { return }
        slot.bookedCount = 7
        slot.status = .full
        slots.replace(slot)
    }
}
