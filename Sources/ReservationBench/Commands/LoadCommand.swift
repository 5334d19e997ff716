import ArgumentParser
import ReservationWire

/// One run.
struct LoadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "load", abstract: "Sends requests of one kind and tells how fast they were answered.",
        discussion: """
            Over the daemon's socket with --socket, over HTTP with --http. The run makes its own organisation, slots and tickets over \
            --admin, and afterwards checks there that every accepted reservation is stored. Without --admin the other side is taken to \
            know tickets and slots with the numbers from 1 on; then nothing is checked here.
            """)

    @Option(help: "create, validate, available or empty.")
    var subject: Workload.Subject

    @Option(help: "The daemon's gateway.sock, service.sock or admin.sock.")
    var socket: String?

    @Option(help: "ADDRESS:PORT of an HTTP server, instead of --socket.")
    var http: String?

    @Option(help: "The daemon's admin.sock.")
    var admin: String?

    @Option(help: "TLV or JSON, for --socket.")
    var encoding: Encoding = .tlv

    @Option(help: "rising (the time first, as the gateway makes them), random or none: the idempotency keys of creates over --socket.")
    var keys: KeyOrder = .rising

    @Option(help: "How many slots the creates are spread over, or the calendar shows; 1 is one hot slot.")
    var slots = 100

    @Option(help: "How many of the slots are on one day.")
    var slotsPerDay: Int?

    @Option(help: "How many requests.")
    var requests = 100_000

    @Option(help: "Stop sending after so many seconds.")
    var seconds: Double?

    @Option(help: "How many connections.")
    var connections = 8

    @Option(help: "How many requests wait for their answer at any time; as many as connections by default.")
    var inFlight: Int?

    @Option(help: "So many requests a second at fixed moments, instead of --in-flight. Latency counts from the moment a request was due.")
    var rate: Double?

    @Option(help: "The calendar's month, YYYY-MM, where there is no --admin.")
    var month = "2027-01"

    @Option(help: "The first ticket's number, where there is no --admin.")
    var firstTicket = 1

    @Option(help: "The run's name in its report.")
    var name: String?

    @Flag(help: "Run all of the daemon's own checks afterwards.")
    var doctor = false

    @Flag(help: "Report as one JSON object.")
    var json = false

    func validate() throws {
        guard (socket == nil) != (http == nil) else { throw ValidationError("give either --socket or --http") }
        guard requests > 0, connections > 0, slots > 0, (inFlight ?? 1) > 0, (rate ?? 1) > 0 else {
            throw ValidationError("numbers must be positive")
        }
        let most = http == nil ? FrameScanner.requestsPerConnection : HTTPScanner.requestsPerConnection
        guard (inFlight ?? 0) <= connections * most else { throw ValidationError("a connection has at most \(most) in flight") }
    }

    func run() async throws {
        let administration = admin.map { Administration(socketPath: $0) }
        let venue: Venue?
        if let administration { venue = try await Venue(slots: slots, perDay: perDay, on: administration) } else { venue = nil }
        let workload = try await workload(venue)
        let before = try await administration?.status()
        var measurement = try measure(workload)
        if let administration, let before, let venue {
            let audit = Audit(administration: administration, venue: venue, before: before)
            measurement.commits = try await audit.check(measurement.result, subject: subject)
            if doctor { try await administration.examine() }
            await administration.close()
        }
        print(json ? measurement.json : measurement.text)
    }

    /// A calendar's slots lie in one month; others may all be on one day.
    private var perDay: Int { slotsPerDay ?? (subject == .available ? max(1, (slots + 24) / 25) : min(slots, 200)) }

    private func workload(_ venue: Venue?) async throws -> Workload {
        let count = subject == .create ? requests : subject == .validate ? min(requests, 20_000) : 1
        guard let venue else {
            let numbers = firstTicket..<firstTicket + count
            return Workload(
                subject: subject, organization: 1, month: month, slots: (1...slots).map { UInt64($0) },
                tickets: numbers.map { (UInt64($0), Self.code($0)) })
        }
        let tickets = try await venue.issueTickets(count)
        return Workload(
            subject: subject, organization: venue.organization, month: venue.month, slots: venue.slots.map(\.slotID),
            tickets: tickets.map { ($0.ticketID, $0.ticketCode) })
    }

    /// What a foreign server's tickets are called: by their numbers.
    private static func code(_ number: Int) -> String {
        let digits = String(number)
        return "TKT-2026-BENCHM-" + String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }

    private func measure(_ workload: Workload) throws -> Measurement {
        let pace = rate.map { Pace.perSecond($0) } ?? .inFlight(inFlight ?? connections)
        if let socket {
            let book = try workload.frames(requests, encoding: encoding, keys: keys)
            let lanes = try Connecting.frameLanes(connections, path: socket, book: book, encoding: encoding)
            let peer = lanes.first?.socket.peerProcess
            return try measure(try LoadRun(lanes: lanes, total: requests, pace: pace, seconds: seconds), peer: peer)
        }
        let endpoint = try Endpoint.tcp(http ?? "")
        let lanes = try Connecting.httpLanes(connections, endpoint: endpoint, book: workload.httpRequests(requests))
        return try measure(try LoadRun(lanes: lanes, total: requests, pace: pace, seconds: seconds), peer: nil)
    }

    private func measure(_ run: LoadRun<some AnswerScanner>, peer: Int32?) throws -> Measurement {
        let before = peer.flatMap { ProcessorTime.of(process: $0) }
        var measurement = Measurement(name: name ?? defaultName, result: try run.run())
        if let peer, let before, let after = ProcessorTime.of(process: peer) {
            measurement.peer = (after - before, PeakMemory.kibibytes(ofProcess: peer) ?? 0)
        }
        return measurement
    }

    private var defaultName: String {
        let way = socket == nil ? "HTTP" : "socket, \(encoding.name)"
        let pace = rate.map { "\($0) a second" } ?? "\(inFlight ?? connections) in flight"
        return "\(subject.rawValue), \(way), \(slots) slots, \(pace), \(connections) connections"
    }
}

extension Workload.Subject: ExpressibleByArgument {}
extension KeyOrder: ExpressibleByArgument {}

extension Encoding: ExpressibleByArgument {
    /// `tlv` or `json`.
    package init?(argument: String) {
        switch argument.lowercased() {
        case "tlv": self = .tlv
        case "json": self = .json
        default: return nil
        }
    }
}
