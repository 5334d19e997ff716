import ArgumentParser
import ReservationCore
import ReservationWire

/// `reservations export`.
struct ExportReservationsCommand: ControlCommand {
    static let noun = "reservations"
    static let configuration = CommandConfiguration(
        commandName: "export", abstract: "Write reservations with every column, as CSV or with --json as one document.",
        discussion: """
            To standard output, or with --output to a file, which only you may read and which is there once it is complete. However many \
            there are, neither this program nor the daemon needs more memory, and bookings go on. E-mail addresses, phone numbers and \
            ticket codes are masked unless --contacts is given. In CSV, cells that a spreadsheet would take for a formula begin with an \
            apostrophe; phone numbers keep their plus.
            """)

    @ParentCommand var root: ReservationCommand
    @OptionGroup(title: "Common options") var global: GlobalOptions
    @OptionGroup var filter: ReservationFilter

    @Option(help: ArgumentHelp("Write to this file.", valueName: "path"))
    var output: String?

    @Flag(help: "Do not ask before an existing file is replaced.")
    var yes = false

    func perform(in session: ControlSession) async throws(ControlFailure) -> Report {
        let format: ListFormat = session.isJSON ? .json : .csv
        let request = try filter.request(session.options)
        guard let path = try session.options.optional(output, "output", .text) else {
            _ = try await write(request, format, to: session.output, in: session, progress: nil)
            return .text("")
        }
        if ExportFile.exists(path) {
            try session.confirm(try session.options.flag(yes, "yes"), "\(path) exists and will be replaced")
        }
        let file = try ExportFile(path: path)
        let count = try await write(request, format, to: file, in: session, progress: ProgressLine())
        try file.finish()
        return session.report(
            text: { TextTable.keyValues([("file", path), ("reservations", String(count))]) },
            json: {
                var document = JSONDocument()
                document.integer(.reservationCount, UInt64(count))
                return document.report()
            })
    }

    private func write(
        _ request: ListReservationsRequest, _ format: ListFormat, to output: any ControlOutput, in session: ControlSession,
        progress: ProgressLine?
    ) async throws(ControlFailure) -> Int {
        defer { progress?.end() }
        var writer = ListWriter(format, .reservations, ReservationColumns.all, to: output)
        var pages = ReservationPages(request, limit: .max)
        while let page = try await pages.next(in: session) {
            try writer.add(page)
            progress?.show("\(writer.count) reservations written")
        }
        try writer.end(more: false)
        return writer.count
    }
}
