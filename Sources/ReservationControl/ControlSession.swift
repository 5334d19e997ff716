import ReservationClient
import ReservationWire

/// What a command works with: its options' sources, the way to the daemon, and how to report.
struct ControlSession: Sendable {
    let options: OptionReader
    let client: ReservationClient
    let isJSON: Bool
    /// For one request, connecting included.
    let timeout: Duration

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

    /// Finds out within the ordinary time whether anybody is there, before asking for something that may take long.
    func knock() async throws(ControlFailure) {
        do throws(ClientError) {
            try await client.ping(deadline: timeout)
        } catch {
            throw ControlFailure(error)
        }
    }

    /// Only the form that was asked for is made.
    func report(text: () -> String, json: () -> Report) -> Report {
        isJSON ? json() : .text(text())
    }
}
