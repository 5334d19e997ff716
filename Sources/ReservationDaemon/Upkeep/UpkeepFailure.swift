import Glibc
import ReservationCore

/// Why a backup or an examination could not be made. The message says what happened, what it means and what to do.
struct UpkeepFailure: Error {
    let message: String

    init(_ message: String) {
        self.message = message
    }

    /// The daemon is to end.
    static let stopped = UpkeepFailure("The daemon is stopping; nothing was left behind. Ask again when it is back.")

    /// A call of the system failed.
    ///
    /// - Parameters:
    ///   - code: of `errno`.
    ///   - action: what was tried, as an infinitive.
    init(_ code: Int32, _ action: String, in directory: String) {
        switch code {
        case EROFS, EACCES, EPERM:
            message =
                "The daemon may not write in \(directory) (\(Self.describe(code))). Under systemd it may write only in its state directory "
                + "and in /var/backups/reservation-portal: choose one of these, or allow \(directory) by ReadWritePaths= "
                + "(systemctl edit reservationd) and give it to the daemon's user."
        case ENOSPC, EDQUOT:
            message = "The file system of \(directory) is full; nothing was left behind. Free some space, or choose another directory."
        case ENOENT, ENOTDIR: message = "There is no directory \(directory). Make it, and give it to the daemon's user."
        case EEXIST: message = "Could not \(action): it exists already. Choose another name; a backup never replaces a file."
        default: message = "Could not \(action) (\(Self.describe(code))). Look into the kernel's log for a failing disk."
        }
    }

    /// The copy could not be continued. Which of the two files is concerned SQLite does not tell.
    init(_ failure: StorageFailure, copyingInto directory: String, hasSpace: Bool) {
        switch failure {
        case .unavailable where !hasSpace: self.init(ENOSPC, "write", in: directory)
        case .unavailable(let reason), .defect(let reason): self.init("\(reason). The copy in \(directory) was removed.")
        case .deviceFailed(let reason), .corrupt(let reason):
            self.init(
                "\(reason). The disk of the database or of \(directory) fails: look into the kernel's log. The copy was removed; "
                    + "bookings go on as long as they can be stored.")
        }
    }

    private static func describe(_ code: Int32) -> String { String(cString: strerror(code)) }
}
