import Glibc
import ReservationClient
import ReservationWire

/// What a command works with: its options' sources, the way to the daemon, and how to report.
struct ControlSession: Sendable {
    let options: OptionReader
    let client: ReservationClient
    let isJSON: Bool
    /// For one request, connecting included.
    let timeout: Duration
    /// For lists that are printed while they are read; everything else is a ``Report``.
    var output: any ControlOutput = GatheredOutput()

    /// Asks the daemon.
    ///
    /// - Throws: its refusal, or why there is no answer.
    func ask<O: Operation>(_ operation: O.Type, _ request: O.Request, timeout: Duration? = nil) async throws(ControlFailure) -> O.Response {
        switch await client.call(operation, request, deadline: timeout ?? self.timeout) {
        case .answered(let response, _): return response
        case .refused(let status, let reply): throw ControlFailure(status, reply)
        case .failed(let error): throw ControlFailure(error)
        }
    }

    /// Has the operator say yes to what cannot be undone.
    ///
    /// - Parameters:
    ///   - isGiven: `--yes` was typed.
    ///   - what: one line that says what will be done.
    /// - Throws: when the answer is another, or there is nobody to ask.
    func confirm(_ isGiven: Bool, _ what: String) throws(ControlFailure) {
        if isGiven { return }
        guard isatty(STDIN_FILENO) == 1, isatty(STDERR_FILENO) == 1 else {
            throw ControlFailure(.usage, "\(what): this cannot be undone, and there is no terminal to ask at: add --yes to do it")
        }
        let question = "\(PrintableText.escaped(what)). This cannot be undone. Type yes to do it: "
        _ = question.withCString { write(STDERR_FILENO, $0, strlen($0)) }
        guard readLine()?.lowercased() == "yes" else { throw ControlFailure(.refused, "not confirmed: nothing was done") }
    }

    /// Finds out within the ordinary time whether anybody is there, before asking for something that may take long.
    func knock() async throws(ControlFailure) {
        do throws(ClientError) {
            try await client.ping(deadline: timeout)
        } catch {
            throw ControlFailure(error)
        }
    }

    /// Prints something before the command has ended, for commands that go on.
    ///
    /// - Throws: when nobody takes it.
    func emit(_ report: Report) throws(ControlFailure) {
        guard !StandardStream.write(report.bytes, to: STDOUT_FILENO) else { return }
        throw ControlFailure(.inputOutput, "standard output cannot be written (\(String(cString: strerror(errno))))")
    }

    /// How a list is to be printed.
    func listFormat(isCSV: Bool) throws(ControlFailure) -> ListFormat {
        guard try options.flag(isCSV, "csv") else { return isJSON ? .json : .table }
        guard !isJSON else { throw ControlFailure(.usage, "a list is printed as --json or as --csv: give one of them") }
        return .csv
    }

    /// Only the form that was asked for is made.
    func report(text: () -> String, json: () -> Report) -> Report {
        isJSON ? json() : .text(text())
    }
}
