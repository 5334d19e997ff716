import ArgumentParser
import ReservationCore
import ReservationWire

/// `reservations list`.
struct ListReservationsCommand: ControlCommand {
    static let noun = "reservations"
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "List reservations: of a day, a slot, an organization, a status.",
        discussion: """
            Without dates they are listed in the order in which they were made, with dates by slot. E-mail addresses, phone numbers and \
            ticket codes are masked unless --contacts is given. As --json or --csv every reservation is printed, in a table the first \
            1000, unless --limit or --all says otherwise. What is moved to another slot while a list with dates is read may be missing in \
            it, or stand in it twice.
            """)

    /// Rows of a table that one can still read.
    static let tableRows = 1_000

    @ParentCommand var root: ReservationCommand
    @OptionGroup(title: "Common options") var global: GlobalOptions
    @OptionGroup var filter: ReservationFilter

    @Option(help: "At most so many.")
    var limit: String?

    @Flag(help: "In a table, too, as many as there are.")
    var all = false

    @Flag(help: "Print comma-separated values with every column.")
    var csv = false

    func perform(in session: ControlSession) async throws(ControlFailure) -> Report {
        let format = try session.listFormat(isCSV: csv)
        let typed = try session.options.optional(limit, "limit", .count).map { Int($0) }
        let isWhole = try session.options.flag(all, "all")
        let limit = typed ?? (format == .table && !isWhole ? Self.tableRows : .max)
        var writer = ListWriter(format, .reservations, ReservationColumns.all, to: session.output)
        var pages = ReservationPages(try filter.request(session.options), limit: limit)
        while let page = try await pages.next(in: session) { try writer.add(page) }
        try writer.end(more: pages.isCut)
        guard format == .table, pages.isCut else { return .text("") }
        return .text("These are the first \(writer.count); there may be more: --all lists every one, --limit so many.\n")
    }
}

/// Which reservations are wanted.
struct ReservationFilter: ParsableArguments {
    @Option(help: "Of this organization only.")
    var orq: String?

    @Option(help: "For this day only, like 2025-11-14.")
    var date: String?

    @Option(help: "For this day or later.")
    var from: String?

    @Option(help: "To this day, inclusive.")
    var to: String?

    @Option(help: "Of the slot of this number only.")
    var slot: String?

    @Option(help: "Only those that stand so: RESERVED, CANCELLED or VERIFIED.")
    var status: String?

    @Flag(
        name: [.customLong("contacts"), .customLong("show-contact")],
        help: "Print the customers' addresses, phone numbers and ticket codes in full.")
    var contacts = false

    /// For the first page.
    func request(_ options: OptionReader) throws(ControlFailure) -> ListReservationsRequest {
        let day = try options.optional(date, "date", .date)
        let first = try options.optional(from, "from", .date)
        let last = try options.optional(to, "to", .date)
        let slot = try options.optional(slot, "slot", .id)
        guard day == nil || (first == nil && last == nil) else {
            throw ControlFailure(.usage, "--date names one day, --from and --to a span of days: give one or the other")
        }
        guard slot == nil || (day == nil && first == nil && last == nil) else {
            throw ControlFailure(.usage, "--slot is of one day: leave the dates out")
        }
        if let first, let last, last < first {
            throw ControlFailure(.usage, "--to (\(last)) lies before --from (\(first)): exchange them")
        }
        return ListReservationsRequest(
            orq: try options.optional(orq, "orq", .id), slotID: slot,
            status: try options.optional(status, "status", .reservationStatus), dateFrom: day ?? first, dateTo: day ?? last,
            contacts: try options.flag(contacts, "contacts") ? true : nil)
    }
}

/// Asks for a list page by page.
struct ReservationPages {
    private var request: ListReservationsRequest
    private var left: Int
    private var isAtEnd = false
    /// Whether there may be more than was asked for.
    private(set) var isCut = false

    init(_ request: ListReservationsRequest, limit: Int) {
        self.request = request
        left = limit
    }

    /// - Returns: nil at the end; a page may be empty.
    mutating func next(in session: ControlSession) async throws(ControlFailure) -> [ListedReservationMessage]? {
        guard !isAtEnd else { return nil }
        request.limit = UInt64(min(left, Limits.reservationsPerPage))
        let page = try await session.ask(ListReservations.self, request)
        let before = (request.afterSlotID ?? 0, request.afterReservationID ?? 0)
        (request.afterSlotID, request.afterReservationID) = (page.afterSlotID, page.afterReservationID)
        left -= page.reservations.count
        isCut = page.more && left <= 0
        isAtEnd = !page.more || left <= 0
        // A page that does not get further would be asked for again without end.
        guard isAtEnd || (page.afterSlotID ?? 0, page.afterReservationID ?? 0) != before else {
            throw ControlFailure(.refused, "the daemon's list of reservations does not get further: report this as a defect")
        }
        return page.reservations
    }
}

/// What is printed of a reservation.
enum ReservationColumns {
    static var all: [ListColumn<ListedReservationMessage>] {
        [
            ListColumn("reservation_id", .number("RESERVATION")) { String($0.reservationID) },
            ListColumn("orq", .number("ORQ")) { String($0.orq) },
            ListColumn("status", .text("STATUS")) { $0.status },
            ListColumn("slot_id", .number("SLOT")) { String($0.slotID) },
            ListColumn("date", .text("DATE")) { $0.slot.date.description },
            ListColumn("start_time", .text("FROM")) { $0.slot.startTime.short },
            ListColumn("end_time", .text("TO")) { $0.slot.endTime.short },
            ListColumn("starts_at") { $0.slot.startsAt.iso8601 },
            ListColumn("ticket_id") { String($0.ticketID) },
            ListColumn("ticket_code", .text("TICKET")) { $0.ticketCode },
            ListColumn("product_id") { String($0.productID) },
            ListColumn("order_id") { String($0.orderID) },
            ListColumn("customer_email", .text("E-MAIL")) { $0.customerEmail },
            ListColumn("customer_phone", .text("PHONE")) { $0.customerPhone },
            ListColumn("language") { $0.language },
            ListColumn("sequence") { String($0.sequence) },
            ListColumn("reserved_at", .text("RESERVED")) { $0.reservedAt.iso8601 },
            ListColumn("updated_at") { $0.updatedAt.iso8601 },
            ListColumn("verified_at") { $0.verifiedAt?.iso8601 ?? "" },
            ListColumn("verified_by") { $0.verifiedBy.map { String($0) } ?? "" },
        ]
    }
}
