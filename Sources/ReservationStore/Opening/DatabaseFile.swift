import Glibc

/// The file on disk before SQLite sees it: told apart here are the mistakes for which SQLite has only "unable to open database file".
struct DatabaseFile {
    /// Never taken for one of SQLite's special names (`:memory:`, `file:…`, or empty), whatever the operator typed.
    let path: String
    let directory: String

    init(path: String) {
        self.path = path.hasPrefix("/") ? path : "./\(path)"
        let parent = self.path[..<(self.path.lastIndex(of: "/") ?? self.path.startIndex)]
        directory = parent.isEmpty ? "/" : String(parent)
    }

    /// Makes a missing file, readable by nobody else; SQLite would let the umask decide. The log takes over the file's mode.
    ///
    /// An existing file is looked at but never opened here: closing any descriptor of a file drops all POSIX locks that the process
    /// holds on it, and with them those of a store that has it open (<https://sqlite.org/howtocorrupt.html>, section 2.2).
    func prepare() throws(StoreOpenError) {
        guard Self.kind(of: directory) == S_IFDIR else { throw .directoryMissing(directory) }
        guard Self.allows(W_OK | X_OK, on: directory) else { throw .directoryNotWritable(directory) }
        if let kind = Self.kind(of: path) {
            guard kind == S_IFREG else { throw .notAFile(path) }
            guard Self.allows(R_OK, on: path) else { throw .notPermitted(path) }
            guard Self.allows(W_OK, on: path) else { throw .readOnly(path) }
            return
        }
        let descriptor = open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw creationFailure(errno) }
        close(descriptor)
    }

    private func creationFailure(_ code: Int32) -> StoreOpenError {
        switch code {
        case ENOSPC, EDQUOT: .diskFull(path)
        case EACCES, EPERM, EROFS: .directoryNotWritable(directory)
        case ENOENT, ENOTDIR: .directoryMissing(directory)
        default: .failed(path, detail: String(cString: strerror(code)))
        }
    }

    /// The file type bits of `st_mode`; nil when there is nothing.
    private static func kind(of path: String) -> mode_t? {
        var status = stat()
        return stat(path, &status) == 0 ? status.st_mode & S_IFMT : nil
    }

    /// With the effective user's rights, those that an open would use.
    private static func allows(_ mode: Int32, on path: String) -> Bool {
        faccessat(AT_FDCWD, path, mode, AT_EACCESS) == 0
    }
}
