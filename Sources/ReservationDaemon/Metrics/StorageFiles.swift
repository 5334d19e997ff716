import CoreMetrics
import Glibc
import ReservationMetrics

extension DaemonMetrics {
    /// Measures what the database takes on the disk and what is left there, each time that the metrics are read.
    ///
    /// - Parameter database: its path.
    func measureFiles(of database: String) {
        let log = registry.gauge(.logBytes)
        let free = registry.gauge(.diskFree)
        registry.beforeReading {
            var file = stat()
            // While nobody has written there may be no log.
            log.record(stat("\(database)-wal", &file) == 0 ? file.st_size : 0)
            var system = statvfs()
            // What an ordinary user may take (statvfs(3)).
            if statvfs(database, &system) == 0 { free.record(system.f_bavail * system.f_frsize) }
        }
    }

    /// Measures what waits, who is connected, and when the last backup was.
    func measure(_ server: SocketServer) {
        let depth = registry.gauge(.queueDepth)
        // Kept over restarts; 0 until there is one.
        let backup = registry.gauge(.lastBackup)
        let connections = server.connectionsByRole().map { (role: $0.role, gauge: registry.gauge(.connections, ("role", $0.role.name))) }
        registry.beforeReading { [weak server] in
            guard let server else { return }
            depth.record(server.ledger.queueDepth)
            if let moment = server.upkeep?.lastBackup { backup.record(moment.seconds) }
            let counts = server.connectionsByRole()
            for (role, gauge) in connections { gauge.record(counts.first { $0.role == role }?.count ?? 0) }
        }
    }
}
