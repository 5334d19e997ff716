import NIOCore
import ReservationCore
import ReservationWire

/// `POST /api/tickets/validate` (card, section 5).
enum ValidateTicketEndpoint {
    static func decode(_ body: ByteBuffer) throws(PublicFailure) -> TicketCode {
        var fields = try BodyFields(body)
        let text = fields.text("ticket_code")
        try fields.check()
        guard let code = TicketCode(text) else { throw .failure(.invalidTicketCode) }
        return code
    }

    static func encode(_ response: ValidateTicketResponse) -> ByteBuffer {
        var json = JSONWriter()
        json.beginObject()
        json.key("success")
        json.bool(true)
        json.key("data")
        json.beginObject()
        json.key("ticket_id")
        json.integer(response.ticketID)
        json.key("ticket_code")
        json.string(response.ticketCode)
        json.key("status")
        json.string(response.status)
        json.key("product_id")
        json.integer(response.productID)
        json.key("order_id")
        json.integer(response.orderID)
        json.endObject()
        json.endObject()
        return json.buffer
    }
}
