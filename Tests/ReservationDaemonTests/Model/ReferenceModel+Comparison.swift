import NIOCore
import ReservationCore
import ReservationWire

@testable import ReservationDaemon

extension ReferenceModel {
    /// Holds the ledger's answer against the predicted one, and learns the ids that the ledger chose.
    mutating func compare(_ outcome: Outcome, with prediction: Prediction) throws(Disagreement) {
        let agrees =
            switch (prediction, outcome) {
            case (.validated(let ticket), .validated(let shown)): learn(ticket, from: shown)
            case (.contactVerified(let contact), .contactVerified(let shown)): contact == shown
            case (.available(let month, let zone, let slots), .available(let shownMonth, let shownZone, let shownSlots)):
                month == shownMonth && zone == shownZone && slots == shownSlots
            case (.created(let reservation, let slot, let hasKey), .created(let created)):
                agrees(created, reservation, slot: slot, hasKey: hasKey)
            case (.replayed(let reservation), .replayed(let reply)): learn(reservation, from: reply)
            case (.health(let isWritable), .health(let shown)): isWritable == shown
            case (.tickets(let tickets, let reservations, let slots), .tickets(let shown)):
                agrees(shown, tickets, reservations, slots)
            case (.imported(let created, let existing, let rows), .imported(let shownCreated, let shownExisting, let problems)):
                created == shownCreated && existing == shownExisting && rows == problems.map(\.row)
            case (.organizations(let organizations), .organizations(let shown)): organizations == shown
            case (.organization(let organization, let logo), .organization(let shown, let shownLogo)):
                organization == shown && logo == shownLogo
            case (.months(let months, let today, let zone), .months(let shown, let shownToday, let shownZone)):
                months == shown && today == shownToday.dayNumber && zone == shownZone
            case (.slots(let slots, let more), .slots(let shown, let shownMore)): slots == shown && more == shownMore
            case (.generated(let created, let existing), .generated(let shownCreated, let shownExisting, let missing)):
                created == shownCreated && existing == shownExisting && missing.isEmpty
            case (.slotsChanged(let count, let unchanged), .calendar(.changed(let shown, let shownUnchanged, let next))):
                count == shown && unchanged == shownUnchanged && next == nil
            case (.slotsDeleted(let count, let inUse), .calendar(.deleted(let shown, let shownInUse, let next))):
                count == shown && inUse == shownInUse && next == nil
            case (.status(let isWritable, let sizes), .status(let shown)): agrees(shown, isWritable, sizes)
            case (.sound, .findings(let findings)): !findings.isEmpty && findings.allSatisfy(\.passed)
            case (.alive, .alive): true
            case (.erased(let report), .personalData(.erased(let shown))): report.isSame(as: shown)
            case (.swept, .swept(let more)): !more
            case (_, .outbox(let shown)): agrees(shown, with: prediction)
            case (.replayedMove(let number, let move), .replayed(let reply)): agrees(reply, number, move)
            case (_, .life(let shown)): agrees(shown, with: prediction)
            case (.refused(let refusal), .refused(let shown)): refusal.isSame(as: shown)
            case (.failed(let fault), .failed(let shown)): fault == shown
            default: false
            }
        if !agrees { throw Disagreement("must answer \(prediction)\n  but answers \(outcome)") }
    }

    private func agrees(_ shown: LedgerStatus, _ isWritable: Bool, _ sizes: ModelSizes) -> Bool {
        shown.writable == isWritable && shown.organizations == sizes.organizations && shown.slots == sizes.slots
            && shown.reservations == sizes.reservations && shown.storage.tickets == sizes.tickets
            && shown.storage.outbox == sizes.outbox
    }

    private mutating func agrees(
        _ shown: [TicketWithReservation], _ tickets: [ModelTicket], _ reservations: [ModelReservation?], _ slots: [Slot?]
    ) -> Bool {
        guard shown.count == tickets.count, shown.map(\.slot) == slots else { return false }
        for (index, one) in shown.enumerated() {
            guard learn(tickets[index], from: one.ticket), learn(reservations[index], from: one.reservation) else { return false }
        }
        return true
    }

