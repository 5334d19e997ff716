import ArgumentParser
import ReservationCore
import ReservationWire

/// `tickets import`.
struct ImportTicketsCommand: ControlCommand {
    static let noun = "tickets"
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Import tickets from a CSV file.",
        discussion: """
            The first row names the columns: ticket_code,orq,product_id,order_id and, if you like, status, ticket_id and valid_until (the \
            last day, like 2026-12-31). Every row is \
            checked before anything is sent. A ticket that exists already with the same data is counted and left alone, so an import \
            that broke off can be run again. With --dry-run the daemon is asked what would happen with each row, and changes nothing: \
            what would be created, what exists, and each row that clashes with a ticket that is there.
            """)

    @ParentCommand var root: ReservationCommand
    @OptionGroup(title: "Common options") var global: GlobalOptions

    @Argument(help: "The file, in UTF-8.")
    var file: String

    @Flag(help: "Check the file and ask the daemon what would happen; change nothing.")
    var dryRun = false

    func perform(in session: ControlSession) async throws(ControlFailure) -> Report {
        let isDryRun = try session.options.flag(dryRun, "dry-run")
        let progress = ProgressLine()
        defer { progress.end() }
        var checked = try open()
        let check = try TicketFileCheck(&checked) { rows in progress.show("\(rows) rows checked") }
        guard check.problemCount == 0 else {
            throw ControlFailure(
                .badData,
                "\(shownPath): \(check.problemCount) \(check.problemCount == 1 ? "row is" : "rows are") wrong and nothing was sent: "
                    + "correct what is listed and import again",
                report: Self.report(problems: check.problems, of: check.problemCount, session))
        }
        return isDryRun
            ? try await tryOut(check.ticketCount, progress, in: session) : try await send(check.ticketCount, progress, in: session)
    }

    private var shownPath: String { PrintableText.escaped(file) }

    private func open() throws(ControlFailure) -> TicketFile {
        let bytes = try FileBytes(path: file)
        do throws(ControlFailure) {
            return try TicketFile(reader: CSVReader { buffer throws(ControlFailure) in try bytes.read(into: buffer) })
        } catch {
            throw ControlFailure(error.kind, "\(shownPath): \(error.message)")
        }
    }

    /// Reads the file again, a request's worth at a time, so that no file is too large for memory.
    private func send(_ count: Int, _ progress: ProgressLine, in session: ControlSession) async throws(ControlFailure) -> Report {
        var chunks = ImportChunks(try open())
        var total = ImportTicketsResponse(createdCount: 0, existingCount: 0)
        while true {
            let answer: ImportTicketsResponse
            let chunk: ImportChunk
            do throws(ControlFailure) {
                guard let next = try chunks.next() else { break }
                chunk = next
                answer = try await session.ask(ImportTickets.self, ImportTicketsRequest(tickets: chunk.rows))
            } catch {
                throw stopped(error, total, session)
            }
            guard answer.problems.isEmpty else {
                let problems = answer.problems.prefix(TicketFileCheck.shownProblems).map { chunk.inFile($0) }
                throw ControlFailure(
                    .badData,
                    "\(shownPath): \(answer.problems.count) of the rows cannot be imported; \(total.summary) before line \(chunk.lines[0]): "
                        + "correct what is listed and import again",
                    report: Self.report(problems: problems, of: answer.problems.count, counts: total, session))
            }
            total.createdCount += answer.createdCount
            total.existingCount += answer.existingCount
            progress.show("\(total.createdCount + total.existingCount) of \(count) tickets imported")
        }
        return Self.report(total, session)
    }

    /// Asks what would happen with every row, and has all of it told.
    private func tryOut(_ count: Int, _ progress: ProgressLine, in session: ControlSession) async throws(ControlFailure) -> Report {
        var chunks = ImportChunks(try open())
        var total = ImportTicketsResponse(createdCount: 0, existingCount: 0)
        var problemCount = 0
        while let chunk = try chunks.next() {
            let answer = try await session.ask(ImportTickets.self, ImportTicketsRequest(tickets: chunk.rows, dryRun: true))
            total.createdCount += answer.createdCount
            total.existingCount += answer.existingCount
            problemCount += answer.problems.count
            let room = TicketFileCheck.shownProblems - total.problems.count
            total.problems += answer.problems.prefix(max(0, room)).map { chunk.inFile($0) }
            progress.show("\(chunk.firstRow + UInt64(chunk.rows.count)) of \(count) rows asked about")
        }
        guard problemCount == 0 else {
            throw ControlFailure(
                .badData,
                "\(shownPath): \(problemCount) of the rows cannot be imported, \(total.createdCount) would be created and "
                    + "\(total.existingCount) exist; nothing was changed: correct what is listed",
                report: Self.report(problems: total.problems, of: problemCount, counts: total, session))
        }
        return session.report(
            text: {
                TextTable.keyValues([("to be created", String(total.createdCount)), ("existing", String(total.existingCount))])
                    + "Nothing was changed.\n"
            },
            json: { Self.document(total) })
    }

    private func stopped(_ error: ControlFailure, _ total: ImportTicketsResponse, _ session: ControlSession) -> ControlFailure {
        guard total.createdCount + total.existingCount > 0 else { return error }
        return ControlFailure(
            error.kind, "\(total.summary), then: \(error.message); importing the file again does not double anything",
            report: Self.report(total, session))
    }
}

