import Logging
import NIOCore
import ReservationLog
import Synchronization

extension EventName {
    static let descriptorsExhausted: EventName = "descriptors.exhausted"
    static let descriptorsAvailable: EventName = "descriptors.available"
}

/// Tells the operator that callers are turned away for want of descriptors: once when that begins and once when it is over, however many
/// callers come meanwhile and on however many sockets.
package final class DescriptorShortage: Sendable {
    /// Nobody turned away for so long, and a descriptor to be had: it is over.
    private static let calm = TimeAmount.seconds(1)

    private struct State {
        var isOn = false
        var refused = 0
        var latest = NIODeadline.uptimeNanoseconds(0)
    }

    let reserve: DescriptorReserve
    private let logger: Logger
    private let state = Mutex(State())

    package init(reserve: DescriptorReserve = .shared, logger: Logger) {
        self.reserve = reserve
        self.logger = logger
    }

    /// - Parameter refused: callers that were told, of those who could not be served.
    func met(refused: Int, on loop: any EventLoop) {
        let isNew = state.withLock { state in
            defer { state.isOn = true }
            state.refused += refused
            state.latest = .now()
            return !state.isOn
        }
        guard isNew else { return }
        logger.record(
            .warning, .descriptorsExhausted,
            [
                .limit: "\(DescriptorLimit.current)",
                .hint: "New callers are refused until others leave. Raise LimitNOFILE= of the unit (ulimit -n), or fs.file-max.",
            ])
        watch(on: loop)
    }

    /// A task that repeats itself and ends with the shortage.
    private func watch(on loop: any EventLoop) {
        loop.scheduleRepeatedTask(initialDelay: Self.calm, delay: Self.calm) { task in
            guard let refused = self.endIfOver() else { return }
            task.cancel()
            self.logger.record(.notice, .descriptorsAvailable, [.count: "\(refused)", .hint: "New callers are served again."])
        }
    }

    /// - Returns: how many were refused, when it is over.
    private func endIfOver() -> Int? {
        reserve.refill()
        let isOneFree = DescriptorLimit.isOneFree
        return state.withLock { state in
            guard isOneFree, reserve.isHeld, NIODeadline.now() - state.latest >= Self.calm else { return nil }
            defer { state = State() }
            return state.refused
        }
    }
}
