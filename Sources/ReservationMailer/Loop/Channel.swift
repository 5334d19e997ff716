import ReservationCore
import ReservationQR
import Synchronization

/// One kind of message: how it is made and sent, and whether that may be done now.
final class Channel: Sendable {
    let kind: Delivery.Kind
    private let send: @Sendable (Delivery) async -> SendResult
    private let gate: Mutex<SendingGate>
    private let start = ContinuousClock.now

    init(kind: Delivery.Kind, gate: SendingGate, send: @escaping @Sendable (Delivery) async -> SendResult) {
        self.kind = kind
        self.send = send
        self.gate = Mutex(gate)
    }

    static func email(_ transport: any Transport, _ composer: ConfirmationComposer, gate: SendingGate) -> Channel {
        Channel(kind: .email, gate: gate) { delivery in
            do throws(QRError) {
                return await transport.send(try composer.message(for: delivery))
            } catch {
                return .retry(after: nil, FailureReason("the QR code could not be drawn: \(error)"))
            }
        }
    }

    static func sms(_ transport: any NoticeTransport, gate: SendingGate) -> Channel {
        Channel(kind: .sms, gate: gate) { await transport.send(OutgoingNotice($0)) }
    }

    /// How long nothing can be sent; nil when something can.
    var wait: Duration? { gate.withLock { $0.wait(at: uptime) } }

    /// Whether a single message may go, to see whether credentials are good again.
    var isProbeDue: Bool { gate.withLock { $0.isProbeDue } }

    /// What became of a delivery for which the gate was open, or how long it is closed.
    enum Turn: Sendable {
        case sent(SendResult, SendingGate.Change?)
        case closed(Duration)
    }

    func take(_ delivery: Delivery) async -> Turn {
        if case .wait(let pause) = gate.withLock({ $0.admit(at: uptime) }) { return .closed(pause) }
        let result = await send(delivery)
        return .sent(result, gate.withLock { $0.report(result, at: uptime) })
    }

    private var uptime: Duration { ContinuousClock.now - start }
}
