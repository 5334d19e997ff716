import NIOCore
import ReservationCore
import ReservationWire

@testable import ReservationDaemon

extension ReferenceModel {
    mutating func agrees(_ shown: LifeOutcome, with prediction: Prediction) -> Bool {
        switch (prediction, shown) {
        case (.lifeTicket(let ticket, let reservation, let slot), .ticket(let shown)):
            learn(ticket, from: shown.ticket) && learn(reservation, from: shown.reservation) && shown.slot == slot
        case (.checkedIn(let ticket, let reservation, let slot, let verification, let isRepeated), .checkedIn(let shown)):
            learn(ticket, from: shown.ticket) && learn(reservation, from: shown.reservation) && shown.slot == slot
                && shown.verification == verification && shown.isRepeated == isRepeated
        case (.cancelled(let reservation, let slot, let isChanged), .cancelled(let shown)):
            agrees(shown, reservation, slot, isChanged)
        case (.moved(let reservation, let slot, let from, let isChanged, let hasKey), .moved(let shown)):
            agrees(shown.change, reservation, slot, isChanged) && shown.previousSlot == from && (shown.payload != nil) == hasKey
        case (.reservation(let reservation, let slot, let verification), .reservation(let shown)):
            learn(reservation, from: shown.reservation) && shown.slot == slot && shown.verification == verification
        case (.history(let notes), .history(let page)): page.next == nil && agree(notes, page.entries)
        // One page may be the last without knowing it.
        case (.reservations(let wanted, let isWhole), .reservations(let list)):
            agrees(list, wanted) && (isWhole || list.next != nil)
        default: false
        }
    }

    private mutating func agrees(_ list: ReservationList, _ wanted: [ModelListed]) -> Bool {
        guard list.rows.count == wanted.count else { return false }
        for ((listed, slot), model) in zip(list.rows, wanted) {
            let ticket = tables.tickets[model.reservation.ticket]
            guard learn(model.reservation, from: listed.reservation), slot == model.slot, listed.ticketCode == ticket.code,
                listed.productID == ticket.product, listed.orderID == ticket.order, listed.verification == model.verification
            else { return false }
        }
        return true
    }

    private mutating func agrees(_ shown: ChangedReservation, _ reservation: ModelReservation, _ slot: Slot, _ isChanged: Bool) -> Bool {
        learn(reservation, from: shown.reservation) && shown.slot == slot && shown.isChanged == isChanged
            && shown.ticketCode == tables.tickets[reservation.ticket].code
    }

    /// The stored answer to a move.
    mutating func agrees(_ reply: [UInt8], _ number: Int, _ move: ModelMove) -> Bool {
        guard let answer = try? Payload.decode(MoveReservationResponse.self, from: ByteBuffer(bytes: reply), as: .tlv),
            let id = ReservationID(answer.reservationID)
        else { return false }
        return learn(number, id: id) && answer.slotID == UInt64(move.to.rawValue) && answer.previousSlotID == UInt64(move.from.rawValue)
            && answer.sequence == UInt64(move.sequence) && answer.status == "RESERVED"
    }

    mutating func compare(_ entries: [HistoryEntry]) throws(Disagreement) {
        if !agree(tables.history, entries) { throw Disagreement("the history must be \(tables.history)\n  but is \(entries)") }
    }

    private mutating func agree(_ notes: [ModelNote], _ entries: [HistoryEntry]) -> Bool {
        guard notes.count == entries.count else { return false }
        for (note, entry) in zip(notes, entries) {
            let shown = entry.note
            if let place = note.reservation {
                guard let id = shown.reservation, learn(place, id: id) else { return false }
            } else if shown.reservation != nil {
                return false
            }
            guard shown.action == note.action, shown.at == note.at, shown.organization == note.organization,
                shown.operatorID == note.operatorID, shown.ticket == note.ticket.flatMap({ tables.tickets[$0].id }),
                shown.slot == note.slot, shown.previousSlot == note.previousSlot, shown.reason == note.reason,
                shown.caller.isSystem == note.isSystem
            else { return false }
        }
        return true
    }
}
