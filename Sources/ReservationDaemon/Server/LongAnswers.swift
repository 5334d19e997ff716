import NIOCore

/// One connection's reads whose answers may be long: what waits for its turn, and what is under way.
///
/// Frames are small and bounded, their answers are not small: a month with thousands of slots has half a megabyte. Begun all at once, the
/// thousand requests that may be in flight would hold that much memory each, and keep the other connections waiting for as long as it
/// takes to write them down. So few are begun at a time; the others wait as requests, which cost little.
struct LongAnswers {
    private var waiting = CircularBuffer<Submission>()
    /// Bytes expected of each one that is under way.
    private var underWay: [UInt64: Int] = [:]
    /// As long as the last one was.
    private(set) var expectedBytes = 65_536
    /// It stands in the line of its event loop.
    var isInLine = false

    var isAnyWaiting: Bool { !waiting.isEmpty }

    mutating func add(_ submission: Submission) {
        waiting.append(submission)
    }

    mutating func begin() -> Submission? {
        guard let submission = waiting.popFirst() else { return nil }
        underWay[submission.requestID] = expectedBytes
        return submission
    }

    /// - Parameter bytes: of the answer as it was written; nil when it was not.
    /// - Returns: what had been expected of it; nil when it is not one of these.
    mutating func end(_ requestID: UInt64, bytes: Int?) -> Int? {
        guard !underWay.isEmpty, let expected = underWay.removeValue(forKey: requestID) else { return nil }
        if let bytes { expectedBytes = max(1, bytes) }
        return expected
    }

    /// Those that are under way run on: the ledger has them.
    mutating func forgetWaiting() {
        waiting.removeAll()
    }
}

/// Shares an event loop's time among the connections that ask for long answers: those under way together are bounded, and each connection
/// begins one when it is its turn.
///
/// Lives on its event loop.
final class LongAnswerLine {
    private let limit: Int
    private var bytesUnderWay = 0
    private var line = CircularBuffer<ConnectionHandler>()
    private var isAdvancing = false

    /// - Parameter limit: bytes of answers; one answer is always begun, however long it may become.
    init(limit: Int) {
        self.limit = limit
    }

    func join(_ handler: ConnectionHandler) {
        line.append(handler)
    }

    func ended(expectedBytes: Int) {
        bytesUnderWay -= expectedBytes
    }

    /// Begins as many as there is room for.
    func advance() {
        // Beginning one may end it at once, and come back to here.
        guard !isAdvancing else { return }
        isAdvancing = true
        defer { isAdvancing = false }
        while let next = line.first, bytesUnderWay == 0 || bytesUnderWay + next.expectedAnswerBytes <= limit {
            line.removeFirst()
            bytesUnderWay += next.expectedAnswerBytes
            if !next.beginLongAnswer() { bytesUnderWay -= next.expectedAnswerBytes }
        }
    }
}

extension Command {
    /// Whether its answer may be long. Only reads: what changes something is never kept back.
    var mayHaveLongAnswer: Bool {
        switch self {
        case .available, .listSlots: true
        default: false
        }
    }
}
