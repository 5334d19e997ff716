import ReservationClient
import ReservationWire

/// The daemon as the gateway sees it: one call, one result.
package protocol Ledger: Sendable {
    /// - Parameter deadline: for everything, waiting for a daemon that restarts included.
    func call<O: Operation>(_ operation: O.Type, _ request: O.Request, deadline: Duration) async -> CallResult<O.Response>
}

/// The daemon on the other side of a socket.
package struct SocketLedger: Ledger {
    private let client: ReservationClient

    package init(_ client: ReservationClient) {
        self.client = client
    }

    package func call<O: Operation>(_ operation: O.Type, _ request: O.Request, deadline: Duration) async -> CallResult<O.Response> {
        await client.call(operation, request, deadline: deadline)
    }
}
