import NIOCore
import ReservationCore
import ReservationWire

@testable import ReservationClient

/// What is cancelled and moved.
extension HistoryCheck {
    // MARK: answers

    func checkCancelled(_ change: CallPlan.Change, _ record: CallRecord, _ answer: CancelReservationResponse, _ complain: (String) -> Void)
    {
        guard let stored = changed(answer.reservationID, change, answer.ticketID, answer.sequence, record, complain) else { return }
        if answer.status != "CANCELLED" || stored.status != .cancelled || UInt64(stored.sequence) != answer.sequence {
            complain("reservation \(stored.id) was said to be cancelled and is \(stored.status.rawValue) in the end")
        }
        if disk.versions[record.lastVersion].reservation(stored.id)?.status != .cancelled {
            complain("the cancellation of \(stored.id) was acknowledged before it was durable")
        }
    }

    func checkMoved(
        _ change: CallPlan.Change, to slot: Int, _ record: CallRecord, _ answer: MoveReservationResponse, _ replayed: Bool,
        _ complain: (String) -> Void
    ) {
        guard let stored = changed(answer.reservationID, change, answer.ticketID, answer.sequence, record, complain) else { return }
        let target = scenario.state.slots[slot]
        if answer.slotID != UInt64(target.id.rawValue) { complain("reservation \(stored.id) was moved to another slot than was asked for") }
        let there = disk.versions.first { $0.reservation(stored.id).map { UInt64($0.sequence) } == answer.sequence }?.reservation(stored.id)
        if let there, there.status == .reserved, there.slot != target.id { complain("reservation \(stored.id) was not moved there") }
        guard answer.previousSlotID != answer.slotID, !replayed,
            let first = disk.versions.firstIndex(where: {
                $0.reservation(stored.id).map { UInt64($0.sequence) >= answer.sequence } ?? false
            }),
            first > 0
        else { return }
        let wasClosed = [first - 1, first].allSatisfy { disk.versions[$0].slot(target.id)?.status == .closed }
        if wasClosed, !mayHaveChanged(slot, by: record, where: { $0 == .opened }) { complain("a place in a closed slot was taken") }
    }

    /// The reservation that an answer is about, if it can be.
    private func changed(
        _ number: UInt64, _ change: CallPlan.Change, _ ticket: UInt64, _ sequence: UInt64, _ record: CallRecord,
        _ complain: (String) -> Void
    ) -> Reservation? {
        guard let id = ReservationID(number), let stored = final.reservation(id) else {
            complain("reservation \(number) was changed and is not stored")
            return nil
        }
        let asked = scenario.state.tickets[change.ticket].id
        if stored.ticket != asked || ticket != UInt64(asked.rawValue) { complain("the reservation of another ticket was changed") }
        if disk.versions[record.lastVersion].reservation(id).map({ UInt64($0.sequence) < sequence }) ?? true {
            complain("the change of reservation \(id) was acknowledged before it was durable")
        }
        return stored
    }

    // MARK: refusals

    func checkRefusal(
        of change: CallPlan.Change, to target: Int?, _ record: CallRecord, _ status: Status, _ reply: ErrorReply,
        _ complain: (String) -> Void
    ) {
        let ticket = scenario.state.tickets[change.ticket]
        let slot = target.map { scenario.state.slots[$0] }
        let isJustified: Bool
        switch status {
        case .notReserved: isJustified = !disk.versions[record.firstVersion].reservations.contains { $0.ticket == ticket.id }
        // A cancelled reservation cannot be moved.
        case .reservationNotFound:
            isJustified =
                slot != nil && disk.versions[record.lastVersion].reservations.contains { $0.ticket == ticket.id }
                && mayHaveBeenFree(change.ticket, record)
        case .organizationMismatch: isJustified = slot.map { $0.organization != ticket.organization } ?? false
        case .slotClosed: isJustified = slot.map { wasClosed($0, target ?? 0, record) } ?? false
        case .slotFull:
            isJustified = slot.map { wasFull($0.id, target ?? 0, record) } ?? false
            checkAlternatives(reply, slot, record, complain)
        default: isJustified = false
        }
        if !isJustified { complain("\(status.name) without cause") }
    }

