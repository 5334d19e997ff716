import NIOCore
import NIOPosix
import ReservationClient
import ReservationWire

/// The daemon as the gateway sees it: one call, one result.
package protocol Ledger: Sendable {
    /// - Parameter deadline: for everything, waiting for a daemon that restarts included.
    func call<O: Operation>(_ operation: O.Type, _ request: O.Request, deadline: Duration) async -> CallResult<O.Response>

    /// What changes about slots, from now on and until the stream is dropped.
    func watchSlots() -> AsyncStream<SlotWatchEvent>
}

/// The daemon on the other side of a socket, with a connection of its own for each event loop.
///
/// A request is served on the event loop of its HTTP connection (``EventLoopTaskExecutor``). Its call goes out and comes back on the same loop,
/// so no other thread need be woken for it.
package struct SocketLedger: Ledger {
    private let clients: [ObjectIdentifier: ReservationClient]
    /// For callers that are on none of the loops.
    private let anyClient: ReservationClient

    /// - Parameter configuration: of every client; `connections` counts for each.
    package init(_ configuration: ClientConfiguration, group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton) {
        clients = Dictionary(
            uniqueKeysWithValues: group.makeIterator().map {
                (ObjectIdentifier($0), ReservationClient(configuration, eventLoopGroup: $0))
            })
        anyClient = clients.values.first ?? ReservationClient(configuration, eventLoopGroup: group)
    }

    package func call<O: Operation>(_ operation: O.Type, _ request: O.Request, deadline: Duration) async -> CallResult<O.Response> {
        await client.call(operation, request, deadline: deadline)
    }

    package func watchSlots() -> AsyncStream<SlotWatchEvent> { anyClient.watchSlots() }

    /// Ends the connections.
    package func close() async {
        for client in clients.values { await client.close() }
        await anyClient.close()
    }

    private var client: ReservationClient {
        guard let loop = MultiThreadedEventLoopGroup.currentEventLoop else { return anyClient }
        return clients[ObjectIdentifier(loop)] ?? anyClient
    }
}
