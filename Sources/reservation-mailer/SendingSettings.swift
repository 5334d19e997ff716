import ArgumentParser
import Glibc
import Logging
import ReservationCore
import ReservationLog
import ReservationMailer

/// How mail leaves, completed from the environment and checked.
struct SendingSettings {
    let from: EmailAddress
    let address: TransportAddress
    let transport: any Transport

    init(_ options: MailOptions, _ source: OptionSource, _ connection: ConnectionSettings) throws {
        from = try source.address(options.from, "FROM", "the address in From")
        let text = try source.needed(options.transport, "TRANSPORT", "how mail leaves, like smtps://mail.example.com")
        do {
            address = try TransportAddress(
                text, credentials: source.text(options.credentials, "CREDENTIALS"), credentialsDirectory: credentialsDirectory)
            transport = try address.open(connection.curl, connections: connection.count)
        } catch let error as AddressError {
            throw ValidationError("--transport \(error)")
        } catch let error as CredentialError {
            throw ValidationError("--credentials: \(error)")
        }
    }
}

/// How short messages leave, if they do.
struct NoticeSettings {
    let transport: (any NoticeTransport)?

    init(_ options: SMSOptions, _ source: OptionSource, _ connection: ConnectionSettings) throws {
        guard let text = source.text(options.sms, "SMS"), text != "off" else {
            transport = nil
            return
        }
        do {
            transport = try NoticeAddress(
                text, credentials: source.text(options.smsCredentials, "SMS_CREDENTIALS"), credentialsDirectory: credentialsDirectory
            ).open(connection.curl, connections: connection.count)
        } catch let error as AddressError {
            throw ValidationError("--sms \(error)")
        } catch let error as CredentialError {
            throw ValidationError("--sms-credentials: \(error)")
        }
    }
}

/// How providers are spoken to.
struct ConnectionSettings {
    let count: Int
    let curl: CurlSettings

    init(_ options: ConnectionOptions, _ source: OptionSource) throws {
        count = try source.number(options.connections, "CONNECTIONS", in: 1...64, default: 4)
        let timeout = try source.number(options.timeoutSeconds, "TIMEOUT_SECONDS", in: 1...900, default: 120)
        let caFile = source.text(options.caFile, "CA_FILE")
        if let caFile, access(caFile, R_OK) != 0 { throw ValidationError("--ca-file: \(caFile) cannot be read") }
        curl = CurlSettings(timeout: .seconds(timeout), caFile: caFile)
    }
}

/// Where the log goes.
struct LogSettings {
    let level: Logger.Level
    let destination: LogDestination

    init(_ options: LogOptions, _ source: OptionSource) throws {
        guard let level = Logger.Level(rawValue: source.text(options.logLevel, "LOG_LEVEL") ?? "info") else {
            throw ValidationError("--log-level is not one of the levels")
        }
        guard let destination = LogDestination(rawValue: source.text(options.log, "LOG") ?? "auto") else {
            throw ValidationError("--log must be auto, journald or stderr")
        }
        self.level = level
        self.destination = destination
    }
}

/// systemd's credentials of this unit.
private var credentialsDirectory: String? { getenv("CREDENTIALS_DIRECTORY").map { String(cString: $0) } }
