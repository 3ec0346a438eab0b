import CCurl
import Foundation

/// One HTTP request: a GET, or a POST of a JSON document.
struct NoticeRequest: Sendable {
    /// Why nobody has taken it; never with the URL, which is a secret.
    struct Refusal: Error, Equatable {
        let reason: String
        /// Another attempt could succeed.
        let isTemporary: Bool
    }

    let url: Secret
    /// Nil for a GET.
    var json: String?

    /// Sends it once.
    /// - Parameter limit: how long it may take.
    /// - Throws: ``Refusal``.
    func send(within limit: Duration) async throws {
        try await BlockingCall.run { try perform(within: limit) }
    }

    private func perform(within limit: Duration) throws {
        let handle: CurlHandle
        let code: CURLcode
        do {
            handle = try CurlHandle()
            set(handle, limit)
            code = try handle.perform {}
        } catch {
            throw Refusal(reason: "the request could not be made", isTemporary: false)
        }
        // libcurl's own words for the code: those with the details name the host.
        guard code == CURLE_OK else {
            throw Refusal(reason: String(cString: curl_easy_strerror(code)).lowercased(), isTemporary: true)
        }
        let status = handle.number(CURLINFO_RESPONSE_CODE)
        guard !(200..<300).contains(status) else { return }
        // Too many requests, or the server's own trouble; anything else would be refused again.
        throw Refusal(reason: "it answered \(status)", isTemporary: status == 408 || status == 429 || status >= 500)
    }

    private func set(_ handle: CurlHandle, _ limit: Duration) {
        handle.set(CURLOPT_URL, url.exposed)
        handle.set(CURLOPT_PROTOCOLS_STR, "http,https")
        handle.set(CURLOPT_TIMEOUT_MS, max(1, limit.milliseconds))
        handle.set(CURLOPT_USERAGENT, "sysndd-ctl/\(ToolVersion.current)")
        // Without "Expect", which small servers do not answer.
        handle.set(CURLOPT_HTTPHEADER, ["Content-Type: application/json", "Expect:"])
        if let json { handle.set(CURLOPT_COPYPOSTFIELDS, json) }
    }
}
