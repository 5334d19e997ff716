import NIOCore
import ReservationWire

/// How a call ended, before its payload is read; the caller's task does that, so that the event loop does not.
enum CallOutcome: Sendable {
    case response(payload: ByteBuffer, encoding: Encoding, replayed: Bool)
    case refused(Status, ErrorReply)
    case failed(ClientError)
}

/// What is handed to a lane to be asked.
struct CallOrder: Sendable {
    /// Names the call for ``Lane/cancel(_:)``; unique within the client.
    let ticket: UInt64
    let opcode: Opcode
    let payload: ByteBuffer
    let deadline: NIODeadline
    /// Whether it may be sent again when nobody knows whether it was carried out.
    let isRepeatable: Bool
    let changesSomething: Bool
    /// Called once, on the lane's event loop: must only hand over.
    let completion: @Sendable (CallOutcome) -> Void
}

/// One call from its start until its caller has an outcome. Lives on its lane's event loop.
final class PendingCall {
    /// Where a call stands.
    enum Place {
        /// Among those to be written next.
        case waiting
        /// Pausing after a refusal that may pass.
        case pausing
        /// Written; the answer is to come.
        case inFlight(Connection, requestID: UInt64)
        /// The caller has the outcome.
        case ended
    }

    let order: CallOrder
    var place = Place.waiting
    /// It was under way once when a connection broke, or the daemon said OUTCOME_UNKNOWN: a change may have been made.
    var isFateUnknown = false
    /// The daemon that had the attempt which the connection's end took last. While it lives, that attempt may still be on its way.
    var lostIn: UInt128?
    /// The refusal that the call is pausing for, or paused for last.
    var lastRefusal: (status: Status, reply: ErrorReply)?
    var unavailableAnswers = 0

    init(_ order: CallOrder) {
        self.order = order
    }

    var hasEnded: Bool {
        if case .ended = place { true } else { false }
    }

    /// Whether giving up now leaves open whether the change was made.
    var mayHaveExecuted: Bool {
        guard order.changesSomething else { return false }
        if case .inFlight = place { return true }
        return isFateUnknown
    }

    /// What the caller is told when the deadline passes now.
    ///
    /// - Parameter unreachable: why there is no connection, when that is so.
    func outcomeAtDeadline(unreachable: ClientError?) -> CallOutcome {
        if case .inFlight = place {
            return .failed(.deadlineExceeded(mayHaveExecuted: mayHaveExecuted))
        }
        if let lastRefusal, !mayHaveExecuted || lastRefusal.status == .outcomeUnknown {
            return .refused(lastRefusal.status, lastRefusal.reply)
        }
        // The earlier attempt's fate weighs more than why this one could not be made.
        if mayHaveExecuted { return .failed(.outcomeUnknown(order.opcode.name)) }
        return .failed(unreachable ?? .deadlineExceeded(mayHaveExecuted: false))
    }
}
