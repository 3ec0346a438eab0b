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
        try await OperationFixture.withOwnServer { fixture in
            let session = try await DatabaseConnection(fixture.settings.database)
            try await session.execute("SET GLOBAL time_zone = '+05:00'")
            try FileManager.default.copyItem(
                atPath: "\(AccountFixture.migrations)/007_db_version.sql",
                toPath: "\(fixture.settings.migrations.directory)/007_db_version.sql")
            try await fixture.serving { client in
                _ = try await client.readiness { try $0.value("database") as? String == "connected" }
                let before = try await client.call(.get, "/api/version")
                #expect(before.status == 200)
                #expect(Set(try before.json.keys) == ["version", "commit", "title", "description", "database"])
                #expect(try before.value("title") as? String == "SysNDD API")
                #expect(try before.value("version") as? String == ToolVersion.current)
                #expect(try before.value("database", "available") as? Bool == false)
                #expect(try before.value("database", "version") is NSNull)
                _ = try await Migrator(
                    database: fixture.settings.database, directory: fixture.settings.migrations.directory
                ).up()
                try await session.execute("SET time_zone = '+00:00'")
                try await session.execute(
                    "UPDATE db_version SET db_commit = 'abc', updated_at = '2026-03-01 03:00:00' WHERE id = 1")
                let after = try await client.call(.get, "/api/version/")
                #expect(try after.value("database", "available") as? Bool == true)
                #expect(try after.value("database", "version") as? String == "1.0.0")
                #expect(try after.value("database", "commit") as? String == "abc")
                #expect(try after.value("database", "description") as? String == "made by migration 007")
                #expect(try after.value("database", "updated_at") as? String == "2026-03-01T03:00:00Z")
                // So older databases name them.
                try await session.execute(
                    "ALTER TABLE db_version CHANGE db_version version VARCHAR(50), DROP COLUMN db_commit")
                let older = try await client.call(.get, "/api/version")
                #expect(try older.value("database", "version") as? String == "1.0.0")
                #expect(try older.value("database", "commit") is NSNull)
            }
        }
    }

    /// Who calls over a proxy is written down with their own address; what anybody else says of that is not believed.
    @Test(arguments: [true, false])
    func theAuditAndTheLogTellWhereACallCameFrom(_ isTrusted: Bool) async throws {
        try await OperationFixture.with { fixture in
            var fixture = fixture
            if isTrusted { fixture.settings.auth.trustedProxies = [try #require(IPNetwork("127.0.0.0/8"))] }
            let token = try await fixture.token()
            let lines = LogLines()
            try await fixture.serving(loggingTo: lines.logger) { client in
                let refused = try await client.call(
                    .delete, "/api/backup/delete/missing.sql?secret=in-the-query", token: token,
                    json: #"{"confirm": "DELETE", "secret": "in-the-body"}"#,
                    headers: [.forwardedFor: "203.0.113.7, 192.0.2.1"])
                #expect(refused.status == 404)
                let audit = try await client.call(.get, "/api/admin/audit", token: token)
                let row = try #require((audit.value("data") as? [[String: Any]])?.first)
                let address = isTrusted ? "192.0.2.1" : "127.0.0.1"
                #expect(row["address"] as? String == address)
                let line = try #require(lines.all.first { $0.contains("/api/backup/delete/missing.sql") })
                #expect(line.contains(" client=\(address) "))
                #expect(line.contains(" status=404"))
                let id = try #require(refused.headers["x-request-id"])
                #expect(line.contains(" request_id=\(id) "))
                #expect(row["request_id"] as? String == id)
                #expect(!lines.all.contains { $0.contains("secret") || $0.contains("in-the-") })
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
