import Glibc
import Logging
import ReservationLog

extension EventName {
    static let connectionLimitLowered: EventName = "connection.limit.lowered"
}

/// How many files, sockets included, this process may have open.
package enum DescriptorLimit {
    /// What connections must leave free: the database's files, listeners, event loops, the log, and this program's own calls on others.
    package static let ownUse = 40

    /// The limit now in force; 0 when it cannot be read.
    package static var current: UInt { UInt(limits.rlim_cur) }

    /// Raises the soft limit to the hard one.
    ///
    /// The usual soft limit of 1024 protects programs that use select(2), which these do not (getrlimit(2); systemd's guidance is the
    /// same); the bounds on connections are each program's own.
    package static func raise() {
        var raised = limits
        guard raised.rlim_cur < raised.rlim_max else { return }
        raised.rlim_cur = raised.rlim_max
        setrlimit(resource, &raised)
    }

    /// How many of the connections that are wanted fit below the limit beside ``ownUse``; one at least.
    ///
    /// So callers, however many come, do not take what the program itself needs. Says so in the log where they do not all fit.
    package static func connections(wanted: Int, logger: Logger) -> Int {
        let limit = current
        let fitting = connections(wanted: wanted, limit: limit)
        if fitting < wanted {
            logger.record(
                .warning, .connectionLimitLowered,
                [
                    .count: "\(fitting)", .limit: "\(limit)",
                    .hint: """
                    The limit of open files leaves room for \(fitting) of \(wanted) connections. Raise LimitNOFILE= of the unit (ulimit -n).
                    """,
                ])
        }
        return fitting
    }

    static func connections(wanted: Int, limit: UInt) -> Int {
        limit == 0 ? wanted : min(wanted, max(1, Int(clamping: limit) - ownUse))
    }

    /// Whether a file could be opened now.
    static var isOneFree: Bool {
        let descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { return false }
        close(descriptor)
        return true
    }

    private static let resource = __rlimit_resource_t(RLIMIT_NOFILE.rawValue)

    private static var limits: rlimit {
        var limits = rlimit()
        return getrlimit(resource, &limits) == 0 ? limits : rlimit()
    }
}
