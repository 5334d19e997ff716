import ReservationMetrics

extension MetricFamily {
    static let requests = counter("reservationd_requests_total", "Requests answered, by operation and status.")
    static let requestDuration = histogram(
        "reservationd_request_duration_seconds", "Time from a request's decoding until its answer was handed over.")
    static let overloaded = counter("reservationd_overloaded_total", "Requests that were refused because too many were waiting.")
    static let startTime = gauge("reservationd_start_time_seconds", "When the daemon began, in seconds since 1970.")
    static let lastBackup = gauge(
        "reservationd_last_backup_timestamp_seconds", "When the newest backup was made, in seconds since 1970; 0 for none.")

    static let commits = counter("reservationd_commits_total", "Groups of requests that were stored, or rolled back.")
    static let commitDuration = histogram("reservationd_commit_duration_seconds", "Time that storing a group took, the sync included.")
    static let batchSize = histogram(
        "reservationd_batch_size", "Requests that shared a commit.", .numbers([1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024]))
    static let confirmations = counter(
        "email_confirmation_count_total", "Confirmations by e-mail: sent, to be tried again, or given up, as mailers reported.")

    static let queueDepth = gauge("reservationd_queue_depth", "Requests that wait for the ledger.")
    static let connections = gauge("reservationd_connections", "Open connections, by role.")
    static let writable = gauge("reservationd_writable", "Whether the store takes writes.")
    static let outboxEntries = gauge("reservationd_outbox_entries", "Messages that wait, are lent to a mailer, or were given up.")
    static let outboxAge = gauge(
        "reservationd_outbox_oldest_age_seconds", "For how long the oldest of the messages that are to be sent has been so.")
    static let tickets = gauge("reservationd_tickets", "Tickets that there are.")
    static let reservations = gauge("reservationd_reservations", "Places that are booked.")
    static let databaseBytes = gauge("reservationd_database_bytes", "Size of the database.")
    static let logBytes = gauge("reservationd_wal_bytes", "Size of the write-ahead log.")
    static let diskFree = gauge("reservationd_disk_free_bytes", "What is free on the database's file system.")
}
