import CoreMetrics
import ReservationCore
import ReservationMetrics

/// Everything that the gateway counts and measures: what visitors see.
package final class GatewayMetrics: Sendable {
    package let registry: MetricRegistry
    /// Open HTTP connections.
    let connections: Meter
    private let validations: ReasonCounters
    private let validationLatency: Timer
    private let contacts: (valid: Counter, invalid: Counter, error: Counter)
    private let creations: ReasonCounters
    private let creationLatency: Timer
    private let completion: Timer
    /// When tickets were first found valid; for the time that a visitor takes.
    private let validated = FirstSightings(places: 32_768, longestSeconds: 4 * 3600)
    private let requests: CounterTable
    private let durations: [Timer]
    private let limitedValidations: Counter
    private let limitedCreations: Counter

    package init(_ registry: MetricRegistry = MetricRegistry()) {
        self.registry = registry
        connections = registry.meter(.httpConnections)
        validations = .validations(registry)
        validationLatency = registry.timer(.validationLatency)
        contacts = (
            registry.counter(.contacts, ("result", "valid")), registry.counter(.contacts, ("result", "invalid")),
            registry.counter(.contacts, ("result", "error"))
        )
        creations = .creations(registry)
        creationLatency = registry.timer(.creationLatency)
        completion = registry.timer(.completion)
        let routes = Route.allCases.map(\.metricName) + ["other"]
        requests = registry.table(
            .httpRequests, ("route", "status"), rows: routes, columns: Self.statuses.map { "\($0)" } + ["other"]
        ) { route, status in route < Route.allCases.count && Route.allCases[route].isPost && status == 0 }
        durations =
            Route.allCases.map { route in
                registry.timer(.httpDuration, ("route", route.metricName), isHiddenWhileZero: !route.isPost)
            } + [registry.timer(.httpDuration, ("route", "other"), isHiddenWhileZero: true)]
        limitedValidations = registry.counter(.rateLimited, ("limit", "validation"))
        limitedCreations = registry.counter(.rateLimited, ("limit", "creation"))
    }

    /// What the gateway answers with; any other counts as "other".
    private static let statuses = [200, 303, 400, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503]

    /// - Parameters:
    ///   - route: nil where there is nothing at the path.
    ///   - whole: seconds since the request's header.
    ///   - own: seconds since the request's body.
    func record(_ reply: Reply, _ route: Route?, whole: Double, own: Double) {
        let place = route.map(\.place) ?? Route.allCases.count
        requests.increment(place, Self.statuses.firstIndex(of: reply.status) ?? Self.statuses.count)
        durations[place].recordNanoseconds(Self.nanoseconds(whole))
        // Who asks with the wrong method has not asked for this.
        guard reply.status != 405 else { return }
        let isLimited = reply.status == PublicStatus.rateLimited.http
        switch route {
        case .validateTicket:
            validations.count(reply)
            validationLatency.recordNanoseconds(Self.nanoseconds(own))
            if isLimited { limitedValidations.increment() }
        case .verifyContact:
            (reply.code == nil ? contacts.valid : reply.status >= 500 ? contacts.error : contacts.invalid).increment()
        case .createReservation:
            creations.count(reply)
            creationLatency.recordNanoseconds(Self.nanoseconds(own))
            if isLimited { limitedCreations.increment() }
        default: break
        }
    }

    /// A ticket was found valid.
    func noteValid(ticket: UInt64, at now: Double) { validated.note(ticket, at: now) }

    /// A ticket was reserved.
    func noteReserved(ticket: UInt64, at now: Double) {
        if let seconds = validated.take(ticket, at: now) { completion.recordNanoseconds(Self.nanoseconds(seconds)) }
    }

    private static func nanoseconds(_ seconds: Double) -> Int64 { Int64(max(0, seconds) * 1e9) }
}

extension Route {
    /// Among all routes.
    fileprivate var place: Int {
        switch self {
        case .validateTicket: 0
        case .verifyContact: 1
        case .createReservation: 2
        case .availableSlots: 3
        case .months: 4
        case .slotEvents: 5
        case .alive: 6
        case .ready: 7
        case .openAPI: 8
        case .root: 9
        case .page: 10
        case .asset: 11
        case .theme: 12
        case .logo: 13
        }
    }

    /// As the label `route`.
    var metricName: String {
        switch self {
        case .validateTicket: "validate"
        case .verifyContact: "verify_contact"
        case .createReservation: "create"
        case .availableSlots: "available"
        case .months: "months"
        case .slotEvents: "events"
        case .alive: "alive"
        case .ready: "ready"
        case .openAPI: "openapi"
        case .root: "root"
        case .page: "page"
        case .asset: "asset"
        case .theme: "theme"
        case .logo: "logo"
        }
    }
}
