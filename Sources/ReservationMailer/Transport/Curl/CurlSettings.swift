import CCurl

/// How long and by whom TLS is vouched for, the same for all transports that use libcurl.
package struct CurlSettings: Hashable, Sendable {
    /// For one transfer from its beginning to its end.
    package var timeout: Duration
    /// Certificates of authorities in PEM; nil for the machine's own.
    package var caFile: String?

    package init(timeout: Duration = .seconds(120), caFile: String? = nil) {
        self.timeout = timeout
        self.caFile = caFile
    }

    func apply(to transfer: inout CurlTransfer) {
        let milliseconds = Int(timeout / .milliseconds(1))
        transfer.numbers += [
            (CURLOPT_TIMEOUT_MS, milliseconds), (CURLOPT_CONNECTTIMEOUT_MS, min(20_000, milliseconds)),
            // Also for the farewell after a refusal, which the transfer's own time does not bound.
            (CURLOPT_SERVER_RESPONSE_TIMEOUT, max(1, (milliseconds + 999) / 1000)),
            // libcurl's defaults; said here because nothing may depend on how it was built.
            (CURLOPT_SSL_VERIFYPEER, 1), (CURLOPT_SSL_VERIFYHOST, 2),
            // Servers close what is idle; a connection that is older than this is not tried again.
            (CURLOPT_MAXAGE_CONN, 60),
        ]
        if let caFile { transfer.texts.append((CURLOPT_CAINFO, caFile)) }
    }
}
