/// The fields of all messages; numbers and names are those of `fields` in `proto-spec/registry.json` and are never reused.
///
/// The number is the tag of a TLV element (its low 15 bits), the name the key in JSON.
package enum FieldTag: UInt16, CaseIterable, Sendable {
    // Of the connection.
    case magic = 1
    case versionMin = 2
    case versionMax = 3
    case clientName = 4
    case version = 5
    case maxPayload = 6
    case maxInFlight = 7
    case instanceID = 8
    case serverName = 9
    case role = 10
    case lastRequestID = 11
    case defaultDeadlineMilliseconds = 12

    // Of an error.
    case message = 16
    case reservedDate = 17
    case alternativeSlots = 18
    case field = 19
    case validationErrors = 20
    case retryAfterMilliseconds = 21

    // Of tickets, slots and reservations.
    case orq = 32
    case ticketID = 33
    case ticketCode = 34
    case slotID = 35
    case reservationID = 36
    case productID = 37
    case orderID = 38
    case idempotencyKey = 39
    case customerEmail = 40
    case customerPhone = 41
    case status = 42
    case date = 43
    case startTime = 44
    case endTime = 45
    case startsAt = 46
    case totalCapacity = 47
    case bookedCount = 48
    case createdAt = 49
    case updatedAt = 50
    case reservedAt = 51
    case slot = 52
    case confirmationQueued = 53
    case month = 54
    case timeZone = 55
    case name = 56
    case allowStarted = 57
    case reservation = 58
    case months = 59
    case availableCount = 60
    case accentColor = 61
    case logo = 62
    case contactEmail = 63

    // Of lists and of work in bulk.
    case count = 64
    case dateFrom = 65
    case dateTo = 66
    case weekdays = 67
    case times = 68
    case afterSlotID = 69
    case limit = 70
    case more = 71
    case createdCount = 72
    case existingCount = 73
    case row = 74
    case problems = 75
    case slots = 76
    case tickets = 77
    case organizations = 78

    // Of an organisation, too.
    case contactPhone = 79
    case website = 80

    // Of the outbox.
    case language = 82
    case outboxID = 83
    case leaseID = 84
    case attempt = 85
    case kind = 86
    case deliveries = 87
    case leaseMilliseconds = 88
    case waitMilliseconds = 89
    case providerID = 90
    case entries = 91
    case afterOutboxID = 92
    case nextAttemptAt = 93
    case lastError = 94
    case firstQueuedAt = 95

    // Of the daemon itself.
    case writable = 96
    case uptimeSeconds = 97
    case softwareVersion = 98
    case organizationCount = 99
    case slotCount = 100
    case ticketCount = 101
    case reservationCount = 102
    case outboxPendingCount = 103
    case connectionCount = 104
    case queueDepth = 105
    case requestCount = 106
    case batchCount = 107
    case commitCount = 108
    case commitTimeMicroseconds = 109
    case databaseBytes = 110
    case findings = 111
    case check = 112
    case ok = 113
    case detail = 114

    // Of the outbox, too.
    case organization = 115
    case endsAt = 116
    case outboxSentCount = 117
    case outboxFailedCount = 118
    case outboxOldestSeconds = 119

    // Of metrics.
    case program = 120
    case text = 121
    case ageMilliseconds = 122
    case reports = 123

    // Of whatever passes several programs.
    case requestID = 126

    // Of backups.
    case path = 128
    case keep = 129
    case backupID = 130
    case phase = 131
    case pagesDone = 132
    case pagesTotal = 133
    case durationMilliseconds = 134
    case snapshotAt = 135
    case lastReservationID = 136
    case removedCount = 137
    case lastBackupAt = 138
    case repair = 139

    // Of a ticket's life and of the history.
    case purpose = 140
    case sequence = 141
    case operatorID = 142
    case verifiedAt = 143
    case verifiedBy = 144
    case anyDay = 145
    case daysEarly = 146
    case daysLate = 147
    case reason = 148
    case previousSlotID = 149
    case repeated = 150
    case historyID = 151
    case action = 152
    case at = 153
    case uid = 154
    case history = 155
    case afterHistoryID = 156

    // Of lists and of calendars that are changed.
    case contacts = 160
    case reservations = 161
    case afterReservationID = 162
    case except = 163
    case dryRun = 164
    case changedCount = 165
    case unchangedCount = 166
    case deletedCount = 167
    case inUseCount = 168
    case nonexistent = 169
    case afterTicketID = 170

    // Of events.
    case position = 190
    case events = 191
    case oldestPosition = 192
    case newestPosition = 193
    case oldest = 194

    // Of validity and of personal data.
    case validUntil = 195
    case includeUpcoming = 196
    case erasedCount = 197
    case upcomingCount = 198
    case emptiedCount = 199
    case retentionDays = 200
    case personsTickets = 201

    /// The registry's name and the key in JSON: `ticket_code`.
    package var name: String {
        switch self {
        case .magic: "magic"
        case .versionMin: "version_min"
        case .versionMax: "version_max"
        case .clientName: "client_name"
        case .version: "version"
        case .maxPayload: "max_payload"
        case .maxInFlight: "max_in_flight"
        case .instanceID: "instance_id"
        case .serverName: "server_name"
        case .role: "role"
        case .lastRequestID: "last_request_id"
        case .defaultDeadlineMilliseconds: "default_deadline_ms"
        case .message: "message"
        case .reservedDate: "reserved_date"
        case .alternativeSlots: "alternative_slots"
        case .field: "field"
        case .validationErrors: "validation_errors"
        case .retryAfterMilliseconds: "retry_after_ms"
        case .orq: "orq"
        case .ticketID: "ticket_id"
        case .ticketCode: "ticket_code"
        case .slotID: "slot_id"
        case .reservationID: "reservation_id"
        case .productID: "product_id"
        case .orderID: "order_id"
        case .idempotencyKey: "idempotency_key"
        case .customerEmail: "customer_email"
        case .customerPhone: "customer_phone"
        case .status: "status"
        case .date: "date"
        case .startTime: "start_time"
        case .endTime: "end_time"
        case .startsAt: "starts_at"
        case .totalCapacity: "total_capacity"
        case .bookedCount: "booked_count"
        case .createdAt: "created_at"
        case .updatedAt: "updated_at"
        case .reservedAt: "reserved_at"
        case .slot: "slot"
        case .confirmationQueued: "confirmation_queued"
        case .month: "month"
        case .timeZone: "time_zone"
        case .name: "name"
        case .allowStarted: "allow_started"
        case .reservation: "reservation"
        case .months: "months"
        case .availableCount: "available_count"
        case .accentColor: "accent_color"
        case .logo: "logo"
        case .contactEmail: "contact_email"
        case .count: "count"
        case .dateFrom: "date_from"
        case .dateTo: "date_to"
        case .weekdays: "weekdays"
        case .times: "times"
        case .afterSlotID: "after_slot_id"
        case .limit: "limit"
        case .more: "more"
        case .createdCount: "created_count"
        case .existingCount: "existing_count"
        case .row: "row"
        case .problems: "problems"
        case .slots: "slots"
        case .tickets: "tickets"
        case .organizations: "organizations"
        case .contactPhone: "contact_phone"
        case .website: "website"
        case .language: "language"
        case .outboxID: "outbox_id"
        case .leaseID: "lease_id"
        case .attempt: "attempt"
        case .kind: "kind"
        case .deliveries: "deliveries"
        case .leaseMilliseconds: "lease_ms"
        case .waitMilliseconds: "wait_ms"
        case .providerID: "provider_id"
        case .entries: "entries"
        case .afterOutboxID: "after_outbox_id"
        case .nextAttemptAt: "next_attempt_at"
        case .lastError: "last_error"
        case .firstQueuedAt: "first_queued_at"
        case .writable: "writable"
        case .uptimeSeconds: "uptime_s"
        case .softwareVersion: "software_version"
        case .organizationCount: "organization_count"
        case .slotCount: "slot_count"
        case .ticketCount: "ticket_count"
        case .reservationCount: "reservation_count"
        case .outboxPendingCount: "outbox_pending_count"
        case .connectionCount: "connection_count"
        case .queueDepth: "queue_depth"
        case .requestCount: "request_count"
        case .batchCount: "batch_count"
        case .commitCount: "commit_count"
        case .commitTimeMicroseconds: "commit_time_us"
        case .databaseBytes: "database_bytes"
        case .findings: "findings"
        case .check: "check"
        case .ok: "ok"
        case .detail: "detail"
        case .organization: "organization"
        case .endsAt: "ends_at"
        case .outboxSentCount: "outbox_sent_count"
        case .outboxFailedCount: "outbox_failed_count"
        case .outboxOldestSeconds: "outbox_oldest_s"
        case .program: "program"
        case .text: "text"
        case .ageMilliseconds: "age_ms"
        case .reports: "reports"
        case .requestID: "request_id"
        case .path: "path"
        case .keep: "keep"
        case .backupID: "backup_id"
        case .phase: "phase"
        case .pagesDone: "pages_done"
        case .pagesTotal: "pages_total"
        case .durationMilliseconds: "duration_ms"
        case .snapshotAt: "snapshot_at"
        case .lastReservationID: "last_reservation_id"
        case .removedCount: "removed_count"
        case .lastBackupAt: "last_backup_at"
        case .repair: "repair"
        case .purpose: "purpose"
        case .sequence: "sequence"
        case .operatorID: "operator"
        case .verifiedAt: "verified_at"
        case .verifiedBy: "verified_by"
        case .anyDay: "any_day"
        case .daysEarly: "days_early"
        case .daysLate: "days_late"
        case .reason: "reason"
        case .previousSlotID: "previous_slot_id"
        case .repeated: "repeated"
        case .historyID: "history_id"
        case .action: "action"
        case .at: "at"
        case .uid: "uid"
        case .history: "history"
        case .afterHistoryID: "after_history_id"
        case .contacts: "contacts"
        case .reservations: "reservations"
        case .afterReservationID: "after_reservation_id"
        case .except: "except"
        case .dryRun: "dry_run"
        case .changedCount: "changed_count"
        case .unchangedCount: "unchanged_count"
        case .deletedCount: "deleted_count"
        case .inUseCount: "in_use_count"
        case .nonexistent: "nonexistent"
        case .afterTicketID: "after_ticket_id"
        case .position: "position"
        case .events: "events"
        case .oldestPosition: "oldest_position"
        case .newestPosition: "newest_position"
        case .oldest: "oldest"
        case .validUntil: "valid_until"
        case .includeUpcoming: "include_upcoming"
        case .erasedCount: "erased_count"
        case .upcomingCount: "upcoming_count"
        case .emptiedCount: "emptied_count"
        case .retentionDays: "retention_days"
        case .personsTickets: "persons_tickets"
        }
    }

    /// Whether a receiver that does not know the field must refuse the message: to drop it would change what was asked for.
    package var isCritical: Bool {
        switch self {
        case .ticketCode, .idempotencyKey, .repair, .purpose, .except, .dryRun, .includeUpcoming: true
        default: false
        }
    }

    /// The tag as a sender writes it, with the critical bit where the registry wants it.
    var wireValue: UInt16 { isCritical ? rawValue | WireLimits.criticalBit : rawValue }
}
