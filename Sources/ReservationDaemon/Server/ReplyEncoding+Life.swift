import NIOCore
import ReservationCore
import ReservationWire

extension ReplyEncoder {
    func life(_ outcome: LifeOutcome, to submission: Submission, into buffer: inout ByteBuffer) {
        switch outcome {
        case .ticket(let ticket): response(ShowTicketsResponse(tickets: [TicketMessage(ticket)]), to: submission, into: &buffer)
        case .checkedIn(let entry): response(CheckInResponse(entry), to: submission, into: &buffer)
        case .cancelled(let change): response(CancelReservationResponse(change), to: submission, into: &buffer)
        case .moved(let moved):
            // What was stored under the key is exactly what goes out: the first answer and a replay cannot differ.
            if let payload = moved.payload, submission.encoding == .tlv {
                response(bytes: payload, to: submission, into: &buffer)
            } else {
                response(MoveReservationResponse(moved), to: submission, into: &buffer)
            }
        case .reservation(let shown): response(ShowReservationResponse(shown), to: submission, into: &buffer)
        case .reservations(let list):
            response(
                ListReservationsResponse(
                    afterSlotID: list.next?.slot.map { UInt64($0.rawValue) }, more: list.next != nil,
                    reservations: list.rows.map { ListedReservationMessage($0.0, in: $0.1, showsContacts: list.showsContacts) },
                    afterReservationID: list.next?.reservation.map { UInt64($0.rawValue) }), to: submission, into: &buffer)
        case .tickets(let page, let showsCodes):
            response(
                ListTicketsResponse(
                    more: page.next != nil,
                    tickets: page.tickets.map { ticket in
                        var message = TicketMessage(TicketWithReservation(ticket: ticket))
                        if !showsCodes { message.ticketCode = ticket.code.masked }
                        return message
                    }, afterTicketID: page.next.map { UInt64($0.rawValue) }), to: submission, into: &buffer)
        case .history(let page):
            response(
                ListHistoryResponse(
                    more: page.next != nil, history: page.entries.map { HistoryEntryMessage($0) },
                    afterHistoryID: page.next.map { UInt64($0.rawValue) }), to: submission, into: &buffer)
        }
    }
}

extension CheckInResponse {
    init(_ entry: CheckedIn) {
        self.init(
            orq: UInt64(entry.ticket.organization.rawValue), ticketID: UInt64(entry.ticket.id.rawValue), ticketCode: entry.ticket.code.text,
            slotID: UInt64(entry.slot.id.rawValue), reservationID: UInt64(entry.reservation.id.rawValue), slot: SlotTime(entry.slot),
            verifiedAt: entry.verification.at ?? Instant(seconds: 0), verifiedBy: entry.verification.by.map { UInt64($0.rawValue) },
            repeated: entry.isRepeated)
    }
}

extension CancelReservationResponse {
    init(_ change: ChangedReservation) {
        let reservation = change.reservation
        self.init(
            orq: UInt64(reservation.organization.rawValue), ticketID: UInt64(reservation.ticket.rawValue),
            ticketCode: change.ticketCode.text, slotID: UInt64(reservation.slot.rawValue), reservationID: UInt64(reservation.id.rawValue),
            status: reservation.status.rawValue, slot: SlotTime(change.slot), sequence: UInt64(reservation.sequence))
    }
}

extension MoveReservationResponse {
    init(_ moved: MovedReservation) {
        let reservation = moved.change.reservation
        self.init(
            orq: UInt64(reservation.organization.rawValue), ticketID: UInt64(reservation.ticket.rawValue),
            ticketCode: moved.change.ticketCode.text, slotID: UInt64(reservation.slot.rawValue),
            reservationID: UInt64(reservation.id.rawValue), status: reservation.status.rawValue, slot: SlotTime(moved.change.slot),
            sequence: UInt64(reservation.sequence), previousSlotID: UInt64(moved.previousSlot.rawValue))
    }
}

extension ShowReservationResponse {
    init(_ shown: ShownReservation) {
        let reservation = shown.reservation
        self.init(
            orq: UInt64(reservation.organization.rawValue), ticketID: UInt64(reservation.ticket.rawValue),
            ticketCode: shown.ticketCode.text, slotID: UInt64(reservation.slot.rawValue), reservationID: UInt64(reservation.id.rawValue),
            customerEmail: reservation.email.text, customerPhone: reservation.phone.text, status: reservation.status.rawValue,
            reservedAt: reservation.reservedAt, slot: SlotTime(shown.slot), language: reservation.language.rawValue,
            sequence: UInt64(reservation.sequence), verifiedAt: shown.verification.at,
            verifiedBy: shown.verification.by.map { UInt64($0.rawValue) })
    }
}

extension ListedReservationMessage {
    init(_ listed: ListedReservation, in slot: Slot, showsContacts: Bool) {
        let reservation = listed.reservation
        self.init(
            orq: UInt64(reservation.organization.rawValue), ticketID: UInt64(reservation.ticket.rawValue),
            ticketCode: showsContacts ? listed.ticketCode.text : listed.ticketCode.masked,
            slotID: UInt64(reservation.slot.rawValue), reservationID: UInt64(reservation.id.rawValue),
            productID: UInt64(clamping: listed.productID), orderID: UInt64(clamping: listed.orderID),
            customerEmail: showsContacts ? reservation.email.text : reservation.email.masked,
            customerPhone: showsContacts ? reservation.phone.text : reservation.phone.masked, status: reservation.status.rawValue,
            updatedAt: listed.updatedAt, reservedAt: reservation.reservedAt, slot: SlotTime(slot),
            language: reservation.language.rawValue, sequence: UInt64(reservation.sequence), verifiedAt: listed.verification.at,
            verifiedBy: listed.verification.by.map { UInt64($0.rawValue) })
    }
}

extension HistoryEntryMessage {
    init(_ entry: HistoryEntry) {
        let note = entry.note
        self.init(
            role: note.caller.isSystem ? "system" : note.caller.role.name,
            orq: UInt64(note.organization.rawValue),
            ticketID: note.ticket.map { UInt64($0.rawValue) },
            slotID: note.slot.map { UInt64($0.rawValue) }, reservationID: note.reservation.map { UInt64($0.rawValue) },
            detail: note.detail, operatorID: note.operatorID.map { UInt64($0.rawValue) }, reason: note.reason,
            previousSlotID: note.previousSlot.map { UInt64($0.rawValue) }, historyID: UInt64(entry.id.rawValue),
            action: note.action.rawValue, at: note.at, uid: note.caller.uid.map { UInt64($0) })
    }
}
