import Foundation
import HTTPTypes
import HummingbirdTesting
import Testing

@testable import ApiShim

@Suite struct BrowserProtectionTests {
    private static let page = "https://sysndd.example"

    private static func with(
        origins: [String], _ body: @escaping @Sendable (any TestClientProtocol) async throws -> Void
    ) async throws {
        try await OperationFixture.with { fixture in
            var fixture = fixture
            fixture.settings.server.corsAllowedOrigins = origins
            try await fixture.serving(body)
        }
    }

    private func preflight(_ client: any TestClientProtocol, from origin: String) async throws -> Answer {
        try await client.call(
            .options, "/api/backup/create",
            headers: [
                .origin: origin, .accessControlRequestMethod: "POST",
                .accessControlRequestHeaders: "authorization, content-type",
            ])
    }

    @Test func aListedOriginMayCallAndAnotherMayNot() async throws {
        try await Self.with(origins: [Self.page]) { client in
            let answer = try await preflight(client, from: Self.page)
            #expect(answer.status == 204)
            #expect(answer.headers["access-control-allow-origin"] == Self.page)
            #expect(answer.headers["access-control-allow-methods"]?.contains("POST") == true)
            #expect(answer.headers["access-control-allow-headers"]?.contains("Authorization") == true)
            #expect(answer.headers["access-control-allow-credentials"] == nil)
            #expect(answer.headers["vary"] == "Origin")
            let read = try await client.call(.get, "/api/health/", headers: [.origin: Self.page])
            #expect(read.headers["access-control-allow-origin"] == Self.page)
            // An error is read by the page too.
            let refused = try await client.call(.get, "/api/backup/list", headers: [.origin: Self.page])
            #expect(refused.status == 403)
            #expect(refused.headers["access-control-allow-origin"] == Self.page)
            let unknown = try await client.call(
                .get, "/api/version", headers: [.origin: Self.page, .authorization: "Bearer a.b.c"])
            #expect(unknown.status == 401)
            #expect(unknown.headers["www-authenticate"] == "Bearer")
            #expect(unknown.headers["access-control-allow-origin"] == Self.page)
            for other in ["https://evil.example", "null", "https://sysndd.example.evil", "http://sysndd.example"] {
                #expect(try await preflight(client, from: other).headers["access-control-allow-origin"] == nil)
                let read = try await client.call(.get, "/api/health/", headers: [.origin: other])
                #expect(read.headers["access-control-allow-origin"] == nil)
                #expect(read.headers["vary"] == "Origin")
            }
        }
    }

    @Test func withoutAListNobodyMay() async throws {
        try await Self.with(origins: []) { client in
            let answer = try await preflight(client, from: Self.page)
            #expect(answer.headers["access-control-allow-origin"] == nil)
        }
    }

    @Test func everyAnswerKeepsABrowserInBounds() async throws {
        try await Self.with(origins: []) { client in
            for path in ["/api/health/", "/api/nowhere", "/api/backup/list", "/livez", "/admin"] {
                let answer = try await client.call(.get, path)
                #expect(answer.headers["x-content-type-options"] == "nosniff", "\(path)")
                let policy = try #require(answer.headers["content-security-policy"], "\(path)")
                #expect(policy.hasPrefix("default-src 'none'"), "\(path)")
                #expect(policy.contains("frame-ancestors 'none'"), "\(path)")
                #expect(answer.headers["x-request-id"]?.isEmpty == false, "\(path)")
            }
        }
    }

    /// What only a document can make use of.
    @Test func thePageIsInNobodysFrameAndTellsNobodyWhereItsReaderComesFrom() async throws {
        try await Self.with(origins: []) { client in
            let answer = try await client.call(.get, "/admin")
            #expect(answer.headers["x-frame-options"] == "DENY")
            #expect(answer.headers["referrer-policy"] == "no-referrer")
        }
    }

    /// A browser that finds a header twice may take neither.
    @Test func noHeaderIsThereTwice() async throws {
        try await Self.with(origins: [Self.page]) { client in
            for path in ["/api/health/", "/api/health/ready", "/api/nowhere", "/admin", "/admin/api.js", "/metrics"] {
                let names = try await client.execute(uri: path, method: .get, headers: [.origin: Self.page]) {
                    $0.headers.map(\.name.canonicalName)
                }
                #expect(Set(names).count == names.count, "\(path): \(names)")
                #expect(Set(names).isSuperset(of: ["x-request-id", "content-security-policy", "vary"]), "\(path)")
            }
            let page = try await client.call(.get, "/admin")
            #expect(page.headers["content-security-policy"]?.contains("script-src 'self'") == true)
            #expect(page.headers["cross-origin-opener-policy"] == "same-origin")
            #expect(page.headers["permissions-policy"]?.contains("camera=()") == true)
        }
    }

    @Test func whatNoRouteCanUseIsTurnedAway() async throws {
        try await Self.with(origins: []) { client in
            let long = try await client.call(.get, "/api/health?" + String(repeating: "a", count: 9000))
            #expect(long.status == 414)
            let huge = try await client.call(
                .post, "/api/auth/authenticate", json: String(repeating: " ", count: 70_000))
            #expect(huge.status == 413)
            let header = HTTPField(name: HTTPField.Name("X-Large")!, value: String(repeating: "a", count: 20_000))
            let outcome = try? await client.call(.get, "/api/health/", headers: [header.name: header.value])
            #expect(outcome == nil || (400...499).contains(outcome?.status ?? 0))
        }
    }
}
