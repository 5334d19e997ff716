import NIOCore

/// Something that will happen at a time, on an event loop or on none.
final class Occurrence {
    let time: NIODeadline
    /// Of two at the same time the one that was planned first comes first.
    let number: UInt64
    let loop: SimulatedEventLoop?
    var action: (() -> Void)?

    init(time: NIODeadline, number: UInt64, loop: SimulatedEventLoop?, action: @escaping () -> Void) {
        self.time = time
        self.number = number
        self.loop = loop
        self.action = action
    }

    /// It will not happen; what it held is let go at once.
    func cancel() { action = nil }
}

/// What will happen, soonest first: a binary heap.
struct Occurrences {
    private var heap: [Occurrence] = []

    mutating func insert(_ occurrence: Occurrence) {
        heap.append(occurrence)
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard Self.isBefore(heap[child], heap[parent]) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    mutating func removeFirst() -> Occurrence? {
        guard let first = heap.first else { return nil }
        let last = heap.removeLast()
        guard !heap.isEmpty else { return first }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2] where child < heap.count && Self.isBefore(heap[child], heap[least]) {
                least = child
            }
            if least == parent { return first }
            heap.swapAt(parent, least)
            parent = least
        }
    }

    mutating func removeAll() { heap.removeAll() }

    private static func isBefore(_ left: Occurrence, _ right: Occurrence) -> Bool {
        left.time == right.time ? left.number < right.number : left.time < right.time
    }
}
