import ReservationCore
import ReservationWire

extension RequestDecoder {
    func personalDataCommand(_ request: AcceptedRequest) throws(Problem) -> PersonalDataCommand {
        if request.opcode == .personalDataExport {
            let body = try decode(ExportPersonalDataRequest.self, request)
            return .export(
                PersonalDataOrder(
                    person: try person(body.customerEmail, body.customerPhone),
                    position: try position(body.afterReservationID, body.afterTicketID, body.afterOutboxID, nil)))
        }
        let body = try decode(ErasePersonalDataRequest.self, request)
        return .erase(
            PersonalDataOrder(
                person: try person(body.customerEmail, body.customerPhone),
                position: try position(body.afterReservationID, body.afterTicketID, body.afterOutboxID, body.afterHistoryID)),
            Erasure(
                includesUpcoming: body.includeUpcoming ?? false, isDryRun: body.dryRun ?? false,
                operatorID: try body.operatorID.map { number throws(Problem) in try identifier(number, "operator") }))
    }

    /// What stands for those who were erased is nobody.
    private func person(_ email: String?, _ phone: String?) throws(Problem) -> PersonalSubject {
        switch (email, phone) {
        case (let text?, nil):
            guard let address = EmailAddress(text) else {
                throw invalid("customer_email", "must be an email address like john@example.com")
            }
            guard address != .erased else { throw invalid("customer_email", "stands for everybody who was erased") }
            return .email(address)
        case (nil, let text?):
            // However few digits are wanted of new numbers: an older one may have fewer.
            guard let number = PhoneNumber(text, minimumDigits: 2) else {
                throw invalid("customer_phone", "must be + and the country code, digits only, like +12025551234")
            }
            guard number != .erased else { throw invalid("customer_phone", "stands for everybody who was erased") }
            return .phone(number)
        default: throw invalid("customer_email", "give exactly one of customer_email and customer_phone")
        }
    }

    /// An id of 0 is before the first.
    private func position(
        _ reservation: UInt64?, _ ticket: UInt64?, _ message: UInt64?, _ line: UInt64?
    ) throws(Problem) -> PersonalDataOrder.Position {
        switch (reservation, ticket, message, line) {
        case (let id, nil, nil, nil): return .reservations(behind: id.flatMap { ReservationID($0) })
        case (nil, let id?, nil, nil): return .tickets(behind: TicketID(id))
        case (nil, nil, let id?, nil): return .messages(behind: OutboxID(id))
        case (nil, nil, nil, let id?): return .history(behind: HistoryID(id))
        default: throw invalid("after_reservation_id", "give at most one position")
        }
    }
}
