/// The addresses that the gateway knows. Those that end in a slash have names behind it, but for the first page.
enum Route: String, CaseIterable, Sendable {
    case validateTicket = "/api/tickets/validate"
    case verifyContact = "/api/tickets/verify-contact"
    case createReservation = "/api/reservations/create"
    case availableSlots = "/api/reservation-slots/available"
    case months = "/api/reservation-slots/months"
    case slotEvents = "/api/reservation-slots/events"
    case alive = "/healthz"
    case ready = "/readyz"
    case openAPI = "/openapi.yaml"
    case root = "/"
    case page = "/reserve"
    case asset = "/reserve/assets/"
    case theme = "/reserve/theme/"
    case logo = "/reserve/logo/"

    /// - Returns: nil when there is nothing at the path.
    init?(path: String) {
        if let route = Route(rawValue: path), !route.hasNames {
            self = route
        } else if let route = Self.withNames.first(where: { path.hasPrefix($0.rawValue) }) {
            self = route
        } else {
            return nil
        }
    }

    /// What stands in the path behind the route.
    func name(in path: String) -> Substring { path.dropFirst(rawValue.count) }

    private static let withNames = allCases.filter(\.hasNames)

    private var hasNames: Bool {
        switch self {
        case .asset, .theme, .logo: true
        default: false
        }
    }

    /// Whether a body is sent with it; the others are read with GET or HEAD.
    var isPost: Bool {
        switch self {
        case .validateTicket, .verifyContact, .createReservation: true
        default: false
        }
    }

    /// For the header `Allow`.
    var allow: String { isPost ? "POST" : "GET, HEAD" }

    func accepts(_ method: String) -> Bool {
        isPost ? method == "POST" : method == "GET" || method == "HEAD"
    }
}
