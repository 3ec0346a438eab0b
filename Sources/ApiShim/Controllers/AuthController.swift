import Foundation
import HTTPTypes
import Hummingbird
import OpsCore

/// `/api/auth/…`: registration, sign-in, and what a token says.
struct AuthController: Sendable {
    private struct Credentials: Decodable {
        var userName: String
        var password: String

        enum CodingKeys: String, CodingKey {
            case userName = "user_name"
            case password
        }
    }

    let flows: AccountFlows

    func addRoutes(to routes: ShimRoutes) {
        routes.throttled
            .post("/api/auth/signup", use: signUp)
            .post("/api/auth/authenticate", use: authenticate)
        routes.anyone
            .get("/api/auth/signin", use: signIn)
            .get("/api/auth/refresh", use: refresh)
    }

    private func signUp(_ request: Request, _ context: ShimContext) async throws -> Response {
        let registration = try await JSONBody.decode(Registration.self, from: request)
        context.audit.subject = registration.userName ?? ""
        return try ShimJSON.response(await flows.signUp(registration))
    }

    private func authenticate(_ request: Request, _: ShimContext) async throws -> Response {
        let given = try await JSONBody.decode(Credentials.self, from: request)
        return try ShimJSON.response([
            await flows.authenticate(userName: given.userName, password: Secret(given.password))
        ])
    }

    private func signIn(_: Request, _ context: ShimContext) async throws -> Response {
        try ShimJSON.response(SignedIn(try context.signedIn()))
    }

    private func refresh(_: Request, _ context: ShimContext) async throws -> Response {
        try ShimJSON.response([try await flows.refresh(context.signedIn())])
    }
}

/// The claims as the admin app wants them: two of them in arrays of one.
private struct SignedIn: Encodable {
    private let claims: AccessClaims

    private enum Key: String, CodingKey {
        case userRole = "user_role"
        case exp
    }

    init(_ claims: AccessClaims) { self.claims = claims }

    func encode(to encoder: any Encoder) throws {
        try claims.encode(to: encoder)
        var values = encoder.container(keyedBy: Key.self)
        try values.encode([claims.userRole], forKey: .userRole)
        try values.encode([claims.exp], forKey: .exp)
    }
}

extension ShimContext {
    /// Who asks, on routes that any role may use but nobody without a token.
    func signedIn() throws -> AccessClaims {
        guard let identity else {
            throw HTTPError(.unauthorized, headers: ErrorAnswer.challenge, message: "a token is needed here")
        }
        return identity
    }
}
