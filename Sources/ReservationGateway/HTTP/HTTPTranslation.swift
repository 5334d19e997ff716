import Hummingbird
import NIOCore

extension EdgeRequest {
    init(_ head: HTTPRequest, peer: IPAddress?) {
        var headers = RequestHeaders()
        for field in head.headerFields { headers.add(field.name.canonicalName, field.value) }
        self.init(method: head.method.rawValue, target: head.path ?? "/", host: head.authority, headers: headers, peer: peer)
    }
}

extension HTTPResponse {
    init(_ reply: Reply, id: String) {
        var fields = HTTPFields()
        fields.reserveCapacity(12)
        for (name, value) in ReplyHeaders.list(reply, id: id, date: DateHeader.now()) {
            // Every name is a token of ours; a value that came from outside, the request's id, has been checked.
            if let name = HTTPFields.Element.Name(parsed: name) { fields.append(HTTPFields.Element(name: name, value: value)) }
        }
        self.init(status: Status(code: reply.status), headerFields: fields)
    }
}

extension IPAddress {
    /// - Returns: nil for a Unix socket.
    init?(_ address: SocketAddress) {
        switch address {
        case .v4(let address): self.init(version4: UInt32(bigEndian: address.address.sin_addr.s_addr))
        case .v6(let address): self.init(version6: Self.bits(of: address.address.sin6_addr))
        case .unixDomainSocket: return nil
        }
    }
}