    /// Somebody else held the ticket, in a slot of the day that was named.
    func wasReserved(_ ticket: Ticket, _ record: CallRecord, _ reply: ErrorReply, own email: String?) -> Bool {
        let seen = versions(of: record).compactMap { $0.reservation(of: ticket.id) }
        if seen.contains(where: { $0.email.text != email && reply.reservedDate == final.slot($0.slot)?.date }) { return true }
        // It came, or was moved, and was gone again within one group.
        return scenario.state.tickets.firstIndex { $0.id == ticket.id }.map { changes(during: record, of: $0) > 0 } ?? false
            && final.reservations.contains { $0.ticket == ticket.id && $0.email.text != email }
    }

    // MARK: what others changed meanwhile

    /// How many calls may have cancelled or moved something while this one ran. Within a group a count may lie so far beside the durable
    /// ones before and after it.
    ///
    /// - Parameter ticket: only of this one.
    func changes(during record: CallRecord, of ticket: Int? = nil) -> Int {
        records.count { other in
            guard other !== record, other.begin <= record.end, let changed = other.plan.changedTicket, ticket.map({ $0 == changed }) ?? true
            else { return false }
            return other.end >= record.begin || !other.isAnswered || firstTrouble <= other.end
        }
    }

    /// Whether the ticket may have been without a place at some moment of the call because of a cancellation.
    func mayHaveBeenFree(_ ticket: Int, _ record: CallRecord) -> Bool {
        guard ticket < scenario.state.tickets.count, scenario.state.tickets[ticket].status == .activated else { return false }
        let id = scenario.state.tickets[ticket].id
        return versions(of: record).contains { $0.reservation(of: id) == nil } || changes(during: record, of: ticket) > 0
    }

    /// Each change raises its reservation's number once, so the numbers tell how many there were: as many as were acknowledged, and of
    /// those whose callers do not know at most all.
    func checkThatChangesActOnce(_ complain: (String) -> Void) {
        struct Effect: Hashable {
            var reservation: UInt64
            var sequence: UInt64
        }
        for (index, ticket) in scenario.state.tickets.enumerated() {
            let calls = records.filter { $0.plan.changedTicket == index }
            var effects: Set<Effect> = []
            var (answeredKeys, unknownKeys, unknownCalls): (Set<UInt128>, Set<UInt128>, Int) = ([], [], 0)
            for call in calls {
                if let effect = call.changed { effects.insert(Effect(reservation: effect.reservation, sequence: effect.sequence)) }
                if call.isAnswered { call.plan.key.map { _ = answeredKeys.insert($0) } }
                guard call.isUnknown else { continue }
                if let key = call.plan.key { unknownKeys.insert(key) } else { unknownCalls += 1 }
            }
            effects = effects.filter { $0.sequence > 0 }
            let raised = final.reservations.filter { $0.ticket == ticket.id }.reduce(0) { $0 + $1.sequence }
            let unknown = unknownCalls + unknownKeys.subtracting(answeredKeys).count
            guard raised < effects.count || raised > effects.count + unknown else { continue }
            complain("ticket \(ticket.id) was changed \(raised) times; \(effects.count) changes have an answer, \(unknown) have none")
        }
    }
}

extension CallRecord {
    /// Which reservation an answered change was about, and its number afterwards.
    fileprivate var changed: (reservation: UInt64, sequence: UInt64)? {
        guard case .response(let payload, let encoding, _) = outcome else { return nil }
        switch plan.action {
        case .cancel:
            return (try? Payload.decode(CancelReservationResponse.self, from: payload, as: encoding))
                .map { ($0.reservationID, $0.sequence) }
        case .move:
            return (try? Payload.decode(MoveReservationResponse.self, from: payload, as: encoding)).map { ($0.reservationID, $0.sequence) }
        default: return nil
        }
    }
}
