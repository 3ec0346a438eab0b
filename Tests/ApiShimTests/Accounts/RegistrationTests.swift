import Foundation
import HTTPTypes
import HummingbirdTesting
import OpsCore
import TestSupport
import Testing

@testable import ApiShim

@Suite struct RegistrationTests {
    @Test(arguments: TestTarget.all)
    func aRegistrationIsStoredUnapprovedAndConfirmedByMail(_ target: TestTarget) async throws {
        try await AccountFixture.with(on: target) { fixture, client in
            let answer = try await client.signUp(AccountFixture.registration())
            #expect(answer.status == 200)
            #expect(try answer.value("email_sent") as? Bool == true)
            let row = try #require(try await fixture.query("SELECT * FROM `user` WHERE user_name = 'newuser'").first)
            #expect(row.text("password") == nil)
            #expect(row.int("approved") == 0)
            #expect(row.text("user_role") == "Viewer")
            #expect(row.int("terms_agreed") == 1)
            try await eventually { fixture.trap.mails.count == 1 }
            let mail = fixture.trap.mails[0]
            #expect(mail.recipients == ["newuser@example.org", AccountFixture.curator])
            #expect(mail.header("Subject")?.contains("registration request") == true)
            #expect(mail.header("To") == "newuser@example.org")
            #expect(!mail.text.contains(AccountFixture.curator))
        }
    }

    @Test(arguments: TestTarget.all)
    func everyBrokenRuleHasItsStatusAndLeavesNothing(_ target: TestTarget) async throws {
        let cases: [(String, (any Sendable)?, Int)] = [
            ("user_name", "four", 404), ("user_name", String(repeating: "a", count: 21), 404), ("user_name", nil, 404),
            ("user_name", 12345, 400), ("first_name", "A", 404), ("first_name", String(repeating: "a", count: 51), 404),
            ("family_name", "A", 404), ("family_name", nil, 404), ("email", "nobody", 400), ("email", "a@b", 400),
            ("email", "a..b@example.org", 400), ("email", "a@[127.0.0.1]", 400), ("email", "\"a\"@example.org", 400),
            ("email", "a b@example.org", 400), ("email", "a@example.org,b@example.org", 400), ("email", nil, 404),
            ("email", "a@example.org\r\nBcc: x@example.org", 400),
            ("email", String(repeating: "a", count: 40) + "@example.org", 404), ("orcid", "0000-0001-2345-678", 404),
            ("orcid", "0000-0001-2345-678x", 404), ("orcid", "0000-0001-2345-6789\n", 400),
            ("comment", "too short", 404),
            ("comment", String(repeating: "a", count: 251), 404), ("comment", "a tab\there is one", 400),
            ("terms_agreed", "yes", 404), ("terms_agreed", nil, 404), ("terms_agreed", true, 400),
        ]
        try await AccountFixture.with(on: target) { fixture, client in
            for (field, value, status) in cases {
                let answer = try await client.signUp(AccountFixture.registration("newuser", [field: value]))
                #expect(answer.status == status, "\(field) \(String(describing: value))")
                if status == 404 {
                    #expect(try answer.value("message") as? String == "Please provide valid registration data.")
                }
            }
            #expect(try await client.signUp("{").status == 400)
            #expect(try await client.signUp("[]").status == 400)
            let text = try await client.send(
                .post, "/api/auth/signup", [.contentType: "text/plain"], body: AccountFixture.registration())
            #expect(text.status == 415)
            #expect(try await fixture.value("SELECT COUNT(*) FROM `user`") == "1")
            #expect(fixture.trap.mails.isEmpty)
        }
    }

    @Test(arguments: TestTarget.all)
    func aNameAddressOrORCIDThatIsTakenIsRefusedWithoutAMail(_ target: TestTarget) async throws {
        try await AccountFixture.with(on: target) { fixture, client in
            #expect(try await client.signUp(AccountFixture.registration("first")).status == 200)
            let other = try JSONSerialization.jsonObject(with: Data(AccountFixture.registration("second").utf8))
            let orcid = try #require((other as? [String: String])?["orcid"])
            #expect(try await client.signUp(AccountFixture.registration("second")).status == 200)
            for changes in [["user_name": "FIRST"], ["email": "First@Example.org"], ["orcid": orcid]] {
                let answer = try await client.signUp(AccountFixture.registration("third", changes))
                #expect(answer.status == 409, "\(changes)")
                #expect(try answer.value("error") as? String == "ACCOUNT_EXISTS")
            }
            #expect(fixture.trap.mails.count == 2)
            #expect(try await fixture.value("SELECT COUNT(*) FROM sysndd_ctl_outbox") == "2")
        }
    }

