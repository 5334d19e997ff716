import Glibc
import ReservationCore

/// Why a backup was not restored. The present database is where it was.
package enum RestoreError: Error, Hashable {
    /// A daemon has the database open.
    case inUse(String)
    /// The backup cannot be read as a database of this program.
    case unusable(String, String)
    /// The backup can be read, and does not pass the checks.
    case unsound(String, [Finding])
    /// A call of the system failed: its `errno`, and what was tried.
    case system(Int32, String)

    /// What happened, what it means and what to do.
    package var message: String {
        switch self {
        case .inUse(let path):
            "\(path) is in use, most likely by reservationd. Stop it and its sockets first "
                + "(systemctl stop 'reservationd*'), then restore; nothing was changed."
        case .unusable(let path, let reason): "\(path) cannot be restored: \(reason). Nothing was changed; try another backup."
        case .unsound(let path, let findings):
            "\(path) does not pass the checks and was not restored: "
                + findings.map { "\($0.check): \($0.detail)" }.joined(separator: "; ") + ". Nothing was changed; try another backup."
        case .system(let code, let action):
            "Could not \(action): \(String(cString: strerror(code))). Nothing was changed"
                + (code == ENOSPC ? "; free some space first." : ".")
        }
    }
}
