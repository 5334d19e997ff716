/// What a client keeps going on a connection of its own until somebody ends it.
protocol Subscription: AnyObject, Sendable {
    /// Nothing is heard of it any more.
    ///
    /// - Returns: its lane, for the caller to close; nil when that has been done.
    func stop() -> Lane?
}
