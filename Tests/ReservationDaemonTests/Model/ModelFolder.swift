import Foundation
import ReservationStore

@testable import ReservationDaemon

/// Where runs have their databases: in memory where the machine has such a place, since what a sync costs is not the question here.
final class ModelFolder: Sendable {
    let words: ModelVocabulary
    private let path: String

    init() throws {
        words = try ModelVocabulary()
        let memory = "/dev/shm"
        let parent =
            FileManager.default.isWritableFile(atPath: memory) ? URL(filePath: memory) : FileManager.default.temporaryDirectory
        path = parent.appending(path: "reservation-model-\(UUID().uuidString)").path
        try FileManager.default.createDirectory(atPath: path + "/empty", withIntermediateDirectories: true)
        // Bringing the schema up takes longer than a short run; closing the store leaves one file that can be copied.
        _ = try SQLiteReservationStore(path: path + "/empty/r.sqlite")
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// - Returns: a directory with an empty database.
    func freshDatabase() throws -> String {
        let directory = path + "/" + UUID().uuidString
        try FileManager.default.copyItem(atPath: path + "/empty", toPath: directory)
        return directory
    }

    func remove(_ directory: String) {
        try? FileManager.default.removeItem(atPath: directory)
    }
}
