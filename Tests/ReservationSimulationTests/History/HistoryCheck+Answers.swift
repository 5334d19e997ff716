import NIOCore
import ReservationCore
import ReservationWire

extension HistoryCheck {
    func checkAnswer(
        to record: CallRecord, _ payload: ByteBuffer, _ encoding: Encoding, _ replayed: Bool, _ complain: (String) -> Void
    ) throws(PayloadError) {
        if replayed, record.plan.key == nil { complain("a replay without a key") }
        switch record.plan.action {
        case .create(let booking):
            let answer = try Payload.decode(CreateReservationResponse.self, from: payload, as: encoding)
            checkCreated(booking, record, answer, complain)
            try checkReply(under: booking.key, record, answer, payload, encoding, complain)
        case .validate(let ticket):
            let answer = try Payload.decode(ValidateTicketResponse.self, from: payload, as: encoding)
            checkValidated(ticket, record, answer, complain)
        case .available:
            checkAvailable(record, try Payload.decode(AvailableSlotsResponse.self, from: payload, as: encoding), complain)
        case .health:
            let answer = try Payload.decode(HealthResponse.self, from: payload, as: encoding)
            // The first question after its health makes the ledger try the store, the last ones hear of it.
            if records.suffix(scenario.callers.count).contains(where: { $0 === record }), !answer.writable {
                complain("the store takes no writes although it has healed")
            }
        case .setCapacity(let slot, let capacity):
            checkChange(of: slot, record, complain) { $0.totalCapacity == capacity }
        case .setOpen(let slot, let open):
            checkChange(of: slot, record, complain) { ($0.status != .closed) == open }
        case .cancel(let change):
            let answer = try Payload.decode(CancelReservationResponse.self, from: payload, as: encoding)
            checkCancelled(change, record, answer, complain)
        case .move(let change, let slot, let key):
            let answer = try Payload.decode(MoveReservationResponse.self, from: payload, as: encoding)
            checkMoved(change, to: slot, record, answer, replayed, complain)
            try checkReply(under: key, record, answer, payload, encoding, complain)
        }
    }

    // MARK: create

    private func checkCreated(
        _ booking: CallPlan.Booking, _ record: CallRecord, _ answer: CreateReservationResponse, _ complain: (String) -> Void
    ) {
        guard let id = ReservationID(answer.reservationID), let stored = final.reservation(id) else {
            return complain("acknowledged reservation \(answer.reservationID) is not stored in the end")
        }
        if disk.versions[record.lastVersion].reservation(id) == nil {
            complain("reservation \(id) was acknowledged before it was durable")
        }
        guard booking.ticket < scenario.state.tickets.count, booking.slot < scenario.state.slots.count else {
            return complain("a ticket or slot that does not exist was booked")
        }
        let ticket = scenario.state.tickets[booking.ticket]
        let slot = scenario.state.slots[booking.slot]
        let isElsewhere = stored.slot != slot.id && stored.sequence == 0
        if stored.ticket != ticket.id || isElsewhere || stored.email.text != booking.email || stored.reservedAt != answer.reservedAt {
            complain("reservation \(id) is stored with other values than were asked for")
        }
        if answer.ticketID != UInt64(ticket.id.rawValue) || answer.slotID != UInt64(slot.id.rawValue)
            || answer.ticketCode != ticket.code.text
        {
            complain("the answer names another ticket or slot")
        }
        if booking.code == .wrong || ticket.status != .activated || ticket.organization != slot.organization {
            complain("what must be refused was booked")
        }
        if answer.reservedAt >= slot.startsAt { complain("a slot was booked after its start") }
        checkOpenness(id, slot.id, booking.slot, record, complain)
    }

    /// The slot was open where the reservation came to be.
    private func checkOpenness(
        _ id: ReservationID, _ slot: SlotID, _ index: Int, _ record: CallRecord, _ complain: (String) -> Void
    ) {
        guard let first = disk.versions.firstIndex(where: { $0.reservation(id) != nil }), first > 0 else { return }
        let wasClosed = [first - 1, first].allSatisfy { disk.versions[$0].slot(slot)?.status == .closed }
        if wasClosed, !mayHaveChanged(index, by: record, where: { $0 == .opened }) { complain("a closed slot was booked") }
    }

