/// Where the ledger and its store live: work runs in order, one piece at a time.
///
/// What stands behind this decides when the ledger comes round, so that a simulation can let anything happen before it does.
protocol LedgerExecutor: SerialExecutor {
    /// Runs `work` without making a task for it: once a batch, this is the hot path.
    func submit(_ work: @escaping @Sendable () -> Void)
}
