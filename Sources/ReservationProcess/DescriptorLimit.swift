import Glibc

/// How many files, sockets included, this process may have open.
package enum DescriptorLimit {
    /// Raises the soft limit to the hard one.
    ///
    /// The usual soft limit of 1024 protects programs that use select(2), which these do not (getrlimit(2); systemd's guidance is the
    /// same); the bounds on connections are each program's own.
    ///
    /// - Returns: the limit now in force.
    @discardableResult
    package static func raise() -> UInt {
        var limit = rlimit()
        guard getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 0 }
        guard limit.rlim_cur < limit.rlim_max else { return UInt(limit.rlim_cur) }
        var raised = limit
        raised.rlim_cur = limit.rlim_max
        return setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &raised) == 0 ? UInt(raised.rlim_cur) : UInt(limit.rlim_cur)
    }
}
