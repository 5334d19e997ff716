import NIOCore
import ReservationCore
import ReservationWire

@testable import ReservationGateway

/// Whatever is asked, the reply is one of the contract's, and only what is of valid form reaches the daemon.
///
/// The input after the settings reads like HTTP, without its rules: `METHOD target`, `name: value` on lines of their own, an empty line, the
/// body.
enum GatewayTarget: FuzzTarget {
    static let name = "gateway"

    static func check(_ bytes: [UInt8]) throws {
        var input = InputCursor(bytes)
        guard let bench = GatewayBench(&input) else { return }
        let text = input.rest()
        let end = text.indices.first { text[$0] == 0x0A && $0 + 1 < text.count && text[$0 + 1] == 0x0A } ?? text.count
        let head = String(decoding: text[..<end], as: UTF8.self)
        let body = ByteBuffer(bytes: text[min(end + 2, text.count)...])
        let request = request(head, peer: bench.peer)
        try checkParts(request)
        _ = try bench.respond(to: request, body: body)
    }

    private static func request(_ head: String, peer: IPAddress?) -> EdgeRequest {
        var lines = head.split(separator: "\n", omittingEmptySubsequences: false)[...]
        let words = (lines.popFirst() ?? "").split(separator: " ", maxSplits: 1, omittingEmptySubsequences: false)
        var request = EdgeRequest(method: String(words.first ?? ""), target: words.count > 1 ? String(words[1]) : "", peer: peer)
        for line in lines {
            let parts = line.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
            let value = parts.count > 1 ? String(parts[1].drop { $0 == " " }) : ""
            if parts[0] == "host" { request.host = value } else { request.headers.add(String(parts[0]), value) }
        }
        return request
    }

    /// The parts on their own, where more can be said of them than a reply shows.
    private static func checkParts(_ request: EdgeRequest) throws(Finding) {
        let target = RequestTarget(request.target)
        try require(!target.path.isEmpty && !target.path.contains("?"), "a target has a path without its query")
        let id = RequestID.choose(request.headers.requestID)
        try require((1...64).contains(id.utf8.count) && id.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }, "an id is one word")
        if let key = request.headers.idempotencyKey.first, UInt128(key, radix: 16) != nil, key.utf8.count == 32, key.first != "+" {
            try require((try? IdempotencyKey.parse([key])) == UInt128(key, radix: 16), "32 digits are the key itself")
        }
        for text in request.headers.forwardedFor {
            guard let address = IPAddress(text) else { continue }
            try require(IPAddress(address.description) == address, "an address is written as one that is read as the same")
            try require(text.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }, "an address is visible ASCII")
            try require(address.subscriber.subscriber == address.subscriber, "a subscriber's subscriber is the same")
            for length in 0...address.width {
                guard let range = AddressRange("\(address.network(length))/\(length)") else { throw Finding("a network is a range") }
                try require(range.contains(address), "a network has its addresses")
            }
        }
    }
}
