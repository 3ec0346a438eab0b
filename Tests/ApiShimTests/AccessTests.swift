import Foundation
import Hummingbird
import HummingbirdTesting
import NIOCore
import OpsCore
import Testing

@testable import ApiShim

/// Who gets through to which route, and what the others are told.
@Suite struct AccessTests {
    private static let settings = AuthSettings(jwtSecret: Secret("a key of the tests, 32 bytes long"))

    private struct Body: Codable { let text: String }

    /// An application with one route of each group.
    private func application(
        _ settings: AuthSettings = settings, throttle: Throttle? = nil, loggingTo lines: LogLines = LogLines()
    ) async throws -> some ApplicationProtocol {
        let (router, routes) = try await ApiShim.makeRouter(settings, throttle: throttle)
        let who: @Sendable (Request, ShimContext) async throws -> Response = { _, context in
            try ShimJSON.response(["who": context.identity?.userName ?? "nobody"])
        }
        routes.anyone.get("/api/open", use: who).post("/api/open", use: who)
        routes.anyone.get("/api/health/", use: who).get("/api/version", use: who).get("/metrics", use: who)
        routes.anyone.post("/api/user/password/reset/change", use: who)
        routes.requiring(.administrator).get("/api/admin/thing", use: who).post("/api/admin/thing", use: who)
        routes.requiring(.curator).put("/api/curator", use: who)
        routes.throttled.post("/api/try", use: who)
        routes.anyone.post("/api/body") { request, _ in
            try ShimJSON.response(try await JSONBody.decode(Body.self, from: request))
        }
        routes.anyone.get("/api/refused") { _, _ -> Response in
            throw OperationError(
                .conflict, "BACKUP_IN_PROGRESS", "a backup runs", fields: ["existing_job_id": .text("7")])
        }
        routes.anyone.get("/api/broken") { _, _ -> Response in
            throw DatabaseError(number: 1064, sqlState: "42000", message: "secret text")
        }
        return Application(
            router: router, configuration: .init(address: .hostname("127.0.0.1", port: 0)), logger: lines.logger)
    }

    private func bearer(_ role: Role, lifetime: Duration = .seconds(60), now: Date = Date()) async throws -> HTTPFields
    {
        let token = try await AccessToken(Self.settings).issueForAutomation(role: role, lifetime: lifetime, now: now)
        return [.authorization: "Bearer \(token)"]
    }

    @Test func readingWithoutATokenIsAnonymousAndAnythingElseNeedsOne() async throws {
        try await application().test(.live) { client async throws in
            #expect(try await client.send(.get, "/api/open").value("who") as? String == "nobody")
            #expect(try await client.send(.get, "/api/admin/thing").status == 403)
            #expect(try await client.send(.head, "/api/admin/thing").status == 403)
            for path in ["/api/admin/thing", "/api/admin/thing/"] {
                let refused = try await client.send(.post, path)
                #expect(refused.status == 401)
                #expect(refused.headers["www-authenticate"] == "Bearer")
                #expect(refused.headers["content-type"] == "application/problem+json")
                #expect(Set(try refused.json.keys) == ["type", "title", "status", "detail", "instance"])
            }
        }
    }

