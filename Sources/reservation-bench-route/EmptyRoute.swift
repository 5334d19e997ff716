import Hummingbird

/// A web server with one route that answers with a few fixed bytes of JSON, on Hummingbird as it comes: what the benchmark compares the
/// gateway's own cost with.
@main
struct EmptyRoute {
    static func main() async throws {
        guard CommandLine.arguments.count == 2, let port = Int(CommandLine.arguments[1]) else {
            print("usage: reservation-bench-route PORT")
            return
        }
        let router = Router()
        let body = ByteBuffer(string: #"{"success":true,"data":{}}"#)
        router.post("empty") { _, _ in
            Response(status: .ok, headers: [.contentType: "application/json"], body: ResponseBody(byteBuffer: body))
        }
        let application = Application(
            router: router, configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port)))
        try await application.runService()
    }
}
