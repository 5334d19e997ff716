import Glibc
import ReservationMailer

/// Sends messages a few at a time and says of each what became of it.
struct TrialRun<Message: Sendable> {
    private let messages: [Message]
    private let connections: Int
    private let send: @Sendable (Message) async -> SendResult

    init(_ messages: [Message], connections: Int, _ send: @escaping @Sendable (Message) async -> SendResult) {
        self.messages = messages
        self.connections = connections
        self.send = send
    }

    /// - Returns: the exit status, of sysexits(3).
    func run() async -> Int32 {
        await withTaskGroup(of: SendResult.self) { group in
            var waiting = messages.makeIterator()
            for _ in 0..<connections {
                if let message = waiting.next() { group.addTask { await send(message) } }
            }
            var worst = EX_OK
            for await result in group {
                print(Self.line(result))
                worst = max(worst, Self.status(result))
                if let message = waiting.next() { group.addTask { await send(message) } }
            }
            return worst
        }
    }

    private static func line(_ result: SendResult) -> String {
        switch result {
        case .accepted(let providerID): "accepted\(providerID.map { ": \($0)" } ?? "")"
        case .refused(let reason): "refused: \(reason)"
        case .credentialsRefused(let reason): "credentials or sender refused: \(reason)"
        case .retry(nil, let reason): "may go another time: \(reason)"
        case .retry(let pause?, let reason): "may go in \(pause.components.seconds) s: \(reason)"
        }
    }

    private static func status(_ result: SendResult) -> Int32 {
        switch result {
        case .accepted: EX_OK
        case .refused: EX_UNAVAILABLE
        case .retry: EX_TEMPFAIL
        case .credentialsRefused: EX_NOPERM
        }
    }
}
