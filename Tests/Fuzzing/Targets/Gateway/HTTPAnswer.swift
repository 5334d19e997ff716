/// One answer as its receiver reads it; strict, so that a malformed one is a finding.
struct HTTPAnswer: Equatable {
    let status: Int
    let announcesEnd: Bool
    let body: [UInt8]

    /// - Parameters:
    ///   - output: everything that the server wrote.
    ///   - bodiless: whether the n-th final answer has no body whatever its length says.
    static func read(_ output: [UInt8], bodiless: [Bool]) throws(Finding) -> [HTTPAnswer] {
        var answers: [HTTPAnswer] = []
        var rest = output[...]
        var final = 0
        while !rest.isEmpty {
            guard let end = rest.indices.first(where: { rest[$0...].starts(with: "\r\n\r\n".utf8) }) else {
                throw Finding("a header ends")
            }
            let lines = String(decoding: rest[..<end], as: UTF8.self).split(separator: "\r\n")
            rest = rest[(end + 4)...]
            let words = lines[0].split(separator: " ", maxSplits: 2)
            guard words.count == 3, words[0] == "HTTP/1.1", let status = Int(words[1]) else {
                throw Finding("a status line has three parts")
            }
            let fields = try fields(lines.dropFirst())
            guard status >= 200 else {
                answers.append(HTTPAnswer(status: status, announcesEnd: false, body: []))
                continue
            }
            guard let length = fields["content-length"].flatMap({ Int($0) }), fields["x-request-id"]?.isEmpty == false else {
                throw Finding("a final answer has a length and an id")
            }
            let isBodiless = final < bodiless.count && bodiless[final]
            final += 1
            let body = Array(rest.prefix(isBodiless ? 0 : length))
            try require(body.count == (isBodiless ? 0 : length), "a body is as long as announced")
            rest = rest.dropFirst(body.count)
            answers.append(HTTPAnswer(status: status, announcesEnd: fields["connection"] == "close", body: body))
        }
        return answers
    }

    private static func fields(_ lines: ArraySlice<Substring>) throws(Finding) -> [String: Substring] {
        var fields: [String: Substring] = [:]
        for line in lines {
            let parts = line.split(separator: ": ", maxSplits: 1)
            guard parts.count == 2, fields.updateValue(parts[1], forKey: parts[0].lowercased()) == nil else {
                throw Finding("a field has a name and a value, once")
            }
        }
        return fields
    }
}
