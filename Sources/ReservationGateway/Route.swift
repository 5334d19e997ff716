/// The addresses that the gateway knows.
enum Route: String, CaseIterable, Sendable {
    case validateTicket = "/api/tickets/validate"
    case verifyContact = "/api/tickets/verify-contact"
    case createReservation = "/api/reservations/create"
    case availableSlots = "/api/reservation-slots/available"
    case alive = "/healthz"
    case ready = "/readyz"
    case openAPI = "/openapi.yaml"

    /// Whether a body is sent with it; the others are read with GET or HEAD.
    var isPost: Bool {
        switch self {
        case .validateTicket, .verifyContact, .createReservation: true
        case .availableSlots, .alive, .ready, .openAPI: false
        }
    }

    /// For the header `Allow`.
    var allow: String { isPost ? "POST" : "GET, HEAD" }

    func accepts(_ method: String) -> Bool {
        isPost ? method == "POST" : method == "GET" || method == "HEAD"
    }
}
