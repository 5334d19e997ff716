import ArgumentParser

/// Options of every command; they may stand before the noun or after the verb.
struct GlobalOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The daemon's socket (default: /run/reservation/admin.sock).", valueName: "path"))
    var socket: String?

    @Flag(help: "Print one JSON document.")
    var json = false

    @Option(help: ArgumentHelp("How long a request may take, connecting included (default: 5).", valueName: "seconds"))
    var timeout: String?

    /// What was typed after the verb weighs more than what was typed before the noun.
    func over(_ outer: GlobalOptions) -> GlobalOptions {
        var merged = self
        merged.socket = socket ?? outer.socket
        merged.json = json || outer.json
        merged.timeout = timeout ?? outer.timeout
        return merged
    }
}

/// A noun and a verb: maps what was typed to requests, asks the daemon, and says what came of it.
///
/// A command prints nothing itself and does not end the program, so that it can be tested whole.
protocol ControlCommand: ParsableCommand {
    /// First word of the command.
    static var noun: String { get }
    var root: ReservationCommand { get }
    var global: GlobalOptions { get }

    func perform(in session: ControlSession) async throws(ControlFailure) -> Report
}

/// A noun alone: names its verbs.
protocol NounCommand: ParsableCommand {}

extension NounCommand {
    /// What to say when the verb is missing.
    static var missingVerb: ControlFailure {
        let verbs = configuration.subcommands.map { $0.configuration.commandName ?? "" }.joined(separator: ", ")
        return ControlFailure(.usage, "\(configuration.commandName ?? "this") needs a verb: \(verbs)")
    }
}
