import Glibc
import NIOCore
import ReservationCore
import ReservationStore

/// Copies the ledger's store into a file while bookings go on. Runs on a thread of its own and asks the ledger for a slice of time now and
/// then: each is short, and most of the time is left to bookings.
struct LiveCopy {
    let ledger: Ledger
    let cancellation: Cancellation
    var pace = Pace()

    struct Pace {
        /// Pages copied before the ledger looks at the clock.
        var pagesPerStep = 16
        /// How long a slice may keep the ledger; a step is finished all the same.
        var slice = TimeAmount.milliseconds(1)
        /// How many times as long as a slice took the ledger is left alone afterwards.
        var restFactor = 3
        var leastRest = TimeAmount.milliseconds(1)
        /// What is copied before it is brought to the disk. More would make a commit of the daemon's wait for it.
        var bytesPerSync = 8 << 20
        /// The copy must not be what fills up a disk that bookings may be on.
        var reservedBytes = 8 << 20
    }

    /// What a slice says of the store and of itself.
    fileprivate struct SliceResult: Sendable {
        var result: Result<CopyProgress, StorageFailure>
        var elapsed: TimeAmount
        var now: Instant
    }

    /// - Parameter report: told how far it is.
    /// - Returns: the moment of which the complete copy is a picture. Nothing is synced that came last.
    func run(into file: PartialFile, report: (CopyProgress) -> Void) throws(UpkeepFailure) -> Instant {
        let path = file.path
        let begun = ledger.between { ledger in
            Result { () throws(StorageFailure) in
                if ledger.terminalFailure != nil { throw .unavailable("The store has failed") }
                let bytes = try ledger.store.statistics().databaseBytes
                return bytes
            }
        }
        let bytes = try value(of: begun, file)
        try requireSpace(for: bytes, file)
        let opened = ledger.between { ledger in Result { () throws(StorageFailure) in try ledger.store.beginCopy(into: path) } }
        _ = try value(of: opened, file)
        defer { ledger.between { $0.store.endCopy() } }

        let (steps, budget) = (pace.pagesPerStep, pace.slice)
        var syncedPages = 0
        while true {
            if cancellation.isCancelled { throw .stopped }
            let slice = ledger.between { $0.copySlice(pages: steps, budget: budget) }
            let progress = try value(of: slice.result, file)
            report(progress)
            if progress.isComplete { return slice.now }
            if (progress.pagesDone - syncedPages) * Self.pageBytes >= pace.bytesPerSync {
                try file.syncData()
                try requireSpace(for: 0, file)
                syncedPages = progress.pagesDone
            }
            // Begun anew.
            syncedPages = min(syncedPages, progress.pagesDone)
            Self.rest(max(pace.leastRest, .nanoseconds(slice.elapsed.nanoseconds * Int64(pace.restFactor))))
        }
    }

    /// SQLite's default, and what the store's file has.
    private static let pageBytes = 4096

    private func value<Value>(of result: Result<Value, StorageFailure>, _ file: PartialFile) throws(UpkeepFailure) -> Value {
        switch result {
        case .success(let value): return value
        case .failure(let failure):
            let hasSpace = PartialFile.freeBytes(in: file.directory).map { $0 >= 1 << 16 } ?? true
            throw UpkeepFailure(failure, copyingInto: file.directory, hasSpace: hasSpace)
        }
    }

    private func requireSpace(for bytes: Int, _ file: PartialFile) throws(UpkeepFailure) {
        guard let free = PartialFile.freeBytes(in: file.directory), free < bytes + pace.reservedBytes else { return }
        throw UpkeepFailure(
            "The copy needs \((bytes + pace.reservedBytes) >> 20) MiB of free space in \(file.directory), where \(free >> 20) MiB are left; "
                + "nothing was left behind. Free some space, or choose another directory.")
    }

    private static func rest(_ time: TimeAmount) {
        usleep(UInt32(clamping: time.nanoseconds / 1000))
    }
}

extension Ledger {
    /// Copies pages until the time is up.
    fileprivate func copySlice(pages: Int, budget: TimeAmount) -> LiveCopy.SliceResult {
        let begun = settings.uptime()
        var result: Result<CopyProgress, StorageFailure>
        repeat {
            result = Result { () throws(StorageFailure) in
                if terminalFailure != nil { throw .unavailable("The store has failed") }
                return try store.continueCopy(pages: pages)
            }
        } while result.isUnfinished && settings.uptime() - begun < budget
        return LiveCopy.SliceResult(result: result, elapsed: settings.uptime() - begun, now: settings.clock())
    }
}

extension Result<CopyProgress, StorageFailure> {
    fileprivate var isUnfinished: Bool {
        if case .success(let progress) = self { return !progress.isComplete }
        return false
    }
}
