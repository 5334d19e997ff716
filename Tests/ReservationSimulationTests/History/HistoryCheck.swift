import NIOCore
import ReservationCore
import ReservationWire

@testable import ReservationClient

/// Holds what the callers were told against the durable states that there were.
///
/// Where nothing is cancelled and nothing moved, reservations only grow in number: what is true of "reserved" at a state is true of every
/// later one. Elsewhere it may be true between two durable states, within a group, and is given that room: see ``changes(during:of:)``.
struct HistoryCheck {
    let scenario: Scenario
    let disk: SimulatedDisk
    let records: [CallRecord]
    let firstTrouble: NIODeadline

    var final: StoredState { disk.state }

    /// What cannot be; empty when all is well.
    func violations() -> [String] {
        var found: [String] = []
        for record in records {
            func complain(_ text: String) { found.append("call \(record.number): \(text)") }
            guard record.timesEnded == 1, let outcome = record.outcome else {
                complain("it ended \(record.timesEnded) times")
                continue
            }
            switch outcome {
            case .response(let payload, let encoding, let replayed):
                do throws(PayloadError) {
                    try checkAnswer(to: record, payload, encoding, replayed, complain)
                } catch {
                    complain("its answer is unreadable: \(error.message)")
                }
            case .refused(let status, let reply): checkRefusal(of: record, status, reply, complain)
            case .failed(let error): checkFailure(of: record, error, complain)
            }
            if record.isProbe, !record.isAnswered, !isContractRefusal(outcome) { complain("after healing it got \(outcome)") }
        }
        for reservation in final.reservations {
            let askers = records.filter { $0.plan.booking?.email == reservation.email.text }
            if askers.isEmpty { found.append("nobody asked for reservation \(reservation.id)") }
            if !askers.isEmpty, askers.allSatisfy({ $0.timesEnded == 1 && !$0.isAnswered && !$0.isUnknown }) {
                found.append("call \(askers[0].number) was told that nothing happened, and reservation \(reservation.id) is stored")
            }
        }
        checkThatChangesActOnce { found.append($0) }
        return found
    }

    private func isContractRefusal(_ outcome: CallOutcome) -> Bool {
        if case .refused(let status, _) = outcome { return status.statusClass == .conflict || status.statusClass == .invalid }
        return false
    }

    // MARK: failures

    private func checkFailure(of record: CallRecord, _ error: ClientError, _ complain: (String) -> Void) {
        let isLate = record.end >= record.deadline
        let isJustified =
            switch error.code {
            case .unreachable, .deadlineExceeded: isLate
            case .outcomeUnknown: isLate || firstTrouble <= record.end
            case .cancelled: record.wasCancelled
            case .notPermitted, .protocolViolation, .unsupportedVersion, .requestTooLarge, .closed: false
            }
        if !isJustified { complain("it failed without cause: \(error)") }
        let changes = RepeatSafety(of: record.plan.opcode).changesSomething
        if error.mayHaveExecuted, !changes { complain("a read may have changed something") }
    }
}

extension CallPlan {
    var opcode: Opcode {
        switch action {
        case .create: .reservationCreate
        case .validate: .ticketValidate
        case .available: .slotsAvailable
        case .health: .daemonHealth
        case .setCapacity: .slotsSetCapacity
        case .setOpen: .slotsSetState
        case .cancel: .reservationsCancel
        case .move: .reservationsMove
        }
    }
}
