import NIOCore
import ReservationCore
import ReservationWire

/// `POST /api/reservations/create` (card, section 5).
enum CreateReservationEndpoint {
    static func decode(
        _ body: ByteBuffer, idempotencyKey: UInt128, organization: OrganizationID, configuration: GatewayConfiguration
    ) throws(PublicFailure) -> CreateReservationRequest {
        var fields = try BodyFields(body)
        let ticket = fields.identifier("ticket_id")
        let slot = fields.identifier("slot_id")
        let email = fields.text("customer_email")
        let phone = fields.text("customer_phone")
        let code = fields.optionalText("ticket_code")
        let language = fields.optionalChoice("language", among: Language.allCases.map(\.rawValue))
        let contact: ContactFields
        do throws(PublicFailure) {
            try fields.check()
            contact = try ContactFields(
                email: email, phone: phone, ticketCode: code, names: .createReservation, configuration: configuration)
        } catch {
            throw error.about(ticketID: ticket, slotID: slot)
        }
        return CreateReservationRequest(
            orq: UInt64(organization.rawValue), ticketID: ticket, ticketCode: contact.ticketCode?.text, slotID: slot,
            idempotencyKey: idempotencyKey, customerEmail: contact.contact.email.text, customerPhone: contact.contact.phone.text,
            language: language)
    }

    /// - Parameter qrCode: a `data:` URL; null is written when it could not be drawn, because the reservation stands all the same.
    static func encode(_ response: CreateReservationResponse, qrCode: String?) -> ByteBuffer {
        var json = JSONWriter()
        json.beginObject()
        json.key("success")
        json.bool(true)
        json.key("data")
        json.beginObject()
        json.key("reservation_id")
        json.integer(response.reservationID)
        json.key("ticket_code")
        json.string(response.ticketCode)
        json.key("slot")
        json.beginObject()
        json.key("date")
        json.string(response.slot.date.description)
        json.key("start_time")
        json.string(response.slot.startTime.description)
        json.key("end_time")
        json.string(response.slot.endTime.description)
        json.endObject()
        // True means that the confirmation is durably queued: it commits with the reservation.
        json.key("confirmation_sent")
        json.bool(response.confirmationQueued)
        json.key("qr_code")
        if let qrCode { json.string(qrCode) } else { json.null() }
        json.endObject()
        json.endObject()
        return json.buffer
    }
}
