import Glibc

@testable import ReservationStore

/// A folder of its own for one test, gone when the last reference is.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        // Thousands of syncs happen in these tests, and in memory they are free.
        let base = access("/dev/shm", W_OK | X_OK) == 0 ? "/dev/shm" : "/tmp"
        var template = Array("\(base)/reservation-store-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else { throw Failure(code: errno) }
        path = template.withUnsafeBufferPointer { String(cString: $0.baseAddress!) }
    }

    deinit {
        chmod(path, 0o700)
        for name in contents { unlink("\(path)/\(name)") }
        rmdir(path)
    }

    var database: String { "\(path)/reservations.sqlite" }

    var contents: Set<String> {
        guard let directory = opendir(path) else { return [] }
        defer { closedir(directory) }
        var names: Set<String> = []
        while let entry = readdir(directory) {
            names.insert(
                withUnsafeBytes(of: &entry.pointee.d_name) { bytes in String(decoding: bytes.prefix { $0 != 0 }, as: UTF8.self) })
        }
        return names.subtracting([".", ".."])
    }

    /// Writes over a part of a file, which is made if missing.
    func write(_ bytes: [UInt8], to name: String = "reservations.sqlite", at offset: Int = 0) throws {
        let descriptor = open("\(path)/\(name)", O_WRONLY | O_CREAT, 0o600)
        defer { close(descriptor) }
        guard descriptor >= 0, pwrite(descriptor, bytes, bytes.count, off_t(offset)) == bytes.count else { throw Failure(code: errno) }
    }

    func size(_ name: String = "reservations.sqlite") -> Int {
        var status = stat()
        return stat("\(path)/\(name)", &status) == 0 ? Int(status.st_size) : 0
    }

    func mode(_ name: String) -> mode_t? {
        var status = stat()
        return stat("\(path)/\(name)", &status) == 0 ? status.st_mode & 0o777 : nil
    }

    struct Failure: Error {
        let code: Int32
    }
}

/// Runs SQL on a database that no store holds, past its constraints: what a hand that should not be there can do.
func tamper(_ path: String, _ sql: String) throws {
    let connection = try Connection(path: path)
    try connection.execute("PRAGMA foreign_keys = OFF; PRAGMA ignore_check_constraints = ON; \(sql)", to: "tamper")
}

/// The first column of every row, as text.
func column(_ sql: String, on connection: borrowing Connection) throws -> [String] {
    let rows = try Statement(sql, to: "look", on: connection)
    defer { rows.reset() }
    var found: [String] = []
    while try rows.step() { found.append(rows.text(0)) }
    return found
}
