import ReservationCore

/// The frame of a batch.
struct BatchStatements: ~Copyable {
    /// IMMEDIATE: the write lock is taken before anything of the batch was read, and not being able to write shows at once.
    let begin: Statement
    let commit: Statement
    let rollback: Statement
}

extension BatchStatements {
    /// Beside the memberwise initialiser and by it: a noncopyable struct must not be left half made by a throw.
    init(on connection: borrowing Connection) throws(StorageFailure) {
        self.init(
            begin: try Statement("BEGIN IMMEDIATE", to: "begin a batch", on: connection),
            commit: try Statement("COMMIT", to: "commit a batch", on: connection),
            rollback: try Statement("ROLLBACK", to: "roll a batch back", on: connection))
    }
}
