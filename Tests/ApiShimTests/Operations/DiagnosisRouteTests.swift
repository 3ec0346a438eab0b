import Foundation
import HTTPTypes
import HummingbirdTesting
import OpsCore
import TestSupport
import Testing

@testable import ApiShim

/// Mail and preflight: what they find is an answer, whatever it is.
@Suite struct DiagnosisRouteTests {
    @Test func mailIsDiagnosedAndATestMessageSent() async throws {
        let trap = MailTrap()
        try await trap.start()
        try await OperationFixture.with { fixture in
            var fixture = fixture
            fixture.settings.mail = MailSettings(
                host: "127.0.0.1", port: trap.port, security: .none, sender: "SysNDD <noreply@example.org>")
            let token = try await fixture.token()
            try await fixture.serving { client in
                let good = try await client.call(.get, "/api/admin/smtp/test", token: token)
                #expect(good.status == 200)
                #expect(try good.value("success") as? Bool == true, "\(good.text)")
                #expect(try good.value("host") as? String == "127.0.0.1")
                #expect(try good.value("error") is NSNull)
                let stages = try #require(good.value("stages") as? [[String: Any]])
                #expect(stages.first.map { Set($0.keys) } == ["stage", "status", "ms", "code", "detail", "hint"])
                #expect(trap.mails.isEmpty)

                let send = "/api/admin/smtp/send"
                let sent = try await client.call(.post, send, token: token, json: #"{"to": "ada@example.org"}"#)
                #expect(sent.status == 200)
                #expect(try sent.value("success") as? Bool == true, "\(sent.text)")
                #expect(trap.mails.map { $0.header("To") } == ["ada@example.org"])
                for body in [#"{"to": "nobody"}"#, #"{"to": "a@example.org\nBcc: b@example.org"}"#] {
                    let refused = try await client.call(.post, send, token: token, json: body)
                    #expect(refused.status == 400)
                    #expect(refused.error == "INVALID_ADDRESS")
                }
                #expect(try await client.call(.post, send, json: #"{"to": "ada@example.org"}"#).status == 401)
                let audit = try await client.call(.get, "/api/admin/audit", token: token)
                let rows = try #require(audit.value("data") as? [[String: Any]])
                #expect(rows.contains { $0["subject"] as? String == "ada@example.org" && $0["status"] as? Int == 200 })

                try await trap.stop()
                let bad = try await client.call(.get, "/api/admin/smtp/test", token: token)
                #expect(bad.status == 200)
                #expect(try bad.value("success") as? Bool == false)
                #expect((try bad.value("error") as? String)?.hasPrefix("connect: ") == true, "\(bad.text)")
            }
        }
    }

    @Test func preflightReportsTheConnectionBudget() async throws {
        try await OperationFixture.with { fixture in
            let token = try await fixture.token()
            try await fixture.serving { client in
                #expect(try await client.call(.get, "/api/admin/preflight").status == 403)
                async let first = client.call(.get, "/api/admin/preflight", token: token)
                async let second = client.call(.get, "/api/admin/preflight", token: token)
                for answer in try await [first, second] {
                    #expect(answer.status == 200)
                    #expect(Set(try answer.json.keys) == ["status", "checks"])
                    let checks = try #require(answer.value("checks") as? [[String: Any]])
                    let budget = try #require(checks.first { $0["id"] as? String == "DB-030" })
                    #expect(["pass", "warn", "fail"].contains(budget["status"] as? String))
                    #expect((budget["observed"] as? String)?.contains("max_connections") == true)
                    #expect(!answer.text.contains("a key of the tests"))
                    // It would read the newest backup from end to end.
                    let long = try #require(checks.first { $0["id"] as? String == "BAK-202" })
                    #expect(long["status"] as? String == "skip")
                    #expect((long["observed"] as? String)?.contains("ask for BAK-202 by its name") == true)
                }
            }
        }
    }

    @Test func onlySomeChecksCanBeAskedFor() async throws {
        try await OperationFixture.with { fixture in
            let token = try await fixture.token()
            try await fixture.serving { client in
                let path = "/api/admin/preflight?only="
                let some = try await client.call(.get, path + "DB-030,mig-108", token: token)
                let checks = try #require(some.value("checks") as? [[String: Any]])
                #expect(checks.map { $0["id"] as? String } == ["DB-030", "MIG-108"])
                func reason(_ only: String) async throws -> String? {
                    let answer = try await client.call(.get, path + only, token: token)
                    let checks = try #require(answer.value("checks") as? [[String: Any]])
                    return checks.first { $0["id"] as? String == "BAK-202" }?["observed"] as? String
                }
                #expect(try await reason("BAK")?.contains("ask for BAK-202") == true)
                // Asked for, it looks: there is no backup.
                #expect(try await reason("bak-202")?.contains("BAK-201") == true)
                let unknown = try await client.call(.get, path + "DB-030,NO-1", token: token)
                #expect(unknown.status == 400)
                #expect(unknown.error == "CHECK_UNKNOWN")
            }
        }
    }

    /// The words of the database are for administrators only.
    @Test func readinessTellsAdministratorsWhy() async throws {
        try await OperationFixture.with { fixture in
            var fixture = fixture
            fixture.settings.database.socket = nil
            fixture.settings.database.host = "127.0.0.1"
            fixture.settings.database.port = 1
            let token = try await fixture.token()
            try await fixture.serving { client in
                let path = "/api/health/ready"
                var told = try await client.call(.get, path, token: token)
                try await eventually {
                    told = try await client.call(.get, path, token: token)
                    return (try told.value("detail") as? String)?.contains("127.0.0.1") == true
                }
                let others = try await client.call(.get, path)
                #expect(others.status == 503)
                #expect(try others.json["detail"] == nil)
            }
        }
    }
}
