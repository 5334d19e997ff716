import ReservationCore

/// What an operator wants to see at a glance.
package enum DaemonStatus: Operation {
    package typealias Request = DaemonStatusRequest
    package typealias Response = DaemonStatusResponse
    package static var opcode: Opcode { .daemonStatus }
}

/// Asks for `daemon.status`.
package struct DaemonStatusRequest: WireMessage {
    package init() {}

    package init(from reader: inout some FieldReader) {}

    package func write(to writer: inout some FieldWriter) {}
}

/// Answers `daemon.status`.
package struct DaemonStatusResponse: WireMessage {
    /// Changes with every start of the daemon.
    package var instanceID: UInt128
    /// Whether the store takes writes.
    package var writable: Bool
    /// Seconds since the start.
    package var uptimeSeconds: UInt64
    /// Of the daemon.
    package var softwareVersion: String
    /// How many organisations there are.
    package var organizationCount: UInt64
    /// How many slots there are.
    package var slotCount: UInt64
    /// How many tickets there are.
    package var ticketCount: UInt64
    /// How many places are taken in all.
    package var reservationCount: UInt64
    /// Confirmations that are to be sent, leased ones included.
    package var outboxPendingCount: UInt64
    /// Connections that are open.
    package var connectionCount: UInt64
    /// Requests that wait for a commit group.
    package var queueDepth: UInt64
    /// Requests since the start.
    package var requestCount: UInt64
    /// Batches since the start.
    package var batchCount: UInt64
    /// Commits since the start.
    package var commitCount: UInt64
    /// Time spent in commits, in microseconds.
    package var commitTimeMicroseconds: UInt64
    /// Size of the database.
    package var databaseBytes: UInt64
    /// Confirmations that were sent, ever.
    package var outboxSentCount: UInt64
    /// Confirmations that were given up and wait for an operator.
    package var outboxFailedCount: UInt64
    /// For how long the oldest of those that are to be sent has been so, in seconds.
    package var outboxOldestSeconds: UInt64?
    /// When the last good backup was taken.
    package var lastBackupAt: Instant?

    package init(
        instanceID: UInt128, writable: Bool, uptimeSeconds: UInt64, softwareVersion: String, organizationCount: UInt64,
        slotCount: UInt64, ticketCount: UInt64, reservationCount: UInt64, outboxPendingCount: UInt64, connectionCount: UInt64,
        queueDepth: UInt64, requestCount: UInt64, batchCount: UInt64, commitCount: UInt64, commitTimeMicroseconds: UInt64,
        databaseBytes: UInt64, outboxSentCount: UInt64, outboxFailedCount: UInt64, outboxOldestSeconds: UInt64? = nil,
        lastBackupAt: Instant? = nil
    ) {
        self.instanceID = instanceID
        self.writable = writable
        self.uptimeSeconds = uptimeSeconds
        self.softwareVersion = softwareVersion
        self.organizationCount = organizationCount
        self.slotCount = slotCount
        self.ticketCount = ticketCount
        self.reservationCount = reservationCount
        self.outboxPendingCount = outboxPendingCount
        self.connectionCount = connectionCount
        self.queueDepth = queueDepth
        self.requestCount = requestCount
        self.batchCount = batchCount
        self.commitCount = commitCount
        self.commitTimeMicroseconds = commitTimeMicroseconds
        self.databaseBytes = databaseBytes
        self.outboxSentCount = outboxSentCount
        self.outboxFailedCount = outboxFailedCount
        self.outboxOldestSeconds = outboxOldestSeconds
        self.lastBackupAt = lastBackupAt
    }

    package init(from reader: inout some FieldReader) throws(PayloadError) {
        instanceID = try reader.bytes16(.instanceID)
        writable = try reader.bool(.writable)
        uptimeSeconds = try reader.integer(.uptimeSeconds)
        softwareVersion = try reader.string(.softwareVersion)
        organizationCount = try reader.integer(.organizationCount)
        slotCount = try reader.integer(.slotCount)
        ticketCount = try reader.integer(.ticketCount)
        reservationCount = try reader.integer(.reservationCount)
        outboxPendingCount = try reader.integer(.outboxPendingCount)
        connectionCount = try reader.integer(.connectionCount)
        queueDepth = try reader.integer(.queueDepth)
        requestCount = try reader.integer(.requestCount)
        batchCount = try reader.integer(.batchCount)
        commitCount = try reader.integer(.commitCount)
        commitTimeMicroseconds = try reader.integer(.commitTimeMicroseconds)
        databaseBytes = try reader.integer(.databaseBytes)
        outboxSentCount = try reader.integer(.outboxSentCount)
        outboxFailedCount = try reader.integer(.outboxFailedCount)
        outboxOldestSeconds = try reader.optionalInteger(.outboxOldestSeconds)
        lastBackupAt = try reader.optionalInteger(.lastBackupAt).map { Instant(seconds: Int64($0)) }
    }

    package func write(to writer: inout some FieldWriter) {
        writer.write(.instanceID, instanceID)
        writer.write(.writable, writable)
        writer.write(.uptimeSeconds, uptimeSeconds)
        writer.write(.softwareVersion, softwareVersion)
        writer.write(.organizationCount, organizationCount)
        writer.write(.slotCount, slotCount)
        writer.write(.ticketCount, ticketCount)
        writer.write(.reservationCount, reservationCount)
        writer.write(.outboxPendingCount, outboxPendingCount)
        writer.write(.connectionCount, connectionCount)
        writer.write(.queueDepth, queueDepth)
        writer.write(.requestCount, requestCount)
        writer.write(.batchCount, batchCount)
        writer.write(.commitCount, commitCount)
        writer.write(.commitTimeMicroseconds, commitTimeMicroseconds)
        writer.write(.databaseBytes, databaseBytes)
        writer.write(.outboxSentCount, outboxSentCount)
        writer.write(.outboxFailedCount, outboxFailedCount)
        writer.write(.outboxOldestSeconds, outboxOldestSeconds)
        if let lastBackupAt { writer.write(.lastBackupAt, lastBackupAt) }
    }
}
