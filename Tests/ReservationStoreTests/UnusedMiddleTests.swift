import CSQLite
import StorageFaults
import Testing

@Suite("What a page does not use is written as zeros")
struct UnusedMiddleTests {
    private static let size = 1024

    /// A page full of one byte, with a b-tree's header: two cells, and the first of them at 900.
    ///
    /// - Parameter header: where it stands; on a database's first page behind the file's own.
    private static func page(kind: UInt8, header: Int = 0, cells: UInt8 = 2, content: Int = 900) -> [UInt8] {
        var page = [UInt8](repeating: 0x61, count: size)
        page[header] = kind
        (page[header + 3], page[header + 4]) = (0, cells)
        (page[header + 5], page[header + 6]) = (UInt8(content >> 8), UInt8(content & 0xFF))
        return page
    }

    private static func erased(_ page: [UInt8], _ middle: Range<Int>) -> [UInt8] {
        var page = page
        for place in middle { page[place] = 0 }
        return page
    }

    /// What the base was given for what SQLite wrote.
    private func written(_ page: [UInt8], at offset: Int64) throws -> [UInt8]? {
        let file = try CoalescedFile(.database, on: SimulatedDisk())
        #expect(file.write(page, at: offset) == SQLITE_OK)
        return file.bytes(page.count, at: offset)
    }

    /// <https://sqlite.org/fileformat.html>, 1.6: the header of a leaf has 8 bytes and that of another page 12, and a pointer has 2.
    @Test("between the pointers and the cells of b-tree pages", arguments: [(2, 12), (5, 12), (10, 8), (13, 8)] as [(UInt8, Int)])
    func middles(kind: UInt8, header: Int) throws {
        let page = Self.page(kind: kind)
        #expect(try written(page, at: 4096) == Self.erased(page, header + 4..<900))
        let first = Self.page(kind: kind, header: 100)
        #expect(try written(first, at: 0) == Self.erased(first, 100 + header + 4..<900))
        let empty = Self.page(kind: kind, cells: 0, content: Self.size)
        #expect(try written(empty, at: 4096) == Self.erased(empty, header..<Self.size))
    }

    @Test("in pages of 65,536 bytes, where the end does not fit into the header")
    func largest() throws {
        var page = [UInt8](repeating: 0x61, count: 65_536)
        page.replaceSubrange(0..<8, with: [13, 0, 0, 0, 0, 0, 0, 0])
        #expect(try written(page, at: 65_536) == Self.erased(page, 8..<65_536))
    }

    @Test("and nowhere else: not in other pages, in what is no page, or where the header makes no sense")
    func others() throws {
        for kind in [0, 1, 3, 6, 9, 14, 97, 255] as [UInt8] {
            let page = Self.page(kind: kind)
            #expect(try written(page, at: 4096) == page)
        }
        let page = Self.page(kind: 13)
        #expect(try written(page, at: 100) == page)
        let part = Array(page.prefix(700))
        #expect(try written(part, at: 0) == part)
        let small = Array(page.prefix(256))
        #expect(try written(small, at: 256) == small)
        for (cells, content) in [(2, 1025), (2, 11), (255, 500)] as [(UInt8, Int)] {
            let damaged = Self.page(kind: 13, cells: cells, content: content)
            #expect(try written(damaged, at: 4096) == damaged)
        }
    }

    @Test("nor where there are so many pages that another page's first byte could pass for the mark")
    func many() throws {
        let folder = try TemporaryFolder()
        let file = try CoalescedFile(.database, folder.database, base: nil)
        let page = Self.page(kind: 13)
        // Nothing but a hole.
        #expect(file.truncate(to: Int64(0x0100_0000 - 1) * Int64(Self.size)) == SQLITE_OK)
        #expect(file.write(page, at: 4096) == SQLITE_OK)
        #expect(file.bytes(page.count, at: 4096) == Self.erased(page, 12..<900))
        #expect(file.truncate(to: Int64(0x0100_0000) * Int64(Self.size)) == SQLITE_OK)
        #expect(file.write(page, at: 4096) == SQLITE_OK)
        #expect(file.bytes(page.count, at: 4096) == page)
    }

    @Test("what SQLite holds stays as it is")
    func untouched() throws {
        let page = Self.page(kind: 13)
        let file = try CoalescedFile(.database, on: SimulatedDisk())
        #expect(file.write(page, at: 4096) == SQLITE_OK)
        #expect(page == Self.page(kind: 13))
    }
}
