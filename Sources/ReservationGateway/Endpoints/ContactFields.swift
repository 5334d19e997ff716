import ReservationCore
import ReservationWire

/// E-mail, phone and the optional ticket code, as two endpoints have them under different names.
struct ContactFields {
    /// The names in the HTTP request.
    struct Names: Hashable {
        let email: String
        let phone: String

        static let verifyContact = Names(email: "email", phone: "phone")
        static let createReservation = Names(email: "customer_email", phone: "customer_phone")
    }

    let contact: Contact
    let ticketCode: TicketCode?

    /// - Throws: INVALID_TICKET_CODE, INVALID_CONTACT, TICKET_CODE_REQUIRED, in this order.
    init(
        email: String, phone: String, ticketCode: String?, names: Names, configuration: GatewayConfiguration
    ) throws(PublicFailure) {
        if let ticketCode {
            guard let code = TicketCode(ticketCode) else { throw .failure(.invalidTicketCode) }
            self.ticketCode = code
        } else {
            self.ticketCode = nil
        }
        do throws(ContactRefusal) {
            contact = try Contact(email: email, phone: phone, minimumDigits: configuration.phoneMinimumDigits)
        } catch {
            throw .failure(.invalidContact(error.problems.map { Self.renamed($0, names) }))
        }
        guard self.ticketCode != nil || !configuration.requiresTicketCode else {
            throw .failure(.ticketCodeRequired)
        }
    }

    /// The daemon speaks of the registry's fields; the caller knows only those of the request.
    static func renamed(_ problem: FieldProblem, _ names: Names) -> FieldProblem {
        switch problem.field {
        case FieldTag.customerEmail.name: FieldProblem(field: names.email, message: problem.message)
        case FieldTag.customerPhone.name: FieldProblem(field: names.phone, message: problem.message)
        default: problem
        }
    }
}
