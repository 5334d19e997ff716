import NIOCore

/// Mailers that asked when nothing was due, in the order in which they came.
struct LeaseWaiters {
    struct Waiter {
        var sink: any OutcomeSink
        var submission: Submission
        /// When it hears that there is nothing.
        var until: NIODeadline

        var group: SubmissionQueue.Group { SubmissionQueue.Group(sink: sink, submissions: [submission]) }
    }

    private var waiters: [Waiter] = []
    private let limit: Int

    init(limit: Int) {
        self.limit = limit
    }

    var isEmpty: Bool { waiters.isEmpty }

    /// When the first of them is to be answered, with one connection that can remind of it.
    var first: Waiter? { waiters.min { $0.until < $1.until } }

    /// - Returns: false when too many wait.
    mutating func add(_ waiter: Waiter) -> Bool {
        guard waiters.count < limit else { return false }
        waiters.append(waiter)
        // Its time to be begun was kept; how long it waits is another matter.
        waiters[waiters.count - 1].submission.deadline = .distantFuture
        return true
    }

    mutating func removeFirst() -> Waiter? {
        waiters.isEmpty ? nil : waiters.removeFirst()
    }

    /// - Returns: those that were removed.
    mutating func remove(where isWanted: (Waiter) -> Bool) -> [Waiter] {
        let removed = waiters.filter(isWanted)
        if !removed.isEmpty { waiters.removeAll(where: isWanted) }
        return removed
    }
}
