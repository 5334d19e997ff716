import ReservationCore

/// Why a group could not be stored.
struct GroupFailure: Error, Sendable {
    var failure: StorageFailure
    /// Whether the commit had begun. A device that fails then may have stored the group all the same.
    var duringCommit: Bool

    /// Whether the group may have been stored.
    var isAmbiguous: Bool {
        guard duringCommit, case .deviceFailed = failure else { return false }
        return true
    }

    var isDefect: Bool {
        if case .defect = failure { return true }
        return false
    }

    /// What happened and what to do, for the operator.
    ///
    /// - Parameter database: its path.
    func message(database: String) -> String {
        switch failure {
        case .corrupt(let reason):
            // SQLite reports a sector that the device cannot read as a malformed file, too.
            "The database \(database) is damaged, or its device cannot read it (\(reason)). Look into the kernel's log for a failing disk; "
                + "else keep a copy of the file, then restore the newest backup; sqlite3's .recover can save rows written since."
        case .deviceFailed(let reason):
            "The storage device of \(database) failed (\(reason)); "
                + (duringCommit ? "whether the last bookings were stored is unknown" : "the last bookings were not stored")
                + ", so the daemon ends and begins afresh from what is on disk. Check the disk and the kernel's log."
        case .unavailable(let reason):
            "The database \(database) cannot be written now (\(reason)); bookings are refused until it can. Free space on its file system."
        case .defect(let reason):
            "A request broke a rule of the database (\(reason)); it was not stored. Please report this."
        }
    }
}
