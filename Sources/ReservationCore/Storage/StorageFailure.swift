/// A fault of the store. What it means for the batch decides what callers hear (DESIGN, section 2).
package enum StorageFailure: Error, Hashable {
    /// Disk full, locked or not writable: the batch was not stored, and that is certain. Goes away by itself or by an operator's hand.
    case unavailable(String)
    /// The device failed. At a commit it is unknown whether the batch was stored, and the process must end: carrying on could make an
    /// acknowledged row vanish.
    case deviceFailed(String)
    /// The file is damaged or not a database; the process must end.
    case corrupt(String)
    /// A constraint the rules should have kept, or another defect of ours: the statement did not happen.
    case defect(String)
}
