import NIOCore
import ReservationCore
import ReservationWire

/// Turns outcomes into frames, appended to the buffer that goes out with all answers of a group.
struct ReplyEncoder: Sendable {
    /// What `daemon.status` adds from outside the ledger.
    struct Surroundings: Sendable {
        var instanceID: UInt128
        var uptimeSeconds: UInt64
        var connections: UInt64
        var queueDepth: UInt64
        /// When the last good backup was taken.
        var lastBackup: Instant?
    }

    /// - Parameter surroundings: asked only for `daemon.status`.
    func write(_ outcome: Outcome, to submission: Submission, surroundings: () -> Surroundings, into buffer: inout ByteBuffer) {
        switch outcome {
        case .refused(let refusal):
            error(Status(refusal), ErrorReply(refusal), to: submission, into: &buffer)
        case .failed(let fault):
            error(fault.status, fault.reply, to: submission, into: &buffer)
        case .replayed(let payload):
            replay(payload, to: submission, into: &buffer)
        case .created(let created):
            // What was stored under the key is exactly what goes out: the first answer and a replay cannot differ.
            if let payload = created.payload, submission.encoding == .tlv {
                response(bytes: payload, to: submission, into: &buffer)
            } else {
                response(created.response, to: submission, into: &buffer)
            }
        case .validated(let ticket):
            response(ValidateTicketResponse(ticket), to: submission, into: &buffer)
        case .contactVerified(let contact):
            response(
                VerifyContactResponse(customerEmail: contact.email.text, customerPhone: contact.phone.text), to: submission, into: &buffer)
        case .available(let month, let timeZone, let slots):
            response(
                AvailableSlotsResponse(month: month.description, timeZone: timeZone, slots: slots.map { SlotMessage($0) }), to: submission,
                into: &buffer)
        case .health(let writable):
            response(HealthResponse(writable: writable), to: submission, into: &buffer)
        case .months(let months, let today, let timeZone):
            response(
                SlotMonthsResponse(date: today, timeZone: timeZone, months: months.map { MonthSummary($0) }), to: submission, into: &buffer)
        case .organization(let organization, let logo):
            response(OrganizationProfileResponse(organization, logo: logo), to: submission, into: &buffer)
        case .tickets, .imported, .organizations, .slots, .generated, .findings, .status, .alive, .backup:
            administrative(outcome, to: submission, surroundings: surroundings, into: &buffer)
        case .outbox(let outcome):
            outbox(outcome, to: submission, into: &buffer)
        case .life(let outcome):
            life(outcome, to: submission, into: &buffer)
        case .calendar(let outcome):
            calendar(outcome, to: submission, into: &buffer)
        case .personalData(let outcome):
            personalData(outcome, to: submission, into: &buffer)
        case .events(.subscribed(let position, let bounds)):
            response(
                SubscribeToEventsResponse(
                    position: UInt64(position), oldestPosition: UInt64(bounds.oldest), newestPosition: UInt64(bounds.newest)),
                to: submission, into: &buffer)
        // Read for a connection and not for its peer.
        case .events(.page), .events(.trimmed), .swept: break
        }
    }

    private func administrative(
        _ outcome: Outcome, to submission: Submission, surroundings: () -> Surroundings, into buffer: inout ByteBuffer
    ) {
        switch outcome {
        case .tickets(let tickets):
            let messages = tickets.map { TicketMessage($0) }
            if submission.opcode == .ticketsIssue {
                response(IssueTicketsResponse(tickets: messages), to: submission, into: &buffer)
            } else {
                response(ShowTicketsResponse(tickets: messages), to: submission, into: &buffer)
            }
        case .imported(let created, let existing, let problems):
            response(
                ImportTicketsResponse(
                    createdCount: UInt64(created), existingCount: UInt64(existing),
                    problems: problems.map { ProblemMessage(message: $0.message, row: UInt64($0.row)) }), to: submission, into: &buffer)
        case .organizations(let organizations):
            let messages = organizations.map { OrganizationMessage($0) }
            if submission.opcode == .organizationAdd {
                response(AddOrganizationResponse(organizations: messages), to: submission, into: &buffer)
            } else {
                response(ListOrganizationsResponse(organizations: messages), to: submission, into: &buffer)
            }
        case .slots(let slots, let more):
            slotReply(slots.map { SlotMessage($0) }, more: more, to: submission, into: &buffer)
        case .generated(let created, let existing, let missing):
            response(
                GenerateSlotsResponse(
                    createdCount: UInt64(created), existingCount: UInt64(existing),
                    nonexistent: missing.map { MissingTime(date: $0.date, startTime: $0.start, endTime: $0.end) }), to: submission,
                into: &buffer)
        case .findings(let findings):
            response(
                DoctorResponse(findings: findings.map { FindingMessage(check: $0.check, ok: $0.passed, detail: $0.detail) }),
                to: submission, into: &buffer)
        case .backup(let state):
            response(BackupResponse(state), to: submission, into: &buffer)
        case .status(let status):
            response(DaemonStatusResponse(status, surroundings()), to: submission, into: &buffer)
        case .alive:
            // Nothing else that a peer can ask for only passes by the ledger.
            response(WatchSlotsResponse(), to: submission, into: &buffer)
        default:
            break
        }
    }

