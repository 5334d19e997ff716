/// Decides when an HTTP/1 connection ends: a state machine without I/O, driven by what ``ConnectionGuard`` sees go by.
///
/// Requests are answered in the order in which they came (HTTP pipelining), so the first of those waiting is always the next answered.
struct ConnectionRules {
    /// Whether the connection may live on after the answer to each request that waits for one.
    private var waiting: [Persistence] = []
    private var isReadingRequest = false
    private var isClosing = false
    /// The bytes that came were not HTTP.
    private var isBroken = false
    /// A request has come.
    private(set) var wasUsed = false

    /// How a request wants its connection treated.
    enum Persistence: Hashable {
        /// HTTP/1.1 without `Connection: close`.
        case persistent
        /// HTTP/1.0 with `Connection: keep-alive`, which wants to hear it confirmed.
        case confirmed
        case closing
    }

    /// What to say about the connection in an answer's header.
    enum Announcement: Hashable {
        case nothing
        case keepAlive
        case close
    }

    /// What to do once an answer is written.
    enum AfterAnswer: Hashable {
        case goOn
        case close
        /// Close for writing, then drop what still comes for a moment, then close.
        case linger
    }

    /// Whether what arrives now still counts.
    var acceptsInput: Bool { !isClosing && !isBroken }
    /// A request has begun and is not whole.
    var isWaitingForBody: Bool { isReadingRequest && acceptsInput }
    /// Nobody else's answer would come in between.
    var isFirstInLine: Bool { waiting.count == 1 }
    /// A request is whole and not answered: what comes next is another one's.
    var isAnswerDue: Bool { !waiting.isEmpty && !isReadingRequest }
    /// What came was no HTTP; once the requests before it are answered, the framework replies to that.
    var hasBrokenInput: Bool { isBroken }

    /// Nothing is asked, and nothing answered.
    var isIdle: Bool { waiting.isEmpty && !isReadingRequest && acceptsInput }

    mutating func requestBegan(_ persistence: Persistence) {
        wasUsed = true
        waiting.append(persistence)
        isReadingRequest = true
    }

    mutating func requestEnded() {
        isReadingRequest = false
    }

    mutating func inputBroke() {
        isBroken = true
    }

    /// An idle connection ends.
    mutating func ends() {
        isClosing = true
    }

    /// - Parameter isEnding: the process comes to its end, and the connection with it when no other answer is due.
    mutating func answerBegins(isEnding: Bool = false) -> Announcement {
        guard let persistence = waiting.first, !answersUnfinishedRequest, !(isEnding && isFirstInLine) else {
            isClosing = true
            return .close
        }
        switch persistence {
        case .persistent: return .nothing
        case .confirmed: return .keepAlive
        case .closing:
            isClosing = true
            return .close
        }
    }

    mutating func answerEnded() -> AfterAnswer {
        let isUnfinished = waiting.isEmpty || answersUnfinishedRequest
        if !waiting.isEmpty { waiting.removeFirst() }
        guard isClosing else { return .goOn }
        return isUnfinished ? .linger : .close
    }

    /// The answer was known before the request had come whole: reading the rest, which may have no end, would serve nobody.
    private var answersUnfinishedRequest: Bool { isReadingRequest && waiting.count == 1 }
}
