import Glibc
import ReservationCore
import Testing

@testable import ReservationStore

// Closures of exit tests carry values into the child from Swift 6.3 on.
#if compiler(>=6.3)

    /// Each of these opens the database in a process of its own: another lock owner, or a user without rights.
    @Suite("Opening the database from another process")
    struct OpeningFromOutsideTests {
        let folder: TemporaryFolder

        init() throws { folder = try TemporaryFolder() }

        @Test("a second daemon is refused by the lock of the first")
        func secondProcess() async throws {
            let store = try SQLiteReservationStore(path: folder.database)
            let path = folder.database
            await #expect(processExitsWith: .exitCode(17)) { [path = path as String] in
                exit(outcome(of: path, is: .inUse(path)))
            }
            try store.furnish()
            #expect(try store.statistics().tickets == 3)
        }

        @Test("a daemon that was killed leaves what it had committed and no lock")
        func killed() async throws {
            let path = folder.database
            await #expect(processExitsWith: .signal(SIGKILL)) { [path = path as String] in
                let store = try SQLiteReservationStore(path: path)
                try store.furnish()
                try store.begin()
                _ = try store.insert(Samples.ticket(99))
                kill(getpid(), SIGKILL)
            }
            #expect(folder.contents.contains("reservations.sqlite-wal"))
            let store = try SQLiteReservationStore(path: path, busyTimeoutMilliseconds: 0)
            #expect(try store.statistics().tickets == 3)
            #expect(try store.ticket(Samples.ticket(99).id) == nil)
        }

        @Test("a directory that may not be written is named, since the log needs it")
        func directoryNotWritable() async throws {
            let (directory, path) = (folder.path, folder.database)
            chmod(directory, 0o555)
            await #expect(processExitsWith: .exitCode(17)) { [directory = directory as String, path = path as String] in
                _exit(outcome(of: path, asStranger: true, is: .directoryNotWritable(directory)))
            }
        }

        @Test("a read-only file is refused and nothing appears beside it")
        func readOnlyFile() async throws {
            do { _ = try SQLiteReservationStore(path: folder.database) }
            let path = folder.database
            chmod(folder.path, 0o777)
            chmod(path, 0o444)
            await #expect(processExitsWith: .exitCode(17)) { [path = path as String] in
                _exit(outcome(of: path, asStranger: true, is: .readOnly(path)))
            }
            #expect(folder.contents == ["reservations.sqlite"])
        }

        @Test("a file of somebody else is refused")
        func unreadableFile() async throws {
            do { _ = try SQLiteReservationStore(path: folder.database) }
            let path = folder.database
            chmod(folder.path, 0o777)
            chmod(path, 0)
            await #expect(processExitsWith: .exitCode(17)) { [path = path as String] in
                _exit(outcome(of: path, asStranger: true, is: .notPermitted(path)))
            }
        }
    }

    /// - Returns: 17 when opening fails in the expected way.
    private func outcome(of path: String, asStranger: Bool = false, is expected: StoreOpenError) -> Int32 {
        // Root may read and write everything, so it steps down for this. Afterwards `_exit` is needed: what a sanitizer does at an ordinary
        // exit is forbidden to a process that has changed its user.
        if asStranger, geteuid() == 0, seteuid(65_534) != 0 { return 3 }
        do throws(StoreOpenError) {
            _ = try SQLiteReservationStore(path: path, busyTimeoutMilliseconds: 0)
            return 1
        } catch {
            print(error.message)
            return error == expected ? 17 : 2
        }
    }

#endif
