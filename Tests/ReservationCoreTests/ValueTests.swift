import ReservationCore
import SeededRandom
import Testing

@Suite("Ticket codes")
struct TicketCodeTests {
    @Test(
        "what a person types is read as the code that was meant",
        arguments: [
            "TKT-2025-ABC123-DEF456", "tkt-2025-abc123-def456", "  TKT-2025-ABC123-DEF456\n", "\t Tkt-2025-aBC123-DEf456 \r\n",
        ])
    func accepted(input: String) {
        #expect(TicketCode(input)?.text == "TKT-2025-ABC123-DEF456")
    }

    @Test(
        "anything else is no code",
        arguments: [
            "", " ", "TKT-2025-ABC123", "TKT-2025-ABC123-DEF45", "TKT-2025-ABC123-DEF4567", "TKT-25-ABC123-DEF456",
            "TKT-20A5-ABC123-DEF456", "TKT-2025-ABC12-DEF4567", "TKX-2025-ABC123-DEF456", "TKT_2025_ABC123_DEF456",
            "TKT-2025-ABC-23-DEF456", "TKT-2025-ABC123-DEF45_", "TKT-2025-ÄBC123-DEF456", "TKT-２０２５-ABC123-DEF456",
            "TKT 2025 ABC123 DEF456", "TKT-2025-ABC123-DEF456 x", "TKT-2025-ABC123-\u{0}EF456", "TKT-2025-ABC123-DEF456\u{A0}",
            String(repeating: " ", count: 300) + "TKT-2025-ABC123-DEF456",
        ])
    func refused(input: String) {
        #expect(TicketCode(input) == nil)
    }

    @Test("random codes are codes, of the given year, without characters that are mistaken for one another, and differ")
    func random() {
        var generator = SeededGenerator(seed: 1)
        var seen: Set<String> = []
        for _ in 0..<1000 {
            let code = TicketCode.random(year: 2026, using: &generator)
            #expect(TicketCode(code.text) == code)
            #expect(code.text.hasPrefix("TKT-2026-"))
            #expect(!code.text.dropFirst(9).contains { "ILOU01".contains($0) })
            seen.insert(code.text)
        }
        #expect(seen.count == 1000)
    }

    @Test("for logs most of the code is hidden")
    func masked() {
        #expect(TicketCode("TKT-2025-ABC123-DEF456")?.masked == "TKT-2025-***456")
    }
}

@Suite("Telephone numbers")
struct PhoneNumberTests {
    @Test(
        "international numbers in E.164 are accepted, the shortest and longest too",
        arguments: ["+12025551234", "+376312345", "+298212345", "+2901234", "+123456789012345", "+4915112345678", "+862012345678"])
    func accepted(input: String) {
        #expect(PhoneNumber(input)?.text == input)
    }

    @Test(
        "any other form is refused",
        arguments: [
            "", "+", "+1", "+123456", "+1234567890123456", "12025551234", "0012025551234", "+02025551234", "+1 2025551234",
            "+1-202-555-1234", "+(1)2025551234", "++12025551234", "+1202555123x", " +12025551234", "+12025551234\n", "+１２０２５５５１２３４",
            "+١٢٠٢٥٥٥١٢٣٤", "+1202\u{0}5551234",
        ])
    func refused(input: String) {
        #expect(PhoneNumber(input) == nil)
    }

    @Test("the shortest length is the operator's, never below the card's expression")
    func minimum() {
        #expect(PhoneNumber("+123456", minimumDigits: 6) != nil)
        #expect(PhoneNumber("+123456789", minimumDigits: 10) == nil)
        #expect(PhoneNumber("+1", minimumDigits: 0) == nil)
        #expect(PhoneNumber("+12", minimumDigits: 0) != nil)
    }

    @Test("for logs two digits are left")
    func masked() {
        #expect(PhoneNumber("+12025551234")?.masked == "+***34")
    }
}

@Suite("Identifiers")
struct IdentifierTests {
    @Test("ids are exact in JavaScript: 1 to 2^53 − 1", arguments: [1, 2, 9_007_199_254_740_991] as [Int64])
    func accepted(value: Int64) {
        #expect(TicketID(value)?.rawValue == value)
        #expect(TicketID(UInt64(value))?.rawValue == value)
    }

    @Test("nothing beyond is an id", arguments: [0, -1, 9_007_199_254_740_992, .max, .min] as [Int64])
    func refused(value: Int64) {
        #expect(TicketID(value) == nil)
    }

    @Test("nothing beyond is an id, unsigned", arguments: [0, 9_007_199_254_740_992, .max, UInt64(Int64.max) + 1] as [UInt64])
    func refusedUnsigned(value: UInt64) {
        #expect(TicketID(value) == nil)
    }

    @Test("random ids use the whole range, so that nobody guesses one")
    func random() {
        var generator = SeededGenerator(seed: 1)
        let ids = (0..<1000).map { _ in TicketID.random(using: &generator) }
        #expect(Set(ids).count == 1000)
        #expect(ids.allSatisfy { TicketID($0.rawValue) == $0 })
        // The chance that none of a thousand has the highest bit set, or that all have, is 2^-999.
        #expect(ids.contains { $0.rawValue >= 1 << 52 } && ids.contains { $0.rawValue < 1 << 52 })
    }

    @Test("ids are compared as numbers and print as such")
    func order() {
        let (nine, ten) = (SlotID(9 as Int64)!, SlotID(10 as Int64)!)
        #expect(nine < ten)
        #expect(!(ten < nine))
        #expect("\(ten)" == "10")
    }
}

@Suite("Contacts")
struct ContactTests {
    @Test("both parts right make a contact")
    func accepted() throws {
        let contact = try Contact(email: "john@example.com", phone: "+12025551234")
        #expect(contact.email.text == "john@example.com")
        #expect(contact.phone.text == "+12025551234")
    }

    @Test(
        "a person learns of every wrong field at once",
        arguments: [
            ("john", "+12025551234", ["customer_email"]), ("john@example.com", "1", ["customer_phone"]),
            ("john", "1", ["customer_email", "customer_phone"]),
        ])
    func refused(email: String, phone: String, fields: [String]) {
        do throws(ContactRefusal) {
            _ = try Contact(email: email, phone: phone)
            Issue.record("accepted")
        } catch {
            #expect(error.problems.map(\.field) == fields)
            #expect(error.refusal == .invalidContact(error.problems))
        }
    }
}
