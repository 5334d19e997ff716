import CoreMetrics
import ReservationMetrics
import ReservationWire

/// One counter for each reason that visitors may hear, made beforehand: a fixed set, so that no request can add to it.
struct ReasonCounters: Sendable {
    static let none = "NONE"
    /// Also a success: the same request had been answered before.
    static let replayed = "REPLAYED"
    private static let other = "OTHER"

    private let codes: [String]
    private let counters: [Counter]
    private let succeeded: Counter
    private let repeated: Counter
    private let otherRefusal: Counter
    private let otherError: Counter

    /// - Parameters:
    ///   - success: the result of what succeeds.
    ///   - refusals: the codes and the result under which each counts.
    ///   - otherwise: the result of a refusal with another code.
    init(
        _ registry: MetricRegistry, _ family: MetricFamily, success: String, refusals: [(code: String, result: String)], otherwise: String
    ) {
        succeeded = registry.counter(family, ("result", success), ("reason", Self.none))
        repeated = registry.counter(family, ("result", success), ("reason", Self.replayed))
        let failures = [Status.unavailable, .outcomeUnknown, .internal].map { (code: $0.name, result: "error") }
        codes = (refusals + failures).map(\.code)
        counters = (refusals + failures).map { registry.counter(family, ("result", $0.result), ("reason", $0.code)) }
        otherRefusal = registry.counter(family, ("result", otherwise), ("reason", Self.other))
        otherError = registry.counter(family, ("result", "error"), ("reason", Self.other))
    }

    func count(_ reply: Reply) {
        guard let code = reply.code else { return (reply.isReplayed ? repeated : succeeded).increment() }
        // A score of short texts, and only for what is refused.
        if let place = codes.firstIndex(of: code) { return counters[place].increment() }
        (reply.status >= 500 ? otherError : otherRefusal).increment()
    }
}

extension ReasonCounters {
    /// What comes of a malformed request, whatever it asks for.
    private static let malformed = [
        Status.invalidRequest.name, PublicStatus.payloadTooLarge.code, PublicStatus.unsupportedMediaType.code,
        Status.organizationNotFound.name,
    ]

    static func validations(_ registry: MetricRegistry) -> ReasonCounters {
        let tickets: [Status] = [
            .invalidTicketCode, .ticketNotFound, .ticketNotActivated, .ticketExpired, .ticketAlreadyUsed, .ticketAlreadyReserved,
        ]
        let codes = tickets.map(\.name) + malformed + [PublicStatus.rateLimited.code]
        return ReasonCounters(
            registry, .validations, success: "valid", refusals: codes.map { ($0, "invalid") }, otherwise: "invalid")
    }

    static func creations(_ registry: MetricRegistry) -> ReasonCounters {
        let refused: [Status] = [
            .ticketNotFound, .ticketNotActivated, .ticketExpired, .visitTooLate, .ticketAlreadyUsed, .slotNotFound, .slotClosed,
            .organizationMismatch,
            .ticketCodeRequired, .idempotencyKeyReused,
        ]
        let invalid = malformed + [Status.invalidContact.name, Status.invalidTicketCode.name]
        return ReasonCounters(
            registry, .creations, success: "success",
            refusals: [
                (Status.slotFull.name, "slot_full"), (Status.ticketAlreadyReserved.name, "already_reserved"),
                (PublicStatus.rateLimited.code, "rate_limited"),
            ] + refused.map { ($0.name, "refused") } + invalid.map { ($0, "invalid") }, otherwise: "refused")
    }
}
