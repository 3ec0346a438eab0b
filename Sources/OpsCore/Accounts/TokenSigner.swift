import Foundation
import JWTKit

/// Claims that end at a point in time.
protocol ExpiringClaims: JWTPayload {
    /// Seconds since 1970, possibly with a fraction.
    var exp: Double { get }
}

extension ExpiringClaims {
    /// The time is looked at by ``TokenSigner``, which is told what time it is.
    public func verify(using algorithm: some JWTAlgorithm) throws {}
}

/// Signs and checks tokens with one key: HS256 and nothing else.
struct TokenSigner: Sendable {
    /// A shorter key can be guessed; jwt-kit traps on one in debug builds and takes it in release builds.
    static let minimumKeyBytes = 32
    /// No token of ours comes near; what is longer is not even looked into.
    static let maximumTokenBytes = 8192

    private static let algorithm = "HS256"
    private let keys: JWTKeyCollection

    /// - Throws: ``AccountError`` of kind `weakKey`.
    init(secret: Secret) async throws(AccountError) {
        let bytes = Array(secret.exposed.utf8)
        guard bytes.count >= Self.minimumKeyBytes else {
            throw AccountError(
                .weakKey, "JWT_SECRET has \(bytes.count) bytes, it needs \(Self.minimumKeyBytes)",
                hint: "make one with: openssl rand -base64 48")
        }
        keys = await JWTKeyCollection().add(hmac: HMACKey(from: bytes), digestAlgorithm: .sha256)
    }

    func sign(_ claims: some ExpiringClaims) async throws -> String {
        try await keys.sign(claims, header: ["alg": .string(Self.algorithm), "typ": "JWT"])
    }

    /// The claims of a token that this key signed and whose time is not over.
    /// - Throws: ``AccountError`` of kind `badToken` or `expiredToken`; it never tells why a token is bad.
    func verify<Claims: ExpiringClaims>(
        _ token: String, as _: Claims.Type, now: Date = Date()
    ) async throws(AccountError) -> Claims {
        let claims: Claims
        do {
            try Self.checkHeader(of: token)
            claims = try await keys.verify(token, as: Claims.self)
        } catch {
            throw AccountError(.badToken, "the token is not valid")
        }
        guard claims.exp > now.timeIntervalSince1970 else {
            throw AccountError(.expiredToken, "the token has expired")
        }
        return claims
    }

    /// The library checks the signature with the key's algorithm whatever the header says; a header that says anything else
    /// is refused, and so is one that names extensions which must be understood.
    private static func checkHeader(of token: String) throws {
        guard token.utf8.count <= maximumTokenBytes else { throw AccountError(.badToken, "") }
        let header = try DefaultJWTParser().parse(Array(token.utf8), as: AnyClaims.self).header
        guard header.alg == algorithm, header.fields["crit"] == nil else { throw AccountError(.badToken, "") }
    }

    private struct AnyClaims: JWTPayload {
        func verify(using algorithm: some JWTAlgorithm) throws {}
    }
}
