import NIOCore
import NIOHTTP1

/// What a peer sent behind a request that is not answered yet, in order.
struct HeldRequests {
    enum Item {
        case part(HTTPServerRequestPart)
        case broken(HTTPParserError)
        case inputClosed
    }

    private var items = CircularBuffer<Item>()
    /// A turn was asked for and has not come.
    private(set) var isWaitingForTurn = false

    var isEmpty: Bool { items.isEmpty }

    mutating func append(_ item: Item) {
        items.append(item)
    }

    /// - Returns: false when there is nothing to wait for, or the wait has begun already.
    mutating func beginWaiting() -> Bool {
        guard !items.isEmpty, !isWaitingForTurn else { return false }
        isWaitingForTurn = true
        return true
    }

    mutating func endWaiting() {
        isWaitingForTurn = false
    }

    /// - Parameter isAnswerDue: then no further request may begin.
    mutating func next(isAnswerDue: Bool) -> Item? {
        switch items.first {
        case .part(.head), .broken: isAnswerDue ? nil : items.removeFirst()
        case nil: nil
        default: items.removeFirst()
        }
    }

    mutating func removeAll() {
        items.removeAll()
    }
}
