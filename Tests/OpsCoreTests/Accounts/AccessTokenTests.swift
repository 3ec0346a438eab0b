import Crypto
import Foundation
import Testing

@testable import OpsCore

@Suite struct AccessTokenTests {
    private static let secret = Secret("0123456789abcdef0123456789abcdef")
    private static let claims = #"{"user_id":7,"user_name":"curator1","user_role":"Curator","iat":1.5,"exp":EXP}"#

    private func tokens() async throws -> AccessToken { try await AccessToken(AuthSettings(jwtSecret: Self.secret)) }

    /// A token made without the library, so that it can be wrong in every way.
    private func forged(
        header: String = #"{"alg":"HS256","typ":"JWT"}"#, claims: String = Self.claims,
        expiry: String = "99999999999.25",
        key: String = Self.secret.exposed
    ) -> String {
        let parts = [header, claims.replacing("EXP", with: expiry)].map { Self.base64(Data($0.utf8)) }
        let signed = parts.joined(separator: ".")
        let code = HMAC<SHA256>.authenticationCode(for: Data(signed.utf8), using: SymmetricKey(data: Data(key.utf8)))
        return signed + "." + Self.base64(Data(code))
    }

    private static func base64(_ data: Data) -> String {
        data.base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }

    private func kind(_ token: String) async throws -> AccountError.Kind? {
        let tokens = try await tokens()
        do throws(AccountError) {
            _ = try await tokens.verify(token)
            return nil
        } catch { return error.kind }
    }

    @Test func aTokenOfAnotherMakerWithFractionalTimesIsRead() async throws {
        let claims = try await tokens().verify(forged())
        #expect(claims.userID == 7)
        #expect(claims.userRole == .curator)
        #expect(claims.iat == 1.5)
        #expect(claims.exp == 99_999_999_999.25)
        #expect(claims.sepoch == 0)
    }

    @Test func everyWrongTokenIsRefused() async throws {
        #expect(try await kind(forged()) == nil)
        #expect(try await kind(forged(header: #"{"alg":"none"}"#)) == .badToken)
        #expect(try await kind(forged(header: #"{"alg":"RS256"}"#)) == .badToken)
        #expect(try await kind(forged(header: #"{"alg":"HS512"}"#)) == .badToken)
        #expect(try await kind(forged(header: #"{"alg":"HS256","crit":["b64"],"b64":false}"#)) == .badToken)
        #expect(try await kind(forged(header: #"{}"#)) == .badToken)
        #expect(try await kind(forged(key: "another key of more than 32 bytes ..")) == .badToken)
        #expect(try await kind(forged(expiry: "1000.5")) == .expiredToken)
        #expect(try await kind(forged(expiry: "null")) == .badToken)
        #expect(
            try await kind(forged(claims: #"{"user_id":7,"user_name":"a","hash":"x","iat":1,"exp":EXP}"#)) == .badToken)
        #expect(
            try await kind(forged(claims: #"{"user_id":7,"user_name":"a","user_role":"Root","iat":1,"exp":EXP}"#))
                == .badToken)
        let parts = forged().split(separator: ".")
        #expect(try await kind("\(parts[0]).\(parts[1]).") == .badToken)
        #expect(try await kind("\(parts[0]).\(parts[1])") == .badToken)
        #expect(try await kind("") == .badToken)
        #expect(try await kind(String(repeating: "a", count: 100_000)) == .badToken)
        let altered = Self.base64(
            Data(Self.claims.replacing("Curator", with: "Administrator").replacing("EXP", with: "9e10").utf8))
        #expect(try await kind("\(parts[0]).\(altered).\(parts[2])") == .badToken)
    }

    @Test func aTokenIsValidUntilItsLastMoment() async throws {
        let tokens = try await tokens()
        let start = Date(timeIntervalSince1970: 1_000_000.5)
        let token = try await tokens.issueForAutomation(role: .administrator, lifetime: .seconds(10), now: start)
        #expect(try await tokens.verify(token, now: start + 9.9).userRole == .administrator)
        await #expect(throws: AccountError(.expiredToken, "the token has expired")) {
            _ = try await tokens.verify(token, now: start + 10)
        }
    }

    @Test func aShortOrMissingKeyIsABadSetting() async throws {
        for secret in [nil, Secret("31 bytes are one byte too few ..")] {
            let short = secret.map { Secret(String($0.exposed.prefix(31))) }
            do throws(AccountError) {
                _ = try await AccessToken(AuthSettings(jwtSecret: short))
                Issue.record("the key was taken")
            } catch {
                #expect(error.exitStatus == .badSettings)
                #expect(!error.description.contains("31 bytes are"))
            }
        }
    }

    @Test func rolesAreOrdered() {
        #expect(Role.allCases == Role.allCases.sorted())
        #expect(Role.viewer < .administrator)
        #expect(Role(name: "curator") == .curator)
        #expect(Role(name: "root") == nil)
    }
}
