import HTTPTypes
import Hummingbird
import OpsCore

/// Finds out who asks. A token that is bad or has expired is refused on every route, also where none is needed.
///
/// Without a key nobody can be told apart, so only what needs nobody is served.
struct Authentication: Sendable {
    /// Nil without JWT_SECRET.
    let tokens: AccessToken?

    /// - Returns: nil for a request without a token.
    func identity(of request: Request) async throws -> AccessClaims? {
        guard let tokens else {
            guard RoutePath(request.uri.path).needsNoKey else { throw AccountError.withoutKey }
            return nil
        }
        guard let header = request.headers[.authorization], !RoutePath(request.uri.path).hasTokenOfItsOwn else {
            return nil
        }
        return try await tokens.verify(BearerToken.text(of: header))
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
