import Glibc
import ReservationCore

/// Where a backup goes.
struct BackupDestination {
    let directory: String
    let name: String
    /// Whether a directory was given, so that the name tells the time.
    let isNamedByTime: Bool

    var path: String { directory == "/" ? "/\(name)" : "\(directory)/\(name)" }

    /// - Parameters:
    ///   - path: absolute; a directory, or what does not exist yet.
    ///   - keep: only with a directory.
    init(_ path: String, keep: Int?, now: Instant) throws(UpkeepFailure) {
        var status = stat()
        if stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFDIR {
            directory = Self.withoutSlashes(path)
            isNamedByTime = true
            name = Self.freeName(in: directory, now: now)
            return
        }
        guard lstat(path, &status) != 0 else { throw UpkeepFailure(EEXIST, "make \(path)", in: path) }
        guard keep == nil else {
            throw UpkeepFailure("\(path) is not a directory: how many backups to keep can be said only where they are named by their time.")
        }
        guard let slash = path.lastIndex(of: "/"), path.index(after: slash) < path.endIndex else {
            throw UpkeepFailure(ENOENT, "make \(path)", in: path)
        }
        directory = Self.withoutSlashes(String(path[..<slash]))
        name = String(path[path.index(after: slash)...])
        isNamedByTime = false
        guard stat(directory, &status) == 0, status.st_mode & S_IFMT == S_IFDIR else {
            throw UpkeepFailure(ENOENT, "make \(path)", in: directory)
        }
    }

    /// Removes the oldest of the directory's backups that are named by their time, but never this one.
    ///
    /// - Parameter keep: how many stay, this one included.
    /// - Returns: how many were removed.
    func removeOlder(keeping keep: Int) -> Int {
        let others = DirectoryListing.names(in: directory).filter { Self.isNameOfTime($0) && $0 != name }.sorted(by: >)
        return others.dropFirst(max(0, keep - 1)).count { other in
            var status = stat()
            let path = "\(directory)/\(other)"
            // Whoever put a link or a directory of that name there meant something else.
            guard lstat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return false }
            return unlink(path) == 0
        }
    }

    // MARK: names

    private static let prefix = "reservations-"
    private static let suffix = ".sqlite"

    /// `reservations-20260131T235959Z.sqlite`, in UTC. A second later where there is one of that second.
    private static func freeName(in directory: String, now: Instant) -> String {
        var status = stat()
        for seconds in now.seconds..<now.seconds + 60 {
            let name = prefix + UTCTimestamp(Instant(seconds: seconds)).compact + suffix
            if lstat("\(directory)/\(name)", &status) != 0 { return name }
        }
        return prefix + UTCTimestamp(now).compact + suffix
    }

    static func isNameOfTime(_ name: String) -> Bool {
        guard name.hasPrefix(prefix), name.hasSuffix(suffix) else { return false }
        let time = Array(name.utf8.dropFirst(prefix.utf8.count).dropLast(suffix.utf8.count))
        guard time.count == 16, time[8] == 0x54, time[15] == 0x5A else { return false }
        return time.indices.allSatisfy { $0 == 8 || $0 == 15 || (0x30...0x39).contains(time[$0]) }
    }

    private static func withoutSlashes(_ path: String) -> String {
        var path = path[...]
        while path.count > 1, path.hasSuffix("/") { path.removeLast() }
        return path.isEmpty ? "/" : String(path)
    }
}
