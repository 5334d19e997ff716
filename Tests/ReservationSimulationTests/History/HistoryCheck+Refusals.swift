import NIOCore
import ReservationCore
import ReservationWire

@testable import ReservationClient

extension HistoryCheck {
    func checkRefusal(of record: CallRecord, _ status: Status, _ reply: ErrorReply, _ complain: (String) -> Void) {
        if let justified = isTransientRefusalJustified(record, status) {
            if !justified { complain("\(status.name) without cause") }
            return
        }
        switch record.plan.action {
        case .create(let booking):
            checkRefusal(of: booking, record, status, reply, complain)
        case .validate(let index):
            let ticket = index < scenario.state.tickets.count ? scenario.state.tickets[index] : nil
            if !isTicketRefusalJustified(ticket, record, status, reply, own: nil) { complain("\(status.name) without cause") }
        case .setCapacity(let index, let capacity):
            let id = scenario.state.slots[index].id
            let booked = (versions(of: record).map { $0.liveCount(id) }.max() ?? 0) + changes(during: record)
            if status != .capacityBelowBooked || capacity >= booked { complain("\(status.name) with \(booked) booked") }
        case .cancel(let change): checkRefusal(of: change, to: nil, record, status, reply, complain)
        case .move(let change, let slot, _): checkRefusal(of: change, to: slot, record, status, reply, complain)
        case .setOpen, .available, .health:
            complain("\(status.name) is no answer to this")
        }
    }

    /// - Returns: nil for a refusal that rests on tickets and slots.
    private func isTransientRefusalJustified(_ record: CallRecord, _ status: Status) -> Bool? {
        func struck(within window: TimeAmount, where isMeant: (SimulatedDisk.Fault) -> Bool) -> Bool {
            disk.faultTimes.contains { $0.time <= record.end && $0.time >= record.begin - window && isMeant($0.fault) }
        }
        return switch status {
        // A daemon whose device failed says so to everybody until it has ended, and the word may be long on its way.
        case .unavailable: struck(within: .seconds(6)) { _ in true }
        case .outcomeUnknown:
            struck(within: .seconds(6)) {
                if case .deviceFailed = $0 { true } else { false }
            } && RepeatSafety(of: record.plan.opcode).changesSomething
        case .overloaded: scenario.bounds.queueLimit < 100
        case .deadlineExceeded: record.end + .milliseconds(2) >= record.deadline
        default: status.statusClass == .conflict || status.statusClass == .invalid || status == .organizationMismatch ? nil : false
        }
    }

    // MARK: create

    private func checkRefusal(
        of booking: CallPlan.Booking, _ record: CallRecord, _ status: Status, _ reply: ErrorReply, _ complain: (String) -> Void
    ) {
        let before = disk.versions[record.firstVersion]
        let slot = booking.slot < scenario.state.slots.count ? scenario.state.slots[booking.slot] : nil
        let ticket = booking.ticket < scenario.state.tickets.count ? scenario.state.tickets[booking.ticket] : nil
        if before.reservations.contains(where: { $0.email.text == booking.email }) {
            complain("\(status.name), although the same request was accepted before under its key")
        }
        if status == .idempotencyKeyReused {
            if !isKeyTaken(booking, record) { complain("\(status.name) without cause") }
            return
        }
        let matches = ticket.map { booking.code != .wrong && $0.organization.rawValue == 1 } ?? false
        let wasFree = ticket.map { $0.status == .activated && before.reservation(of: $0.id) == nil } ?? false
        let isFree = wasFree || mayHaveBeenFree(booking.ticket, record)
        let isJustified: Bool
        switch status {
        case .slotNotFound: isJustified = slot == nil
        case .ticketNotFound: isJustified = slot != nil && !matches
        case .organizationMismatch: isJustified = matches && slot.map { $0.organization != ticket?.organization } ?? false
        case .slotClosed: isJustified = matches && isFree && slot.map { wasClosed($0, booking.slot, record) } ?? false
        case .slotFull:
            isJustified = matches && isFree && slot.map { wasFull($0.id, booking.slot, record) } ?? false
            checkAlternatives(reply, slot, record, complain)
        default:
            isJustified =
                slot != nil && matches && slot?.organization == ticket?.organization
                && isTicketRefusalJustified(ticket, record, status, reply, own: booking.email)
        }
        if !isJustified { complain("\(status.name) without cause") }
    }

