import CCurl
import Foundation

/// One HTTP request to a service that this program works with, such as another API or a mail capture; through libcurl,
/// which is there for mail already.
struct HTTPCall: Sendable {
    /// What came back, whatever its status.
    struct Answer: Sendable {
        let status: Int
        /// By lower-case name.
        let headers: [String: String]
        let body: Data

        var text: String { String(decoding: body, as: UTF8.self) }
    }

    /// No answer that is of use here is longer.
    static let maximumAnswerBytes = 8 << 20

    var method = "GET"
    var url: String
    /// Never shown anywhere: a token may be among them.
    var headers: [String: String] = [:]
    var body: Data?

    /// Waits for the whole answer. A redirection is not followed: it is an answer too.
    /// - Throws: ``HTTPCallError``; CancellationError when the task is cancelled.
    func send(within limit: Duration = .seconds(30)) async throws -> Answer {
        let text = headers.map { "\($0): \($1)" } + [url, method]
        guard !text.contains(where: { $0.unicodeScalars.contains { $0 == "\r" || $0 == "\n" || $0 == "\0" } }) else {
            throw HTTPCallError(url, "the address or a header holds a line break")
        }
        return try await BlockingMail.run { try perform(limit, $0) }
    }

    private func perform(_ limit: Duration, _ stop: BlockingMail.Stop) throws -> Answer {
        let handle = try CurlHandle()
        let received = HTTPCallAnswer(limit: Self.maximumAnswerBytes)
        setUp(handle, received, limit)
        let code = try handle.perform(stop.check)
        guard !received.isTooLong else { throw HTTPCallError(url, "the answer is longer than 8 MiB") }
        guard code == CURLE_OK else { throw HTTPCallError(url, String(cString: curl_easy_strerror(code))) }
        return Answer(status: handle.number(CURLINFO_RESPONSE_CODE), headers: received.headers, body: received.body)
    }

    private func setUp(_ handle: CurlHandle, _ received: HTTPCallAnswer, _ limit: Duration) {
        // What libcurl would tell of a request holds its token.
        handle.set(CURLOPT_VERBOSE, 0)
        handle.set(CURLOPT_URL, url)
        handle.set(CURLOPT_PROTOCOLS_STR, "http,https")
        handle.set(CURLOPT_TIMEOUT_MS, limit.milliseconds)
        if method == "HEAD" { handle.set(CURLOPT_NOBODY, 1) } else { handle.set(CURLOPT_CUSTOMREQUEST, method) }
        if let body {
            sysndd_curl_set_size(handle.easy, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
            body.withUnsafeBytes {
                _ = sysndd_curl_set_pointer(
                    handle.easy, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: $0.baseAddress))
            }
        }
        // An empty Expect: a small body is sent at once.
        handle.set(CURLOPT_HTTPHEADER, headers.map { "\($0): \($1)" } + ["Expect:"])
        received.receive(from: handle)
    }
}
