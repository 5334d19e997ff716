import Logging
import NIOCore
import NIOPosix
import ReservationClient
import ReservationCore
import ReservationLog
import ReservationQR
import ReservationWire

/// Turns the public contract into calls of the daemon, and serves the portal's page. Keeps nothing between requests but who did how much
/// in the last minute, what venues look like, and which pages are open.
package struct Gateway: Sendable {
    let configuration: GatewayConfiguration
    let ledger: any Ledger
    let logger: Logger
    /// Seconds on a clock that never goes back.
    let clock: @Sendable () -> Double
    let rateLimits: RateLimits
    /// Calendars that are being read.
    let calendars = SharedReads<Calendar, Result<ByteBuffer, PublicFailure>>()
    let profiles = OrganizationProfiles()
    let pages: PortalPages
    let broadcast: SlotBroadcast
    package let metrics: GatewayMetrics

    /// - Parameter group: on whose loops the connections are.
    package init(
        configuration: GatewayConfiguration, ledger: any Ledger, logger: Logger, metrics: GatewayMetrics = GatewayMetrics(),
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        clock: @escaping @Sendable () -> Double = MonotonicClock.seconds
    ) {
        self.configuration = configuration
        self.ledger = ledger
        self.logger = logger
        self.clock = clock
        self.rateLimits = RateLimits(configuration)
        self.metrics = metrics
        self.pages = PortalPages(phoneMinimumDigits: configuration.phoneMinimumDigits)
        self.broadcast = SlotBroadcast(limit: configuration.openPages, group: group, logger: logger)
    }

    /// Answers one request.
    ///
    /// - Parameters:
    ///   - id: see ``RequestID``; the same goes into the reply's header.
    ///   - readBody: reads at most so many bytes; nil when there are more.
    /// - Throws: what `readBody` throws, nothing else: every other end is a reply.
    package func respond(
        to request: EdgeRequest, id: String, readBody: (_ limit: Int) async throws -> ByteBuffer?
    ) async throws -> Reply {
        let began = clock()
        let exchange = Exchange(
            request: request, target: RequestTarget(request.target), id: id,
            client: ClientAddress.find(
                peer: request.peer, forwardedFor: request.headers.forwardedFor, trustedProxies: configuration.trustedProxies))
        let route = Route(path: exchange.target.path)
        var body = ByteBuffer()
        var reply: Reply?
        switch admit(request, to: route) {
        case .refused(let failure): reply = Reply(failure)
        case .admitted(let route) where route.isPost:
            if let bytes = try await readBody(configuration.bodyLimitBytes) { body = bytes } else { reply = Reply(.payloadTooLarge) }
        case .admitted: break
        }
        // What a slow sender takes for its body is not ours.
        let received = clock()
        if reply == nil, let route { reply = await answer(exchange, route, body) }
        let answer = reply ?? Reply(.notFound)
        let answered = clock()
        metrics.record(answer, route, whole: answered - began, own: answered - received)
        recordAccess(answer, exchange, route, took: answered - began)
        return answer
    }

    private enum Admission {
        case admitted(Route)
        case refused(PublicFailure)
    }

    /// What can be said without the body.
    private func admit(_ request: EdgeRequest, to route: Route?) -> Admission {
        guard let route else { return .refused(.notFound) }
        guard route.accepts(request.method) else { return .refused(.methodNotAllowed(route.allow)) }
        guard !route.isPost || request.headers.isJSON else { return .refused(.unsupportedMediaType) }
        return .admitted(route)
    }

    private func answer(_ exchange: Exchange, _ route: Route, _ body: ByteBuffer) async -> Reply {
        do throws(PublicFailure) {
            return switch route {
            case .validateTicket: try await validateTicket(exchange, body)
            case .verifyContact: try await verifyContact(exchange, body)
            case .createReservation: try await createReservation(exchange, body)
            case .availableSlots: try await availableSlots(exchange)
            case .months: try await months(exchange)
            case .slotEvents: try await slotEvents(exchange)
            case .alive: Reply(success: HealthEndpoints.alive)
            case .ready: try await ready(exchange)
            case .openAPI: Reply(success: OpenAPIDocument.bytes, content: .yaml)
            case .root: root(exchange)
            case .page: await page(exchange)
            case .asset: try asset(exchange)
            case .theme: try await theme(exchange)
            case .logo: try await logo(exchange)
            }
        } catch {
            return Reply(error)
        }
    }

    private func validateTicket(_ exchange: Exchange, _ body: ByteBuffer) async throws(PublicFailure) -> Reply {
        let subscriber = rateLimits.subscriber(of: exchange.client)
        if let subscriber, let refusal = rateLimits.failedValidations.refusal(of: subscriber, now: clock()) {
            throw limited(.validation, refusal, exchange)
        }
        let code: TicketCode
        let organization: OrganizationID
        do throws(PublicFailure) {
            organization = try choose(exchange)
            code = try ValidateTicketEndpoint.decode(body)
        } catch {
            count(error, subscriber)
            recordValidationFailure(exchange, error, isDecided: true)
            throw error
        }
        let request = ValidateTicketRequest(orq: UInt64(organization.rawValue), ticketCode: code.text, requestID: exchange.id)
        do throws(PublicFailure) {
            let response = try await call(ValidateTicket.self, request, exchange).response
            metrics.noteValid(ticket: response.ticketID, at: clock())
            return Reply(success: ValidateTicketEndpoint.encode(response))
        } catch {
            count(error, subscriber)
            throw error
        }
    }

    private func verifyContact(_ exchange: Exchange, _ body: ByteBuffer) async throws(PublicFailure) -> Reply {
        var request: VerifyContactRequest
        do throws(PublicFailure) {
            request = try VerifyContactEndpoint.decode(body, organization: try choose(exchange), configuration: configuration)
        } catch {
            recordContactFailure(exchange, error)
            throw error
        }
        request.requestID = exchange.id
        return Reply(success: VerifyContactEndpoint.encode(try await call(VerifyContact.self, request, exchange).response))
    }

    private func createReservation(_ exchange: Exchange, _ body: ByteBuffer) async throws(PublicFailure) -> Reply {
        var request: CreateReservationRequest
        do throws(PublicFailure) {
            let key = try IdempotencyKey.parse(exchange.request.headers.idempotencyKey)
            request = try CreateReservationEndpoint.decode(
                body, idempotencyKey: key ?? IdempotencyKey.random(), organization: try choose(exchange), configuration: configuration)
        } catch {
            recordCreationFailure(exchange, error)
            throw error
        }
        request.requestID = exchange.id
        let counted = try countCreation(exchange)
        recordCreationStart(exchange, request)
        do throws(PublicFailure) {
            let (response, isReplayed) = try await call(CreateReservation.self, request, exchange)
            if isReplayed { giveBack(counted) }
            metrics.noteReserved(ticket: response.ticketID, at: clock())
            return Reply(
                success: CreateReservationEndpoint.encode(response, qrCode: qrCode(response, exchange)), isReplayed: isReplayed)
        } catch {
            // Whoever asks again because we could not answer asks for the same.
            if error.status.http >= 500 { giveBack(counted) }
            throw error
        }
    }

    /// Drawn in the request's own task, on its event loop: it takes some 75 µs, and handing it to another thread costs nearly as much.
    private func qrCode(_ response: CreateReservationResponse, _ exchange: Exchange) -> String? {
        guard let code = TicketCode(response.ticketCode) else { return nil }
        do throws(QRError) {
            return try QRCode.pngDataURL(for: code)
        } catch {
            recordMissingQRCode(exchange, response.reservationID, error)
            return nil
        }
    }

    private func availableSlots(_ exchange: Exchange) async throws(PublicFailure) -> Reply {
        let request = try AvailableSlotsEndpoint.decode(exchange.target, organization: try choose(exchange))
        let calendar = Calendar(organization: request.orq, month: request.month, date: request.date)
        let body = await calendars.answer(to: calendar, isOutage: Self.isOutage, read: { await read(request, exchange) })
        return Reply(success: try body.get())
    }

    private func read(_ request: AvailableSlotsRequest, _ exchange: Exchange) async -> Result<ByteBuffer, PublicFailure> {
        do throws(PublicFailure) {
            return .success(try AvailableSlotsEndpoint.encode(try await call(AvailableSlots.self, request, exchange).response))
        } catch {
            return .failure(error)
        }
    }

    static func isOutage<Answer>(_ result: Result<Answer, PublicFailure>) -> Bool {
        if case .failure(let failure) = result { failure.status.http >= 500 } else { false }
    }

    /// What a question for free places is about.
    struct Calendar: Hashable {
        let organization: UInt64
        let month: String?
        let date: CalendarDate?
    }

    private func ready(_ exchange: Exchange) async throws(PublicFailure) -> Reply {
        let health = try await call(Health.self, HealthRequest(), exchange, deadline: min(HealthEndpoints.patience, configuration.deadline))
        guard health.response.writable else { throw .unavailable }
        return Reply(success: HealthEndpoints.ready)
    }

    // MARK: parts shared by endpoints

    func choose(_ exchange: Exchange) throws(PublicFailure) -> OrganizationID {
        try OrganizationChoice.choose(
            host: exchange.request.host, target: exchange.target, headers: exchange.request.headers, configuration: configuration)
    }

    func call<O: Operation>(
        _ operation: O.Type, _ request: O.Request, _ exchange: Exchange, deadline: Duration? = nil
    ) async throws(PublicFailure) -> (response: O.Response, isReplayed: Bool) {
        switch await ledger.call(operation, request, deadline: deadline ?? configuration.deadline) {
        case .answered(let response, let replayed):
            return (response, replayed)
        case .refused(let status, let reply):
            var failure = PublicFailure(status, reply, of: O.opcode)
            if O.opcode == .contactVerify {
                failure.validationErrors = failure.validationErrors.map { ContactFields.renamed($0, .verifyContact) }
            }
            recordRefusal(exchange, O.opcode, status, failure)
            // The daemon is too busy to write down whom it turns away.
            if status == .overloaded { recordUndecided(exchange, request, failure) }
            throw failure
        case .failed(let error):
            recordNoAnswer(exchange, O.opcode, error)
            let failure = PublicFailure(error)
            recordUndecided(exchange, request, failure)
            throw failure
        }
    }
}
