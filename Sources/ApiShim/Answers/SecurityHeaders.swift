import HTTPTypes

/// Headers that keep a browser from doing more with an answer than it is meant for.
enum SecurityHeaders {
    /// An answer is what its type says.
    private static let noSniff = HTTPField(name: .xContentTypeOptions, value: "nosniff")
    /// For an answer that has no policy of its own, which only a page needs.
    private static let policy = HTTPField(
        name: .contentSecurityPolicy, value: "default-src 'none'; frame-ancestors 'none'")
    /// What the page needs beside.
    static let page: HTTPFields = [
        // What `frame-ancestors` says, for browsers that do not know it.
        HTTPField.Name("X-Frame-Options")!: "DENY",
        HTTPField.Name("Referrer-Policy")!: "no-referrer",
        HTTPField.Name("Cross-Origin-Opener-Policy")!: "same-origin",
        HTTPField.Name("Permissions-Policy")!: "camera=(), geolocation=(), microphone=()",
        // Only the page's own files, and no inline script or style.
        .contentSecurityPolicy: """
        default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; \
        form-action 'none'; base-uri 'none'; frame-ancestors 'none'
        """,
    ]

    /// What an answer begins with that is no page; ``add(to:)`` leaves it as it is.
    static func with(_ headers: HTTPFields) -> HTTPFields {
        var headers = headers
        add(to: &headers)
        return headers
    }

    static func add(to headers: inout HTTPFields) {
        if !headers.contains(.xContentTypeOptions) { headers.append(noSniff) }
        if !headers.contains(.contentSecurityPolicy) { headers.append(policy) }
    }
}
