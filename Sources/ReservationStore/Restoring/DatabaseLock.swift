import Glibc

/// The lock by which a daemon keeps everybody else from its database, taken without SQLite: a database that is to be replaced may be one
/// that SQLite cannot open.
struct DatabaseLock {
    private let descriptor: Int32

    /// SQLite's bytes for locks: PENDING, RESERVED and the 510 of SHARED, <https://sqlite.org/fileformat.html#the_lock_byte_page>.
    private static let start: off_t = 0x4000_0000
    private static let length: off_t = 512

    /// Whether there is a file at all.
    var exists: Bool { descriptor >= 0 }

    /// - Throws: when somebody holds it.
    init(on path: String) throws(RestoreError) {
        descriptor = open(path, O_RDWR | O_CLOEXEC)
        guard descriptor >= 0 else {
            guard errno == ENOENT else { throw .system(errno, "open \(path)") }
            return
        }
        var lock = flock()
        lock.l_type = Int16(F_WRLCK)
        lock.l_whence = Int16(SEEK_SET)
        lock.l_start = Self.start
        lock.l_len = Self.length
        guard fcntl(descriptor, F_SETLK, &lock) == 0 else {
            let code = errno
            close(descriptor)
            throw code == EAGAIN || code == EACCES ? .inUse(path) : .system(code, "lock \(path)")
        }
    }

    /// Any descriptor of the file that this process closes gives the lock up, hence nothing else here opens it.
    func release() {
        if descriptor >= 0 { close(descriptor) }
    }
}
