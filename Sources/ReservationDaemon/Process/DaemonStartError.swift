/// What keeps the daemon from starting.
package struct DaemonStartError: Error {
    /// What happened and what to do.
    package let message: String
}
