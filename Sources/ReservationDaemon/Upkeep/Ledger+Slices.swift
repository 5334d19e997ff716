import Dispatch
import ReservationCore
import Synchronization

/// Pieces of long work that each keep the ledger a millisecond or so. They run between two groups, one at a time, so that bookings never
/// wait for more than one.
final class SliceQueue: Sendable {
    typealias Slice = @Sendable (isolated Ledger) -> Void

    private let slices = Mutex<[Slice]>([])
    private let count = Atomic(0)

    /// Relaxed: a slice that is missed after one group is seen after the next, or by the job that was submitted with it.
    var isAnyWaiting: Bool { count.load(ordering: .relaxed) > 0 }

    func add(_ slice: @escaping Slice) {
        slices.withLock { slices in
            slices.append(slice)
            count.store(slices.count, ordering: .relaxed)
        }
    }

    func next() -> Slice? {
        slices.withLock { slices in
            defer { count.store(max(0, slices.count), ordering: .relaxed) }
            return slices.isEmpty ? nil : slices.removeFirst()
        }
    }
}

extension Ledger {
    /// Has a piece of work done between two groups and waits for it. Blocks: never to be called on the ledger's own thread, an event
    /// loop or a task.
    ///
    /// - Parameter work: must be short.
    nonisolated func between<Value: Sendable>(_ work: @escaping @Sendable (isolated Ledger) -> Value) -> Value {
        let result = SliceResult<Value>()
        slices.add { ledger in result.set(work(ledger)) }
        // Either this finds it, or the ledger does after its next group, when it never comes to rest.
        executor.submit { self.assumeIsolated { $0.runSlice() } }
        return result.wait()
    }

    func runSlice() {
        slices.next()?(self)
    }
}

/// Carries the result of a slice to the thread that waits for it.
private final class SliceResult<Value: Sendable>: Sendable {
    private let value = Mutex<Value?>(nil)
    private let isThere = DispatchSemaphore(value: 0)

    func set(_ new: Value) {
        value.withLock { $0 = new }
        isThere.signal()
    }

    func wait() -> Value {
        while true {
            isThere.wait()
            if let value = value.withLock({ $0 }) { return value }
        }
    }
}
