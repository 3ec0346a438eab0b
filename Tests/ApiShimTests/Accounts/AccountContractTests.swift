import Foundation
import HTTPTypes
import HummingbirdTesting
import OpsCore
import TestSupport
import Testing

@testable import ApiShim

/// Every route of accounts in both forms of its path, for every kind of caller: the order of the checks is part of the
/// contract.
@Suite struct AccountContractTests {
    private struct Call {
        var method: HTTPRequest.Method
        var path: String
        var query = ""
        /// The statuses for nobody, a Viewer, a Curator and an Administrator, each without a body.
        var statuses: [Int]

        init(_ method: HTTPRequest.Method, _ path: String, _ query: String = "", _ statuses: [Int]) {
            self.method = method
            self.path = path
            self.query = query
            self.statuses = statuses
        }
    }

    private static let calls = [
        Call(.post, "/api/auth/signup", "", [415, 415, 415, 415]),
        Call(.post, "/api/auth/authenticate", "", [415, 415, 415, 415]),
        Call(.get, "/api/auth/signin", "", [401, 200, 200, 200]),
        // These tokens belong to no account.
        Call(.get, "/api/auth/refresh", "", [401, 401, 401, 401]),
        Call(.put, "/api/user/approval", "", [401, 403, 400, 400]),
        Call(.put, "/api/user/approval", "?user_id=99999&status_approval=TRUE", [401, 403, 409, 409]),
        Call(.put, "/api/user/approval", "?user_id=99999&status_approval=F", [401, 403, 409, 409]),
        Call(.delete, "/api/user/delete", "", [401, 403, 403, 400]),
        Call(.delete, "/api/user/delete", "?user_id=99999", [401, 403, 403, 404]),
        Call(.post, "/api/user/password/reset/request", "", [415, 415, 415, 415]),
        Call(.put, "/api/user/password/reset/request", "?email_request=a%40example.org", [200, 200, 200, 200]),
        // An access token is no link, so for this route all are nobody.
        Call(.post, "/api/user/password/reset/change", "", [401, 401, 401, 401]),
        Call(.put, "/api/user/password/update", "", [401, 415, 415, 415]),
        Call(.get, "/api/user/approval", "", [404, 404, 404, 404]),
        Call(.get, "/api/auth/signup", "", [404, 404, 404, 404]),
    ]

    @Test(arguments: TestTarget.all)
    func everyRouteAnswersEveryCallerAlikeInBothForms(_ target: TestTarget) async throws {
        try await AccountFixture.with(on: target) { fixture, client in
            for call in Self.calls {
                for (role, status) in zip([nil, Role.viewer, .curator, .administrator], call.statuses) {
                    var headers: HTTPFields = [:]
                    if let role { headers[.authorization] = try await fixture.bearer(role)[.authorization] }
                    for path in [call.path, call.path + "/"] {
                        let answer = try await client.send(call.method, path + call.query, headers)
                        let what = "\(call.method) \(path)\(call.query) as \(role?.rawValue ?? "nobody")"
                        #expect(answer.status == status, "\(what): \(answer.text)")
                        try expectShape(answer, what)
                    }
                }
            }
        }
    }

    /// A problem for what is wrong with the request, `{error, message}` for an operation that was refused.
    private func expectShape(_ answer: Answer, _ what: String) throws {
        switch answer.headers["content-type"] {
        case "application/problem+json":
            #expect(Set(try answer.json.keys) == ["type", "title", "status", "detail", "instance"], "\(what)")
            #expect(try answer.value("status") as? Int == answer.status)
            #expect([400, 401, 403, 404, 415].contains(answer.status), "\(what)")
        case let type:
            #expect(type == "application/json; charset=utf-8", "\(what)")
            #expect(answer.headers["cache-control"] == "no-store", "\(what)")
            if answer.status >= 400 {
                #expect(Set(try answer.json.keys).isSuperset(of: ["error", "message"]), "\(what)")
            }
        }
    }

