import NIOCore
import NIOPosix
import ReservationWire

// How a connection's long answers are begun, written down and ended.

extension ConnectionHandler {
    func advanceLongAnswers() {
        joinLongAnswerLine()
        server.longAnswerLine.advance()
    }

    /// A peer that does not take its answers gets no further turn.
    private func joinLongAnswerLine() {
        guard longAnswers.isAnyWaiting, !longAnswers.isInLine, unwrittenBytes <= server.settings.holdReadingBytes else { return }
        longAnswers.isInLine = true
        server.longAnswerLine.join(self, on: eventLoop, expectedBytes: longAnswers.expectedBytes)
    }

    /// Its turn has come.
    ///
    /// - Returns: false when nothing was begun.
    func beginLongAnswer(expectedBytes: Int) -> Bool {
        longAnswers.isInLine = false
        guard !isClosing, let sink, let submission = longAnswers.begin(expectedBytes: expectedBytes) else { return false }
        defer { joinLongAnswerLine() }
        if server.ledger.submit([submission], for: sink) { return true }
        _ = longAnswers.end(submission.requestID, bytes: nil)
        refuseForFullQueue(submission)
        flushOutput()
        return false
    }

    func endLongAnswer(_ requestID: UInt64, bytes: Int?) {
        guard let expected = longAnswers.end(requestID, bytes: bytes) else { return }
        server.longAnswerLine.ended(expectedBytes: expected)
        advanceLongAnswers()
    }

    /// On another thread, since the event loop has other connections to see to.
    func encodeElsewhere(_ outcome: Outcome, of submission: Submission) {
        let server = server
        NIOThreadPool.singleton.runIfActive(eventLoop: eventLoop) {
            var encoded = ByteBuffer()
            server.encoder.write(outcome, to: submission, surroundings: server.surroundings, into: &encoded)
            return encoded
        }.assumeIsolated().whenComplete { result in
            guard self.context != nil, let encoded = try? result.get() else {
                self.endLongAnswer(submission.requestID, bytes: nil)
                return self.close()
            }
            // What was written down before goes out first, so that this need not be copied.
            self.flushOutput()
            self.output = encoded
            self.completed(submission, bytes: encoded.readableBytes)
            self.flushOutput()
        }
    }
}
