import ArgumentParser
import Glibc
import Logging
import ReservationCore
import ReservationGateway
import ReservationLog

/// The options, completed from the environment and checked.
struct GatewaySettings {
    let socket: String
    let host: String
    let port: Int
    /// Where figures are served; nil for nowhere.
    let metricsAddress: (host: String, port: Int)?
    let gateway: GatewayConfiguration
    let limits: ConnectionLimits
    let logLevel: Logger.Level
    let log: LogDestination

    /// - Parameter environment: gives a variable by the rest of its name after `RESERVATION_GATEWAY_`.
    init(_ options: ReservationGatewayCommand, environment: @escaping (String) -> String?) throws {
        let source = Source(environment: environment)
        guard let socket = options.socket ?? environment("SOCKET"), !socket.isEmpty else {
            throw ValidationError("--socket PATH (or RESERVATION_GATEWAY_SOCKET) is needed: the daemon's socket for gateways")
        }
        self.socket = socket
        (host, port) = try Self.address(options.listen ?? environment("LISTEN") ?? "127.0.0.1:8080")
        let metrics = options.metricsListen ?? environment("METRICS_LISTEN") ?? ""
        metricsAddress = metrics.isEmpty ? nil : try Self.address(metrics, option: "--metrics-listen")
        gateway = GatewayConfiguration(
            defaultOrganization: try Self.organization(
                options.defaultOrganization ?? environment("DEFAULT_ORGANIZATION") ?? "1", "--default-organization"),
            organizationHosts: try Self.hosts(source.list(options.organizationHost, "ORGANIZATION_HOST")),
            requiresTicketCode: try source.flag(options.requireTicketCode, "REQUIRE_TICKET_CODE"),
            phoneMinimumDigits: try source.number(
                options.phoneMinimumDigits, "PHONE_MINIMUM_DIGITS", in: 2...15, default: Limits.phoneMinimumDigits),
            deadline: .seconds(try source.number(options.deadlineSeconds, "DEADLINE_SECONDS", in: 1...60, default: 10)),
            bodyLimitBytes: try source.number(options.bodyLimitBytes, "BODY_LIMIT_BYTES", in: 256...1_048_576, default: 16_384),
            failedValidationsPerMinute: try source.number(
                options.failedValidationsPerMinute, "FAILED_VALIDATIONS_PER_MINUTE", in: 1...1_000_000, default: 30),
            creationsPerMinute: try source.number(options.creationsPerMinute, "CREATIONS_PER_MINUTE", in: 0...1_000_000, default: 0),
            rateLimitExempt: try source.list(options.rateLimitExempt, "RATE_LIMIT_EXEMPT")
                .map { try Self.range($0, "--rate-limit-exempt") },
            trustedProxies: try source.list(options.trustedProxy, "TRUSTED_PROXY").map { try Self.range($0, "--trusted-proxy") },
            openPages: try source.number(options.openPageLimit, "OPEN_PAGE_LIMIT", in: 0...1_000_000, default: 8192))
        var limits = ConnectionLimits()
        limits.connections = try source.number(options.connectionLimit, "CONNECTION_LIMIT", in: 1...1_000_000, default: limits.connections)
        // A request in progress at SIGTERM may take its whole deadline.
        limits.shutdownSeconds = gateway.deadline.components.seconds + 10
        self.limits = limits
        let level = options.logLevel ?? environment("LOG_LEVEL") ?? "info"
        guard let logLevel = Logger.Level(rawValue: level) else { throw ValidationError("--log-level is not one of the levels") }
        self.logLevel = logLevel
        guard let log = LogDestination(rawValue: options.log ?? environment("LOG") ?? "auto") else {
            throw ValidationError("--log must be auto, journald or stderr")
        }
        self.log = log
    }

    static func processEnvironment(_ name: String) -> String? {
        getenv("RESERVATION_GATEWAY_\(name)").map { String(cString: $0) }
    }

    /// `127.0.0.1:8080`, `[::1]:8080`.
    private static func address(_ text: String, option: String = "--listen") throws -> (host: String, port: Int) {
        guard let colon = text.lastIndex(of: ":"), let port = Int(text[text.index(after: colon)...]), (0...65_535).contains(port),
            colon > text.startIndex
        else { throw ValidationError("\(option) must be HOST:PORT, for instance 127.0.0.1:8080") }
        var host = text[..<colon]
        if host.first == "[", host.last == "]" { host = host.dropFirst().dropLast() }
        return (String(host), port)
    }

    private static func organization(_ text: some StringProtocol, _ option: String) throws -> OrganizationID {
        guard let number = UInt64(text), let organization = OrganizationID(number) else {
            throw ValidationError("\(option): an organization is a whole number from 1 on")
        }
        return organization
    }

    private static func hosts(_ entries: [String]) throws -> [String: OrganizationID] {
        var hosts: [String: OrganizationID] = [:]
        for entry in entries {
            let parts = entry.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { throw ValidationError("--organization-host must be HOST=ORQ") }
            let organization = try organization(parts[1], "--organization-host")
            guard hosts.updateValue(organization, forKey: OrganizationChoice.normalize(String(parts[0]))) == nil else {
                throw ValidationError("--organization-host names \(parts[0]) twice")
            }
        }
        return hosts
    }

    private static func range(_ text: String, _ option: String) throws -> AddressRange {
        guard let range = AddressRange(text) else {
            throw ValidationError("\(option): \(text) is no address or network like 10.0.0.0/8")
        }
        return range
    }
}

/// Where a setting comes from when the command line does not say: the environment.
private struct Source {
    let environment: (String) -> String?

    func list(_ option: [String], _ name: String) -> [String] {
        guard option.isEmpty, let text = environment(name) else { return option }
        return text.split(separator: ",").map { $0.filter { $0 != " " } }.filter { !$0.isEmpty }
    }

    func number(_ option: String?, _ name: String, in range: ClosedRange<Int>, default fallback: Int) throws -> Int {
        guard let text = option ?? environment(name) else { return fallback }
        guard let value = Int(text), range.contains(value) else {
            throw ValidationError("\(optionName(name)) must be a whole number from \(range.lowerBound) to \(range.upperBound)")
        }
        return value
    }

    func flag(_ option: Bool, _ name: String) throws -> Bool {
        if option { return true }
        switch environment(name)?.lowercased() {
        case nil, "", "0", "false", "no": return false
        case "1", "true", "yes": return true
        default: throw ValidationError("RESERVATION_GATEWAY_\(name) must be 1 or 0")
        }
    }

    private func optionName(_ variable: String) -> String {
        "--\(variable.lowercased().replacing("_", with: "-"))"
    }
}
