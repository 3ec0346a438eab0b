import Foundation
import HTTPTypes
import HummingbirdTesting
import OpsCore
import TestSupport
import Testing

@testable import ApiShim

@Suite struct PasswordTests {
    private static let good = "Correct-Horse-7!"

    /// The token of the link in the last mail.
    private static func token(_ fixture: AccountFixture, mails count: Int) async throws -> String {
        try await eventually(within: .seconds(60)) { fixture.trap.mails.count == count }
        let mail = fixture.trap.mails[count - 1]
        #expect(mail.header("Subject")?.contains("password reset") == true)
        let link = mail.text.firstMatch(of: /https:\/\/example\.org\/PasswordReset\/(\S+)/)
        return String(link?.1 ?? "")
    }

    private static func request(_ client: any TestClientProtocol, _ email: String) async throws -> Answer {
        let body = String(decoding: try JSONEncoder().encode(["email": email]), as: UTF8.self)
        return try await client.send(.post, "/api/user/password/reset/request", AccountFixture.json, body: body)
    }

    @Test(arguments: TestTarget.all)
    func aLinkChangesThePasswordOnceAndEndsSessions(_ target: TestTarget) async throws {
        try await AccountFixture.with(on: target) { fixture, client in
            let id = try await fixture.addAccount("forgetful", password: "old password")
            let session = try await client.authenticate("forgetful", "old password").single
            let known = try await Self.request(client, "FORGETFUL@example.ORG")
            #expect(known.status == 200)
            let token = try await Self.token(fixture, mails: 1)
            #expect(fixture.trap.mails[0].recipients == ["forgetful@example.org"])

            for (password, repeated) in [
                ("Short1!", nil), ("no-upper-case-7!", nil), ("NO-LOWER-CASE-7!", nil), ("No-Digit-Here!", nil),
                ("NoSpecial777", nil), (String(repeating: "aA1!", count: 13), nil), (Self.good, Self.good + "x"),
            ] {
                #expect(try await client.change(token, to: password, repeated).status == 409, "\(password)")
            }
            #expect(try await client.change(token, to: Self.good).status == 201)
            #expect(try await client.change(token, to: Self.good + "2").status == 409)
            #expect(try await client.authenticate("forgetful", "old password").status == 401)
            #expect(try await client.authenticate("forgetful", Self.good).status == 200)
            let refresh = try await client.send(.get, "/api/auth/refresh", [.authorization: "Bearer \(session)"])
            #expect(refresh.status == 401)
            let row = try #require(try await fixture.query("SELECT * FROM `user` WHERE user_id = \(id)").first)
            #expect(row.text("password_reset_date") == nil)
            #expect(row.int("session_epoch") == 1)
            let outbox = try #require(try await fixture.query("SELECT * FROM sysndd_ctl_outbox").first)
            #expect(outbox.text("content") == nil)
            #expect(outbox.text("state") == "sent")
        }
    }

    @Test(arguments: TestTarget.all)
    func anUnknownAddressGetsTheSameAnswerInTheSameTimeAndNoMail(_ target: TestTarget) async throws {
        try await AccountFixture.with(on: target) { fixture, client in
            _ = try await fixture.addAccount("known", password: "old password")
            _ = try await fixture.addAccount("waiting", password: "old password", approved: false)
            let clock = ContinuousClock()
            var answers: Set<String> = []
            for email in [
                "known@example.org", "nobody@example.org", "waiting@example.org", "system@sysndd.invalid",
                "not an address",
                "",
            ] {
                let start = clock.now
                let answer = try await Self.request(client, email)
                #expect(answer.status == 200)
                #expect(clock.now - start >= .milliseconds(290))
                answers.insert(answer.text)
                let form = try await client.send(
                    .put, "/api/user/password/reset/request/?email_request=nobody%40example.org")
                answers.insert(form.text)
            }
            #expect(answers.count == 1)
            _ = try await Self.token(fixture, mails: 1)
            #expect(try await fixture.value("SELECT COUNT(*) FROM sysndd_ctl_outbox") == "1")
        }
    }

    @Test(arguments: TestTarget.all)
    func aNewerRequestKillsTheOlderLinkHoweverSoonItComes(_ target: TestTarget) async throws {
        try await AccountFixture.with(on: target) { fixture, client in
            _ = try await fixture.addAccount("forgetful", password: "old password")
            _ = try await Self.request(client, "forgetful@example.org")
            let older = try await Self.token(fixture, mails: 1)
            _ = try await Self.request(client, "forgetful@example.org")
            let newer = try await Self.token(fixture, mails: 2)
            #expect(older != newer)
            #expect(try await client.change(older, to: Self.good).status == 409)
            #expect(try await client.change(newer, to: Self.good).status == 201)
        }
    }

