import HTTPTypes

/// Headers that keep a browser from doing more with an answer than it is meant for.
enum SecurityHeaders {
    /// The same for every answer.
    private static let fixed = [
        HTTPField(name: .xContentTypeOptions, value: "nosniff"),
        HTTPField(name: HTTPField.Name("X-Frame-Options")!, value: "DENY"),
        HTTPField(name: HTTPField.Name("Referrer-Policy")!, value: "no-referrer"),
    ]
    /// For an answer that has no policy of its own, which only a page needs.
    private static let policy = HTTPField(
        name: .contentSecurityPolicy, value: "default-src 'none'; frame-ancestors 'none'")
    /// What only a document can make use of.
    static let page: HTTPFields = [
        HTTPField.Name("Cross-Origin-Opener-Policy")!: "same-origin",
        HTTPField.Name("Permissions-Policy")!: "camera=(), geolocation=(), microphone=()",
        // Only the page's own files, and no inline script or style.
        .contentSecurityPolicy: """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
        form-action 'none'; base-uri 'none'; frame-ancestors 'none'
        """,
    ]

    static func add(to headers: inout HTTPFields) {
        // With room for what comes after it too.
        headers.reserveCapacity(headers.count + fixed.count + 4)
        headers.replaceSubrange(headers.endIndex..<headers.endIndex, with: fixed)
        if !headers.contains(.contentSecurityPolicy) { headers.append(policy) }
    }
}
