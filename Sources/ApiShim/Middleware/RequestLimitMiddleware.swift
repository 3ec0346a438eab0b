import HTTPTypes
import Hummingbird

/// Turns away what no route can use: a path that is too long, and a body that says it is, before anything of it is read.
/// It comes after throttle and role: who may not ask is told that, whatever the size.
struct RequestLimitMiddleware: RouterMiddleware {
    /// Longest path with its query, in bytes.
    static let maximumURI = 8 * 1024

    func handle(
        _ request: Request, context: ShimContext, next: (Request, ShimContext) async throws -> Response
    ) async throws -> Response {
        guard request.uri.string.utf8.count <= Self.maximumURI else {
            throw HTTPError(.init(code: 414, reasonPhrase: "URI Too Long"), message: "the path is too long")
        }
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > JSONBody.maximumBytes {
            throw HTTPError(.contentTooLarge, message: "the body is longer than \(JSONBody.maximumBytes) bytes")
        }
        return try await next(request, context)
    }
}