    private func checkReply<Answer: WireMessage & Equatable>(
        under value: UInt128?, _ record: CallRecord, _ answer: Answer, _ payload: ByteBuffer, _ encoding: Encoding,
        _ complain: (String) -> Void
    ) throws(PayloadError) {
        guard let value, let organization = OrganizationID(Int64(1)) else { return }
        let key = IdempotencyKey(role: record.caller.role, organization: organization, value: value)
        guard let stored = disk.versions[record.lastVersion].record(key)?.record else {
            return complain("an answer was given under a key and not kept")
        }
        if encoding == .tlv {
            if Array(payload.readableBytesView) != stored.reply { complain("the answer differs from the first one") }
        } else {
            let first = try Payload.decode(Answer.self, from: ByteBuffer(bytes: stored.reply), as: .tlv)
            if first != answer { complain("the answer differs from the first one") }
        }
    }

    // MARK: reads

    private func checkValidated(
        _ index: Int, _ record: CallRecord, _ answer: ValidateTicketResponse, _ complain: (String) -> Void
    ) {
        guard index < scenario.state.tickets.count else { return complain("a code that nobody issued is valid") }
        let ticket = scenario.state.tickets[index]
        if answer.ticketID != UInt64(ticket.id.rawValue) { complain("another ticket was validated") }
        if disk.versions[record.firstVersion].ticket(ticket.id)?.status != .activated, !mayHaveBeenFree(index, record) {
            complain("ticket \(ticket.id) could not be used any more when the call began, and is said to be valid")
        }
    }

    private func checkAvailable(_ record: CallRecord, _ answer: AvailableSlotsResponse, _ complain: (String) -> Void) {
        for message in answer.slots {
            guard let id = SlotID(message.slotID), let index = scenario.state.slots.firstIndex(where: { $0.id == id }) else {
                complain("the calendar has a slot that does not exist")
                continue
            }
            // Not the first and the last: a store that breaks its promises can lose bookings meanwhile.
            let counts = versions(of: record).map { $0.liveCount(id) }
            let room = changes(during: record)
            let (fewest, most) = ((counts.min() ?? 0) - room, (counts.max() ?? 0) + room)
            if !(fewest...most).contains(Int(message.bookedCount)) {
                complain("the calendar says \(message.bookedCount) of slot \(id) are booked, and they were \(fewest) to \(most)")
            }
            let capacities = versions(of: record).compactMap { $0.slot(id)?.totalCapacity }
            if !capacities.contains(Int(message.totalCapacity)),
                !mayHaveChanged(index, by: record, where: { $0 == .resized(Int(message.totalCapacity)) })
            {
                complain("the calendar says slot \(id) has \(message.totalCapacity) places")
            }
            if message.bookedCount > message.totalCapacity { complain("the calendar shows slot \(id) oversold") }
        }
        for (index, slot) in scenario.state.slots.enumerated()
        where slot.organization.rawValue == 1 && !answer.slots.contains(where: { $0.slotID == UInt64(slot.id.rawValue) }) {
            let wasClosed = versions(of: record).contains { $0.slot(slot.id)?.status == .closed }
            if !wasClosed, !mayHaveChanged(index, by: record, where: { $0 == .closed }) {
                complain("slot \(slot.id) is missing in the calendar")
            }
        }
    }

    // MARK: changes by the operator

    private func checkChange(of index: Int, _ record: CallRecord, _ complain: (String) -> Void, is done: (Slot) -> Bool) {
        guard index < scenario.state.slots.count else { return complain("a slot that does not exist was changed") }
        let id = scenario.state.slots[index].id
        // Others that changed it meanwhile may have had the last word within one group.
        guard !mayHaveChanged(index, by: record, where: { _ in true }) else { return }
        if !versions(of: record).contains(where: { $0.slot(id).map(done) ?? false }) {
            complain("an acknowledged change of slot \(id) was at no time durable")
        }
    }

    // MARK: what others did meanwhile

    enum Change: Equatable {
        case opened, closed
        case resized(Int)
    }

    /// The durable states that there were while the call ran.
    func versions(of record: CallRecord) -> ArraySlice<StoredState> {
        disk.versions[record.firstVersion...record.lastVersion]
    }

    /// Whether another caller may have changed the slot while this call ran, so that within one group a state may have come and gone.
    /// A call that ended without a clear answer may take effect later.
    func mayHaveChanged(_ slot: Int, by record: CallRecord, where isMeant: (Change) -> Bool) -> Bool {
        records.contains { other in
            guard other !== record, other.begin <= record.end, let change = other.plan.change(of: slot), isMeant(change) else {
                return false
            }
            return other.end >= record.begin || !other.isAnswered || firstTrouble <= other.end
        }
    }
}

extension CallPlan {
    fileprivate func change(of slot: Int) -> HistoryCheck.Change? {
        switch action {
        case .setCapacity(slot, let capacity): .resized(capacity)
        case .setOpen(slot, let open): open ? .opened : .closed
        default: nil
        }
    }
}
