import NIOCore

/// Something that will happen at a time, on an event loop or on none.
final class Occurrence {
    let loop: SimulatedEventLoop?
    private var action: (() -> Void)?
    private let whenForgotten: (() -> Void)?

    /// - Parameter whenForgotten: is done on the loop when the time comes and the loop's process was killed, or when the world ends first.
    init(loop: SimulatedEventLoop?, action: @escaping () -> Void, whenForgotten: (() -> Void)? = nil) {
        self.loop = loop
        self.action = action
        self.whenForgotten = whenForgotten
    }

    /// - Returns: what is to be done, once.
    func take() -> (() -> Void)? {
        defer { action = nil }
        return action
    }

    /// It will not happen; what it held is let go at once.
    func cancel() { action = nil }

    /// As ``cancel()``, unasked.
    func forget(in world: World) {
        guard take() != nil, let whenForgotten else { return }
        world.perform(on: loop, whenForgotten)
    }
}

/// What will happen, soonest first: a binary heap.
struct Occurrences {
    private struct Entry {
        let time: NIODeadline
        /// Of two at the same time the one that was planned first comes first.
        let number: UInt64
        let occurrence: Occurrence

        func isBefore(_ other: Entry) -> Bool { time == other.time ? number < other.number : time < other.time }
    }

    private var heap: [Entry] = []
    private var planned: UInt64 = 0

    mutating func insert(_ occurrence: Occurrence, at time: NIODeadline) {
        planned += 1
        heap.append(Entry(time: time, number: planned, occurrence: occurrence))
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].isBefore(heap[parent]) else { return }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    mutating func removeFirst() -> (time: NIODeadline, occurrence: Occurrence)? {
        guard let last = heap.popLast() else { return nil }
        guard let first = heap.first else { return (last.time, last.occurrence) }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in (2 * parent + 1)...(2 * parent + 2) where child < heap.count && heap[child].isBefore(heap[least]) {
                least = child
            }
            if least == parent { return (first.time, first.occurrence) }
            heap.swapAt(parent, least)
            parent = least
        }
    }

    mutating func removeAll() -> [Occurrence] {
        defer { heap.removeAll() }
        return heap.map(\.occurrence)
    }
}