    @Test(arguments: TestTarget.all)
    func theClaimsHaveTheContractsNamesAndTwoOfThemAreInArrays(_ target: TestTarget) async throws {
        try await AccountFixture.with(on: target) { fixture, client in
            let id = try await fixture.addAccount("curator1", password: "right password", role: .curator)
            _ = try await fixture.query(
                "UPDATE `user` SET abbreviation = 'AL', orcid = '0000-0001-2345-6789' WHERE user_id = \(id)")
            let token = try await client.authenticate("curator1", "right password").single
            let answer = try await client.send(.get, "/api/auth/signin/", [.authorization: "bearer  \(token)"])
            #expect(answer.status == 200)
            #expect(
                Set(try answer.json.keys) == [
                    "user_id", "user_name", "email", "user_role", "user_created", "abbreviation", "orcid", "sepoch",
                    "iat", "exp",
                ])
            #expect(try answer.value("user_role") as? [String] == ["Curator"])
            let exp = try #require(try answer.value("exp") as? [Double])
            #expect(exp.count == 1)
            let iat = try #require(try answer.value("iat") as? Double)
            #expect(abs(exp[0] - iat - 3600) < 0.001)
            #expect(try answer.value("user_id") as? Int == id)
            // In the token itself they are plain.
            let payload = try #require(token.split(separator: ".").dropFirst().first)
            let padded = payload.replacing("-", with: "+").replacing("_", with: "/")
            let data = try #require(
                Data(base64Encoded: padded + String(repeating: "=", count: (4 - padded.count % 4) % 4)))
            let claims = try #require(JSONSerialization.jsonObject(with: data) as? [String: Any])
            #expect(claims["user_role"] as? String == "Curator")
            #expect(abs(try #require(claims["exp"] as? Double) - exp[0]) < 0.001)
        }
    }

    @Test(arguments: TestTarget.all)
    func healthIsServedWithoutATokenAndRefusesOnlyABadOne(_ target: TestTarget) async throws {
        try await AccountFixture.with(on: target) { fixture, client in
            let good = try await fixture.bearer(.viewer)
            for path in ["/api/health", "/api/health/", "/health", "/livez"] {
                #expect(try await client.send(.get, path).status == 200)
                #expect(try await client.send(.get, path, good).status == 200)
                #expect(try await client.send(.get, path, [.authorization: "Bearer a.b.c"]).status == 401)
            }
        }
    }

    @Test(arguments: TestTarget.all)
    func anAccountThatOthersReferToIsNotRemoved(_ target: TestTarget) async throws {
        try await AccountFixture.with(on: target) { fixture, client in
            let administrator = try await fixture.bearer(.administrator)
            let id = try await fixture.addAccount("author", password: nil, approved: false)
            _ = try await fixture.query(
                "INSERT INTO about_content (user_id, sections_json) VALUES (\(id), '[]')")
            for path in [
                "/api/user/delete?user_id=\(id)", "/api/user/approval?user_id=\(id)&status_approval=FALSE",
            ] {
                let method: HTTPRequest.Method = path.contains("delete") ? .delete : .put
                let answer = try await client.send(method, path, administrator)
                #expect(answer.status == 409)
                #expect(try answer.value("error") as? String == "ACCOUNT_IN_USE")
            }
            #expect(try await fixture.value("SELECT COUNT(*) FROM `user` WHERE user_id = \(id)") == "1")
            _ = try await fixture.query("DELETE FROM about_content")
            let removed = try await client.send(.delete, "/api/user/delete/?user_id=\(id)", administrator)
            #expect(removed.status == 200)
            #expect(try await fixture.value("SELECT COUNT(*) FROM `user` WHERE user_id = \(id)") == "0")
        }
    }

    /// The row of the audit names the account that was meant, and not only whose call it was.
    @Test func theAuditTellsWhichAccountACallWasAbout() async throws {
        try await AccountFixture.with { fixture, client in
            let administrator = try await fixture.bearer(.administrator)
            func newest() async throws -> [String?] {
                let audit = try await client.send(.get, "/api/admin/audit?limit=1", administrator)
                let row = try #require((audit.value("data") as? [[String: Any]])?.first)
                return [row["action"] as? String, row["subject"] as? String, (row["status"] as? Int).map(String.init)]
            }
            let registration = try AccountFixture.registration("newuser")
            #expect(try await client.signUp(registration).status == 200)
            #expect(try await newest() == ["POST /api/auth/signup", "newuser", "200"])
            #expect(try await client.send(.post, "/api/auth/signup", administrator, body: registration).status == 409)
            #expect(try await newest() == ["POST /api/auth/signup", "newuser", "409"])

            let good = try await fixture.addAccount("author1", password: nil, approved: false)
            let bad = try await fixture.addAccount("author2", password: nil, approved: false)
            for (id, decision, word) in [(good, "TRUE", "approved"), (bad, "FALSE", "rejected")] {
                let path = "/api/user/approval?user_id=\(id)&status_approval=\(decision)"
                #expect(try await client.send(.put, path, administrator).status == 200)
                #expect(try await newest() == ["PUT /api/user/approval", "\(id) \(word)", "200"])
            }
            #expect(try await client.send(.delete, "/api/user/delete?user_id=\(bad)", administrator).status == 404)
            #expect(try await newest() == ["DELETE /api/user/delete", "\(bad)", "404"])

            let update = #"{"user_id_pass_change": \#(good), "new_pass_1": "weak", "new_pass_2": "weak"}"#
            let path = "/api/user/password/update"
            #expect(try await client.send(.put, path, administrator, body: update).status == 409)
            #expect(try await newest() == ["PUT \(path)", "\(good)", "409"])

            let reset = "/api/user/password/reset"
            _ = try await client.send(.put, "\(reset)/request?email_request=author1@example.org")
            var link: Substring?
            try await eventually(within: .seconds(60)) {
                link =
                    fixture.trap.mails.lazy.compactMap {
                        $0.text.firstMatch(of: /https:\/\/example\.org\/PasswordReset\/(\S+)/)?.1
                    }.first
                return link != nil
            }
            #expect(try await client.change(String(try #require(link)), to: "New-pass-word-1!").status == 201)
            #expect(try await newest() == ["POST \(reset)/change", "\(good)", "201"])
        }
    }

    @Test(arguments: TestTarget.all)
    func withoutADatabaseTheAnswersSaySoWithoutInternalText(_ target: TestTarget) async throws {
        let settings: (inout Settings) -> Void = {
            $0.database.socket = nil
            $0.database.host = "127.0.0.1"
            $0.database.port = 1
        }
        try await AccountFixture.with(on: target, settings) { fixture, client in
            let answer = try await client.authenticate("somebody", "some password")
            #expect(answer.status == 503)
            #expect(answer.headers["content-type"] == "application/problem+json")
            #expect(!answer.text.contains("127.0.0.1:1"))
            #expect(try await client.send(.get, "/api/auth/signin", fixture.bearer(.viewer)).status == 200)
        }
    }
}
