import HTTPTypes
import Hummingbird

/// Lets the pages of the listed origins call the shim, and no others (the Fetch standard's CORS protocol).
struct CrossOriginMiddleware: RouterMiddleware {
    private static let methods = "GET, HEAD, POST, PUT, DELETE"
    private static let requestHeaders = "Authorization, Content-Type, Range, If-Range, If-None-Match"
    private static let exposed = "Location, Retry-After, ETag, Content-Range, Content-Disposition, X-Request-Id"

    /// Origins, or `*` for all.
    let allowed: [String]

    func handle(
        _ request: Request, context: ShimContext, next: (Request, ShimContext) async throws -> Response
    ) async throws -> Response {
        let origin = request.headers[.origin].flatMap { allowed.contains("*") || allowed.contains($0) ? $0 : nil }
        var response =
            isPreflight(request) && origin != nil ? Self.noContent : try await next(request, context)
        response.headers.append(HTTPField(name: .vary, value: "Origin"))
        guard let origin else { return response }
        response.headers[.accessControlAllowOrigin] = origin
        response.headers[.accessControlExposeHeaders] = Self.exposed
        if isPreflight(request) {
            response.headers[.accessControlAllowMethods] = Self.methods
            response.headers[.accessControlAllowHeaders] = Self.requestHeaders
            response.headers[.accessControlMaxAge] = "600"
        }
        return response
    }

    private static var noContent: Response {
        var response = Response(status: .noContent)
        // RFC 9110, 8.6: a 204 has none.
        response.headers[.contentLength] = nil
        return response
    }

    private func isPreflight(_ request: Request) -> Bool {
        request.method == .options && request.headers[.accessControlRequestMethod] != nil
    }
}
