import CSQLite
import ReservationCore

/// The one owner of a `sqlite3_stmt *`, prepared once and used again and again; finalises it when it goes.
///
/// Values are bound as copies (`SQLITE_TRANSIENT`): a binding outlives the call that made it, and no caller's bytes do.
struct Statement: ~Copyable {
    private let handle: OpaquePointer
    /// What it does, as an infinitive, for messages.
    private let action: StaticString

    init(_ sql: String, to action: StaticString, on connection: borrowing Connection) throws(StorageFailure) {
        var handle: OpaquePointer?
        // PERSISTENT: it lives long, so SQLite should not take its memory from the small pool for short-lived ones.
        let code = sqlite3_prepare_v3(connection.handle, sql, -1, UInt32(SQLITE_PREPARE_PERSISTENT), &handle, nil)
        guard code == SQLITE_OK, let handle else { throw connection.failure(code, action) }
        self.handle = handle
        self.action = action
    }

    deinit { sqlite3_finalize(handle) }

    // MARK: binding, parameters counted from 1

    func bind(_ value: Int64, at index: Int32) throws(StorageFailure) {
        try check(sqlite3_bind_int64(handle, index, value))
    }

    func bind(_ text: String, at index: Int32) throws(StorageFailure) {
        try check(sqlite3_bind_text(handle, index, text, Int32(text.utf8.count), reservation_sqlite_transient()))
    }

    /// - Parameter text: nil is bound as NULL.
    func bind(_ text: String?, at index: Int32) throws(StorageFailure) {
        guard let text else { return try check(sqlite3_bind_null(handle, index)) }
        try bind(text, at: index)
    }

    /// - Parameter value: nil is bound as NULL.
    func bind(_ value: Int64?, at index: Int32) throws(StorageFailure) {
        guard let value else { return try check(sqlite3_bind_null(handle, index)) }
        try bind(value, at: index)
    }

    func bind(text bytes: UnsafeRawBufferPointer, at index: Int32) throws(StorageFailure) {
        let characters = bytes.baseAddress?.assumingMemoryBound(to: CChar.self)
        try check(sqlite3_bind_text(handle, index, characters, Int32(bytes.count), reservation_sqlite_transient()))
    }

    func bind(_ bytes: [UInt8], at index: Int32) throws(StorageFailure) {
        // An empty array may have no address, and SQLite reads none as NULL.
        guard !bytes.isEmpty else { return try check(sqlite3_bind_zeroblob(handle, index, 0)) }
        try check(sqlite3_bind_blob64(handle, index, bytes, UInt64(bytes.count), reservation_sqlite_transient()))
    }

    /// As 16 bytes, big-endian.
    func bind(_ value: UInt128, at index: Int32) throws(StorageFailure) {
        let code = withUnsafeBytes(of: value.bigEndian) { bytes in
            sqlite3_bind_blob64(handle, index, bytes.baseAddress, UInt64(bytes.count), reservation_sqlite_transient())
        }
        try check(code)
    }

    // MARK: running

    /// - Returns: whether there is a row to read. The caller calls ``reset()`` when done, also after an error.
    func step() throws(StorageFailure) -> Bool {
        let code = sqlite3_step(handle)
        switch code {
        case SQLITE_ROW: return true
        case SQLITE_DONE: return false
        default: throw failure(code)
        }
    }

    /// Ends a reading: a statement left half-way keeps its transaction open.
    func reset() {
        // It repeats the error of the last step, which that step reported.
        sqlite3_reset(handle)
    }

    /// A statement that gives no rows, from its first step to its last.
    func run() throws(StorageFailure) {
        defer { reset() }
        while try step() {}
    }

    // MARK: reading the current row, columns counted from 0

    func int(_ column: Int32) -> Int64 { sqlite3_column_int64(handle, column) }

    func isNull(_ column: Int32) -> Bool { sqlite3_column_type(handle, column) == SQLITE_NULL }

    func text(_ column: Int32) -> String { withBytes(column) { String(decoding: $0, as: UTF8.self) } }

    func bytes(_ column: Int32) -> [UInt8] { withBytes(column) { Array($0) } }

    /// - Returns: nil unless the column holds 16 bytes.
    func uint128(_ column: Int32) -> UInt128? {
        withBytes(column) { bytes in
            bytes.count == 16 ? UInt128(bigEndian: bytes.loadUnaligned(as: UInt128.self)) : nil
        }
    }

    /// The bytes of a text or blob column; valid within `body` only.
    func withBytes<Result>(_ column: Int32, _ body: (UnsafeRawBufferPointer) -> Result) -> Result {
        // First the pointer, then the length: <https://sqlite.org/c3ref/column_blob.html>.
        let start = sqlite3_column_blob(handle, column)
        return body(UnsafeRawBufferPointer(start: start, count: start == nil ? 0 : Int(sqlite3_column_bytes(handle, column))))
    }

    // MARK: faults

    private func check(_ code: Int32) throws(StorageFailure) {
        guard code == SQLITE_OK else { throw failure(code) }
    }

    private func failure(_ code: Int32) -> StorageFailure {
        StorageFailure(code: code, database: sqlite3_db_handle(handle), action: action)
    }
}
