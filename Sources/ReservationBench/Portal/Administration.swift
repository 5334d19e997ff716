import ReservationClient
import ReservationWire

/// The daemon's administrators' socket: what a run needs before it, and what it is checked by after it.
struct Administration: Sendable {
    private let client: ReservationClient

    init(socketPath: String) {
        client = ReservationClient(ClientConfiguration(socketPath: socketPath, name: "reservation-bench", defaultDeadline: .seconds(60)))
    }

    func close() async { await client.close() }

    func ask<O: Operation>(_ operation: O.Type, _ request: O.Request) async throws(BenchFailure) -> O.Response {
        switch await client.call(operation, request, deadline: .seconds(60)) {
        case .answered(let response, _): return response
        case .refused(let status, let reply): throw BenchFailure("\(O.opcode.name): \(status.name): \(reply.message)")
        case .failed(let error): throw BenchFailure("\(O.opcode.name): \(error)")
        }
    }

    func status() async throws(BenchFailure) -> DaemonStatusResponse { try await ask(DaemonStatus.self, DaemonStatusRequest()) }

    /// Runs every check the daemon has.
    ///
    /// - Throws: the first that fails.
    func examine() async throws(BenchFailure) {
        for finding in try await ask(Doctor.self, DoctorRequest()).findings where !finding.ok {
            throw BenchFailure("doctor: \(finding.check): \(finding.detail)")
        }
    }
}
