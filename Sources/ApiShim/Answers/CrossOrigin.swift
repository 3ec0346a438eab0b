import HTTPTypes
import Hummingbird

/// Which pages of other origins may call the shim (the Fetch standard's CORS protocol).
struct CrossOrigin {
    private static let methods = "GET, HEAD, POST, PUT, DELETE"
    private static let requestHeaders = "Authorization, Content-Type, Range, If-Range, If-None-Match"
    private static let exposed = "Location, Retry-After, ETag, Content-Range, Content-Disposition, X-Request-Id"

    /// Origins, or `*` for all; empty for none.
    let allowed: [String]

    /// The answer to a browser that asks before it calls; nil for every other request.
    func preflight(_ request: Request) -> Response? {
        guard Self.isPreflight(request), origin(of: request) != nil else { return nil }
        var response = Response(status: .noContent)
        // RFC 9110, 8.6: a 204 has none.
        response.headers[.contentLength] = nil
        response.headers[.accessControlAllowMethods] = Self.methods
        response.headers[.accessControlAllowHeaders] = Self.requestHeaders
        response.headers[.accessControlMaxAge] = "600"
        return response
    }

    /// Tells a page of an allowed origin that it may read the answer.
    func add(to headers: inout HTTPFields, for request: Request) {
        guard !allowed.isEmpty else { return }
        headers.append(HTTPField(name: .vary, value: "Origin"))
        guard let origin = origin(of: request) else { return }
        headers[.accessControlAllowOrigin] = origin
        headers[.accessControlExposeHeaders] = Self.exposed
    }

    private func origin(of request: Request) -> String? {
        guard !allowed.isEmpty else { return nil }
        return request.headers[.origin].flatMap { allowed.contains("*") || allowed.contains($0) ? $0 : nil }
    }

    private static func isPreflight(_ request: Request) -> Bool {
        request.method == .options && request.headers[.accessControlRequestMethod] != nil
    }
}
