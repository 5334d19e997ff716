import ReservationCore

/// What a REQUEST asks for; numbers and names are those of `operations` in `proto-spec/registry.json` and are never reused.
package enum Opcode: UInt16, CaseIterable, Sendable {
    case ticketValidate = 1
    case contactVerify = 2
    case slotsAvailable = 3
    case reservationCreate = 4
    case daemonHealth = 5
    case slotsMonths = 6
    case organizationGet = 7
    case slotsWatch = 8
    case metricsRead = 9
    case ticketsIssue = 257
    case ticketsImport = 258
    case ticketsShow = 259
    case outboxLease = 272
    case outboxDone = 273
    case outboxRetry = 274
    case outboxDeadLetter = 275
    case metricsReport = 288
    case ticketsActivate = 289
    case ticketsCheckIn = 290
    case reservationsCancel = 291
    case reservationsMove = 292
    case ticketsExpire = 293
    case eventsSubscribe = 294
    case organizationAdd = 513
    case organizationList = 514
    case organizationSet = 515
    case slotsCreate = 529
    case slotsGenerate = 530
    case slotsList = 531
    case slotsSetState = 532
    case slotsSetCapacity = 533
    case slotsSetStates = 534
    case slotsDelete = 535
    case outboxList = 545
    case outboxShow = 546
    case outboxRequeue = 547
    case outboxCancel = 548
    case reservationsResend = 561
    case reservationsShow = 562
    case reservationsList = 563
    case ticketsList = 564
    case daemonStatus = 752
    case daemonDoctor = 753
    case daemonBackup = 754
    case historyList = 769
    case personalDataExport = 770
    case personalDataErase = 771

    /// The registry's name, as in logs and messages: `reservation.create`.
    package var name: String {
        switch self {
        case .ticketValidate: "ticket.validate"
        case .contactVerify: "contact.verify"
        case .slotsAvailable: "slots.available"
        case .reservationCreate: "reservation.create"
        case .daemonHealth: "daemon.health"
        case .slotsMonths: "slots.months"
        case .organizationGet: "organization.get"
        case .slotsWatch: "slots.watch"
        case .metricsRead: "metrics.read"
        case .ticketsIssue: "tickets.issue"
        case .ticketsImport: "tickets.import"
        case .ticketsShow: "tickets.show"
        case .outboxLease: "outbox.lease"
        case .outboxDone: "outbox.done"
        case .outboxRetry: "outbox.retry"
        case .outboxDeadLetter: "outbox.dead_letter"
        case .metricsReport: "metrics.report"
        case .ticketsActivate: "tickets.activate"
        case .ticketsCheckIn: "tickets.check_in"
        case .reservationsCancel: "reservations.cancel"
        case .reservationsMove: "reservations.move"
        case .ticketsExpire: "tickets.expire"
        case .eventsSubscribe: "events.subscribe"
        case .organizationAdd: "organization.add"
        case .organizationList: "organization.list"
        case .organizationSet: "organization.set"
        case .slotsCreate: "slots.create"
        case .slotsGenerate: "slots.generate"
        case .slotsList: "slots.list"
        case .slotsSetState: "slots.set_state"
        case .slotsSetCapacity: "slots.set_capacity"
        case .slotsSetStates: "slots.set_states"
        case .slotsDelete: "slots.delete"
        case .outboxList: "outbox.list"
        case .outboxShow: "outbox.show"
        case .outboxRequeue: "outbox.requeue"
        case .outboxCancel: "outbox.cancel"
        case .reservationsResend: "reservations.resend"
        case .reservationsShow: "reservations.show"
        case .reservationsList: "reservations.list"
        case .ticketsList: "tickets.list"
        case .daemonStatus: "daemon.status"
        case .daemonDoctor: "daemon.doctor"
        case .daemonBackup: "daemon.backup"
        case .historyList: "history.list"
        case .personalDataExport: "personal_data.export"
        case .personalDataErase: "personal_data.erase"
        }
    }

    /// The least role that may ask for it.
    package var role: Role {
        switch self {
        case .ticketValidate, .contactVerify, .slotsAvailable, .reservationCreate, .daemonHealth, .slotsMonths, .organizationGet,
            .slotsWatch, .metricsRead:
            .gateway
        case .ticketsIssue, .ticketsImport, .ticketsShow, .outboxLease, .outboxDone, .outboxRetry, .outboxDeadLetter,
            .metricsReport, .ticketsActivate, .ticketsCheckIn, .ticketsExpire, .reservationsCancel, .reservationsMove,
            .eventsSubscribe:
            .service
        case .organizationAdd, .organizationList, .organizationSet, .slotsCreate, .slotsGenerate, .slotsList, .slotsSetState,
            .slotsSetCapacity, .slotsSetStates, .slotsDelete, .outboxList, .outboxShow, .outboxRequeue, .outboxCancel, .reservationsResend,
            .reservationsShow,
            .reservationsList, .ticketsList, .daemonStatus, .daemonDoctor, .daemonBackup, .historyList,
            .personalDataExport, .personalDataErase:
            .admin
        }
    }

    /// Each role may do what the lesser ones may; which role a caller has is decided by the socket it could open.
    package func isAllowed(for role: Role) -> Bool { role.rawValue >= self.role.rawValue }
}
