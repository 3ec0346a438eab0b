import Crypto
import Foundation
import HummingbirdTesting
import OpsCore
import Testing

@testable import ApiShim

/// Tokens that say of themselves how they want to be checked.
@Suite struct ForgedTokenTests {
    private static let claims =
        #"{"user_id":1,"user_name":"mallory","user_role":"Administrator","iat":1,"exp":99999999999}"#

    private static func base64(_ data: Data) -> String {
        data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private static func token(_ header: String, signature: (Data) -> Data) -> String {
        let signed = "\(base64(Data(header.utf8))).\(base64(Data(claims.utf8)))"
        return "\(signed).\(base64(signature(Data(signed.utf8))))"
    }

    private static func hmac<Hash: HashFunction>(_: Hash.Type, _ key: Data) -> (Data) -> Data {
        { Data(HMAC<Hash>.authenticationCode(for: $0, using: SymmetricKey(data: key))) }
    }

    @Test func noTokenChoosesItsOwnAlgorithm() async throws {
        try await OperationFixture.with { fixture in
            let secret = Data(try #require(fixture.settings.auth.jwtSecret).exposed.utf8)
            let publicKey = Data("-----BEGIN PUBLIC KEY-----\nMFwwDQYJ\n-----END PUBLIC KEY-----\n".utf8)
            func header(_ algorithm: String) -> String { "{\"alg\":\"\(algorithm)\",\"typ\":\"JWT\"}" }
            let right = Self.token(header("HS256"), signature: Self.hmac(SHA256.self, secret))
            var forged = ["none", "None", "NONE", "nOnE", ""].flatMap { name in
                [
                    Self.token(header(name)) { _ in Data() },
                    Self.token(header(name), signature: Self.hmac(SHA256.self, secret)),
                ]
            }
            forged += [
                // The key of the shim, taken for that of another algorithm.
                Self.token(header("RS256"), signature: Self.hmac(SHA256.self, secret)),
                Self.token(header("ES256"), signature: Self.hmac(SHA256.self, secret)),
                Self.token(header("HS384"), signature: Self.hmac(SHA384.self, secret)),
                Self.token(header("HS512"), signature: Self.hmac(SHA512.self, secret)),
                // What everybody knows, taken for a key.
                Self.token(header("HS256"), signature: Self.hmac(SHA256.self, publicKey)),
                Self.token(header("HS256"), signature: Self.hmac(SHA256.self, Data())),
                // A key that the token brings along or names.
                Self.token(
                    #"{"alg":"HS256","jwk":{"kty":"oct","k":"AAAA"}}"#,
                    signature: Self.hmac(SHA256.self, Data([0, 0, 0]))),
                Self.token(#"{"alg":"HS256","kid":"/dev/null"}"#, signature: Self.hmac(SHA256.self, Data())),
                right.split(separator: ".").dropLast().joined(separator: ".") + ".", right + "x", right + ".x",
            ]
            try await fixture.serving { [forged] client in
                #expect(try await client.call(.get, "/api/backup/list", token: right).status == 200)
                for token in forged {
                    let answer = try await client.call(.get, "/api/backup/list", token: token)
                    #expect(answer.status == 401, "\(token)")
                    #expect(answer.isProblem)
                    #expect(try await client.call(.post, "/api/backup/create", token: token).status == 401)
                }
            }
        }
    }
}
