import ArgumentParser

/// By which way mail leaves: what every command that sends has.
struct MailOptions: ParsableArguments {
    @Option(help: "Who sends: the address in From, to which bounces come.")
    var from: String?

    @Option(
        help: ArgumentHelp(
            "How mail leaves: smtp://HOST[:587][?starttls=never&ehlo=NAME], smtps://HOST[:465], sendgrid:[?base=URL&sandbox=1] or directory:PATH.",
            valueName: "address"))
    var transport: String?

    @Option(
        help: ArgumentHelp(
            "File with user:password for SMTP, or with SendGrid's API key. (default: the systemd credential smtp, sendgrid or mail)",
            valueName: "file"))
    var credentials: String?
}

/// By which way short messages leave.
struct SMSOptions: ParsableArguments {
    @Option(help: ArgumentHelp("How short messages leave: twilio:SENDER[?base=URL]; off without it.", valueName: "address"))
    var sms: String?

    @Option(
        help: ArgumentHelp(
            "File with ACCOUNT_SID:AUTH_TOKEN. (default: the systemd credential twilio or sms, if there is one)", valueName: "file"))
    var smsCredentials: String?
}

/// How providers are spoken to.
struct ConnectionOptions: ParsableArguments {
    @Option(help: "Messages that are sent at once, each on a connection of its own. (default: 4)")
    var connections: String?

    @Option(
        help: """
            Seconds that the sending of one message may take; a server that was given up too early may have taken it, and gets it again. \
            (default: 120)
            """)
    var timeoutSeconds: String?

    @Option(help: ArgumentHelp("Certificates of authorities to trust, in PEM. (default: the machine's)", valueName: "file"))
    var caFile: String?
}

/// Where the log goes.
struct LogOptions: ParsableArguments {
    @Option(help: "Least level that is logged: trace, debug, info, notice, warning, error or critical. (default: info)")
    var logLevel: String?

    @Option(help: "Where the log goes: auto, journald or stderr. (default: auto)")
    var log: String?
}
