import NIOCore
import Synchronization

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
    private(set) var expectedBytes: Int
    /// It has a place in the daemon's line.
    var isInLine = false

    /// - Parameter expectedBytes: of the first, of which nothing is known.
    init(expectedBytes: Int) {
        self.expectedBytes = expectedBytes
    }

    var isAnyWaiting: Bool { !waiting.isEmpty }

    mutating func add(_ submission: Submission) {
        waiting.append(submission)
    }

    mutating func begin(expectedBytes: Int) -> Submission? {
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

/// Shares the daemon's time among the connections that ask for long answers: those under way together are bounded, whatever the number of
/// connections, and each connection begins one when it is its turn. So they leave a processor to everybody else.
final class LongAnswerLine: Sendable {
    private struct Place: Sendable {
        let handler: NIOLoopBound<ConnectionHandler>
        let loop: any EventLoop
        let expectedBytes: Int
    }

    private struct State {
        var bytesUnderWay = 0
        var line = CircularBuffer<Place>()
    }

    private let state = Mutex(State())
    private let limit: Int

    /// - Parameter limit: bytes of answers; one answer is always begun, however long it may become.
    init(limit: Int) {
        self.limit = limit
    }

    /// Takes a place; ``advance()`` must follow.
    func join(_ handler: ConnectionHandler, on loop: any EventLoop, expectedBytes: Int) {
        let place = Place(handler: NIOLoopBound(handler, eventLoop: loop), loop: loop, expectedBytes: expectedBytes)
        state.withLock { $0.line.append(place) }
    }

    /// One that was begun has its answer, or will have none; ``advance()`` must follow.
    func ended(expectedBytes: Int) {
        state.withLock { $0.bytesUnderWay -= expectedBytes }
    }

    /// Begins as many as there is room for.
    func advance() {
        while let place = next() {
            if place.loop.inEventLoop {
                begin(place)
            } else {
                place.loop.execute {
                    self.begin(place)
                    self.advance()
                }
            }
        }
    }

    private func next() -> Place? {
        state.withLock { state in
            guard let first = state.line.first, state.bytesUnderWay == 0 || state.bytesUnderWay + first.expectedBytes <= limit else {
                return nil
            }
            state.bytesUnderWay += first.expectedBytes
            return state.line.removeFirst()
        }
    }

    private func begin(_ place: Place) {
        if !place.handler.value.beginLongAnswer(expectedBytes: place.expectedBytes) { ended(expectedBytes: place.expectedBytes) }
    }
}

extension Command {
    /// Whether its answer may be long. Only reads: what changes something is never kept back.
    var mayHaveLongAnswer: Bool {
        switch self {
        case .available, .listSlots, .showOrganization, .outbox(.list), .life(.history), .life(.list), .life(.listTickets),
            .personalData(.export):
            true
        default: false
        }
    }
}

extension Outcome {
    /// Whether writing the answer down takes milliseconds.
    var takesLongToEncode: Bool {
        switch self {
        case .available(_, _, let slots): slots.count > 256
        case .slots(let slots, _): slots.count > 256
        case .outbox(.page(let page)): page.entries.count > 256
        case .life(.history(let page)): page.entries.count > 256
        case .life(.tickets(let page, _)): page.tickets.count > 256
        case .personalData(.exported(let page)): page.history.count + page.messages.count > 128
        default: false
        }
    }
}
