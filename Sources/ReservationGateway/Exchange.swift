/// One request on its way through the gateway: what its reply and its log lines have in common.
struct Exchange: Sendable {
    let request: EdgeRequest
    let target: RequestTarget
    /// See ``RequestID``.
    let id: String
    /// Who asks, behind the proxies that we trust; nil on a Unix socket.
    let client: IPAddress?
}
