import Glibc

/// The write-ahead log that a predecessor may have left, before SQLite reads it.
///
/// A predecessor that was killed within a commit left pages that can be read and are not on the disk: what is told of them would go with
/// the next power cut. One that ended because a sync had failed may have left worse: Linux counts such pages as clean, so that no later
/// sync writes them, and a power cut would take them and, since the log is read up to its first gap, everything that was committed after
/// them. Hence both are brought to light before anybody hears of them: the first by a sync, the second by reading from the device.
struct InheritedLog {
    private let path: String
    private let directory: String

    init(of database: DatabaseFile) {
        path = database.path + "-wal"
        directory = database.directory
    }

    /// Makes sure that the log as it will be read is the log on the disk. Does no harm to another process that has it open.
    func settle() throws(StoreOpenError) {
        let descriptor = open(path, O_RDONLY | O_CLOEXEC)
        // Most often there is none; what else may be wrong with it SQLite will say.
        if descriptor >= 0 {
            defer { close(descriptor) }
            try sync(descriptor)
            // The pages are clean now, whether they were written or not. Forgotten, they are read from the device.
            posix_fadvise(descriptor, 0, 0, POSIX_FADV_DONTNEED)
        }
        try syncDirectory()
    }

    /// That there is a log can be as new as what is in it; and that there is none, since SQLite removes it without a sync.
    private func syncDirectory() throws(StoreOpenError) {
        let descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        // A directory that may not be read cannot be synced; SQLite goes on as well then.
        guard descriptor >= 0 else { return }
        defer { close(descriptor) }
        try sync(descriptor)
    }

    private func sync(_ descriptor: Int32) throws(StoreOpenError) {
        // EINVAL: a file system on which there is nothing to sync.
        guard fsync(descriptor) != 0, errno != EINVAL else { return }
        throw .deviceFailed(path, detail: "the log could not be synced: \(String(cString: strerror(errno)))")
    }
}
