import Synchronization

@testable import ReservationMailer

/// Answers as a test wants it, and keeps what it was given.
final class ScriptedTransport: Transport, NoticeTransport {
    private struct State {
        var sent: [UInt64] = []
        var atOnce = 0
        var mostAtOnce = 0
    }

    private let state = Mutex(State())
    private let answer: @Sendable (_ outboxID: UInt64, _ times: Int) async -> SendResult

    /// - Parameter answer: given the row's number and how often it has come, this time included.
    init(_ answer: @escaping @Sendable (_ outboxID: UInt64, _ times: Int) async -> SendResult = { _, _ in .accepted(providerID: "taken") })
    {
        self.answer = answer
    }

    func send(_ message: OutgoingMessage) async -> SendResult { await take(message.outboxID) }
    func send(_ notice: OutgoingNotice) async -> SendResult { await take(notice.outboxID) }

    private func take(_ outboxID: UInt64) async -> SendResult {
        let times = state.withLock { state in
            state.sent.append(outboxID)
            state.atOnce += 1
            state.mostAtOnce = max(state.mostAtOnce, state.atOnce)
            return state.sent.count { $0 == outboxID }
        }
        defer { state.withLock { $0.atOnce -= 1 } }
        return await answer(outboxID, times)
    }

    var sent: [UInt64] { state.withLock { $0.sent } }
    var mostAtOnce: Int { state.withLock { $0.mostAtOnce } }
}
