import HTTPTypes
import Hummingbird

/// Turns away a body that says it is longer than any route takes, before anything of it is read. It comes after throttle
/// and role: who may not ask is told that, whatever the size.
struct BodyLimitMiddleware: RouterMiddleware {
    func handle(
        _ request: Request, context: ShimContext, next: (Request, ShimContext) async throws -> Response
    ) async throws -> Response {
        if let length = request.headers[.contentLength].flatMap({ Int($0) }), length > JSONBody.maximumBytes {
            throw HTTPError(.contentTooLarge, message: "the body is longer than \(JSONBody.maximumBytes) bytes")
        }
        return try await next(request, context)
    }
}
