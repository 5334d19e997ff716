import ReservationMetrics

/// The numbers that the status page shows, taken from an exposition of all programs.
struct StatusFigures: Sendable {
    /// A part of a whole, by name.
    struct Share: Sendable, Equatable {
        var name: String
        var count: Double
    }

    private let exposition: Exposition

    init(_ exposition: Exposition) {
        self.exposition = exposition
    }

    // MARK: what visitors do

    var validated: Double { sum("ticket_validation_count_total", ("result", "valid")) }
    var refusedCodes: Double { sum("ticket_validation_count_total", ("result", "invalid")) }
    var contacts: Double { sum("contact_verification_count_total", ("result", "valid")) }
    var reserved: Double { sum("reservation_creation_count_total", ("result", "success")) }
    var slotFull: Double { sum("reservation_creation_count_total", ("result", "slot_full")) }
    var attempts: Double { sum("reservation_creation_count_total") }
    var validationLatency: Distribution { Distribution(exposition["ticket_validation_latency_seconds"]) }
    var creationLatency: Distribution { Distribution(exposition["reservation_creation_latency_seconds"]) }
    var completion: Distribution { Distribution(exposition["reservation_completion_seconds"]) }
    var limited: Double { sum("gateway_rate_limited_total") }
    var connections: Double? { value("gateway_connections") }
    var openPages: Double? { value("gateway_open_pages") }

    /// Why validations and reservations failed, the most frequent first.
    var failures: [Share] {
        var counts: [String: Double] = [:]
        for (name, success) in [("ticket_validation_count_total", "valid"), ("reservation_creation_count_total", "success")] {
            for sample in exposition[name]?.samples ?? [] where sample["result"] != success && sample.value > 0 {
                counts[sample["reason"] ?? "OTHER", default: 0] += sample.value
            }
        }
        return counts.map { Share(name: $0.key, count: $0.value) }.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    }

    // MARK: the daemon

    var isDaemonUp: Bool { value("gateway_daemon_up") != 0 }
    /// Nil when the daemon does not say.
    var isWritable: Bool? { value("reservationd_writable").map { $0 != 0 } }
    var commitLatency: Distribution { Distribution(exposition["reservationd_commit_duration_seconds"]) }
    var batchSize: Distribution { Distribution(exposition["reservationd_batch_size"]) }
    var committed: Double { sum("reservationd_commits_total", ("result", "committed")) }
    var rolledBack: Double { sum("reservationd_commits_total", ("result", "rolled_back")) }
    var overloaded: Double { sum("reservationd_overloaded_total") }
    var queueDepth: Double? { value("reservationd_queue_depth") }
    var waitingMessages: Double? { value("reservationd_outbox_entries", ("state", "pending")) }
    var leasedMessages: Double? { value("reservationd_outbox_entries", ("state", "leased")) }
    var deadLetters: Double? { value("reservationd_outbox_entries", ("state", "dead_letter")) }
    var outboxAge: Double? { value("reservationd_outbox_oldest_age_seconds") }
    var databaseBytes: Double? { value("reservationd_database_bytes") }
    var logBytes: Double? { value("reservationd_wal_bytes") }
    var diskFree: Double? { value("reservationd_disk_free_bytes") }
    var tickets: Double? { value("reservationd_tickets") }
    var reservations: Double? { value("reservationd_reservations") }
    var lastBackup: Double? { value("reservationd_last_backup_timestamp_seconds").flatMap { $0 > 0 ? $0 : nil } }

    // MARK: mail

    var mailsSent: Double { sum("email_confirmation_count_total", ("result", "sent")) }
    var mailsRetried: Double { sum("email_confirmation_count_total", ("result", "retried")) }
    var mailsFailed: Double { sum("email_confirmation_count_total", ("result", "failed")) }
    /// Nil when no mailer reports.
    var isMailerPaused: Bool? { exposition["reservation_mailer_paused"].map { $0.samples.contains { $0.value != 0 } } }

    // MARK: programs

    struct Program: Sendable, Equatable {
        var name: String
        var version: String
        var memory: Double?
        var started: Double?
        var descriptors: Double?
        /// How long ago it said so, where it is not asked itself.
        var age: Double?
    }

    var programs: [Program] {
        (exposition["reservation_build_info"]?.samples ?? []).map { sample in
            let label = ("program", sample["program"] ?? "")
            return Program(
                name: label.1, version: sample["version"] ?? "", memory: value("process_resident_memory_bytes", label),
                started: value("process_start_time_seconds", label), descriptors: value("process_open_fds", label),
                age: value("gateway_report_age_seconds", label))
        }.sorted { $0.name < $1.name }
    }

    func sample(at now: Double) -> MetricsHistory.Sample {
        MetricsHistory.Sample(
            at: now, validated: validated, refusedCodes: refusedCodes, reserved: reserved, slotFull: slotFull, attempts: attempts)
    }

    // MARK: parts

    private func sum(_ name: String, _ label: (String, String)? = nil) -> Double {
        (exposition[name]?.samples ?? []).reduce(0) { sum, sample in
            label.map { sample[$0.0] != $0.1 } ?? false ? sum : sum + sample.value
        }
    }

    private func value(_ name: String, _ label: (String, String)? = nil) -> Double? {
        exposition[name]?.samples.first { sample in label.map { sample[$0.0] == $0.1 } ?? true }?.value
    }
}
