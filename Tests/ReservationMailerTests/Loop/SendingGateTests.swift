import Testing

@testable import ReservationMailer

@Suite("The gate")
struct SendingGateTests {
    private let reason = FailureReason("535 wrong")

    @Test("refused credentials close it, and are said once")
    func closing() {
        var gate = SendingGate()
        #expect(gate.admit(at: .zero) == .go)
        #expect(gate.report(.credentialsRefused(reason), at: .zero) == .paused(reason))
        // Those that were on their way.
        #expect(gate.report(.credentialsRefused(reason), at: .zero) == nil)
        #expect(gate.admit(at: .seconds(10)) == .wait(.seconds(20)))
    }

    @Test("one message is let through to see, and pauses grow while it is refused")
    func probing() {
        var gate = SendingGate()
        var now = Duration.zero
        _ = gate.report(.credentialsRefused(reason), at: now)
        for pause in [30, 60, 120, 240, 480, 600, 600] as [Int64] {
            now += .seconds(pause)
            #expect(gate.isProbeDue)
            #expect(gate.wait(at: now - .milliseconds(1)) != nil)
            #expect(gate.admit(at: now) == .go)
            guard case .wait = gate.admit(at: now) else {
                Issue.record("a second message is let through")
                return
            }
            #expect(gate.report(.credentialsRefused(reason), at: now) == nil)
        }
    }

    @Test(
        "it opens when one is accepted, or refused for its own sake",
        arguments: [SendResult.accepted(providerID: nil), .refused(FailureReason("550"))])
    func opening(result: SendResult) {
        var gate = SendingGate()
        _ = gate.report(.credentialsRefused(reason), at: .zero)
        #expect(gate.admit(at: .seconds(30)) == .go)
        #expect(gate.report(result, at: .seconds(31)) == .resumed)
        #expect(gate.admit(at: .seconds(31)) == .go)
        #expect(!gate.isProbeDue)
        // Anew, and said anew.
        #expect(gate.report(.credentialsRefused(reason), at: .seconds(32)) == .paused(reason))
        #expect(gate.admit(at: .seconds(33)) == .wait(.seconds(29)))
    }

    @Test("a server that cannot be reached proves nothing about credentials")
    func unclear() {
        var gate = SendingGate()
        _ = gate.report(.credentialsRefused(reason), at: .zero)
        #expect(gate.admit(at: .seconds(30)) == .go)
        #expect(gate.report(.retry(after: nil, FailureReason("no answer")), at: .seconds(40)) == nil)
        #expect(gate.admit(at: .seconds(41)) == .wait(.seconds(29)))
    }

    @Test("a pause that the provider asks for holds everything, then it goes on by itself")
    func resting() {
        var gate = SendingGate()
        #expect(gate.report(.retry(after: .seconds(7), FailureReason("429")), at: .zero) == .resting(.seconds(7)))
        #expect(gate.report(.retry(after: .seconds(9), FailureReason("429")), at: .seconds(1)) == nil)
        #expect(gate.admit(at: .seconds(9)) == .wait(.seconds(1)))
        #expect(gate.admit(at: .seconds(10)) == .go)
        #expect(gate.report(.retry(after: nil, FailureReason("450")), at: .seconds(10)) == nil)
        #expect(gate.admit(at: .seconds(10)) == .go)
    }
}
