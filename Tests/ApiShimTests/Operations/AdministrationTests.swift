import Foundation
import HTTPTypes
import HummingbirdTesting
import OpsCore
import TestSupport
import Testing

@testable import ApiShim

@Suite struct AdministrationTests {
    @Test func everyChangingCallIsWrittenDown() async throws {
        try await OperationFixture.with { fixture in
            try fixture.write("a.sql")
            let token = try await fixture.token()
            let curator = try await fixture.token(.curator)
            try await fixture.serving { client in
                #expect(
                    try await client.call(.get, "/api/admin/audit", token: token).value("data") as? [String] == [])
                let path = "/api/backup/delete/a.sql"
                _ = try await client.call(.delete, path)
                _ = try await client.call(.delete, path, token: curator, json: #"{"confirm": "DELETE"}"#)
                _ = try await client.call(.delete, path, token: token)
                _ = try await client.call(.delete, path, token: token, json: #"{"confirm": "DELETE"}"#)
                let answer = try await client.call(.get, "/api/admin/audit?limit=10", token: token)
                let rows = try #require(answer.value("data") as? [[String: Any]])
                #expect(rows.map { $0["status"] as? Int } == [200, 400, 403])
                #expect(rows.map { $0["subject"] as? String } == ["a.sql", "a.sql", ""])
                #expect(rows[0]["action"] as? String == "DELETE /api/backup/delete/{file}")
                #expect(rows[0]["account"] as? String == "automation")
                #expect(rows.map { $0["role"] as? String } == ["Administrator", "Administrator", "Curator"])
                #expect(rows[0]["address"] as? String == "127.0.0.1")
                #expect((rows[0]["at"] as? String)?.hasSuffix("Z") == true)
                #expect((rows[0]["request_id"] as? String)?.isEmpty == false)
                for limit in ["0", "501", "x"] {
                    let wrong = try await client.call(.get, "/api/admin/audit?limit=\(limit)", token: token)
                    #expect(wrong.status == 400)
                }
            }
        }
    }

    @Test func theVersionTellsTheDataOnlyWhereTheDatabaseKnowsIt() async throws {
        try await OperationFixture.with { fixture in
            try await fixture.serving { client in
                _ = try await client.readiness { try $0.value("database") as? String == "connected" }
                let before = try await client.call(.get, "/api/version")
                #expect(before.status == 200)
                #expect(Set(try before.json.keys) == ["version", "commit", "title", "database"])
                #expect(try before.value("title") as? String == "SysNDD API")
                #expect(try before.value("version") as? String == ToolVersion.current)
                #expect(try before.value("database", "available") as? Bool == false)
                #expect(try before.value("database", "version") is NSNull)
                let session = try await DatabaseConnection(fixture.settings.database)
                try await session.execute(
                    "CREATE TABLE db_version (id INT PRIMARY KEY, version VARCHAR(20), commit VARCHAR(40))")
                try await session.execute("INSERT INTO db_version VALUES (2, '9.9', 'b'), (1, '1.2', 'abc')")
                let after = try await client.call(.get, "/api/version/")
                #expect(try after.value("database", "available") as? Bool == true)
                #expect(try after.value("database", "version") as? String == "1.2")
                #expect(try after.value("database", "commit") as? String == "abc")
                #expect(try after.value("database", "description") is NSNull)
            }
        }
    }

    @Test func withoutAKeyOnlyWhatNeedsNobodyIsServed() async throws {
        try await OperationFixture.with { fixture in
            var fixture = fixture
            fixture.settings.auth = AuthSettings()
            try await fixture.serving { client in
                for path in ["/api/health/", "/api/version", "/livez"] {
                    #expect(try await client.call(.get, path).status == 200, "\(path)")
                }
                for path in ["/api/backup/list", "/api/jobs/history", "/api/admin/audit"] {
                    let answer = try await client.call(.get, path)
                    #expect(answer.status == 503, "\(path)")
                    #expect(answer.error == "AUTH_NOT_CONFIGURED")
                }
            }
        }
    }
}