    @Test(arguments: TestTarget.all)
    func aTokenThatIsNoValidLinkIsUnauthorized(_ target: TestTarget) async throws {
        try await AccountFixture.with(on: target, { $0.auth.passwordResetExpiry = .seconds(8) }) { fixture, client in
            let path = "/api/user/password/reset/change"
            _ = try await fixture.addAccount("forgetful", password: "old password")
            let session = try await client.authenticate("forgetful", "old password").single
            #expect(try await client.change(session, to: Self.good).status == 401)
            #expect(try await client.change("a.b.c", to: Self.good).status == 401)
            #expect(try await client.send(.post, path, AccountFixture.json, body: "{").status == 401)
            _ = try await Self.request(client, "forgetful@example.org")
            let token = try await Self.token(fixture, mails: 1)
            try await eventually { try await client.change(token, to: "weak").status == 401 }
            let signIn = try await client.send(.get, "/api/auth/signin", [.authorization: "Bearer \(token)"])
            #expect(signIn.status == 401)
        }
    }

    @Test(arguments: TestTarget.all)
    func aLinkIsNoAccessTokenAndTwoUsesAtOnceChangeThePasswordOnce(_ target: TestTarget) async throws {
        try await AccountFixture.with(on: target) { fixture, client in
            _ = try await fixture.addAccount("forgetful", password: "old password")
            _ = try await Self.request(client, "forgetful@example.org")
            let token = try await Self.token(fixture, mails: 1)
            let signIn = try await client.send(.get, "/api/auth/signin", [.authorization: "Bearer \(token)"])
            #expect(signIn.status == 401)
            let bodies = (1...4).map { #"{"password":"\#(Self.good)\#($0)","password_confirm":"\#(Self.good)\#($0)"}"# }
            let statuses = await client.together(
                "POST", "/api/user/password/reset/change", token: token, bodies: bodies)
            #expect(statuses.compactMap(\.self).sorted() == [201, 409, 409, 409])
        }
    }

    /// Who knows only the old password is too late once another has been set.
    @Test(arguments: TestTarget.all)
    func twoUpdatesAtOnceChangeThePasswordOnce(_ target: TestTarget) async throws {
        try await AccountFixture.with(on: target) { fixture, client in
            let id = try await fixture.addAccount("viewer1", password: "old password")
            let token = try await client.authenticate("viewer1", "old password").single
            let bodies = (1...4).map { number in
                let new = Self.good + "\(number)"
                return
                    #"{"user_id_pass_change":\#(id),"old_pass":"old password","new_pass_1":"\#(new)","new_pass_2":"\#(new)"}"#
            }
            let statuses = await client.together("PUT", "/api/user/password/update", token: token, bodies: bodies)
            #expect(statuses.compactMap(\.self).sorted() == [201, 409, 409, 409])
        }
    }

    @Test(arguments: TestTarget.all)
    func updatingAPasswordChecksWhoAsksAndWhatTheyKnow(_ target: TestTarget) async throws {
        try await AccountFixture.with(on: target) { fixture, client in
            let id = try await fixture.addAccount("viewer1", password: "old password")
            let other = try await fixture.addAccount("viewer2", password: "old password")
            let waiting = try await fixture.addAccount("waiting", password: "old password", approved: false)
            let token = try await client.authenticate("viewer1", "old password").single
            let own: HTTPFields = [.authorization: "Bearer \(token)", .contentType: "application/json"]
            @Sendable func update(
                _ headers: HTTPFields, _ id: Any, old: String = "old password", new: String = Self.good,
                _ repeated: String? = nil
            ) async throws -> Int {
                let body = try JSONSerialization.data(withJSONObject: [
                    "user_id_pass_change": id, "old_pass": old, "new_pass_1": new, "new_pass_2": repeated ?? new,
                ])
                return try await client.send(
                    .put, "/api/user/password/update", headers, body: String(decoding: body, as: UTF8.self)
                ).status
            }
            #expect(try await update(AccountFixture.json, id) == 401)
            #expect(try await update(own, other) == 403)
            #expect(try await update(own, "x") == 400)
            #expect(try await update(own, id, old: "wrong password") == 409)
            #expect(try await update(own, id, new: "weak") == 409)
            #expect(try await update(own, id, new: Self.good, Self.good + "x") == 409)
            #expect(try await client.authenticate("viewer1", "old password").status == 200)
            #expect(try await update(own, String(id)) == 201)
            #expect(try await client.authenticate("viewer1", Self.good).status == 200)
            #expect(try await update(own, id, old: Self.good) == 409)

            let administrator = try await fixture.bearer(.administrator)
            #expect(try await update(administrator, other, old: "") == 201)
            #expect(try await client.authenticate("viewer2", Self.good).status == 200)
            #expect(try await update(administrator, waiting) == 409)
            #expect(try await update(administrator, 99999) == 409)
        }
    }
}
