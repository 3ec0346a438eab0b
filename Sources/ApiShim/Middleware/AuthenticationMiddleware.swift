import HTTPTypes
import Hummingbird
import OpsCore

/// Finds out who asks. A token that is bad or has expired is refused on every route, also where none is needed.
///
/// Without a key nobody can be told apart, so only what needs nobody is served.
struct AuthenticationMiddleware: RouterMiddleware {
    /// Nil without JWT_SECRET.
    let tokens: AccessToken?

    func handle(
        _ request: Request, context: ShimContext, next: (Request, ShimContext) async throws -> Response
    ) async throws -> Response {
        guard let tokens else {
            guard RoutePath(request.uri.path).needsNoKey else { throw AccountError.withoutKey }
            return try await next(request, context)
        }
        guard let header = request.headers[.authorization], !RoutePath(request.uri.path).hasTokenOfItsOwn else {
            return try await next(request, context)
        }
        var context = context
        context.identity = try await tokens.verify(BearerToken.text(of: header))
        return try await next(request, context)
    }
}

/// The token in an Authorization header.
enum BearerToken {
    /// - Throws: ``AccountError`` of kind `badToken` for any other scheme.
    static func text(of header: String) throws(AccountError) -> String {
        let parts = header.split(separator: " ", omittingEmptySubsequences: true)
        guard parts.count == 2, parts[0].lowercased() == "bearer" else {
            throw AccountError(.badToken, "the Authorization header holds no Bearer token")
        }
        return String(parts[1])
    }
}
