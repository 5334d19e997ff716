import ReservationCore
import ReservationWire

extension ValidateTicketResponse {
    init(_ ticket: Ticket) {
        self.init(
            ticketID: UInt64(ticket.id.rawValue), ticketCode: ticket.code.text, productID: UInt64(ticket.productID),
            orderID: UInt64(ticket.orderID), status: ticket.status.rawValue)
    }
}

extension TicketMessage {
    init(_ shown: TicketWithReservation) {
        let ticket = shown.ticket
        self.init(
            orq: UInt64(ticket.organization.rawValue), ticketID: UInt64(ticket.id.rawValue), ticketCode: ticket.code.text,
            productID: UInt64(ticket.productID), orderID: UInt64(ticket.orderID), status: ticket.status.rawValue,
            createdAt: ticket.createdAt, updatedAt: ticket.updatedAt,
            reservation: shown.reservation.flatMap { reservation in
                shown.slot.map { ReservationMessage(reservation, in: $0) }
            }, validUntil: ticket.validUntil)
    }
}

extension ReservationMessage {
    init(_ reservation: Reservation, in slot: Slot) {
        self.init(
            slotID: UInt64(reservation.slot.rawValue), reservationID: UInt64(reservation.id.rawValue),
            customerEmail: reservation.email.text, customerPhone: reservation.phone.text, status: reservation.status.rawValue,
            reservedAt: reservation.reservedAt, slot: SlotTime(slot))
    }
}

extension OrganizationMessage {
    init(_ organization: Organization) {
        self.init(
            orq: UInt64(organization.id.rawValue), createdAt: organization.createdAt, timeZone: organization.timeZone,
            name: organization.name, allowStarted: organization.allowsStarted,
            retentionDays: organization.retentionDays.map { UInt64($0) })
    }
}

extension MonthSummary {
    init(_ count: MonthCount) {
        self.init(month: count.month.description, availableCount: UInt64(count.availablePlaces), slotCount: UInt64(count.slots))
    }
}

extension DaemonStatusResponse {
    init(_ status: LedgerStatus, _ surroundings: ReplyEncoder.Surroundings) {
        self.init(
            instanceID: surroundings.instanceID, writable: status.writable, uptimeSeconds: surroundings.uptimeSeconds,
            softwareVersion: SoftwareVersion.current, organizationCount: UInt64(status.organizations), slotCount: UInt64(status.slots),
            ticketCount: UInt64(status.storage.tickets), reservationCount: UInt64(status.reservations),
            outboxPendingCount: UInt64(status.storage.outbox.pending), connectionCount: surroundings.connections,
            queueDepth: surroundings.queueDepth, requestCount: status.requests, batchCount: status.batches, commitCount: status.commits,
            commitTimeMicroseconds: status.commitMicroseconds, databaseBytes: UInt64(status.storage.databaseBytes),
            outboxSentCount: UInt64(status.storage.outbox.sent), outboxFailedCount: UInt64(status.storage.outbox.failed),
            outboxOldestSeconds: status.oldestMessageSeconds.map { UInt64($0) }, lastBackupAt: surroundings.lastBackup)
    }
}

extension BackupResponse {
    init(_ state: BackupState) {
        let made = state.made
        self.init(
            reservationCount: made.map { UInt64($0.reservations) }, databaseBytes: made.map { UInt64($0.bytes) }, path: state.path,
            backupID: state.id, phase: state.phase.rawValue, pagesDone: UInt64(state.pagesDone), pagesTotal: UInt64(state.pagesTotal),
            durationMilliseconds: made.map { UInt64($0.milliseconds) }, snapshotAt: made?.snapshotAt,
            lastReservationID: made.map { UInt64($0.lastReservation) }, removedCount: made.map { UInt64($0.removed) })
    }
}
