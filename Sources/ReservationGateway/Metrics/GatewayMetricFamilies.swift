import ReservationMetrics

extension MetricFamily {
    static let validations = counter(
        "ticket_validation_count_total", "Validations of ticket codes, by result and by the reason that the visitor heard.")
    static let validationLatency = histogram("ticket_validation_latency_seconds", "Time that a validation took, without its transfer.")
    static let contacts = counter("contact_verification_count_total", "Verifications of contacts.")
    static let creations = counter(
        "reservation_creation_count_total", "Attempts to reserve, by result and by the reason that the visitor heard.")
    static let creationLatency = histogram("reservation_creation_latency_seconds", "Time that a reservation took, without its transfer.")
    static let completion = histogram(
        "reservation_completion_seconds", "Time from a ticket's first valid validation to its reservation.",
        .seconds([10, 20, 30, 60, 120, 300, 600, 1200, 1800, 3600]))
    static let httpRequests = counter("gateway_http_requests_total", "HTTP requests answered.")
    static let httpDuration = histogram(
        "gateway_http_request_duration_seconds", "Time from a request's header until its answer, the transfer of its body included.")
    static let openPages = gauge("gateway_open_pages", "Pages that are told of changes.")
    static let httpConnections = gauge("gateway_connections", "Open HTTP connections.")
    static let httpConnectionLimit = gauge("gateway_connection_limit", "HTTP connections that are let in at once.")
    static let rateLimited = counter("gateway_rate_limited_total", "Requests refused because their address had asked too often.")
    static let daemonUp = gauge("gateway_daemon_up", "Whether the daemon answered when the metrics were read.")
    static let reportAge = gauge("gateway_report_age_seconds", "How long ago a program's figures were taken.")
}
