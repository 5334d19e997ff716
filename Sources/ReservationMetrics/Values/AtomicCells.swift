import Synchronization

/// A fixed row of numbers that any thread may add to.
///
/// `@unchecked Sendable`: the memory is made before anybody sees the row, is freed only with the last reference to it, and everything
/// in it is reached by atomic operations alone.
final class AtomicCells: @unchecked Sendable {
    private let cells: UnsafeMutablePointer<Atomic<Int64>>
    let count: Int

    init(count: Int) {
        self.count = count
        cells = .allocate(capacity: count)
        for index in 0..<count { (cells + index).initialize(to: Atomic(0)) }
    }

    deinit {
        cells.deinitialize(count: count)
        cells.deallocate()
    }

    @inline(__always)
    func add(_ amount: Int64, at index: Int) {
        precondition(index >= 0 && index < count, "no such cell")
        cells[index].wrappingAdd(amount, ordering: .relaxed)
    }

    func load(_ index: Int) -> Int64 {
        precondition(index >= 0 && index < count, "no such cell")
        return cells[index].load(ordering: .relaxed)
    }

    func store(_ value: Int64, at index: Int) {
        precondition(index >= 0 && index < count, "no such cell")
        cells[index].store(value, ordering: .relaxed)
    }

    /// - Returns: whether `expected` stood there, and so was replaced.
    func exchange(_ expected: Int64, for value: Int64, at index: Int) -> Bool {
        precondition(index >= 0 && index < count, "no such cell")
        return cells[index].compareExchange(expected: expected, desired: value, ordering: .relaxed).exchanged
    }
}
