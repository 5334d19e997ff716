import NIOCore
import Synchronization

/// One of the client's connections across all its reconnects: the side of it that any thread may call.
///
/// Calls are left in a mailbox; the first one wakes the event loop, those that come while it is busy ride along and are written with one
/// flush. So a call costs a lock and at most one hop, and no task.
final class Lane: Sendable {
    private enum Letter: Sendable {
        case call(CallOrder)
        case cancel(UInt64)
        case ping(id: UInt64, deadline: NIODeadline, @Sendable (ClientError?) -> Void)
        case close((@Sendable () -> Void)?)
    }

    private struct Mailbox: Sendable {
        var letters: [Letter] = []
        /// The event loop was woken and has not emptied the box yet.
        var isWaking = false
    }

    let loop: any EventLoop
    private let mailbox = Mutex(Mailbox())
    private let core: NIOLoopBoundBox<LaneCore>

    init(
        configuration: ClientConfiguration, gauge: CallGauge, loop: any EventLoop, surroundings: ClientSurroundings,
        listener: ConnectionListener? = nil
    ) {
        self.loop = loop
        self.core = NIOLoopBoundBox.makeBoxSendingValue(
            LaneCore(configuration: configuration, gauge: gauge, loop: loop, surroundings: surroundings, listener: listener),
            as: LaneCore.self, eventLoop: loop)
    }

    func call(_ order: CallOrder) {
        post(.call(order))
    }

    /// Harmless when the call has ended, or is unknown.
    func cancel(_ ticket: UInt64) {
        post(.cancel(ticket))
    }

    /// `completion` hears nil when the pong came.
    func ping(id: UInt64, deadline: NIODeadline, _ completion: @escaping @Sendable (ClientError?) -> Void) {
        post(.ping(id: id, deadline: deadline, completion))
    }

    /// Fails what is pending and closes the connection; `completion` is called when it is closed.
    func close(_ completion: (@Sendable () -> Void)?) {
        post(.close(completion))
    }

    private func post(_ letter: Letter) {
        let mustWake = mailbox.withLock { box in
            box.letters.append(letter)
            defer { box.isWaking = true }
            return !box.isWaking
        }
        if mustWake {
            loop.execute { self.deliver() }
        }
    }

    private func deliver() {
        let letters = mailbox.withLock { box in
            box.isWaking = false
            defer { box.letters = [] }
            return box.letters
        }
        let core = core.value
        for letter in letters {
            switch letter {
            case .call(let order): core.begin(order)
            case .cancel(let ticket): core.cancel(ticket)
            case .ping(let id, let deadline, let completion): core.ping(id: id, deadline: deadline, completion)
            case .close(let completion): core.close(completion)
            }
        }
        core.pump()
    }
}
