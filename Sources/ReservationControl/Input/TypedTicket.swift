import ReservationCore

/// A ticket as it was typed: by its code or its id.
struct TypedTicket {
    let id: UInt64?
    let code: String?

    init(_ text: String) throws(ControlFailure) {
        if let code = TicketCode(text) {
            (id, self.code) = (nil, code.text)
        } else if let id = ValueKind<UInt64>.id.parse(text) {
            (self.id, code) = (id, nil)
        } else {
            throw ControlFailure(
                .usage,
                "“\(PrintableText.excerpt(text))” is neither a ticket code like TKT-2025-ABC123-DEF456 nor an id: check it for typing errors"
            )
        }
    }
}