    @Test func aRoleThatIsTooLowIsForbiddenAndAHigherOneIsNot() async throws {
        try await application().test(.live) { client async throws in
            for role in Role.allCases {
                let headers = try await bearer(role)
                let isAdministrator = role == .administrator
                #expect(
                    try await client.send(.get, "/api/admin/thing", headers).status == (isAdministrator ? 200 : 403))
                #expect(
                    try await client.send(.post, "/api/admin/thing", headers).status == (isAdministrator ? 200 : 403))
                #expect(try await client.send(.put, "/api/curator", headers).status == (role >= .curator ? 200 : 403))
                #expect(try await client.send(.get, "/api/open", headers).value("who") as? String == "automation")
            }
        }
    }

    @Test func aBadOrExpiredTokenIsRefusedOnEveryRoute() async throws {
        let expired = try await bearer(.administrator, lifetime: .seconds(1), now: Date() - 10)
        let foreign = try await AccessToken(AuthSettings(jwtSecret: Secret(String(repeating: "x", count: 40))))
            .issueForAutomation(role: .administrator, lifetime: .seconds(60))
        let bad: [HTTPFields] = [
            expired, [.authorization: "Bearer \(foreign)"], [.authorization: "Bearer"], [.authorization: "Basic abc"],
            [.authorization: ""], [.authorization: "Bearer a.b.c"],
        ]
        try await application().test(.live) { client async throws in
            for headers in bad {
                for path in ["/api/open", "/api/open/", "/api/admin/thing", "/api/health", "/api/nowhere", "/metrics"] {
                    let answer = try await client.send(.get, path, headers)
                    #expect(answer.status == 401, "\(path) \(headers)")
                    #expect(answer.headers["content-type"] == "application/problem+json")
                    #expect(!answer.text.contains(foreign))
                }
                #expect(try await client.send(.post, "/api/try", headers).status == 401)
                // The token of a reset link is no access token: its route looks at it itself.
                for path in ["/api/user/password/reset/change", "/api/user/password/reset/change/"] {
                    #expect(try await client.send(.post, path, headers).status == 200)
                }
            }
        }
    }

    @Test func withoutAKeyOnlyHealthVersionAndMetricsAreServed() async throws {
        try await application(AuthSettings()).test(.live) { client async throws in
            for path in ["/api/health", "/api/health/", "/api/version", "/metrics"] {
                #expect(try await client.send(.get, path).status == 200, "\(path)")
            }
            for path in ["/api/open", "/api/admin/thing", "/api/healthy", "/api/nowhere", "/version", "/api/version/x"]
            {
                let answer = try await client.send(.get, path, [.authorization: "Bearer a.b.c"])
                #expect(answer.status == 503, "\(path)")
                #expect(try answer.value("error") as? String == "AUTH_NOT_CONFIGURED")
            }
            #expect(try await client.send(.post, "/api/user/password/reset/change").status == 503)
        }
    }

    @Test func refusalsAndFailuresHaveTheirShapes() async throws {
        let lines = LogLines()
        try await application(loggingTo: lines).test(.live) { client async throws in
            let refused = try await client.send(.get, "/api/refused")
            #expect(refused.status == 409)
            #expect(
                refused.text == #"{"error":"BACKUP_IN_PROGRESS","existing_job_id":"7","message":"a backup runs"}"#)
            let broken = try await client.send(.get, "/api/broken")
            #expect(broken.status == 500)
            #expect(broken.headers["content-type"] == "application/problem+json")
            #expect(!broken.text.contains("secret"))
            // What the client is not told is found under the id that it is told.
            let id = try #require(broken.headers["x-request-id"])
            let line = try #require(lines.all.first { $0.contains("request failed") })
            #expect(line.contains("secret text") && line.contains(" request_id=\(id)"))
        }
    }

    @Test func aBodyMustBeJSONOfAReasonableLength() async throws {
        let json: HTTPFields = [.contentType: "application/json; charset=utf-8"]
        try await application().test(.live) { client async throws in
            #expect(try await client.send(.post, "/api/body", json, body: #"{"text":"a"}"#).text == #"{"text":"a"}"#)
            #expect(try await client.send(.post, "/api/body", body: #"{"text":"a"}"#).status == 415)
            #expect(try await client.send(.post, "/api/body", [.contentType: "text/json"], body: "{}").status == 415)
            for body in ["", "{}", #"{"text":1}"#, "[", #"{"text":"a"} x"#] {
                #expect(try await client.send(.post, "/api/body", json, body: body).status == 400, "\(body)")
            }
            let long = #"{"text":""# + String(repeating: "a", count: JSONBody.maximumBytes) + #""}"#
            #expect(try await client.send(.post, "/api/body", json, body: long).status == 413)
        }
    }

    @Test func theSixthAttemptIsRefusedBeforeTheBodyIsRead() async throws {
        try await application().test(.live) { client async throws in
            for _ in 1...5 { #expect(try await client.send(.post, "/api/try").status == 200) }
            let refused = try await client.send(.post, "/api/try/", body: String(repeating: "x", count: 100_000))
            #expect(refused.status == 429)
            #expect(try refused.value("error") as? String == "RATE_LIMITED")
            let seconds = try #require(refused.value("retry_after") as? Int)
            #expect((1...60).contains(seconds))
            #expect(refused.headers["retry-after"] == String(seconds))
            // A peer that is no trusted proxy cannot make itself another client.
            let other = try await client.send(.post, "/api/try", [.forwardedFor: "192.0.2.1"])
            #expect(other.status == 429)
            #expect(try await client.send(.get, "/api/open").status == 200)
        }
    }

    @Test func behindATrustedProxyEachClientCountsForItself() async throws {
        var settings = Self.settings
        settings.trustedProxies = [try #require(IPNetwork("127.0.0.0/8"))]
        settings.attemptMaximum = 1
        try await application(settings).test(.live) { client async throws in
            func attempt(_ hops: String) async throws -> Int {
                try await client.send(.post, "/api/try", [.forwardedFor: hops]).status
            }
            #expect(try await attempt("192.0.2.1") == 200)
            #expect(try await attempt("198.51.100.9, 192.0.2.1, 127.0.0.3") == 429)
            #expect(try await attempt("192.0.2.2:4711") == 200)
            #expect(try await attempt("2001:db8:1:2:3::4") == 200)
            #expect(try await attempt("[2001:db8:1:2:ffff::1]:443") == 429)
            #expect(try await attempt("2001:db8:1:3::1") == 200)
            #expect(try await attempt("::ffff:192.0.2.2") == 429)
        }
    }

    @Test func whenNobodyCanBeCountedNobodyIsAdmitted() async throws {
        let full = Throttle(maximum: 5, window: .seconds(60), capacity: 0)
        try await application(throttle: full).test(.live) { client async throws in
            let answer = try await client.send(.post, "/api/try")
            #expect(answer.status == 503)
            #expect(try answer.value("error") as? String == "THROTTLE_UNAVAILABLE")
        }
    }

    @Test func theWindowSlides() throws {
        let throttle = Throttle(maximum: 2, window: .seconds(60), capacity: 2)
        let client = try #require(ClientAddress("192.0.2.1"))
        let start = ContinuousClock.now
        #expect(throttle.attempt(by: client, at: start) == .admitted)
        #expect(throttle.attempt(by: client, at: start + .seconds(50)) == .admitted)
        #expect(throttle.attempt(by: client, at: start + .seconds(59)) == .refused(retryAfter: 1))
        #expect(throttle.attempt(by: client, at: start + .milliseconds(30_500)) == .refused(retryAfter: 30))
        #expect(throttle.attempt(by: client, at: start + .seconds(60)) == .admitted)
        #expect(throttle.attempt(by: client, at: start + .seconds(61)) == .refused(retryAfter: 49))
        let others = try [2, 3].map { try #require(ClientAddress("192.0.2.\($0)")) }
        #expect(throttle.attempt(by: others[0], at: start + .seconds(62)) == .admitted)
        #expect(throttle.attempt(by: others[1], at: start + .seconds(62)) == .unavailable)
        #expect(throttle.attempt(by: others[1], at: start + .seconds(200)) == .admitted)
    }

    @Test func garbageInTheForwardedHeaderIsTheProxysOwnFault() throws {
        let proxies = [try #require(IPNetwork("10.0.0.0/8"))]
        func client(_ peer: String?, _ hops: String?) -> String? {
            ClientAddress.hop(peer: peer, forwardedFor: hops, trusting: proxies)
        }
        #expect(client("10.0.0.1", "192.0.2.1, unknown") == "10.0.0.1")
        #expect(client("10.0.0.1", nil) == "10.0.0.1")
        #expect(client("10.0.0.1", "10.0.0.2") == "10.0.0.1")
        #expect(client("10.0.0.1", "192.0.2.1, [2001:db8::1]:443, 10.0.0.2") == "2001:db8::1")
        #expect(client("192.0.2.9", "192.0.2.1") == "192.0.2.9")
        #expect(client("::ffff:10.0.0.1", "192.0.2.1") == "192.0.2.1")
        #expect(client(nil, "192.0.2.1") == nil)
    }
}

extension TestClientProtocol {
    func send(
        _ method: HTTPRequest.Method, _ path: String, _ headers: HTTPFields = [:], body: String? = nil
    ) async throws -> Answer {
        try await execute(uri: path, method: method, headers: headers, body: body.map { ByteBuffer(string: $0) }) {
            Answer($0)
        }
    }
}
