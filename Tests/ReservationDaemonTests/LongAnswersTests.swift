import NIOCore
import ReservationWire
import Testing

@testable import ReservationDaemon

@Suite("Answers that may be long")
struct LongAnswersTests {
    private func submission(_ id: UInt64) -> Submission {
        Submission(
            requestID: id, opcode: .slotsAvailable, encoding: .tlv, command: .health, deadline: .distantFuture,
            receivedAt: .uptimeNanoseconds(0))
    }

    @Test("are begun in the order of asking, each expected to be as long as the last one was")
    func order() {
        var answers = LongAnswers(expectedBytes: 100)
        for id in UInt64(1)...3 { answers.add(submission(id)) }
        #expect(answers.begin(expectedBytes: answers.expectedBytes)?.requestID == 1)
        #expect(answers.end(1, bytes: 7) == 100)
        #expect(answers.begin(expectedBytes: answers.expectedBytes)?.requestID == 2)
        #expect(answers.end(2, bytes: nil) == 7)
        #expect(answers.expectedBytes == 7)
        #expect(answers.isAnyWaiting)
    }

    @Test("those that wait are forgotten with their connection, those under way are not")
    func forgotten() {
        var answers = LongAnswers(expectedBytes: 100)
        for id in UInt64(1)...2 { answers.add(submission(id)) }
        _ = answers.begin(expectedBytes: 100)
        answers.forgetWaiting()
        #expect(answers.begin(expectedBytes: 100) == nil)
        #expect(answers.end(2, bytes: nil) == nil)
        #expect(answers.end(1, bytes: nil) == 100)
        #expect(answers.end(1, bytes: nil) == nil)
    }
}
