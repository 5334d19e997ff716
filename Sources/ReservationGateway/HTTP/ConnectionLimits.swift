/// What one HTTP connection may cost. Every bound of the server in one place.
package struct ConnectionLimits: Sendable {
    /// Connections at once; further ones wait in the kernel's queue until one ends. Where the process has not even a descriptor for one,
    /// it is refused (``ShortageReply``).
    package var connections = 16_384
    /// Longest wait for the next request to begin and its header to be whole.
    package var idleSeconds: Int64 = 30
    /// Longest wait from a request's header to the end of its body.
    package var bodySeconds: Int64 = 10
    /// Longest wait for a peer to take what was written.
    package var stallSeconds: Int64 = 30
    /// How long what a refused peer still sends is read and dropped, so that the refusal reaches it: closing at once would reset the
    /// connection and might destroy the reply on its way (RFC 9112, section 9.6).
    package var lingerMilliseconds: Int64 = 1000
    /// Bytes that are dropped in that time at most.
    package var lingerBytes = 1_048_576
    /// Bytes of one header field, or of the request's target.
    package var headerFieldBytes = 8192
    /// Bytes of a request's whole header.
    package var headerBytes = 16_384
    /// Fields of a request's header.
    package var headerFields = 100
    /// Most that is read of a connection before the others' turn.
    package var readBytes = 8192
    /// Callers that may wait to be accepted; the kernel caps it at net.core.somaxconn.
    package var backlog: Int32 = 4096
    /// How long after SIGTERM callers are still let in and told with their answer that the connection ends, where the socket is systemd's.
    /// Whoever keeps a connection busy then leaves it by himself; closing it would cross with his next request.
    package var recycleMilliseconds: Int64 = 300
    /// How long at the end a connection may take to bring its first request: it may be on its way.
    package var firstRequestMilliseconds: Int64 = 500
    /// How long at the end an idle connection's peer may take to close its side.
    package var partingMilliseconds: Int64 = 250
    /// How long SIGTERM waits for requests in progress. Longer than a request may take.
    package var shutdownSeconds: Int64 = 20

    package init() {}
}
