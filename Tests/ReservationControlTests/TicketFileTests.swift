import ReservationWire
import Testing

@testable import ReservationControl

@Suite("a file of tickets")
struct TicketFileTests {
    private static let code = "TKT-2025-ABC123-DEF456"

    @Test("columns are found by name, in any order; the optional ones may be missing or empty")
    func columns() throws {
        #expect(
            try rows(
                "status,order_id,ticket_id,orq,ticket_code,product_id\nEXPIRED,4,77,1,tkt-2025-abc123-def456 ,0\n,5,,1,\(Self.code),6\n")
                == [
                    ImportRow(orq: 1, ticketID: 77, ticketCode: Self.code, productID: 0, orderID: 4, status: "EXPIRED"),
                    ImportRow(orq: 1, ticketID: nil, ticketCode: Self.code, productID: 6, orderID: 5, status: nil),
                ])
        #expect(
            try rows("ticket_code,orq,product_id,order_id\n\(Self.code),1,2,3\n") == [
                ImportRow(orq: 1, ticketID: nil, ticketCode: Self.code, productID: 2, orderID: 3, status: nil)
            ])
    }

    @Test(
        "a first row that does not name the columns is refused",
        arguments: [
            ("", "the file is empty"),
            ("ticket_code,orq,product_id\n", "line 1: no column order_id"),
            ("\nticket_code,orq,product_id,order_id,staus\n", "line 2: unknown column “staus”"),
            ("orq,orq,ticket_code,product_id,order_id\n", "line 1: the column orq is there twice"),
            ("\(code),1,2,3\n", "line 1: unknown column “\(code)”"),
            ("a\u{202E}b\n", "line 1: unknown column “a\\u{202e}b”"),
            ("\"ticket_code", "line 1: the quote that begins here is not closed"),
        ])
    func badHeader(text: String, message: String) {
        let failure = #expect(throws: ControlFailure.self) { _ = try rows(text) }
        #expect(failure?.kind == .badData)
        #expect(failure?.message.hasPrefix(message) == true, "\(failure?.message ?? "")")
    }

    @Test(
        "a field that cannot be used is named with its line and what it must be",
        arguments: [
            ("x,1,2,3,,", "line 2: ticket_code is “x”: it must be a ticket code"),
            (",1,2,3,,", "line 2: ticket_code is empty"),
            ("\(code),0,2,3,,", "line 2: orq is “0”: it must be a number from 1 to 9007199254740991"),
            ("\(code),+1,2,3,,", "line 2: orq is “+1”"),
            ("\(code),,2,3,,", "line 2: orq is empty"),
            ("\(code),1,-2,3,,", "line 2: product_id is “-2”: it must be a number from 0"),
            ("\(code),1,2,9007199254740992,,", "line 2: order_id is “9007199254740992”"),
            ("\(code),1,2,3,RESERVED,", "line 2: status is “RESERVED”: it must be PENDING_PAYMENT, ACTIVATED, EXPIRED or VERIFIED"),
            ("\(code),1,2,3,activated,", "line 2: status is “activated”"),
            ("\(code),1,2,3,,0", "line 2: ticket_id is “0”"),
            ("\(code),1,2,3,", "line 2: 5 fields instead of 6"),
            ("\(code),1,2,3,,,", "line 2: 7 fields instead of 6"),
            ("\(code),1,2,3,,1\"", "line 2: a quote inside a field"),
        ])
    func badField(row: String, problem: String) throws {
        let check = try self.check("ticket_code,orq,product_id,order_id,status,ticket_id\n\(row)\n")
        #expect(check.problemCount == 1)
        #expect(check.problems.first?.message.hasPrefix(problem) == true, "\(check.problems)")
        #expect(check.problems.first?.row == 0)
    }

    @Test("the same code within an organization, or the same id anywhere, is found before anything is sent")
    func duplicates() throws {
        let check = try self.check(
            """
            ticket_code,orq,product_id,order_id,ticket_id
            TKT-2025-ABC123-DEF456,1,1,1,7
            TKT-2025-ABC123-DEF456,2,1,1,8
            tkt-2025-abc123-def456,1,1,1,
            TKT-2025-ABC123-DEF457,1,1,1,8
            TKT-2025-ABC123-DEF458,1,1,1,
            TKT-2026-ABC123-DEF458,1,1,1,
            TKT-2025-0BC123-DEF458,1,1,1,
            """)
        #expect(
            check.problems == [
                ProblemMessage(message: "line 4: ticket_code is the same as on line 2", row: 2),
                ProblemMessage(message: "line 5: ticket_id is the same as on line 3", row: 3),
            ])
        #expect(check.ticketCount == 7)
    }

    @Test("twenty problems are told, all are counted, and a fault in the form ends the reading")
    func manyProblems() throws {
        let bad = String(repeating: "x,1,1,1\n", count: 50)
        let check = try self.check("ticket_code,orq,product_id,order_id\n" + bad + "a\"\n" + bad)
        #expect(check.problemCount == 51)
        #expect(check.problems.count == 20)
        #expect(check.problems.last?.message.hasPrefix("line 21: ") == true)
        #expect(check.problems.last?.row == 19)
    }

    private func open(_ text: String) throws(ControlFailure) -> TicketFile {
        try TicketFile(reader: CSVReader(source: source(Array(text.utf8), blocks: 1000)))
    }

    private func check(_ text: String) throws(ControlFailure) -> TicketFileCheck {
        var file = try open(text)
        return try TicketFileCheck(&file)
    }

    private func rows(_ text: String) throws(ControlFailure) -> [ImportRow] {
        var file = try open(text)
        var rows: [ImportRow] = []
        while let row = try file.next() {
            if case .ticket(let ticket, _) = row { rows.append(ticket) }
        }
        return rows
    }
}
