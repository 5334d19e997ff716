import ReservationWire

/// How much one address may do in a minute, and who is not held to it.
struct RateLimits: Sendable {
    /// What is limited. The raw value is what metrics call it.
    enum Kind: String, Sendable {
        /// Validations that failed.
        case validation
        /// Bookings that were tried.
        case creation
    }

    /// How many ticket codes one address can try: only validations that failed count, so that no honest visitor is ever stopped for what
    /// others behind the same address do successfully.
    let failedValidations: AddressLimit
    /// Creates that reach the daemon; nil when they are not limited.
    let creations: AddressLimit?
    private let exempt: [AddressRange]

    init(_ configuration: GatewayConfiguration) {
        failedValidations = AddressLimit(perMinute: configuration.failedValidationsPerMinute)
        creations = configuration.creationsPerMinute > 0 ? AddressLimit(perMinute: configuration.creationsPerMinute) : nil
        exempt = configuration.rateLimitExempt
    }

    /// Whom the limits count; nil when nobody is counted: the address is exempt, or there is none.
    func subscriber(of client: IPAddress?) -> IPAddress? {
        guard let client, !exempt.contains(where: { $0.contains(client) }) else { return nil }
        return client.subscriber
    }
}

extension Gateway {
    /// Only what guessing codes produces counts.
    func count(_ failure: PublicFailure, _ subscriber: IPAddress?) {
        guard let subscriber, failure.status.code == Status.invalidTicketCode.name || failure.status.code == Status.ticketNotFound.name
        else { return }
        rateLimits.failedValidations.count(subscriber, now: clock())
    }

    /// - Returns: who was counted, for ``giveBack(_:)``.
    func countCreation(_ exchange: Exchange) throws(PublicFailure) -> IPAddress? {
        guard let creations = rateLimits.creations, let subscriber = rateLimits.subscriber(of: exchange.client) else { return nil }
        if let refusal = creations.take(subscriber, now: clock()) { throw limited(.creation, refusal, exchange) }
        return subscriber
    }

    /// A booking that turned out to be none of its own costs nothing.
    func giveBack(_ subscriber: IPAddress?) {
        guard let subscriber else { return }
        rateLimits.creations?.giveBack(subscriber, now: clock())
    }

    func limited(_ kind: RateLimits.Kind, _ refusal: AddressLimit.Refusal, _ exchange: Exchange) -> PublicFailure {
        recordLimit(exchange, kind, refusal)
        return .rateLimited(kind, seconds: refusal.seconds)
    }
}