    @Test(arguments: TestTarget.all)
    func anApprovedAccountGetsItsPasswordByMailAndNobodyElseDoes(_ target: TestTarget) async throws {
        try await AccountFixture.with(on: target) { fixture, client in
            _ = try await client.signUp(AccountFixture.registration())
            let id = try #require(try await fixture.value("SELECT user_id FROM `user` WHERE user_name = 'newuser'"))
            let path = "/api/user/approval?user_id=\(id)&status_approval=TRUE"
            #expect(try await client.send(.put, path).status == 401)
            #expect(try await client.send(.put, path, fixture.bearer(.reviewer)).status == 403)
            let curator = try await fixture.bearer(.curator)
            for query in ["user_id=x&status_approval=TRUE", "user_id=\(id)", "user_id=\(id)&status_approval=maybe"] {
                #expect(try await client.send(.put, "/api/user/approval?" + query, curator).status == 400)
            }
            let unknown = try await client.send(.put, "/api/user/approval?user_id=99999&status_approval=TRUE", curator)
            #expect(unknown.status == 409)

            let approved = try await client.send(.put, path, curator)
            #expect(approved.status == 200)
            #expect(Set(try approved.json.keys) == ["message", "user_id", "user_name", "email_sent"])
            #expect(try approved.value("user_name") as? String == "newuser")
            #expect(try approved.value("email_sent") as? Bool == true)
            let row = try #require(try await fixture.query("SELECT * FROM `user` WHERE user_id = \(Int(id))").first)
            #expect(row.int("approved") == 1)
            #expect(row.text("abbreviation") == "GH")
            #expect(row.int("session_epoch") == 1)
            #expect(row.text("password")?.hasPrefix("$7$") == true)

            let mail = try #require(fixture.trap.mails.last)
            #expect(mail.recipients == ["newuser@example.org"])
            #expect(mail.header("Subject")?.contains("approved") == true)
            let password = try #require(mail.text.firstMatch(of: /first sign-in\): (\S+)/)?.1)
            #expect(try await client.authenticate("newuser", String(password)).status == 200)
            #expect(try await client.send(.put, path, curator).status == 409)
            #expect(fixture.trap.mails.count == 2)
            let content = try await fixture.value("SELECT COUNT(*) FROM sysndd_ctl_outbox WHERE content IS NOT NULL")
            #expect(content == "0")
        }
    }

    @Test(arguments: TestTarget.all)
    func aRejectedRegistrationIsRemovedWithoutAMail(_ target: TestTarget) async throws {
        try await AccountFixture.with(on: target) { fixture, client in
            let curator = try await fixture.bearer(.curator)
            let id = try await fixture.addAccount("pending", password: nil, approved: false)
            let path = "/api/user/approval/?user_id=\(id)&status_approval=FALSE"
            let answer = try await client.send(.put, path, curator)
            #expect(answer.status == 200)
            #expect(try answer.value("email_sent") as? Bool == false)
            #expect(try await fixture.value("SELECT COUNT(*) FROM `user` WHERE user_id = \(id)") == "0")
            #expect(try await client.send(.put, path, curator).status == 409)
            #expect(fixture.trap.mails.isEmpty)
            let administrator = try await fixture.addAccount(
                "futureadmin", password: nil, role: .administrator, approved: false)
            let other = "/api/user/approval?user_id=\(administrator)&status_approval="
            #expect(try await client.send(.put, other + "FALSE", curator).status == 401)
            #expect(try await client.send(.put, other + "TRUE", curator).status == 401)
            #expect(try await client.send(.put, other + "TRUE", fixture.bearer(.administrator)).status == 200)
        }
    }

    @Test(arguments: TestTarget.all)
    func withMailTurnedOffNothingIsSentOrStoredAndTheAnswersSayIt(_ target: TestTarget) async throws {
        try await AccountFixture.with(on: target, { $0.mail.isEnabled = false }) { fixture, client in
            let answer = try await client.signUp(AccountFixture.registration())
            #expect(answer.status == 200)
            #expect(try answer.value("email_sent") as? Bool == false)
            #expect(try (answer.value("message") as? String)?.contains("turned off") == true)
            let id = try #require(try await fixture.value("SELECT user_id FROM `user` WHERE user_name = 'newuser'"))
            let approved = try await client.send(
                .put, "/api/user/approval?user_id=\(id)&status_approval=TRUE", fixture.bearer(.curator))
            #expect(try approved.value("email_sent") as? Bool == false)
            let reset = try await client.send(
                .put, "/api/user/password/reset/request?email_request=newuser%40example.org")
            #expect(reset.status == 200)
            #expect(try (reset.value("message") as? String)?.contains("turned off") == true)
            let tables = try await fixture.query("SHOW TABLES LIKE 'sysndd_ctl_outbox'")
            #expect(tables.isEmpty)
            #expect(fixture.trap.mails.isEmpty)
        }
    }
}