    private mutating func agrees(_ created: CreatedReservation, _ number: Int, slot: Slot, hasKey: Bool) -> Bool {
        let reservation = tables.reservations[number]
        let ticket = tables.tickets[reservation.ticket]
        guard learn(number, id: created.id), created.slot == slot, created.reservedAt == reservation.reservedAt,
            created.ticket.id == ticket.id, created.ticket.code == ticket.code, created.ticket.organization == ticket.organization,
            hasKey == (created.payload != nil)
        else { return false }
        return created.payload.map { learn(number, from: $0) } ?? true
    }

    // MARK: ids that the ledger chose

    /// - Parameter ticket: as it was when it was shown; what a later command of the group made of it is another matter.
    mutating func learn(_ ticket: ModelTicket, from shown: Ticket) -> Bool {
        let (id, code) = (tables.tickets[ticket.number].id, tables.tickets[ticket.number].code)
        if id == nil {
            guard !tables.tickets.contains(where: { $0.id == shown.id }) else { return false }
            tables.tickets[ticket.number].id = shown.id
        }
        if code == nil {
            guard issued(shown.code, in: ticket.organization) == nil else { return false }
            tables.tickets[ticket.number].code = shown.code
        }
        let expected = Ticket(
            id: id ?? shown.id, code: code ?? shown.code, organization: ticket.organization, productID: ticket.product,
            orderID: ticket.order, status: ticket.status, createdAt: ticket.createdAt, updatedAt: ticket.updatedAt,
            validUntil: ticket.validUntil)
        return shown == expected
    }

    mutating func learn(_ reservation: ModelReservation?, from shown: Reservation?) -> Bool {
        guard let reservation, let shown else { return reservation == nil && shown == nil }
        guard learn(reservation.number, id: shown.id) else { return false }
        let ticket = tables.tickets[reservation.ticket]
        return shown.ticket == ticket.id && shown.slot == reservation.slot && shown.organization == ticket.organization
            && shown.email == reservation.contact.email && shown.phone == reservation.contact.phone
            && shown.status == reservation.status && shown.sequence == reservation.sequence
            && shown.reservedAt == reservation.reservedAt && shown.language == reservation.language
    }

    mutating func learn(_ number: Int, id: ReservationID) -> Bool {
        if let known = tables.reservations[number].id { return known == id }
        guard !tables.reservations.contains(where: { $0.id == id }) else { return false }
        tables.reservations[number].id = id
        return true
    }

    /// The stored answer: byte for byte what it was before, and what the reservation was made with.
    mutating func learn(_ number: Int, from reply: [UInt8]) -> Bool {
        let reservation = tables.reservations[number]
        if let known = reservation.reply { return known == reply }
        let ticket = tables.tickets[reservation.ticket]
        guard let answer = try? Payload.decode(CreateReservationResponse.self, from: ByteBuffer(bytes: reply), as: .tlv),
            let id = ReservationID(answer.reservationID), learn(number, id: id),
            let slot = slot(reservation.bookedSlot) ?? tables.removedSlots.first(where: { $0.id == reservation.bookedSlot }),
            let ticketID = ticket.id, let code = ticket.code
        else { return false }
        tables.reservations[number].reply = reply
        return answer
            == CreateReservationResponse(
                orq: UInt64(ticket.organization.rawValue), ticketID: UInt64(ticketID.rawValue), ticketCode: code.text,
                slotID: UInt64(slot.id.rawValue), reservationID: UInt64(id.rawValue), reservedAt: reservation.reservedAt,
                slot: SlotTime(date: slot.date, startTime: slot.start, endTime: slot.end, startsAt: slot.startsAt),
                confirmationQueued: true)
    }
}

extension Refusal {
    /// The same apart from words for people.
    fileprivate func isSame(as other: Refusal) -> Bool {
        switch (self, other) {
        case (.alreadyExists, .alreadyExists), (.invalidRequest, .invalidRequest): true
        default: self == other
        }
    }
}
