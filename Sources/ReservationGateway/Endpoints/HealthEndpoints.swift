import NIOCore

/// `GET /healthz` and `GET /readyz`, for whoever watches the process.
enum HealthEndpoints {
    /// The process lives; says nothing about the daemon, so that a restart of the daemon restarts no gateway.
    static let alive = ByteBuffer(string: #"{"success":true,"data":{"status":"alive"}}"#)
    /// The daemon answers through its ledger and takes writes.
    static let ready = ByteBuffer(string: #"{"success":true,"data":{"status":"ready"}}"#)
    /// How long the daemon may take to say so.
    static let patience = Duration.seconds(2)
}
