import NIOCore
import ReservationWire

/// Which Swift type is which message of the registry.
enum MessageCatalogue {
    static var operations: [any ReservationWire.Operation.Type] {
        [
            ValidateTicket.self, VerifyContact.self, AvailableSlots.self, CreateReservation.self, Health.self, SlotMonths.self,
            GetOrganization.self, WatchSlots.self, ReadMetrics.self, IssueTickets.self, ImportTickets.self, ShowTickets.self,
            LeaseDeliveries.self, CompleteDelivery.self, RetryDelivery.self, GiveUpDelivery.self, ReportMetrics.self, ActivateTicket.self,
            CheckIn.self, CancelReservation.self, MoveReservation.self, ExpireTicket.self, SubscribeToEvents.self, AddOrganization.self,
            ListOrganizations.self, SetOrganization.self, CreateSlot.self, GenerateSlots.self, ListSlots.self, SetSlotState.self,
            SetSlotCapacity.self, SetSlotStates.self, DeleteSlots.self,
            ListOutbox.self, ShowOutboxEntry.self, RequeueOutboxEntry.self, CancelOutboxEntry.self, ResendConfirmation.self,
            ShowReservation.self, ListReservations.self, ListTickets.self, DaemonStatus.self, Doctor.self, Backup.self, ListHistory.self,
            ExportPersonalData.self, ErasePersonalData.self,
        ]
    }

    static var types: [String: any WireMessage.Type] {
        var types: [String: any WireMessage.Type] = [
            "hello": Hello.self, "hello_ack": HelloAck.self, "goaway": GoAway.self, "error": ErrorReply.self,
            "validation_error": ValidationError.self, "alternative_slot": AlternativeSlot.self, "slot": SlotMessage.self,
            "slot_time": SlotTime.self, "ticket": TicketMessage.self, "reservation": ReservationMessage.self,
            "organization": OrganizationMessage.self, "month_summary": MonthSummary.self, "slots_changed": SlotsChanged.self,
            "time_range": TimeRange.self, "date_range": DateRange.self, "missing_time": MissingTime.self,
            "import_row": ImportRow.self, "problem": ProblemMessage.self, "finding": FindingMessage.self,
            "delivery": DeliveryMessage.self, "delivery_organization": DeliveryOrganization.self,
            "outbox_entry": OutboxEntryMessage.self, "metrics_report": MetricsReportMessage.self,
            "history_entry": HistoryEntryMessage.self, "event": EventMessage.self, "events_happened": EventsHappened.self,
            "listed_reservation": ListedReservationMessage.self, "persons_ticket": PersonsTicketMessage.self,
        ]
        for operation in operations { add(operation, to: &types) }
        return types
    }

    private static func add<Operation: ReservationWire.Operation>(_: Operation.Type, to types: inout [String: any WireMessage.Type]) {
        types["\(Operation.opcode.name).request"] = Operation.Request.self
        types["\(Operation.opcode.name).response"] = Operation.Response.self
    }

    static func type(_ name: String) throws -> any WireMessage.Type {
        guard let type = types[name] else { throw RegistryFile.Unknown(name: name) }
        return type
    }

    static func decode(_ name: String, _ bytes: some Sequence<UInt8>, as encoding: Encoding) throws -> any WireMessage {
        try decode(try type(name), ByteBuffer(bytes: bytes), as: encoding)
    }

    static func encode(_ message: any WireMessage, as encoding: Encoding) -> [UInt8] {
        var buffer = ByteBuffer()
        Payload.encode(message, as: encoding, into: &buffer)
        return buffer.array
    }

    static func areEqual(_ left: any WireMessage, _ right: any WireMessage) -> Bool { isEqual(left, right) }

    private static func isEqual<Message: WireMessage>(_ left: Message, _ right: any WireMessage) -> Bool { left == right as? Message }

    private static func decode<Message: WireMessage>(
        _ type: Message.Type, _ bytes: ByteBuffer, as encoding: Encoding
    ) throws -> any WireMessage {
        try Payload.decode(type, from: bytes, as: encoding)
    }
}