    /// Somebody else's request was accepted under the same key.
    private func isKeyTaken(_ booking: CallPlan.Booking, _ record: CallRecord) -> Bool {
        guard let value = booking.key, let organization = OrganizationID(Int64(1)) else { return false }
        let key = IdempotencyKey(role: record.caller.role, organization: organization, value: value)
        let state = disk.versions[record.lastVersion]
        guard state.record(key) != nil else { return false }
        return records.contains { other in
            guard let theirs = other.plan.booking, theirs.key == value, theirs.email != booking.email, other.caller.role == key.role
            else { return false }
            return state.reservations.contains { $0.email.text == theirs.email }
        }
    }

    private func isTicketRefusalJustified(
        _ ticket: Ticket?, _ record: CallRecord, _ status: Status, _ reply: ErrorReply, own email: String?
    ) -> Bool {
        guard let ticket else { return status == .ticketNotFound }
        switch status {
        case .ticketNotActivated: return ticket.status == .pendingPayment
        case .ticketExpired: return ticket.status == .expired
        case .ticketAlreadyReserved:
            return wasReserved(ticket, record, reply, own: email)
        default: return false
        }
    }

    func wasClosed(_ slot: Slot, _ index: Int, _ record: CallRecord) -> Bool {
        let end = World.firstSecond + (record.end - World.firstMoment).nanoseconds / 1_000_000_000
        return slot.startsAt.seconds <= end || versions(of: record).contains { $0.slot(slot.id)?.status == .closed }
            || mayHaveChanged(index, by: record) { $0 == .closed }
    }

    /// At some moment of the call no place was left: in a durable state, or within the group that made the next one, where bookings
    /// come one after the other under the capacity there was before.
    func wasFull(_ slot: SlotID, _ index: Int, _ record: CallRecord) -> Bool {
        let seen = versions(of: record)
        let live = seen.map { $0.liveCount(slot) }
        let capacity = seen.map { $0.slot(slot)?.totalCapacity ?? 0 }
        for step in seen.indices.indices {
            let index = step - seen.startIndex
            if live[index] >= capacity[index] { return true }
            if index + 1 < live.count, live[index + 1] >= capacity[index] { return true }
        }
        let room = changes(during: record)
        if room > 0, (live.max() ?? 0) + room >= (capacity.min() ?? 0) { return true }
        let most = live.last ?? 0
        return mayHaveChanged(index, by: record) { change in
            if case .resized(let capacity) = change { return capacity <= most }
            return false
        }
    }

    func checkAlternatives(_ reply: ErrorReply, _ slot: Slot?, _ record: CallRecord, _ complain: (String) -> Void) {
        for alternative in reply.alternativeSlots {
            guard let id = SlotID(alternative.slotID), let other = scenario.state.slots.first(where: { $0.id == id }) else {
                complain("an alternative does not exist")
                continue
            }
            if id == slot?.id || other.organization != slot?.organization { complain("slot \(id) is no alternative") }
            if alternative.bookedCount >= alternative.totalCapacity { complain("the alternative slot \(id) is full") }
            let counts = versions(of: record).map { $0.liveCount(id) }
            let room = changes(during: record)
            let (fewest, most) = ((counts.min() ?? 0) - room, (counts.max() ?? 0) + room)
            if !(fewest...most).contains(Int(alternative.bookedCount)) { complain("the alternative slot \(id) never had that many booked") }
        }
    }
}
