import SeededRandom

/// A change of the disk, in the order in which SQLite asked for it.
package enum DiskEvent: Sendable {
    case create(name: String)
    case remove(name: String)
    case write(file: Int, at: Int, bytes: [UInt8])
    case resize(file: Int, to: Int)
    case sync(file: Int)
    /// The device reported a failure, see ``DiskFault/survival``.
    case failedSync(file: Int, Survival, seed: UInt64)
    case syncDirectory
    /// Pages in memory that need not be written are dropped, and so the file is read from the device.
    case forget(file: Int)
}

/// The files of one database: as they are read now, and what a power cut would leave of them.
///
/// A name and a file are two things, as in a POSIX directory: syncing a file does not make its name durable.
package struct DiskState: Sendable {
    struct File: Sendable {
        var current: [UInt8] = []
        var synced: [UInt8] = []
        var unsynced: [FileChange] = []
    }

    private(set) var files: [File] = []
    /// Which file a name leads to now. A name is what is added to the database's: nothing, `-wal` or `-journal`.
    private(set) var names: [String: Int] = [:]
    private var syncedNames: [String: Int] = [:]
    /// Where a name has led since the directory was synced.
    private var unsyncedNames: [String: [Int?]] = [:]
    /// Such a disk says that it has synced and has not: what the tests of power cuts must notice.
    package var liesAboutSyncs = false

    package init() {}

    /// A disk on which all of this is durable.
    package init(_ image: DiskImage) {
        for (name, contents) in image.files {
            syncedNames[name] = files.count
            files.append(File(current: contents, synced: contents))
        }
        names = syncedNames
    }

    /// Whether a power cut now can leave anything else than what is read now.
    package var isSynced: Bool {
        unsyncedNames.isEmpty && names.values.allSatisfy { files[$0].unsynced.isEmpty && files[$0].current == files[$0].synced }
    }

    package mutating func apply(_ event: DiskEvent) {
        switch event {
        case .create(let name):
            names[name] = files.count
            unsyncedNames[name, default: []].append(files.count)
            files.append(File())
        case .remove(let name):
            names[name] = nil
            unsyncedNames[name, default: []].append(nil)
        case .write(let file, let offset, let bytes): change(file, .write(at: offset, bytes: bytes))
        case .resize(let file, let size): change(file, .resize(to: size))
        case .sync(let file):
            guard !liesAboutSyncs else { return }
            for change in files[file].unsynced { change.apply(to: &files[file].synced) }
            files[file].unsynced = []
        case .failedSync(let file, let survival, let seed):
            var generator = SeededGenerator(seed: seed)
            files[file].synced = Self.contents(of: files[file], after: survival, using: &generator)
            files[file].unsynced = []
        case .forget(let file):
            files[file].current = files[file].synced
            for change in files[file].unsynced { change.apply(to: &files[file].current) }
        case .syncDirectory:
            guard !liesAboutSyncs else { return }
            syncedNames = names
            unsyncedNames = [:]
        }
    }

    private mutating func change(_ file: Int, _ change: FileChange) {
        change.apply(to: &files[file].current)
        files[file].unsynced.append(change)
    }
}

extension DiskState {
    /// What is read after the power failed now.
    package func powerCut(_ survival: Survival, seed: UInt64 = 0) -> DiskImage {
        var generator = SeededGenerator(seed: seed)
        var image = DiskImage()
        // In a fixed order, so that the seed decides alone.
        for name in Set(syncedNames.keys).union(unsyncedNames.keys).sorted() {
            let history = [syncedNames[name]] + (unsyncedNames[name] ?? [])
            let file: Int?
            switch survival {
            case .nothing: file = history[0]
            case .everything: file = history[history.count - 1]
            default: file = history[Int.random(in: 0..<history.count, using: &generator)]
            }
            if let file { image.files[name] = Self.contents(of: files[file], after: survival, using: &generator) }
        }
        return image
    }

    private static func contents(of file: File, after survival: Survival, using generator: inout SeededGenerator) -> [UInt8] {
        var contents = file.synced
        switch survival {
        case .nothing: return contents
        case .everything:
            for change in file.unsynced { change.apply(to: &contents) }
            return contents
        case .prefix:
            let whole = Int.random(in: 0...file.unsynced.count, using: &generator)
            for change in file.unsynced[..<whole] { change.apply(to: &contents) }
            if whole < file.unsynced.count { file.unsynced[whole].torn(using: &generator).apply(to: &contents) }
        case .sectors, .bytes:
            // Nearly none of them, half of them, or nearly all.
            let odds = [1, 4, 7][Int.random(in: 0..<3, using: &generator)]
            for change in file.unsynced { change.apply(to: &contents, as: survival, odds: odds, using: &generator) }
        }
        // A file's new length may arrive before what was written there.
        if contents.count < file.current.count, !file.unsynced.isEmpty, Bool.random(using: &generator) {
            contents.resize(to: file.current.count)
        }
        return contents
    }
}

/// All bytes of a database's files, by what their names add to the database's own.
package struct DiskImage: Sendable {
    package var files: [String: [UInt8]] = [:]

    package init() {}
}
