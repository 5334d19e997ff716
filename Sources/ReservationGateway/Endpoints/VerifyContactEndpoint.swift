import NIOCore
import ReservationCore
import ReservationWire

/// `POST /api/tickets/verify-contact` (card, section 5): the form only, no one-time password yet.
enum VerifyContactEndpoint {
    static func decode(
        _ body: ByteBuffer, organization: OrganizationID, configuration: GatewayConfiguration
    ) throws(PublicFailure) -> VerifyContactRequest {
        var fields = try BodyFields(body)
        let ticket = fields.identifier("ticket_id")
        let email = fields.text("email")
        let phone = fields.text("phone")
        let code = fields.optionalText("ticket_code")
        let contact: ContactFields
        do throws(PublicFailure) {
            try fields.check()
            contact = try ContactFields(
                email: email, phone: phone, ticketCode: code, names: .verifyContact, configuration: configuration)
        } catch {
            throw error.about(ticketID: ticket)
        }
        return VerifyContactRequest(
            orq: UInt64(organization.rawValue), ticketID: ticket, ticketCode: contact.ticketCode?.text,
            customerEmail: contact.contact.email.text, customerPhone: contact.contact.phone.text)
    }

    static func encode(_ response: VerifyContactResponse) -> ByteBuffer {
        ByteBuffer(string: #"{"success":true,"message":"Contact information verified","otp_sent":false}"#)
    }
}
