import Logging
import NIOCore
import ReservationCore
import ReservationWire

@testable import ReservationGateway

/// A gateway without a network, set up as the input says.
struct GatewayBench {
    let gateway: Gateway
    let ledger: ScriptedLedger
    let peer: IPAddress?

    /// One for all runs: no answer depends on it, and to make it takes longer than to answer.
    private static let metrics = GatewayMetrics()

    init?(_ input: inout InputCursor) {
        let options = input.byte()
        guard let organization = OrganizationID(UInt64(7)), let proxies = AddressRange("10.0.0.0/8") else { return nil }
        var configuration = GatewayConfiguration(defaultOrganization: organization)
        configuration.requiresTicketCode = options & 1 != 0
        if options & 2 != 0 { configuration.trustedProxies = [proxies] }
        if options & 4 != 0 { configuration.organizationHosts = ["portal": organization] }
        configuration.bodyLimitBytes = 1024
        if options & 16 != 0 { configuration.creationsPerMinute = 1 }
        peer = IPAddress(options & 8 == 0 ? "10.1.2.3" : "2001:db8::1")
        ledger = ScriptedLedger(&input)
        gateway = Gateway(
            configuration: configuration, ledger: ledger, logger: Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() },
            metrics: Self.metrics, clock: { 0 })
    }

    /// The body was asked for and is not there yet.
    struct BodyMissing: Error {}

    /// - Parameter body: nil while it has not come.
    /// - Throws: ``BodyMissing``, or a finding.
    func respond(to request: EdgeRequest, body: ByteBuffer?) throws -> (reply: Reply, id: String) {
        let id = RequestID.choose(request.headers.requestID)
        let gateway = gateway
        let reply = try InlineExecutor.run {
            try await gateway.respond(to: request, id: id) { limit in
                guard let body else { throw BodyMissing() }
                return body.readableBytes <= limit ? body : nil
            }
        }
        try ledger.check()
        try Self.check(reply, id: id)
        return (reply, id)
    }

    // MARK: what may be answered

    private static let statuses: Set = [200, 303, 400, 403, 404, 405, 409, 413, 415, 422, 429, 500, 503]

    private static func check(_ reply: Reply, id: String) throws(Finding) {
        try require(statuses.contains(reply.status), "\(reply.status) is a status of the contract")
        for (name, value) in ReplyHeaders.list(reply, id: id, date: DateHeader.now()) {
            try require((name + value).utf8.allSatisfy { (0x20...0x7E).contains($0) }, "a header field is one line of ASCII")
        }
        guard reply.content == .json else { return }
        guard let document = try? JSONValue.parse(reply.body), let object = document.object else { throw Finding("a reply is an object") }
        try require(object["success"]?.bool == (reply.status == 200), "success says whether it is one")
        guard reply.status != 200 else { return }
        let error = object["error"]?.object
        try require(error?["code"]?.string == reply.code && reply.code != nil, "a failure has a code")
        try require(error?["message"]?.string?.isEmpty == false, "a failure has a message")
    }
}
