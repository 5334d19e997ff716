import NIOCore
import ReservationCore
import ReservationWire

extension ReplyEncoder {
    func personalData(_ outcome: PersonalDataOutcome, to submission: Submission, into buffer: inout ByteBuffer) {
        switch outcome {
        case .exported(let page): response(ExportPersonalDataResponse(page), to: submission, into: &buffer)
        case .erased(let report): response(ErasePersonalDataResponse(report), to: submission, into: &buffer)
        }
    }
}

extension ExportPersonalDataResponse {
    init(_ page: PersonalDataPage) {
        self.init(
            more: page.next != nil, entries: page.messages.map { OutboxEntryMessage($0) }, afterOutboxID: page.next?.message,
            history: page.history.map { HistoryEntryMessage($0) },
            reservations: page.reservations.map { ListedReservationMessage($0.0, in: $0.1, showsContacts: true) },
            afterReservationID: page.next?.reservation, afterTicketID: page.next?.ticket,
            personsTickets: page.tickets.map { PersonsTicketMessage($0) })
    }
}

extension ErasePersonalDataResponse {
    init(_ report: ErasureReport) {
        self.init(
            more: report.next != nil, afterOutboxID: report.next?.message, ticketCount: UInt64(report.tickets),
            afterHistoryID: report.next?.line, afterReservationID: report.next?.reservation, afterTicketID: report.next?.ticket,
            erasedCount: UInt64(report.reservations), upcomingCount: UInt64(report.upcoming), emptiedCount: UInt64(report.emptied))
    }
}

extension PersonsTicketMessage {
    init(_ named: PersonsTicket) {
        let ticket = named.ticket
        self.init(
            orq: UInt64(ticket.organization.rawValue), ticketID: UInt64(ticket.id.rawValue), ticketCode: ticket.code.text,
            customerEmail: named.email, customerPhone: named.phone, status: ticket.status.rawValue)
    }
}

/// As they travel: 0 is before the first.
extension PersonalDataOrder.Position {
    fileprivate var reservation: UInt64? {
        guard case .reservations(let id) = self else { return nil }
        return id.map { UInt64($0.rawValue) } ?? 0
    }

    fileprivate var ticket: UInt64? {
        guard case .tickets(let id) = self else { return nil }
        return id.map { UInt64($0.rawValue) } ?? 0
    }

    fileprivate var message: UInt64? {
        guard case .messages(let id) = self else { return nil }
        return id.map { UInt64($0.rawValue) } ?? 0
    }

    fileprivate var line: UInt64? {
        guard case .history(let id) = self else { return nil }
        return id.map { UInt64($0.rawValue) } ?? 0
    }
}
