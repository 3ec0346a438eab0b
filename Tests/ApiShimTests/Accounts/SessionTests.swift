import Foundation
import HTTPTypes
import HummingbirdTesting
import OpsCore
import TestSupport
import Testing

@testable import ApiShim

@Suite struct SessionTests {
    @Test(arguments: TestTarget.all)
    func signingInGivesATokenWhoseClaimsAreShown(_ target: TestTarget) async throws {
        try await AccountFixture.with(on: target) { fixture, client in
            let id = try await fixture.addAccount("curator1", password: "plain text", role: .curator)
            let answer = try await client.authenticate("curator1", "plain text")
            #expect(answer.status == 200)
            let token = try answer.single
            for path in ["/api/auth/signin", "/api/auth/signin/"] {
                let shown = try await client.send(.get, path, [.authorization: "Bearer \(token)"])
                #expect(shown.status == 200)
                #expect(try shown.value("user_id") as? Int == id)
                #expect(try shown.value("user_name") as? String == "curator1")
                #expect(try shown.value("email") as? String == "curator1@example.org")
                #expect(try shown.value("user_role") as? [String] == ["Curator"])
                let expiry = try #require((shown.value("exp") as? [Double])?.first)
                #expect(abs(expiry - Date().timeIntervalSince1970 - 3600) < 60)
                #expect(try shown.value("user_created") is String)
                #expect(try shown.value("sepoch") as? Int == 0)
            }
            #expect(try await client.send(.get, "/api/auth/signin").status == 401)
            #expect(try await client.send(.get, "/api/auth/refresh").status == 401)
        }
    }

    @Test(arguments: TestTarget.all)
    func aPasswordInPlainTextIsReplacedAtItsFirstUse(_ target: TestTarget) async throws {
        try await AccountFixture.with(on: target) { fixture, client in
            let id = try await fixture.addAccount("olduser", password: "plain täxt")
            let stored: @Sendable () async throws -> String? = {
                try await fixture.value("SELECT password FROM `user` WHERE user_id = \(id)")
            }
            #expect(try await client.authenticate("olduser", "plain text").status == 401)
            #expect(try await stored() == "plain täxt")
            #expect(try await client.authenticate("olduser", "plain täxt").status == 200)
            let hash = try #require(try await stored())
            #expect(hash.hasPrefix("$7$"))
            #expect(hash.utf8.count == 101)
            #expect(try await client.authenticate("olduser", "plain täxt").status == 200)
            #expect(try await stored() == hash)
            #expect(try await client.authenticate("olduser", "plain täxt!").status == 401)
        }
    }

    @Test(arguments: TestTarget.all)
    func everyReasonNotToLetSomebodyInLooksTheSame(_ target: TestTarget) async throws {
        try await AccountFixture.with(on: target) { fixture, client in
            _ = try await fixture.addAccount("known", password: "right password")
            _ = try await fixture.addAccount("waiting", password: "right password", approved: false)
            _ = try await fixture.addAccount("nopassword", password: nil)
            _ = try await fixture.addAccount("empty", password: "")
            _ = try await fixture.addAccount("stolen", password: "$7$C6..../....not a whole hash")
            var answers: Set<String> = []
            for (name, password) in [
                ("known", "wrong password"), ("waiting", "right password"), ("nopassword", "NULL password"),
                ("empty", "     "), ("nobody", "right password"), ("system", "right password"),
                ("stolen", "$7$C6..../....not a whole hash"), ("known' OR '1'='1", "right password"),
            ] {
                let answer = try await client.authenticate(name, password)
                #expect(answer.status == 401, "\(name)")
                answers.insert(answer.text)
            }
            #expect(answers.count == 1)
            #expect(try await client.authenticate("known", "right password").status == 200)
            for (name, password) in [
                ("four", "right password"), (String(repeating: "a", count: 21), "right password"), ("known", "four"),
                ("known", String(repeating: "a", count: 51)),
            ] {
                #expect(try await client.authenticate(name, password).status == 400)
            }
            let missing = try await client.send(
                .post, "/api/auth/authenticate", AccountFixture.json, body: #"{"user_name":"known"}"#)
            #expect(missing.status == 400)
        }
    }

    @Test(arguments: TestTarget.all)
    func refreshNeedsAnApprovedAccountOfTheSameEpoch(_ target: TestTarget) async throws {
        try await AccountFixture.with(on: target) { fixture, client in
            let id = try await fixture.addAccount("viewer1", password: "right password")
            let token = try await client.authenticate("viewer1", "right password").single
            let refresh: @Sendable () async throws -> Answer = {
                try await client.send(.get, "/api/auth/refresh", [.authorization: "Bearer \(token)"])
            }
            _ = try await fixture.query("UPDATE `user` SET user_role = 'Reviewer' WHERE user_id = \(id)")
            let fresh = try await refresh()
            #expect(fresh.status == 200)
            let claims = try await AccessToken(fixture.settings.auth).verify(fresh.single)
            #expect(claims.userRole == .reviewer)
            _ = try await fixture.query("UPDATE `user` SET session_epoch = 1 WHERE user_id = \(id)")
            #expect(try await refresh().status == 401)
            _ = try await fixture.query("UPDATE `user` SET session_epoch = 0, approved = 0 WHERE user_id = \(id)")
            #expect(try await refresh().status == 401)
            let automation = try await client.send(.get, "/api/auth/refresh", fixture.bearer(.administrator))
            #expect(automation.status == 401)
        }
    }

    @Test(arguments: TestTarget.all)
    func theSixthCallInAMinuteIsRefusedWhicheverRouteItGoesTo(_ target: TestTarget) async throws {
        try await AccountFixture.with(on: target, { $0.auth.attemptMaximum = 5 }) { fixture, client in
            #expect(try await client.authenticate("nobody", "wrong password").status == 401)
            #expect(try await client.authenticate("x", "y").status == 400)
            #expect(try await client.signUp("{").status == 400)
            #expect(try await client.send(.put, "/api/user/password/reset/request?email_request=x").status == 200)
            let posted = try await client.send(
                .post, "/api/user/password/reset/request", AccountFixture.json, body: #"{"email":"x"}"#)
            #expect(posted.status == 200)
            for answer in [
                try await client.signUp(AccountFixture.registration()),
                try await client.authenticate("nobody", "wrong"),
                try await client.send(.put, "/api/user/password/reset/request/?email_request=x"),
            ] {
                #expect(answer.status == 429)
                #expect(try answer.value("error") as? String == "RATE_LIMITED")
            }
            #expect(try await fixture.value("SELECT COUNT(*) FROM `user`") == "1")
        }
    }
}
