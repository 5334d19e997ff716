import NIOCore

/// Serves requests that came before the one ahead of them was answered (HTTP pipelining): one, of whichever connection, between two looks
/// of the event loop at its sockets.
///
/// A request is served by tasks on its event loop, and the loop looks at its sockets only when it has no task left. So a peer that sends a
/// thousand requests in one piece would keep everybody else on that loop waiting until the last of them is answered.
///
/// Lives on its event loop.
final class PipelineTurns {
    /// In the future, so that the loop finds no task due and looks at its sockets first; and so far that floods of such requests, which no
    /// browser sends, leave most of a processor to the others.
    private static let pause = TimeAmount.microseconds(200)

    private let loop: any EventLoop
    private var waiting = CircularBuffer<() -> Void>()

    init(_ loop: any EventLoop) {
        self.loop = loop
    }

    /// Calls back when it is the caller's turn.
    func wait(_ turn: @escaping () -> Void) {
        waiting.append(turn)
        if waiting.count == 1 { schedule() }
    }

    private func schedule() {
        loop.assumeIsolated().scheduleTask(in: Self.pause) {
            let turn = self.waiting.removeFirst()
            if !self.waiting.isEmpty { self.schedule() }
            turn()
        }
    }
}

/// The turns of a group's event loops.
struct EventLoopPipelineTurns: Sendable {
    private let turns: [ObjectIdentifier: NIOLoopBoundBox<PipelineTurns>]

    init(_ group: any EventLoopGroup) {
        turns = Dictionary(
            uniqueKeysWithValues: group.makeIterator().map { loop in
                (
                    ObjectIdentifier(loop),
                    NIOLoopBoundBox.makeBoxSendingValue(PipelineTurns(loop), as: PipelineTurns.self, eventLoop: loop)
                )
            })
    }

    /// To be called on the loop. One of another group has turns for each connection.
    func turns(on loop: any EventLoop) -> PipelineTurns {
        turns[ObjectIdentifier(loop)]?.value ?? PipelineTurns(loop)
    }
}
