import HTTPTypes

/// Headers that keep a browser from doing more with an answer than it is meant for.
enum SecurityHeaders {
    /// The same for every answer.
    private static let fixed: [HTTPField] = [
        HTTPField(name: .xContentTypeOptions, value: "nosniff"),
        HTTPField(name: HTTPField.Name("X-Frame-Options")!, value: "DENY"),
        HTTPField(name: HTTPField.Name("Referrer-Policy")!, value: "no-referrer"),
        HTTPField(name: HTTPField.Name("Cross-Origin-Opener-Policy")!, value: "same-origin"),
        HTTPField(name: HTTPField.Name("Permissions-Policy")!, value: "camera=(), geolocation=(), microphone=()"),
    ]
    /// For an answer that has no policy of its own, which only a page needs.
    private static let policy = HTTPField(
        name: .contentSecurityPolicy, value: "default-src 'none'; frame-ancestors 'none'")

    static func add(to headers: inout HTTPFields) {
        // With room for what comes after it too.
        headers.reserveCapacity(headers.count + fixed.count + 4)
        headers.append(contentsOf: fixed)
        if !headers.contains(.contentSecurityPolicy) { headers.append(policy) }
    }
}
