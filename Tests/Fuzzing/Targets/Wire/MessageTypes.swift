import ReservationWire

/// Every message of the protocol. The switch has no default, so a new operation does not compile before it is fuzzed.
enum MessageTypes {
    /// By numbers of the protocol, which never change, so that an input keeps its meaning.
    static func pick(_ input: inout InputCursor) -> any WireMessage.Type {
        let operation = operation(pickOpcode(&input))
        return switch input.choice(of: 9) {
        case 0: Hello.self
        case 1: HelloAck.self
        case 2: GoAway.self
        case 3: ErrorReply.self
        case 4, 5: request(operation)
        case 7: SlotsChanged.self
        case 8: EventsHappened.self
        default: response(operation)
        }
    }

    static func pickOpcode(_ input: inout InputCursor) -> Opcode {
        let number = input.integer(UInt16.self)
        return Opcode(rawValue: number) ?? Opcode.allCases[Int(number) % Opcode.allCases.count]
    }

    private static func request<O: ReservationWire.Operation>(_: O.Type) -> any WireMessage.Type { O.Request.self }
    private static func response<O: ReservationWire.Operation>(_: O.Type) -> any WireMessage.Type { O.Response.self }

    private static func operation(_ opcode: Opcode) -> any ReservationWire.Operation.Type {
        switch opcode {
        case .ticketValidate: ValidateTicket.self
        case .contactVerify: VerifyContact.self
        case .slotsAvailable: AvailableSlots.self
        case .reservationCreate: CreateReservation.self
        case .daemonHealth: Health.self
        case .slotsMonths: SlotMonths.self
        case .organizationGet: GetOrganization.self
        case .slotsWatch: WatchSlots.self
        case .metricsRead: ReadMetrics.self
        case .ticketsIssue: IssueTickets.self
        case .ticketsImport: ImportTickets.self
        case .ticketsShow: ShowTickets.self
        case .outboxLease: LeaseDeliveries.self
        case .outboxDone: CompleteDelivery.self
        case .outboxRetry: RetryDelivery.self
        case .outboxDeadLetter: GiveUpDelivery.self
        case .metricsReport: ReportMetrics.self
        case .ticketsActivate: ActivateTicket.self
        case .ticketsCheckIn: CheckIn.self
        case .ticketsExpire: ExpireTicket.self
        case .reservationsCancel: CancelReservation.self
        case .reservationsMove: MoveReservation.self
        case .eventsSubscribe: SubscribeToEvents.self
        case .organizationAdd: AddOrganization.self
        case .organizationList: ListOrganizations.self
        case .organizationSet: SetOrganization.self
        case .slotsCreate: CreateSlot.self
        case .slotsGenerate: GenerateSlots.self
        case .slotsList: ListSlots.self
        case .slotsSetState: SetSlotState.self
        case .slotsSetCapacity: SetSlotCapacity.self
        case .slotsSetStates: SetSlotStates.self
        case .slotsDelete: DeleteSlots.self
        case .outboxList: ListOutbox.self
        case .outboxShow: ShowOutboxEntry.self
        case .outboxRequeue: RequeueOutboxEntry.self
        case .outboxCancel: CancelOutboxEntry.self
        case .reservationsResend: ResendConfirmation.self
        case .reservationsShow: ShowReservation.self
        case .reservationsList: ListReservations.self
        case .ticketsList: ListTickets.self
        case .historyList: ListHistory.self
        case .personalDataExport: ExportPersonalData.self
        case .personalDataErase: ErasePersonalData.self
        case .daemonStatus: DaemonStatus.self
        case .daemonDoctor: Doctor.self
        case .daemonBackup: Backup.self
        }
    }
}
