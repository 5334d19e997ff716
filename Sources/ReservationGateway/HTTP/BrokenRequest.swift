import NIOCore
import NIOHTTP1

/// The reply to bytes that are not an HTTP request, or whose header is too large.
enum BrokenRequest {
    struct Answer {
        let status: HTTPResponseStatus
        let headers: HTTPHeaders
        let body: ByteBuffer
    }

    static func reply(to error: HTTPParserError?) -> Answer {
        var failure = PublicFailure.invalidRequest("request", "is not an HTTP request that can be understood")
        if error == .headerOverflow {
            failure = .invalidRequest("request", "has a header that is too large")
            failure.status = PublicStatus(431, failure.status.code)
        }
        let reply = Reply(failure)
        var headers = HTTPHeaders()
        for (name, value) in ReplyHeaders.list(reply, id: RequestID.fresh(), date: DateHeader.now()) {
            headers.add(name: name, value: value)
        }
        return Answer(status: HTTPResponseStatus(statusCode: reply.status), headers: headers, body: reply.body)
    }
}
