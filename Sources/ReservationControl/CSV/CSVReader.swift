/// Reads records of comma-separated values (RFC 4180) from a stream, holding one record and one block of bytes at a time.
///
/// Strict, so that a damaged file is noticed and not half imported: quotes only around a whole field and doubled inside it, UTF-8, no
/// control characters outside quotes. Lenient where it is harmless: a byte order mark, LF or CRLF, a last line with or without its end,
/// and empty lines, which are passed over.
struct CSVReader {
    /// Longest field, in bytes; a quote that is never closed would otherwise swallow the rest of the file.
    static let fieldBytes = 4096
    /// Most fields of a record.
    static let fieldCount = 100

    /// Fills the buffer from its start and returns how many bytes it put there, 0 at the end.
    typealias Source = (UnsafeMutableRawBufferPointer) throws(ControlFailure) -> Int

    private let source: Source
    private var block = [UInt8](repeating: 0, count: 65_536)
    private var position = 0
    private var filled = 0
    private var isAtEnd = false
    private var isAtStart = true
    /// Of the next byte; lines inside quotes count as well.
    private var line = 1
    private var failure: CSVFault?

    init(source: @escaping Source) {
        self.source = source
    }

    /// The next record that is not an empty line.
    ///
    /// - Returns: nil at the end.
    /// - Throws: ``CSVReadError``; after a fault the rest of the file has no meaning, and the same fault is thrown again.
    mutating func next() throws(CSVReadError) -> CSVRecord? {
        if let failure { throw .fault(failure) }
        do throws(CSVReadError) {
            if isAtStart {
                try skipByteOrderMark()
                isAtStart = false
            }
            while true {
                let start = line
                guard let fields = try readRecord() else { return nil }
                if fields != [""] { return CSVRecord(line: start, fields: fields) }
            }
        } catch {
            if case .fault(let fault) = error { failure = fault }
            throw error
        }
    }

    // MARK: records and fields

    private mutating func readRecord() throws(CSVReadError) -> [String]? {
        guard try peek() != nil else { return nil }
        var fields: [String] = []
        while true {
            guard fields.count < Self.fieldCount else { throw fault("more than \(Self.fieldCount) fields in one row") }
            fields.append(try peek() == .quote ? try readQuotedField() : try readPlainField())
            switch try take() {
            case .comma: continue
            case .lineFeed, nil: return fields
            case .carriageReturn:
                guard try take() == .lineFeed else { throw fault("a carriage return that does not belong to a line's end") }
                return fields
            default:
                throw fault("something follows the closing quote of a field: a quote inside a field is written twice")
            }
        }
    }

    private mutating func readPlainField() throws(CSVReadError) -> String {
        var bytes: [UInt8] = []
        while let byte = try peek() {
            switch byte {
            case .comma, .lineFeed, .carriageReturn: return try text(bytes, from: line)
            case .quote: throw fault("a quote inside a field that does not begin with one: put the whole field in quotes")
            case 0..<0x20 where byte != 0x09, 0x7F: throw fault("a control character: is this a CSV file?")
            default: try append(byte, to: &bytes, from: line)
            }
            position += 1
        }
        return try text(bytes, from: line)
    }

    private mutating func readQuotedField() throws(CSVReadError) -> String {
        let start = line
        var bytes: [UInt8] = []
        _ = try take()
        while let byte = try take() {
            if byte == .quote {
                guard try peek() == .quote else { return try text(bytes, from: start) }
                position += 1
            }
            try append(byte, to: &bytes, from: start)
        }
        throw fault("the quote that begins here is not closed", line: start)
    }

    private func append(_ byte: UInt8, to bytes: inout [UInt8], from start: Int) throws(CSVReadError) {
        guard bytes.count < Self.fieldBytes else {
            throw fault("a field longer than \(Self.fieldBytes) bytes: is a quote not closed?", line: start)
        }
        bytes.append(byte)
    }

    private func text(_ bytes: [UInt8], from start: Int) throws(CSVReadError) -> String {
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw fault("not UTF-8: save the file as UTF-8", line: start)
        }
        return text
    }

    private func fault(_ message: String, line: Int? = nil) -> CSVReadError {
        .fault(CSVFault(line: line ?? self.line, message: message))
    }

    // MARK: bytes

    /// Spreadsheets put U+FEFF before the first column's name.
    private mutating func skipByteOrderMark() throws(CSVReadError) {
        guard try peek() == 0xEF else { return }
        position += 1
        guard try take() == 0xBB, try take() == 0xBF else { throw fault("not UTF-8: save the file as UTF-8") }
    }

    private mutating func peek() throws(CSVReadError) -> UInt8? {
        if position == filled {
            guard !isAtEnd else { return nil }
            do throws(ControlFailure) {
                filled = try fill()
            } catch {
                throw .source(error)
            }
            position = 0
            isAtEnd = filled == 0
            if isAtEnd { return nil }
        }
        return block[position]
    }

    private mutating func fill() throws(ControlFailure) -> Int {
        // `withUnsafeMutableBytes` does not carry the type of what its closure throws.
        let source = source
        let result: Result<Int, ControlFailure> = block.withUnsafeMutableBytes { buffer in
            Result { () throws(ControlFailure) in try source(buffer) }
        }
        return try result.get()
    }

    private mutating func take() throws(CSVReadError) -> UInt8? {
        let byte = try peek()
        guard let byte else { return nil }
        position += 1
        if byte == .lineFeed { line += 1 }
        return byte
    }
}

/// One row of the file.
struct CSVRecord: Hashable {
    /// Where it begins, counted from 1.
    let line: Int
    let fields: [String]
}

/// The file is not CSV from here on.
struct CSVFault: Hashable {
    let line: Int
    let message: String
}

/// Why there is no next record.
enum CSVReadError: Error {
    case fault(CSVFault)
    /// The bytes could not be had.
    case source(ControlFailure)
}

extension UInt8 {
    fileprivate static let quote = UInt8(ascii: "\"")
    fileprivate static let comma = UInt8(ascii: ",")
    fileprivate static let lineFeed = UInt8(ascii: "\n")
    fileprivate static let carriageReturn = UInt8(ascii: "\r")
}
