import Foundation

/// Makes and checks access tokens: signed claims that say who the bearer is and what they may do.
public struct AccessToken: Sendable {
    /// How long a token is valid unless told otherwise.
    public let lifetime: Duration
    let signer: TokenSigner

    /// - Throws: ``AccountError``: JWT_SECRET is not set, or shorter than 32 bytes (exit 78).
    public init(_ settings: AuthSettings) async throws(AccountError) {
        guard let secret = settings.jwtSecret else { throw .withoutKey }
        signer = try await TokenSigner(secret: secret)
        lifetime = settings.tokenExpiry
    }

    /// A token of an account.
    func issue(for account: Account, now: Date = Date()) async throws -> String {
        let start = now.timeIntervalSince1970
        return try await signer.sign(
            AccessClaims(
                userID: account.id, userName: account.userName, email: account.email, userRole: account.role,
                userCreated: account.createdAt, abbreviation: account.abbreviation, orcid: account.orcid,
                sepoch: account.sessionEpoch, iat: start, exp: start + lifetime.inSeconds))
    }

    /// A token for a program, which belongs to no account and so cannot be refreshed.
    public func issueForAutomation(role: Role, lifetime: Duration, now: Date = Date()) async throws -> String {
        let start = now.timeIntervalSince1970
        return try await signer.sign(
            AccessClaims(
                userID: 0, userName: "automation", userRole: role, iat: start, exp: start + lifetime.inSeconds))
    }

    /// The claims of a valid token.
    /// - Throws: ``AccountError`` of kind `badToken` or `expiredToken`.
    public func verify(_ token: String, now: Date = Date()) async throws(AccountError) -> AccessClaims {
        try await signer.verify(token, as: AccessClaims.self, now: now)
    }
}

extension Duration {
    /// As a number of seconds, with their fraction.
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}
