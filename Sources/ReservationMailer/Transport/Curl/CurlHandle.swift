import CCurl
import Glibc

/// One easy handle of libcurl. It keeps the connections that it has made, so that the next transfer to the same server uses one again.
///
/// Not for two threads at once.
final class CurlHandle {
    /// Not thread-safe before libcurl 7.84, nor wherever a TLS library is not: done once, before the first handle.
    private static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    private let handle: UnsafeMutableRawPointer

    /// - Returns: nil for want of memory.
    init?() {
        guard Self.isReady, let handle = curl_easy_init() else { return nil }
        self.handle = handle
    }

    deinit {
        curl_easy_cleanup(handle)
    }

    /// Waits until the transfer has ended, at most as long as its own options say.
    func perform(_ transfer: CurlTransfer) -> CurlOutcome {
        let exchange = CurlExchange(transfer)
        var lists: [UnsafeMutablePointer<curl_slist>] = []
        defer {
            // Options are forgotten, connections are not. Now and not before the next transfer: connections are closed with the handle, and
            // saying good-bye would call back into an exchange that is gone.
            curl_easy_reset(handle)
            for list in lists { curl_slist_free_all(list) }
        }
        do throws(OptionFailure) {
            for (option, values) in transfer.lists {
                let list = try makeList(values)
                lists.append(list)
                try check(reservation_curl_set_list(handle, option, list))
            }
            try setOptions(transfer, exchange)
        } catch {
            exchange.outcome.code = error.code
            return exchange.outcome
        }
        withExtendedLifetime(exchange) { exchange.outcome.code = curl_easy_perform(handle) }
        var connections = 0
        reservation_curl_get_number(handle, CURLINFO_NUM_CONNECTS, &connections)
        exchange.outcome.newConnections = connections
        if exchange.outcome.code != CURLE_OK { endConnection() }
        return exchange.outcome
    }

    /// Where the answer to a message did not come in time, libcurl keeps the connection, and would take that answer for the next message's,
    /// or wait for the end of it before it says good-bye. So the connection ends here, below libcurl, which then finds it dead.
    private func endConnection() {
        var socket = CURL_SOCKET_BAD
        guard reservation_curl_get_socket(handle, CURLINFO_ACTIVESOCKET, &socket) == CURLE_OK, socket != CURL_SOCKET_BAD else { return }
        _ = shutdown(socket, Int32(SHUT_RDWR))
    }

    private struct OptionFailure: Error {
        let code: CURLcode
    }

    private func check(_ code: CURLcode) throws(OptionFailure) {
        guard code == CURLE_OK else { throw OptionFailure(code: code) }
    }

    private func setOptions(_ transfer: CurlTransfer, _ exchange: CurlExchange) throws(OptionFailure) {
        try set(CURLOPT_URL, transfer.url)
        // Signals would be for the whole process; name servers then are asked by a thread of libcurl's own.
        try set(CURLOPT_NOSIGNAL, 1)
        for (option, text) in transfer.texts { try set(option, text) }
        for (option, number) in transfer.numbers { try set(option, number) }
        let context = Unmanaged.passUnretained(exchange).toOpaque()
        try check(reservation_curl_set_pointer(handle, CURLOPT_HEADERDATA, context))
        try check(reservation_curl_set_callback(handle, CURLOPT_HEADERFUNCTION, CurlExchange.takeLine))
        try check(reservation_curl_set_pointer(handle, CURLOPT_WRITEDATA, context))
        try check(reservation_curl_set_callback(handle, CURLOPT_WRITEFUNCTION, CurlExchange.takeBody))
        // The only way to learn which command a reply belongs to.
        try set(CURLOPT_VERBOSE, 1)
        try check(reservation_curl_set_pointer(handle, CURLOPT_DEBUGDATA, context))
        try check(reservation_curl_set_debug(handle, CurlExchange.noteCommand))
        if let upload = transfer.upload {
            try set(CURLOPT_UPLOAD, 1)
            try check(reservation_curl_set_size(handle, CURLOPT_INFILESIZE_LARGE, curl_off_t(upload.count)))
            try check(reservation_curl_set_pointer(handle, CURLOPT_READDATA, context))
            try check(reservation_curl_set_callback(handle, CURLOPT_READFUNCTION, CurlExchange.giveUpload))
        }
        if let post = transfer.post {
            try set(CURLOPT_POST, 1)
            try check(reservation_curl_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(post.count)))
            try check(
                post.withUnsafeBytes { bytes in
                    // libcurl keeps a copy of its own.
                    reservation_curl_set_bytes(handle, CURLOPT_COPYPOSTFIELDS, bytes.baseAddress)
                })
        }
    }

    private func set(_ option: CURLoption, _ text: String) throws(OptionFailure) {
        try check(reservation_curl_set_text(handle, option, text))
    }

    private func set(_ option: CURLoption, _ number: Int) throws(OptionFailure) {
        try check(reservation_curl_set_number(handle, option, number))
    }

    private func makeList(_ values: [String]) throws(OptionFailure) -> UnsafeMutablePointer<curl_slist> {
        var list: UnsafeMutablePointer<curl_slist>?
        for value in values {
            guard let longer = curl_slist_append(list, value) else {
                curl_slist_free_all(list)
                throw OptionFailure(code: CURLE_OUT_OF_MEMORY)
            }
            list = longer
        }
        guard let list else { throw OptionFailure(code: CURLE_BAD_FUNCTION_ARGUMENT) }
        return list
    }
}
