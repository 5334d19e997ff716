extension Migration {
    /// What the booking was called in the logs of gateway and daemon, so that the mailer's lines about its confirmation can be found with them.
    static let outboxRequestName = Migration(
        number: 26, name: "outbox_request_name",
        sql: "ALTER TABLE outbox ADD COLUMN request_id TEXT CHECK (length(request_id) <= 64);")
}
