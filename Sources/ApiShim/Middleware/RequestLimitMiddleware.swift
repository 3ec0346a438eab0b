import HTTPTypes
import Hummingbird

/// Turns away a path that no route can use.
struct RequestLimitMiddleware: RouterMiddleware {
    /// Longest path with its query, in bytes.
    static let maximumURI = 8 * 1024

    func handle(
        _ request: Request, context: ShimContext, next: (Request, ShimContext) async throws -> Response
    ) async throws -> Response {
        guard request.uri.string.utf8.count <= Self.maximumURI else {
            throw HTTPError(.init(code: 414, reasonPhrase: "URI Too Long"), message: "the path is too long")
        }
        return try await next(request, context)
    }
}
