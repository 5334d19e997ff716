import Glibc
import NIOCore
import ReservationWire
import SeededRandom
import Testing

@testable import ReservationClient

@Suite("the client's rules, without a socket")
struct RuleTests {
    @Test("every operation that changes nothing may be repeated, and of the others those that the table says")
    func repeatSafety() {
        let reads: Set<Opcode> = [
            .ticketValidate, .contactVerify, .slotsAvailable, .daemonHealth, .slotsMonths, .organizationGet, .slotsWatch, .ticketsShow,
            .organizationList, .slotsList, .outboxList, .outboxShow, .reservationsShow, .reservationsList, .ticketsList, .historyList,
            .daemonStatus, .metricsRead, .eventsSubscribe, .personalDataExport,
        ]
        let repeatable: Set<Opcode> = [
            .ticketsImport, .organizationSet, .slotsGenerate, .slotsSetState, .slotsSetStates, .slotsSetCapacity, .outboxDone, .outboxRetry,
            .outboxDeadLetter, .outboxRequeue, .outboxCancel, .metricsReport, .daemonDoctor, .ticketsActivate,
            .ticketsExpire, .personalDataErase,
        ]
        for opcode in Opcode.allCases {
            let safety = RepeatSafety(of: opcode)
            #expect(safety.changesSomething == !reads.contains(opcode))
            #expect(safety.allowsRepeating(HealthRequest()) == (reads.contains(opcode) || repeatable.contains(opcode)))
        }
    }

    @Test("a create may be repeated under a key only")
    func keyedCreate() {
        let safety = RepeatSafety(of: .reservationCreate)
        #expect(safety.allowsRepeating(Sample.create(key: 0)))
        #expect(!safety.allowsRepeating(Sample.create(key: nil)))
    }

    @Test("a move may be repeated under a key only; a cancellation of a named reservation only; a check-in by a named operator only")
    func named() {
        let move = RepeatSafety(of: .reservationsMove)
        #expect(move.allowsRepeating(MoveReservationRequest(slotID: 1, reservationID: 2, idempotencyKey: 3)))
        #expect(!move.allowsRepeating(MoveReservationRequest(slotID: 1, reservationID: 2)))
        let cancel = RepeatSafety(of: .reservationsCancel)
        #expect(cancel.allowsRepeating(CancelReservationRequest(reservationID: 2)))
        #expect(!cancel.allowsRepeating(CancelReservationRequest(ticketCode: "TKT-2025-ABC123-DEF456")))
        let checkIn = RepeatSafety(of: .ticketsCheckIn)
        #expect(checkIn.allowsRepeating(CheckInRequest(ticketCode: "TKT-2025-ABC123-DEF456", operatorID: 7)))
        #expect(!checkIn.allowsRepeating(CheckInRequest(ticketCode: "TKT-2025-ABC123-DEF456")))
        #expect([move, cancel, checkIn].allSatisfy { $0.changesSomething })
    }

    @Test("the pause after OVERLOADED is what was asked for and up to half more", arguments: [UInt64(1), 40, 1000])
    func overloadedPause(milliseconds: UInt64) {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<200 {
            let next = AfterRefusal(
                to: .overloaded, retryAfterMilliseconds: milliseconds, isRepeatable: false, unavailableAnswers: 0, remaining: .hours(1),
                using: &generator)
            guard case .tryAgain(let pause) = next else {
                Issue.record("OVERLOADED was handed out")
                return
            }
            let asked = Int64(milliseconds) * 1_000_000
            #expect((asked...(asked * 3 / 2)).contains(pause.nanoseconds))
        }
    }

    @Test("only statuses that say that nothing was done, or that may be repeated, are tried again")
    func triedAgain() {
        var generator = SeededGenerator(seed: 1)
        for status in Status.allCases {
            for isRepeatable in [true, false] {
                let next = AfterRefusal(
                    to: status, retryAfterMilliseconds: nil, isRepeatable: isRepeatable, unavailableAnswers: 1, remaining: .hours(1),
                    using: &generator)
                let expected: Set<Status> =
                    isRepeatable
                    ? [.overloaded, .unavailable, .tooManyConnections, .outcomeUnknown] : [.overloaded, .unavailable, .tooManyConnections]
                #expect((next != .handOut) == expected.contains(status), "\(status.name)")
            }
        }
    }

    @Test("pauses between attempts stay below a bound that doubles up to the last and starts again after an answer")
    func backoff() {
        var generator = SeededGenerator(seed: 1)
        for _ in 0..<100 {
            var backoff = Backoff(.milliseconds(5)...(.milliseconds(250)))
            for bound: Int64 in [5, 10, 20, 40, 80, 160, 250, 250, 250] {
                #expect((0...bound * 1_000_000).contains(backoff.next(using: &generator).nanoseconds))
            }
            backoff.reset()
            #expect(backoff.next(using: &generator) <= .milliseconds(5))
        }
    }

    @Test("any duration makes a point in time", arguments: [Duration.seconds(Int64.max), .seconds(-5), .zero, .nanoseconds(1)])
    func clamping(duration: Duration) {
        let amount = TimeAmount(clamping: duration)
        #expect(amount >= .zero)
        #expect(NIODeadline.now() + amount >= .now() - .seconds(1))
    }

    @Test(
        "what may pass is tried again, what cannot is not",
        arguments: [
            (EAGAIN, true), (ECONNREFUSED, true), (ENOENT, true), (ECONNRESET, true), (EMFILE, true), (EACCES, false), (EPERM, false),
            (ENOTDIR, false),
        ])
    func connectFailures(code: CInt, isTransient: Bool) {
        switch ConnectFailure(IOError(errnoCode: code, reason: "connect"), socketPath: "/s") {
        case .transient(let error):
            #expect(isTransient)
            #expect(error.code == .unreachable)
        case .permanent(let error):
            #expect(!isTransient)
            #expect(error.code == (code == ENOTDIR ? .unreachable : .notPermitted))
            #expect(error.message.contains("/s"))
        }
    }

    @Test("a missing permission names who may open the socket")
    func permission() throws {
        let folder = try SocketFolder()
        try folder.leaveDeadSocket()
        var entry = stat()
        #expect(stat(folder.socketPath, &entry) == 0)
        let group = try #require(getgrgid(entry.st_gid)).pointee.gr_name.map { String(cString: $0) }
        let user = try #require(getpwuid(entry.st_uid)).pointee.pw_name.map { String(cString: $0) }
        let error = ClientError(code: .notPermitted, message: "no")
        chmod(folder.socketPath, 0o660)
        #expect(error.namingOwners(ofSocket: folder.socketPath).message.contains("the group \(try #require(group));"))
        chmod(folder.socketPath, 0o600)
        #expect(error.namingOwners(ofSocket: folder.socketPath).message.contains("the user \(try #require(user)) alone"))
        #expect(error.namingOwners(ofSocket: "/nonexistent/socket").message.contains("a folder above it"))
        #expect(ClientError(code: .closed, message: "no").namingOwners(ofSocket: folder.socketPath).message == "no")
    }
}
