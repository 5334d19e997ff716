import CCurl

/// What one transfer is to do: options of libcurl by the kind of their values.
struct CurlTransfer: Sendable {
    var url: String
    var texts: [(CURLoption, String)] = []
    var numbers: [(CURLoption, Int)] = []
    var lists: [(CURLoption, [String])] = []
    /// Read by libcurl as it sends.
    var upload: [UInt8]?
    /// The body of a POST.
    var post: [UInt8]?
    /// Whether the upload may begin, asked when the server waits for it.
    var mayUpload: @Sendable (CurlOutcome) -> Bool = { _ in true }

    init(url: String) {
        self.url = url
    }
}

/// What came of a transfer.
struct CurlOutcome: Sendable {
    /// libcurl's own verdict.
    var code = CURLE_OK
    /// Lines that came before a body: replies of SMTP, the header of HTTP. Bounded.
    var lines: [String] = []
    var body: [UInt8] = []
    /// The verb of the last command of SMTP that was sent.
    var lastCommand = ""
    /// Something of the upload has been handed to libcurl.
    var hasBegunUpload = false
    /// The server has all of the upload, if nothing was lost on its way.
    var hasUploadedAll = false
    /// How many connections had to be made; 0 when one was used again.
    var newConnections = 0

    /// libcurl's words for its verdict.
    var message: String { String(cString: curl_easy_strerror(code)) }

    /// The certificate, the protocol or the offer of TLS is not as it must be: it will hardly get better by itself.
    var isTLSFailure: Bool {
        [
            CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_USE_SSL_FAILED,
            CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CRL_BADFILE, CURLE_SSL_ISSUER_ERROR,
            CURLE_SSL_PINNEDPUBKEYNOTMATCH, CURLE_SSL_INVALIDCERTSTATUS,
        ].contains(code)
    }
}
