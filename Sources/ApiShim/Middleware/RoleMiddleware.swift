import HTTPTypes
import Hummingbird
import OpsCore

/// Lets only those through who have a role, or one above it.
struct RoleMiddleware: RouterMiddleware {
    let minimum: Role

    func handle(
        _ request: Request, context: ShimContext, next: (Request, ShimContext) async throws -> Response
    ) async throws -> Response {
        guard let identity = context.identity else {
            // Reading without a token is anonymous, which is a role that is too low; anything else needs a token.
            guard [.get, .head].contains(request.method) else {
                throw HTTPError(.unauthorized, headers: ErrorAnswer.challenge, message: "a token is needed here")
            }
            throw forbidden
        }
        guard identity.userRole >= minimum else { throw forbidden }
        return try await next(request, context)
    }

    private var forbidden: HTTPError { HTTPError(.forbidden, message: "this needs the role \(minimum.rawValue)") }
}
