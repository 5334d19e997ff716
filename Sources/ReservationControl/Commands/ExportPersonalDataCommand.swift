import ArgumentParser
import NIOCore
import ReservationCore
import ReservationWire

/// `personal-data export`.
struct ExportPersonalDataCommand: ControlCommand {
    static let noun = "personal-data"
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Print all that is kept of one person.",
        discussion: """
            Every reservation with ticket code, slot, dates, status, contact and language, what was sent and when, and what was done to \
            its ticket; as a table, with --json as one document, with --csv as one row for each. Contacts are printed in full, so mind \
            where it goes: a file that --output names can be read by you alone. A person who used several addresses is asked for by each. \
            All rows are looked through, since no index leads to a person; bookings go on meanwhile.
            """)

    @ParentCommand var root: ReservationCommand
    @OptionGroup(title: "Common options") var global: GlobalOptions

    @Argument(help: "The person: an e-mail address, or a phone number like +12025551234.")
    var person: String

    @Flag(help: "Print comma-separated values.")
    var csv = false

    @Option(help: ArgumentHelp("Write to this file.", valueName: "path"))
    var output: String?

    @Flag(help: "Do not ask before an existing file is replaced.")
    var yes = false

    func perform(in session: ControlSession) async throws(ControlFailure) -> Report {
        let format = try session.listFormat(isCSV: csv)
        let person = try TypedPerson(person, session.options)
        guard let path = try session.options.optional(output, "output", .text) else {
            let data = try await Self.all(of: person, in: session)
            try session.output.write(data.printed(as: format))
            return .text("")
        }
        if ExportFile.exists(path) {
            try session.confirm(try session.options.flag(yes, "yes"), "\(path) exists and will be replaced")
        }
        let file = try ExportFile(path: path)
        let data = try await Self.all(of: person, in: session)
        try file.write(data.printed(as: format))
        try file.finish()
        return session.report(
            text: {
                TextTable.keyValues([
                    ("file", path), ("reservations", String(data.reservations.count)), ("messages", String(data.messages.count)),
                ])
            },
            json: {
                var document = JSONDocument()
                document.integer(.reservationCount, UInt64(data.reservations.count))
                return document.report()
            })
    }

    private static func all(of person: TypedPerson, in session: ControlSession) async throws(ControlFailure) -> PersonalData {
        let progress = ProgressLine()
        defer { progress.end() }
        var data = PersonalData()
        var request = ExportPersonalDataRequest(customerEmail: person.email, customerPhone: person.phone)
        var position = PersonalDataPosition()
        while true {
            let page = try await session.ask(ExportPersonalData.self, request)
            data.add(page)
            guard page.more else { return data }
            let next = PersonalDataPosition(
                reservation: page.afterReservationID, ticket: page.afterTicketID, message: page.afterOutboxID)
            try next.mustDiffer(from: position)
            position = next
            (request.afterReservationID, request.afterTicketID, request.afterOutboxID) = (next.reservation, next.ticket, next.message)
            progress.show(next.words)
        }
    }
}

/// All pages together: what is kept of one person is little.
struct PersonalData {
    private(set) var reservations: [ListedReservationMessage] = []
    private(set) var tickets: [PersonsTicketMessage] = []
    private(set) var messages: [OutboxEntryMessage] = []
    private(set) var history: [HistoryEntryMessage] = []

    mutating func add(_ page: ExportPersonalDataResponse) {
        reservations += page.reservations
        tickets += page.personsTickets
        messages += page.entries
        // A ticket with reservations on two pages is told of twice.
        let known = Set(history.map(\.historyID))
        history += page.history.filter { !known.contains($0.historyID) }
    }

    func printed(as format: ListFormat) -> ByteBuffer {
        switch format {
        case .table: ByteBuffer(string: table)
        case .csv: ByteBuffer(string: commaSeparated)
        case .json: json.bytes
        }
    }

    private var json: Report {
        var document = JSONDocument()
        document.array(.reservations, reservations)
        document.array(.personsTickets, tickets)
        document.array(.entries, messages)
        document.array(.history, history)
        return document.report()
    }

    private var table: String {
        guard !reservations.isEmpty || !tickets.isEmpty || !messages.isEmpty else { return "Nothing is kept of this person.\n" }
        var kept = TextTable([
            .number("RESERVATION"), .number("ORQ"), .text("TICKET"), .text("STATUS"), .text("DATE"), .text("FROM"), .text("TO"),
            .text("E-MAIL"), .text("PHONE"), .text("LANGUAGE"), .text("RESERVED"),
        ])
        for one in reservations {
            kept.add([
                String(one.reservationID), String(one.orq), one.ticketCode, one.status, one.slot.date.description,
                one.slot.startTime.short, one.slot.endTime.short, one.customerEmail, one.customerPhone, one.language,
                one.reservedAt.iso8601,
            ])
        }
        for one in tickets {
            kept.add([
                "-", String(one.orq), one.ticketCode, one.status, "-", "-", "-", one.customerEmail ?? "-", one.customerPhone ?? "-", "-",
                "-",
            ])
        }
        var sent = TextTable([.number("MESSAGE"), .number("RESERVATION"), .text("KIND"), .text("TELLS OF"), .text("STATUS"), .text("WHEN")])
        for one in messages {
            sent.add([
                String(one.outboxID), String(one.reservationID), one.kind, one.purpose ?? "confirmation", one.status, one.updatedAt.iso8601,
            ])
        }
        return "\(kept.text)\n\(sent.text)\n\(HistoryReport.table(history))"
    }

    /// One row for each thing that is kept; what says nothing of a thing is empty.
    private var commaSeparated: String {
        var text = CSVWriter.line([
            "record", "id", "orq", "reservation_id", "ticket_id", "ticket_code", "status", "date", "start_time", "end_time",
            "customer_email", "customer_phone", "language", "at", "detail",
        ])
        for one in reservations {
            text += CSVWriter.line([
                "reservation", String(one.reservationID), String(one.orq), String(one.reservationID), String(one.ticketID), one.ticketCode,
                one.status, one.slot.date.description, one.slot.startTime.short, one.slot.endTime.short, one.customerEmail,
                one.customerPhone, one.language, one.reservedAt.iso8601, one.verifiedAt.map { "let in \($0.iso8601)" } ?? "",
            ])
        }
        for one in tickets {
            text += CSVWriter.line([
                "ticket", String(one.ticketID), String(one.orq), "", String(one.ticketID), one.ticketCode, one.status, "", "", "",
                one.customerEmail ?? "", one.customerPhone ?? "", "", "", "",
            ])
        }
        for one in messages {
            text += CSVWriter.line([
                one.kind, String(one.outboxID), String(one.orq), String(one.reservationID), "", one.ticketCode, one.status, "", "", "",
                one.customerEmail, one.customerPhone, one.language, one.updatedAt.iso8601,
                [one.purpose ?? "confirmation", one.lastError ?? ""].filter { !$0.isEmpty }.joined(separator: ": "),
            ])
        }
        for one in history {
            text += CSVWriter.line([
                "history", String(one.historyID), Self.number(one.orq), Self.number(one.reservationID), Self.number(one.ticketID), "",
                one.action, "", "", "", "", "", "", one.at.iso8601,
                [one.detail, one.reason].compactMap(\.self).joined(separator: "; "),
            ])
        }
        return text
    }

    private static func number(_ value: UInt64?) -> String { value.map { String($0) } ?? "" }
}