    private func slotReply(_ slots: [SlotMessage], more: Bool, to submission: Submission, into buffer: inout ByteBuffer) {
        switch submission.opcode {
        case .slotsCreate: response(CreateSlotResponse(slots: slots), to: submission, into: &buffer)
        case .slotsSetState: response(SetSlotStateResponse(slots: slots), to: submission, into: &buffer)
        case .slotsSetCapacity: response(SetSlotCapacityResponse(slots: slots), to: submission, into: &buffer)
        default: response(ListSlotsResponse(more: more, slots: slots), to: submission, into: &buffer)
        }
    }

    private func calendar(_ outcome: CalendarOutcome, to submission: Submission, into buffer: inout ByteBuffer) {
        switch outcome {
        case .changed(let changed, let unchanged, let next):
            response(
                SetSlotStatesResponse(
                    afterSlotID: next.map { UInt64($0.rawValue) }, more: next != nil, changedCount: UInt64(changed),
                    unchangedCount: UInt64(unchanged)), to: submission, into: &buffer)
        case .deleted(let deleted, let inUse, let next):
            response(
                DeleteSlotsResponse(
                    afterSlotID: next.map { UInt64($0.rawValue) }, more: next != nil, deletedCount: UInt64(deleted),
                    inUseCount: UInt64(inUse)), to: submission, into: &buffer)
        }
    }

    // MARK: frames

    func error(_ status: Status, _ reply: ErrorReply, to submission: Submission, into buffer: inout ByteBuffer) {
        Frames.writeError(to: submission.replyAddress, status, reply, into: &buffer)
    }

    func response(_ message: some WireMessage, flags: UInt8 = 0, to submission: Submission, into buffer: inout ByteBuffer) {
        Frames.writeResponse(to: submission.replyAddress, message, flags: flags, into: &buffer)
    }

    func response(bytes: [UInt8], flags: UInt8 = 0, to submission: Submission, into buffer: inout ByteBuffer) {
        Frames.writeResponse(to: submission.replyAddress, payload: bytes, flags: flags, into: &buffer)
    }

    private func replay(_ payload: [UInt8], to submission: Submission, into buffer: inout ByteBuffer) {
        if submission.encoding == .tlv {
            response(bytes: payload, flags: FrameFlags.replayed, to: submission, into: &buffer)
            return
        }
        do throws(PayloadError) {
            let bytes = ByteBuffer(bytes: payload)
            if submission.opcode == .reservationsMove {
                let stored = try Payload.decode(MoveReservationResponse.self, from: bytes, as: .tlv)
                response(stored, flags: FrameFlags.replayed, to: submission, into: &buffer)
            } else {
                let stored = try Payload.decode(CreateReservationResponse.self, from: bytes, as: .tlv)
                response(stored, flags: FrameFlags.replayed, to: submission, into: &buffer)
            }
        } catch {
            self.error(Fault.defect.status, Fault.defect.reply, to: submission, into: &buffer)
        }
    }
}

extension Fault {
    var status: Status {
        switch self {
        case .unavailable, .logNotEmptied: .unavailable
        case .deadlineExceeded: .deadlineExceeded
        case .cancelled: .cancelled
        case .overloaded: .overloaded
        case .outcomeUnknown: .outcomeUnknown
        case .defect: .internal
        }
    }

    var reply: ErrorReply {
        switch self {
        case .unavailable:
            ErrorReply(
                message: "Bookings cannot be stored at the moment; nothing was changed. Try again soon.", retryAfterMilliseconds: 1000)
        case .logNotEmptied:
            ErrorReply(
                message: "What was erased is still in the database's log, which cannot be emptied now. Ask for this page again soon.",
                retryAfterMilliseconds: 1000)
        case .deadlineExceeded:
            ErrorReply(message: "The time allowed ran out before the request was begun; nothing was changed.", retryAfterMilliseconds: 500)
        case .cancelled:
            ErrorReply(message: "The request was taken back before it was begun; nothing was changed.")
        case .overloaded: .queueFull
        case .outcomeUnknown:
            ErrorReply(
                message: "The storage device failed: the booking may or may not be stored. Ask again with the same idempotency key.",
                retryAfterMilliseconds: 1000)
        case .defect:
            ErrorReply(message: "The request met a defect of the daemon; nothing was changed. Please report it.")
        }
    }
}