// MARK: what is said

extension ImportTicketsCommand {
    private static func report(_ total: ImportTicketsResponse, _ session: ControlSession) -> Report {
        session.report(
            text: { TextTable.keyValues([("created", String(total.createdCount)), ("existing", String(total.existingCount))]) },
            json: { document(total) })
    }

    private static func report(
        problems: [ProblemMessage], of count: Int, counts: ImportTicketsResponse = .init(createdCount: 0, existingCount: 0),
        _ session: ControlSession
    ) -> Report {
        session.report(
            text: {
                let lines = problems.map { PrintableText.escaped($0.message) + "\n" }.joined()
                return count > problems.count ? lines + "and \(count - problems.count) more\n" : lines
            },
            json: {
                var answer = counts
                answer.problems = problems
                return document(answer)
            })
    }

    private static func document(_ answer: ImportTicketsResponse) -> Report {
        var document = JSONDocument()
        document.integer(.createdCount, answer.createdCount)
        document.integer(.existingCount, answer.existingCount)
        document.array(.problems, answer.problems)
        return document.report()
    }
}

/// Cuts a file that was checked into requests.
private struct ImportChunks {
    private var rows: TicketFile
    private var firstRow: UInt64 = 0

    init(_ rows: TicketFile) {
        self.rows = rows
    }

    /// - Returns: nil at the end.
    mutating func next() throws(ControlFailure) -> ImportChunk? {
        var chunk = ImportChunk(firstRow: firstRow)
        while chunk.rows.count < Limits.ticketsImportedAtOnce, let row = try rows.next() {
            guard case .ticket(let ticket, let line) = row else {
                throw ControlFailure(.badData, "the file was changed during the import: import it again")
            }
            chunk.rows.append(ticket)
            chunk.lines.append(line)
        }
        firstRow += UInt64(chunk.rows.count)
        return chunk.rows.isEmpty ? nil : chunk
    }
}

/// The rows of one request.
private struct ImportChunk {
    /// Counted from 0 after the row of names.
    let firstRow: UInt64
    var rows: [ImportRow] = []
    var lines: [Int] = []

    init(firstRow: UInt64) {
        self.firstRow = firstRow
    }

    /// The daemon counts rows within the request.
    func inFile(_ problem: ProblemMessage) -> ProblemMessage {
        guard let index = Int(exactly: problem.row), lines.indices.contains(index) else { return problem }
        return ProblemMessage(message: "line \(lines[index]): \(problem.message)", row: firstRow + problem.row)
    }
}

extension ImportTicketsResponse {
    fileprivate var summary: String { "\(createdCount) tickets were created and \(existingCount) existed" }
}
